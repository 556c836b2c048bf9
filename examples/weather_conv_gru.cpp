// Tomorrow's air from ten days of weather: convolutions shorten the sequence, Keras's GRU reads it.
#include <graphc/graphc.h>

#include "examples/data/WeatherForecast.h"

namespace graphc::examples {
namespace gc = graphc;

static constexpr ForecastWindows kWindows = {.lookback = 240, .delay = 24, .step = 1}; // hours

static ProgramGraph build(gc::Graph &g, const Sizes &sizes) {
  auto weather = g.placeholder(gc::float32, {gc::none, gc::none, sizes.at("channels")}, "weather");
  auto target = g.placeholder(gc::float32, {gc::none, 1}, "target");
  auto training = g.placeholder(gc::bool_, {}, "training");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto h = gc::layers::conv1d(weather, 32, 5, {.activation = gc::nn::relu}); // [b, t - 4, 32]
  h = gc::layers::max_pooling1d(h, 3, 3);
  h = gc::layers::conv1d(h, 32, 5, {.activation = gc::nn::relu});

  // Keras's dropout of a recurrent layer: one mask of the inputs and one of the state for each
  // sequence, the same at all its steps.
  auto ones = gc::ones_like(gc::gather(h, 0, 1)); // [b, 32]
  auto mask = [&](double rate) {
    return gc::layers::dropout(ones, {.rate = rate, .training = training});
  };
  gc::rnn::GRUCell gru(32, {.reset_after = true, .recurrent_mask = mask(0.5)});
  auto [outputs, state] = gc::rnn::dynamic_rnn(gru, h * gc::expand_dims(mask(0.1), 1));

  auto forecast = gc::layers::dense(state, 1, {.name = "forecast"});
  auto mae = gc::losses::absolute_difference(target, forecast, {.scope = "mae"});
  auto train = gc::train::RMSPropOptimizer(lr).minimize(mae, {.name = "train"});
  return {
      {inputs(weather, kWindows.steps()), labels(target), isTraining(training), learningRate(lr)},
      forecast,
      mae,
      train};
}

static Data load(const RunOptions &options) { return loadForecast(options, kWindows); }

Program weatherConvGru() {
  return forecastProgram(
      {.name = "weather-conv-gru",
       .summary = "Beijing PM2.5 a day ahead by convolutions and Keras's GRU",
       .build = build,
       .training = {.epochs = 5, .batch = 128, .learning_rate = 1e-3, .schedule = cosineRate},
       .load = load,
       .metric = forecastError});
}

} // namespace graphc::examples
