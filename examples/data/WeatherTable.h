// Tables of measurements at regular times, as weather stations publish them: CSV, plain or
// compressed by gzip, a header line and a line for each hour (or whatever the interval is).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc::examples {

struct WeatherTable {
  /// What the columns of `values` are called; the one to forecast is the first.
  std::vector<std::string> channels;
  /// float32 [rows, channels]. What was not measured has the last value before, at the beginning
  /// the first one after.
  Tensor values;
  /// Whether the first channel was measured, for each row.
  std::vector<bool> measured;

  std::int64_t rows() const { return values.shape()[0]; }
};

/// The CSV table at `path`: the file itself, or the one in that folder. Columns that tell the time
/// (No, year, month, day, hour) or hold text are left out; an empty cell or NA was not measured.
/// Throws Error: not_found where there is no table, invalid_argument where the folder has several
/// or the table no column `forecast`, data_loss (naming file, line and column) where a line has
/// another number of cells than the header or a cell is no number.
WeatherTable readWeatherTable(const std::filesystem::path &path, std::string_view forecast);

/// Hourly values of seven channels, in seasons, days, weather that comes and goes, and noise.
WeatherTable syntheticWeather(std::uint64_t seed);

/// Per channel, subtracts the mean and divides by the standard deviation of the first `rows` rows;
/// gives both for the first channel.
struct Normalisation {
  double mean;
  double deviation;
};
Normalisation normalise(WeatherTable &table, std::int64_t rows);

} // namespace graphc::examples
