#include "examples/data/WeatherForecast.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "examples/training/DataFolder.h"

namespace graphc::examples {

Dataset forecastRows(const WeatherTable &table, const ForecastWindows &windows, std::int64_t begin,
                     std::int64_t end) {
  if (windows.step < 1 || windows.delay < 1 || windows.lookback < windows.step)
    throw Error(Code::invalid_argument,
                fmt::format("expected a step and a delay of 1 or more and a lookback of a step or "
                            "more, got {}, {} and {}",
                            windows.step, windows.delay, windows.lookback));
  std::vector<std::int64_t> first;
  for (std::int64_t row = begin; row + windows.reach() < end; ++row)
    if (table.measured[static_cast<std::size_t>(row + windows.reach())])
      first.push_back(row);
  if (first.empty())
    throw Error(Code::data_loss,
                fmt::format("expected more than {} rows in each part of the table, with '{}' "
                            "measured at the last, got {}",
                            windows.reach(), table.channels.front(), end - begin));
  const auto count = static_cast<std::int64_t>(first.size());
  return {count,
          [=, values = table.values,
           first = std::move(first)](std::span<const std::int64_t> rows) -> std::vector<Tensor> {
            const std::int64_t channels = values.shape()[1], steps = windows.steps();
            const auto batch = static_cast<std::int64_t>(rows.size());
            Tensor window(float32, {batch, steps, channels}), label(float32, {batch, 1});
            for (std::int64_t i = 0; i < batch; ++i) {
              const std::int64_t begin =
                  first[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])];
              for (std::int64_t t = 0; t < steps; ++t)
                std::copy_n(values.data<float>() + (begin + t * windows.step) * channels, channels,
                            window.data<float>() + (i * steps + t) * channels);
              label.data<float>()[i] = values.data<float>()[(begin + windows.reach()) * channels];
            }
            return {window, label};
          }};
}

Data splitForecast(WeatherTable table, const ForecastWindows &windows) {
  const std::int64_t rows = table.rows(), trained = rows * 3 / 5, validated = rows * 4 / 5;
  const std::int64_t needed = 5 * (windows.reach() + 1);
  if (rows < needed)
    throw Error(Code::data_loss,
                fmt::format("expected a table of {} rows or more, for windows of {} rows and a "
                            "delay of {} in every fifth, got {}",
                            needed, windows.lookback, windows.delay, rows));
  const Normalisation normalisation = normalise(table, trained);
  return {.train = forecastRows(table, windows, 0, trained),
          .validation = forecastRows(table, windows, trained, validated),
          .test = forecastRows(table, windows, validated, rows),
          .source = {},
          .sizes = {{"channels", static_cast<std::int64_t>(table.channels.size())}},
          .labels = {.name = table.channels.front(),
                     .mean = normalisation.mean,
                     .deviation = normalisation.deviation}};
}

Data loadForecast(const RunOptions &options, const ForecastWindows &windows) {
  const std::string column = options.column.empty() ? "pm2.5" : options.column;
  return loadData(
      options,
      {.name = "beijing-pm25",
       .contents = "weather",
       .origin = "The real data, \"Beijing PM2.5\", is published by the UCI Machine Learning "
                 "Repository as data\nset 381; any other CSV table is taken too, with --column for "
                 "what is to be forecast."},
      [&](const std::filesystem::path &path) {
        return splitForecast(readWeatherTable(path, column), windows);
      },
      [&] { return splitForecast(syntheticWeather(/*seed=*/381), windows); });
}

double errorOfRepeating(const Dataset &rows) {
  constexpr std::int64_t kBatch = 1000;
  double sum = 0;
  for (std::int64_t begin = 0; begin < rows.size; begin += kBatch) {
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(std::min(kBatch, rows.size - begin)));
    std::iota(wanted.begin(), wanted.end(), begin);
    const std::vector<Tensor> batch = rows.batch(wanted);
    const std::int64_t steps = batch[0].shape()[1], channels = batch[0].shape()[2];
    for (std::int64_t i = 0; i < batch[0].shape()[0]; ++i)
      sum += std::abs(static_cast<double>(batch[0].data<float>()[((i + 1) * steps - 1) * channels] -
                                          batch[1].data<float>()[i]));
  }
  return sum / static_cast<double>(rows.size);
}

/// The outcome becomes the net's error, the target that of repeating the last value.
static void compareWithRepeating(Trainer &, const Data &data, Outcome &outcome) {
  outcome.value *= data.labels.deviation;
  outcome.target = errorOfRepeating(data.test) * data.labels.deviation;
  fmt::print("mean absolute error of '{}' on test: {:.3f}, repeating the last value {:.3f}\n",
             data.labels.name, outcome.value, *outcome.target);
}

std::unique_ptr<Metric> forecastError() {
  return std::make_unique<MeanError>(MeanError::Kind::absolute);
}

Program forecastProgram(Program program) {
  program.typical_sizes = {{"channels", 7}};
  program.column = "pm2.5";
  program.finish = compareWithRepeating;
  return program;
}

} // namespace graphc::examples
