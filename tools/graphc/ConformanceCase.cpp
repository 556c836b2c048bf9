#include "tools/graphc/ConformanceCase.h"

#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "frontend/Gradients.h"
#include "frontend/import/ImportGraphDef.h"
#include "runtime/NpyFile.h"

namespace graphc::tools {

namespace fs = std::filesystem;

std::string describeDifference(const Tensor &ours, const Tensor &theirs, double rtol, double atol) {
  if (ours.dtype() != theirs.dtype() || !(ours.shape() == theirs.shape()))
    return fmt::format("expected {}{}, got {}{}", to_string(theirs.dtype()),
                       theirs.shape().to_string(), to_string(ours.dtype()),
                       ours.shape().to_string());
  return dispatch(ours.dtype(), [&](auto zero) -> std::string {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
      const T a = ours.data<T>()[i], b = theirs.data<T>()[i];
      const auto x = static_cast<double>(a), y = static_cast<double>(b);
      if (a == b || (std::isnan(x) && std::isnan(y)))
        continue;
      // An infinity is as far from every number as it is near.
      const bool finite = std::isfinite(x) && std::isfinite(y);
      if (!finite || !(std::abs(x - y) <= atol + rtol * std::abs(y)))
        return fmt::format("element {}: expected {}, got {}", i, b, a);
    }
    return {};
  });
}

static std::string check(const fs::path &folder, const SessionOptions &options) {
  std::ifstream file(folder / "case.json");
  const nlohmann::json json = nlohmann::json::parse(file);
  Graph graph;
  const fs::path text = folder / "graph.pbtxt";
  import_graph_def(graph, fs::exists(text) ? text : folder / "graph.pb");

  std::vector<Feed> feeds;
  for (const auto &[name, values] : json.at("feeds").items())
    feeds.emplace_back(name, read_npy(folder / values.get<std::string>()));
  std::vector<Fetches::Fetch> fetches;
  std::vector<std::pair<std::string, Tensor>> wanted; // what it is, and its value
  for (const auto &[name, values] : json.at("fetches").items()) {
    fetches.emplace_back(name);
    wanted.emplace_back(name, read_npy(folder / values.get<std::string>()));
  }
  if (json.contains("gradients") && !json["gradients"].is_null()) {
    const auto &wish = json["gradients"];
    std::vector<Output> xs;
    for (const auto &[name, values] : wish.at("with_respect_to").items()) {
      xs.push_back(graph.get_tensor_by_name(name));
      wanted.emplace_back("the gradient by " + name, read_npy(folder / values.get<std::string>()));
    }
    const std::vector<Output> gradients =
        graphc::gradients({graph.get_tensor_by_name(wish.at("of").get<std::string>())}, xs);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (!gradients[i])
        return "no gradient reaches " + xs[i].name();
      fetches.emplace_back(gradients[i]);
    }
  }
  Session session(graph, options);
  const std::vector<Tensor> results = session.run(feeds, fetches);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (const std::string difference =
            describeDifference(results[i], wanted[i].second, json.at("rtol"), json.at("atol"));
        !difference.empty())
      return wanted[i].first + ": " + difference;
  return {};
}

std::string whyNotConforming(const fs::path &folder, const SessionOptions &options) {
  try {
    return check(folder, options);
  } catch (const std::exception &error) {
    return error.what();
  }
}

} // namespace graphc::tools
