// Where a program's data is, and what stands in where there is none.
#pragma once

#include <filesystem>
#include <functional>

#include "examples/Programs.h"

namespace graphc::examples {

struct DataFolder {
  std::string_view name;     ///< of the program's own folder below a folder of several data sets
  std::string_view contents; ///< "sensor windows"
  std::string_view origin;   ///< what the real data is called and where it is published, a sentence
};

/// The data that `read` finds in --data, or in $GRAPHC_DATA, either the program's folder or one
/// that holds it under its name. Where neither names any, or a folder of several programs
/// ($GRAPHC_DATA, --data with --all) has none of this one's, what `make` makes up, and says plainly
/// that it does.
/// Throws what `read` throws, not_found for one program's --data without its data included.
Data loadData(const RunOptions &options, const DataFolder &folder,
              const std::function<Data(const std::filesystem::path &)> &read,
              const std::function<Data()> &make);

} // namespace graphc::examples
