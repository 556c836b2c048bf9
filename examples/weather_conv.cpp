// Tomorrow's air from three days of weather: convolutions and poolings one above the other, and the
// greatest value over time of each filter.
#include <graphc/graphc.h>

#include "examples/data/WeatherForecast.h"

namespace graphc::examples {
namespace gc = graphc;

static constexpr ForecastWindows kWindows = {.lookback = 72, .delay = 24, .step = 1}; // hours

static ProgramGraph build(gc::Graph &g, const Sizes &sizes) {
  auto weather = g.placeholder(gc::float32, {gc::none, gc::none, sizes.at("channels")}, "weather");
  auto target = g.placeholder(gc::float32, {gc::none, 1}, "target");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto h = gc::layers::conv1d(weather, 32, 5, {.activation = gc::nn::relu}); // [b, t - 4, 32]
  h = gc::layers::max_pooling1d(h, 3, 3);
  h = gc::layers::conv1d(h, 32, 5, {.activation = gc::nn::relu});
  h = gc::layers::max_pooling1d(h, 3, 3);
  h = gc::layers::conv1d(h, 32, 5, {.activation = gc::nn::relu});
  auto forecast = gc::layers::dense(gc::reduce_max(h, 1), 1, {.name = "forecast"});
  auto mae = gc::losses::absolute_difference(target, forecast, {.scope = "mae"});
  auto train = gc::train::RMSPropOptimizer(lr).minimize(mae, {.name = "train"});
  return {
      {inputs(weather, kWindows.steps()), labels(target), learningRate(lr)}, forecast, mae, train};
}

static Data load(const RunOptions &options) { return loadForecast(options, kWindows); }

Program weatherConv() {
  return forecastProgram(
      {.name = "weather-conv",
       .summary = "Beijing PM2.5 a day ahead by convolutions over three days of weather",
       .build = build,
       .training = {.epochs = 4, .batch = 128, .learning_rate = 1e-3, .schedule = cosineRate},
       .load = load,
       .metric = forecastError});
}

} // namespace graphc::examples
