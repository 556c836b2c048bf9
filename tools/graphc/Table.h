// Text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace graphc::tools {

class Table {
public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() == 1; }

  /// Columns two blanks apart, a rule under the header; no blanks at the ends of lines.
  std::string toText() const;
  /// A table in Markdown.
  std::string toMarkdown() const;

private:
  std::vector<std::vector<std::string>> rows_; ///< the header first
};

} // namespace graphc::tools
