#include "examples/training/DataFolder.h"

#include <cstdlib>

#include <fmt/format.h>

namespace graphc::examples {

static std::filesystem::path ownFolder(const std::filesystem::path &base,
                                       const DataFolder &folder) {
  const std::filesystem::path own = base / folder.name;
  return std::filesystem::is_directory(own) ? own : base;
}

Data loadData(const RunOptions &options, const DataFolder &folder,
              const std::function<Data(const std::filesystem::path &)> &read,
              const std::function<Data()> &make) {
  auto from = [&](const std::filesystem::path &path) {
    Data data = read(path);
    data.source = path.string();
    return data;
  };
  const char *variable = std::getenv("GRAPHC_DATA");
  const bool named = !options.data.empty();
  std::string why = "No data folder was named (--data DIR or $GRAPHC_DATA)";
  if (named || variable) {
    try {
      return from(ownFolder(named ? options.data.c_str() : variable, folder));
    } catch (const Error &error) {
      if (error.code() != Code::not_found || (named && !options.shared_data))
        throw;
      why = fmt::format("{} has no data of this program ({})", named ? "--data" : "$GRAPHC_DATA",
                        error.message());
    }
  }
  fmt::print("{}, so this trains on built-in\nSYNTHETIC {}: the figures below say nothing about "
             "real data.\n{}\n",
             why, folder.contents, folder.origin);
  Data data = make();
  data.synthetic = true;
  data.source = fmt::format("synthetic {}", folder.contents);
  return data;
}

} // namespace graphc::examples
