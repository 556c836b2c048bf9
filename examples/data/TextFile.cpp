#include "examples/data/TextFile.h"

#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <zlib.h>

#include "runtime/Status.h"

namespace graphc::examples {

std::string readText(const std::filesystem::path &path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file)
    throw Error(Code::not_found, fmt::format("cannot open '{}'", path.string()));
  std::string text;
  std::array<char, 1 << 16> piece;
  int count;
  while ((count = gzread(file.get(), piece.data(), piece.size())) > 0)
    text.append(piece.data(), static_cast<std::size_t>(count));
  int status = Z_OK;
  const char *message = gzerror(file.get(), &status);
  if (count < 0 || (status != Z_OK && status != Z_STREAM_END))
    throw Error(Code::data_loss, fmt::format("cannot read '{}': {}", path.string(), message));
  return text;
}

std::vector<std::string> readLines(const std::filesystem::path &path) {
  std::istringstream text(readText(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line); lines.push_back(std::move(line)))
    if (line.ends_with('\r'))
      line.pop_back();
  return lines;
}

std::vector<std::string_view> splitLine(std::string_view line, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = line.find(separator);
    std::string_view piece = line.substr(0, end);
    if (piece.size() >= 2 && piece.front() == '"' && piece.back() == '"')
      piece = piece.substr(1, piece.size() - 2);
    pieces.push_back(piece);
    if (end == std::string_view::npos)
      return pieces;
    line.remove_prefix(end + 1);
  }
}

double readNumber(std::string_view text, const std::filesystem::path &path, std::size_t line) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    throw Error(Code::data_loss, fmt::format("'{}' line {}: expected a number, got '{}'",
                                             path.string(), line, text));
  return number;
}

std::vector<double> readCsvColumn(const std::filesystem::path &path, std::size_t column) {
  const std::vector<std::string> lines = readLines(path);
  std::vector<double> numbers;
  const std::size_t columns = lines.empty() ? 0 : splitLine(lines.front(), ',').size();
  if (columns <= column)
    throw Error(Code::data_loss,
                fmt::format("'{}' line 1: expected a header of {} columns or more, got {}",
                            path.string(), column + 1, columns));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty())
      continue;
    const std::vector<std::string_view> pieces = splitLine(lines[i], ',');
    if (pieces.size() != columns)
      throw Error(Code::data_loss, fmt::format("'{}' line {}: expected {} columns, got {}",
                                               path.string(), i + 1, columns, pieces.size()));
    numbers.push_back(readNumber(pieces[column], path, i + 1));
  }
  return numbers;
}

} // namespace graphc::examples
