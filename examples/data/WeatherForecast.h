// The windows of a weather table from which weather-conv and weather-conv-gru forecast one channel,
// and the forecast that they must beat.
#pragma once

#include "examples/Programs.h"
#include "examples/data/WeatherTable.h"

namespace graphc::examples {

/// In rows of the table.
struct ForecastWindows {
  std::int64_t lookback = 1; ///< how far back a window reaches
  std::int64_t delay = 24;   ///< from a window's last row to the one that is forecast
  std::int64_t step = 1;     ///< one row of so many is looked at

  std::int64_t steps() const { return lookback / step; }
  /// Rows from a window's first to the one that is forecast.
  std::int64_t reach() const { return (steps() - 1) * step + delay; }
};

/// Rows [steps, channels] and labels [1] over table rows [begin, end), both normalised already; no
/// windows whose label was not measured. Throws Error (data_loss) where there is not one.
Dataset forecastRows(const WeatherTable &table, const ForecastWindows &windows, std::int64_t begin,
                     std::int64_t end);

/// Normalises by the first three fifths of the table, the training rows; then a fifth each to
/// validate and to test. Sizes: "channels".
Data splitForecast(WeatherTable table, const ForecastWindows &windows);

/// The table that the options name (`beijing-pm25`), or a synthetic one.
Data loadForecast(const RunOptions &options, const ForecastWindows &windows);

/// The mean absolute error of forecasting a window's last value, normalised.
double errorOfRepeating(const Dataset &rows);

/// The mean absolute error.
std::unique_ptr<Metric> forecastError();

/// Adds to `program` what all have in common that forecast a column of the table: in the end they
/// print their error, in the table's units, beside that of repeating the last value, which is their
/// target.
Program forecastProgram(Program program);

} // namespace graphc::examples
