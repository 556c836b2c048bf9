#include "examples/data/WeatherTable.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <random>

#include <fmt/format.h>

#include "examples/data/TextFile.h"
#include "runtime/Status.h"

namespace graphc::examples {

namespace fs = std::filesystem;

static fs::path tableAt(const fs::path &path) {
  if (!fs::is_directory(path))
    return path;
  std::vector<std::string> tables;
  for (const fs::directory_entry &entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && (name.ends_with(".csv") || name.ends_with(".csv.gz")))
      tables.push_back(name);
  }
  std::ranges::sort(tables);
  if (tables.empty())
    throw Error(
        Code::not_found,
        fmt::format("no table in '{}': looked for a file *.csv or *.csv.gz", path.string()));
  if (tables.size() > 1)
    throw Error(Code::invalid_argument,
                fmt::format("expected one table in '{}', got {}: name the file itself",
                            path.string(), fmt::join(tables, ", ")));
  return path / tables.front();
}

/// Empty where the cell was not measured.
static std::optional<std::string_view> measuredCell(std::string_view cell) {
  while (cell.starts_with(' '))
    cell.remove_prefix(1);
  while (cell.ends_with(' '))
    cell.remove_suffix(1);
  if (cell.empty() || cell == "NA")
    return std::nullopt;
  return cell;
}

static bool isNumber(std::string_view cell) {
  try {
    readNumber(cell, {}, 0);
    return true;
  } catch (const Error &) {
    return false;
  }
}

/// The cells of every line but the header's, each of as many as the header.
static std::vector<std::vector<std::string_view>>
rowsOf(const std::vector<std::string> &lines, std::size_t columns, const fs::path &path) {
  std::vector<std::vector<std::string_view>> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows.push_back(splitLine(lines[i], ','));
    if (rows.back().size() != columns && !lines[i].empty())
      throw Error(Code::data_loss, fmt::format("'{}' line {}: expected {} columns, got {}",
                                               path.string(), i + 1, columns, rows.back().size()));
  }
  while (!rows.empty() && rows.back().size() != columns) // empty lines at the end
    rows.pop_back();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].size() != columns)
      throw Error(Code::data_loss,
                  fmt::format("'{}' line {}: expected {} columns, got an empty line", path.string(),
                              i + 2, columns));
  return rows;
}

WeatherTable readWeatherTable(const fs::path &where, std::string_view forecast) {
  static constexpr std::array<std::string_view, 5> kTimes = {"No", "year", "month", "day", "hour"};
  const fs::path path = tableAt(where);
  const std::vector<std::string> lines = readLines(path);
  const std::vector<std::string_view> header =
      lines.empty() ? std::vector<std::string_view>() : splitLine(lines.front(), ',');
  const auto cells = rowsOf(lines, header.size(), path);
  if (cells.empty())
    throw Error(Code::data_loss,
                fmt::format("'{}' is no table: expected a header and a line for each time, got {}",
                            path.string(), lines.empty() ? "nothing" : "only a header"));

  // A column's first measured cell says what it holds.
  std::vector<std::size_t> columns;
  std::vector<std::string> names;
  for (std::size_t column = 0; column < header.size(); ++column) {
    const auto row = std::ranges::find_if(
        cells, [&](const auto &r) { return measuredCell(r[column]).has_value(); });
    if (row == cells.end() || !isNumber(*measuredCell((*row)[column])) ||
        std::ranges::find(kTimes, header[column]) != kTimes.end())
      continue;
    const bool first = header[column] == forecast;
    columns.insert(first ? columns.begin() : columns.end(), column);
    names.insert(first ? names.begin() : names.end(), std::string(header[column]));
  }
  if (names.empty() || names.front() != forecast)
    throw Error(
        Code::invalid_argument,
        fmt::format("'{}' has no column of numbers '{}'; it has {}: name the one to forecast by "
                    "--column",
                    path.string(), forecast,
                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));

  WeatherTable table{names,
                     Tensor(float32, {static_cast<std::int64_t>(cells.size()),
                                      static_cast<std::int64_t>(columns.size())}),
                     {}};
  for (std::size_t k = 0; k < columns.size(); ++k) {
    float *value = table.values.data<float>() + k;
    std::optional<float> last;
    std::size_t unknown = 0; // rows before the first measured one
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const std::optional<std::string_view> cell = measuredCell(cells[row][columns[k]]);
      if (cell && !isNumber(*cell))
        throw Error(Code::data_loss,
                    fmt::format("'{}' line {}: expected a number or NA in column '{}', got '{}'",
                                path.string(), row + 2, names[k], *cell));
      if (cell)
        last = static_cast<float>(readNumber(*cell, path, row + 2));
      if (k == 0)
        table.measured.push_back(cell.has_value());
      if (!last)
        ++unknown;
      value[row * columns.size()] = last.value_or(0);
    }
    for (std::size_t row = 0; row < unknown; ++row)
      value[row * columns.size()] = value[unknown * columns.size()];
  }
  return table;
}

WeatherTable syntheticWeather(std::uint64_t seed) {
  constexpr std::int64_t kHours = 2 * 365 * 24, kChannels = 7;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise;
  WeatherTable table{{"smog", "dew point", "temperature", "pressure", "wind", "snow", "rain"},
                     Tensor(float32, {kHours, kChannels}),
                     std::vector<bool>(kHours, true)};
  std::array<double, kChannels> weather{}; // of some days' duration
  for (std::int64_t hour = 0; hour < kHours; ++hour) {
    const double day = 2 * std::numbers::pi * static_cast<double>(hour) / 24, year = day / 365;
    for (std::int64_t k = 0; k < kChannels; ++k) {
      double &state = weather[static_cast<std::size_t>(k)];
      state = 0.98 * state + 0.2 * noise(random) - (k == 0 ? 0.01 * weather[4] : 0);
      table.values.data<float>()[hour * kChannels + k] =
          static_cast<float>(state - std::cos(year) - 0.3 * std::cos(day) + 0.05 * noise(random));
    }
  }
  return table;
}

Normalisation normalise(WeatherTable &table, std::int64_t rows) {
  const std::int64_t channels = table.values.shape()[1];
  Normalisation first{};
  for (std::int64_t k = 0; k < channels; ++k) {
    float *value = table.values.data<float>() + k;
    double sum = 0, squares = 0;
    for (std::int64_t row = 0; row < rows; ++row)
      sum += value[row * channels];
    const double mean = sum / static_cast<double>(rows);
    for (std::int64_t row = 0; row < rows; ++row)
      squares += (value[row * channels] - mean) * (value[row * channels] - mean);
    // A channel that never changes stays as it is, around 0.
    const double deviation = squares > 0 ? std::sqrt(squares / static_cast<double>(rows)) : 1;
    for (std::int64_t row = 0; row < table.rows(); ++row)
      value[row * channels] = static_cast<float>((value[row * channels] - mean) / deviation);
    if (k == 0)
      first = {mean, deviation};
  }
  return first;
}

} // namespace graphc::examples
