// Reading text and tables of numbers, with errors that say where.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace graphc::examples {

/// A whole text file, plain or compressed by gzip. Throws Error: not_found where it cannot be
/// opened, data_loss where its compressed form is cut off or damaged.
std::string readText(const std::filesystem::path &path);

/// The lines of such a file, without their ends (LF or CR LF).
std::vector<std::string> readLines(const std::filesystem::path &path);

/// The pieces of `line` between `separator`s, double quotes around a piece taken away.
std::vector<std::string_view> splitLine(std::string_view line, char separator);

/// `text` as a number. Throws Error (data_loss): "'a.csv' line 3: expected a number, got 'x'".
double readNumber(std::string_view text, const std::filesystem::path &path, std::size_t line);

/// Column `column` of a CSV file with a header line. Throws Error: not_found; data_loss where a
/// line has another number of columns than the header, or something else than a number there.
std::vector<double> readCsvColumn(const std::filesystem::path &path, std::size_t column);

} // namespace graphc::examples
