#include "tools/graphc/RunGraph.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "frontend/Gradients.h"
#include "runtime/NpyFile.h"
#include "runtime/session/Saver.h"
#include "tools/graphc/GraphFiles.h"

namespace graphc::tools {

namespace {

namespace fs = std::filesystem;

/// What is fetched, under which name it is shown and kept.
struct Result {
  std::string fetch;
  std::string name;
};

/// "a/b:0" as a file: "a.b_0.npy".
std::string fileName(std::string name) {
  std::ranges::replace(name, '/', '.');
  std::ranges::replace(name, ':', '_');
  return name + ".npy";
}

std::string textOf(const Tensor &tensor) {
  constexpr std::int64_t kShown = 8;
  const std::int64_t count = std::min(tensor.num_elements(), kShown);
  std::string values = dispatch(tensor.dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::string text;
    for (std::int64_t i = 0; i < count; ++i)
      if constexpr (std::is_floating_point_v<T>)
        text += fmt::format("{}{:.7g}", i ? " " : "", tensor.data<T>()[i]);
      else
        text += fmt::format("{}{}", i ? " " : "", tensor.data<T>()[i]);
    return text;
  });
  return fmt::format("{}{} {}{}", to_string(tensor.dtype()), tensor.shape().to_string(), values,
                     tensor.num_elements() > count ? " ..." : "");
}

/// "loss:0:w,b:0" asks for the gradients of loss:0 by w:0 and b:0.
std::vector<Result> addGradients(Graph &graph, const std::string &text) {
  // The scalar ends at the last colon before the first comma that is not an output's number.
  const std::string head = text.substr(0, text.find(','));
  std::size_t colon = head.rfind(':');
  const auto isNumber = [&](std::size_t from) {
    return from < head.size() && head.find_first_not_of("0123456789", from) == std::string::npos;
  };
  if (colon != std::string::npos && isNumber(colon + 1) && colon > 0)
    colon = head.rfind(':', colon - 1);
  if (colon == std::string::npos || colon == 0 || colon + 1 >= text.size())
    throw Error(Code::invalid_argument,
                fmt::format("--gradients expects SCALAR:NAME,NAME..., got '{}'", text));
  const auto tensor = [&](std::string name) {
    return graph.get_tensor_by_name(name.find(':') == std::string::npos ? name + ":0" : name);
  };
  const Output loss = tensor(text.substr(0, colon));
  std::vector<Output> xs;
  std::string names = text.substr(colon + 1);
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find(',', at), names.size());
    xs.push_back(tensor(names.substr(at, end - at)));
    at = end + 1;
  }
  std::vector<Result> results;
  const std::vector<Output> gradients = graphc::gradients({loss}, xs);
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!gradients[i])
      throw Error(Code::invalid_argument,
                  fmt::format("no gradient of '{}' reaches '{}'", loss.name(), xs[i].name()));
    results.push_back({gradients[i].name(), "gradient_" + xs[i].name()});
  }
  return results;
}

void initialize(Session &session, const Graph &graph, const std::string &checkpoint) {
  if (!checkpoint.empty())
    return train::Saver(graph).restore(session, checkpoint);
  std::vector<Fetches::Fetch> initializers;
  for (const Variable &variable : graph.global_variables())
    if (variable.initializer())
      initializers.emplace_back(variable.initializer());
  if (!initializers.empty())
    session.run(initializers);
}

} // namespace

int runGraph(const RunGraphOptions &options) {
  Graph graph;
  importFile(graph, options.file);
  const std::vector<Feed> feeds = parseFeeds(graph, options.feeds);
  std::vector<Result> results;
  for (const std::string &name : options.fetches)
    results.push_back({name, name});
  if (!options.gradients.empty())
    for (Result &result : addGradients(graph, options.gradients))
      results.push_back(std::move(result));
  if (results.empty())
    throw Error(Code::invalid_argument, "nothing is fetched: name a tensor or an op with --fetch");
  if (options.repeat < 1)
    throw Error(Code::invalid_argument,
                fmt::format("--repeat expects a number above 0, got {}", options.repeat));

  Session session(graph, options.session);
  initialize(session, graph, options.checkpoint);
  std::vector<Fetches::Fetch> fetches;
  for (const Result &result : results)
    fetches.emplace_back(result.fetch);
  using Clock = std::chrono::steady_clock;
  std::vector<Tensor> values;
  double first = 0, rest = 0; // seconds
  for (int run = 0; run < options.repeat; ++run) {
    const Clock::time_point start = Clock::now();
    values = session.run(feeds, fetches);
    (run == 0 ? first : rest) += std::chrono::duration<double>(Clock::now() - start).count();
  }
  if (!options.out.empty())
    fs::create_directories(options.out);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (values[i].empty()) {
      fmt::print("{} ran\n", results[i].name);
      continue;
    }
    fmt::print("{} = {}\n", results[i].name, textOf(values[i]));
    if (!options.out.empty())
      write_npy(fs::path(options.out) / fileName(results[i].name), values[i]);
  }
  if (options.repeat > 1)
    fmt::print("first run, compiled with it: {:.1f} ms; then {:.3f} ms a run\n", first * 1e3,
               rest * 1e3 / (options.repeat - 1));
  return 0;
}

} // namespace graphc::tools
