#include "tools/graphc/GraphFiles.h"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "frontend/import/ImportGraphDef.h"
#include "runtime/NpyFile.h"

namespace graphc::tools {

namespace fs = std::filesystem;

static std::string kindOf(const std::string &name) {
  fs::path path(name);
  if (path.extension() == ".gz")
    path = path.stem();
  return path.extension().string();
}

bool isGraphFile(const std::string &name) {
  const std::string kind = kindOf(name);
  return kind == ".pb" || kind == ".pbtxt" || kind == ".meta";
}

void importFile(Graph &graph, const std::string &name) {
  if (kindOf(name) == ".meta")
    import_meta_graph(graph, name);
  else
    import_graph_def(graph, name);
}

Feed parseFeed(const Graph &graph, const std::string &text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw Error(Code::invalid_argument,
                fmt::format("--feed expects NAME=FILE.npy or NAME=NUMBER, got '{}'", text));
  std::string name = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (name.find(':') == std::string::npos)
    name += ":0";
  if (value.ends_with(".npy") || value.ends_with(".npy.gz"))
    return {name, read_npy(value)};
  double number = 0;
  const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || rest != value.data() + value.size())
    throw Error(Code::invalid_argument,
                fmt::format("--feed {}: expected a .npy file or a number, got '{}'", name, value));
  const DataType dtype = graph.get_tensor_by_name(name).dtype();
  return {name, dtype == bool_ ? Tensor(number != 0) : Tensor(number).cast(dtype)};
}

std::vector<Feed> parseFeeds(const Graph &graph, const std::vector<std::string> &texts) {
  std::vector<Feed> feeds;
  for (const std::string &text : texts)
    feeds.push_back(parseFeed(graph, text));
  return feeds;
}

} // namespace graphc::tools
