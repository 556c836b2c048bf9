#include "tools/graphc/Table.h"

#include <algorithm>

#include <fmt/format.h>

namespace graphc::tools {

std::string Table::toText() const {
  std::vector<std::size_t> widths(rows_[0].size(), 0);
  for (const auto &row : rows_)
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], row[column].size());
  std::string text;
  auto addLine = [&](auto cell) {
    std::string line;
    for (std::size_t column = 0; column < widths.size(); ++column)
      line += fmt::format("{:<{}}  ", cell(column), widths[column]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    addLine([&](std::size_t column) { return column < rows_[i].size() ? rows_[i][column] : ""; });
    if (i == 0)
      addLine([&](std::size_t column) { return std::string(widths[column], '-'); });
  }
  return text;
}

std::string Table::toMarkdown() const {
  std::string text;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    for (std::string cell : rows_[i]) {
      for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2)
        cell.insert(at, "\\");
      text += "| " + cell + " ";
    }
    text += "|\n";
    if (i == 0) {
      for (std::size_t column = 0; column < rows_[0].size(); ++column)
        text += "|---";
      text += "|\n";
    }
  }
  return text;
}

} // namespace graphc::tools
