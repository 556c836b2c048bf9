#include "examples/training/Recording.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "examples/training/Training.h"
#include "runtime/NpyFile.h"
#include "runtime/session/MetaGraph.h"

namespace graphc::examples {

namespace fs = std::filesystem;

/// "scope/x:0" as "PREFIXscope.x_0.npy".
static std::string fileName(const std::string &prefix, std::string tensor) {
  std::ranges::replace(tensor, '/', '.');
  std::ranges::replace(tensor, ':', '_');
  return prefix + tensor + ".npy";
}

static std::vector<Feed> feedsOf(const ProgramGraph &ends, const std::vector<Tensor> &rows,
                                 double learningRate) {
  std::vector<Feed> feeds;
  std::size_t next = 0;
  for (const FedTensor &feed : ends.feeds)
    switch (feed.value) {
    case FedTensor::Value::rows: feeds.emplace_back(feed.tensor, rows.at(next++)); break;
    case FedTensor::Value::keep: feeds.emplace_back(feed.tensor, 1.f); break;
    case FedTensor::Value::learning_rate:
      feeds.emplace_back(feed.tensor, static_cast<float>(learningRate));
      break;
    case FedTensor::Value::training: feeds.emplace_back(feed.tensor, true); break;
    }
  return feeds;
}

/// Tensors that a run of the program gives, beside its loss.
struct Fetched {
  std::vector<Output> results; ///< loss, predictions, all gradients
  std::vector<Output> draws;   ///< of random ops that `results` need
};

static Fetched fetchedOf(const Graph &graph, const ProgramGraph &ends) {
  Fetched fetched;
  fetched.results = {ends.loss, ends.predictions};
  for (const Operation &op : graph.get_operations())
    if (op.type() == "gradients")
      for (const Output &gradient : op.outputs())
        fetched.results.push_back(gradient);
  std::set<std::string> seen;
  std::vector<Output> waiting = fetched.results;
  while (!waiting.empty()) {
    const Operation op = waiting.back().op();
    waiting.pop_back();
    if (!op || !seen.insert(op.name()).second)
      continue;
    if (op.type().starts_with("random_") || op.type() == "truncated_normal")
      fetched.draws.push_back(op.output(0));
    for (const Output &input : op.inputs())
      waiting.push_back(input);
  }
  return fetched;
}

static void writeFile(const fs::path &path, const std::string &bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush())
    throw Error(Code::invalid_argument, "cannot write '" + path.string() + "'");
}

void recordSteps(Trainer &trainer, const Dataset &rows, double learningRate,
                 const fs::path &folder) {
  const ProgramGraph &ends = trainer.ends();
  Session &session = trainer.session();
  fs::create_directories(folder);
  std::vector<std::int64_t> first(static_cast<std::size_t>(trainer.batch()));
  std::iota(first.begin(), first.end(), 0);
  const std::vector<Feed> feeds = feedsOf(ends, rows.batch(first), learningRate);

  nlohmann::json recording{{"train", ends.train.name()},
                           {"loss", ends.loss.name()},
                           {"predictions", ends.predictions.name()},
                           {"feeds", nlohmann::json::object()},
                           {"variables", nlohmann::json::object()},
                           {"steps", nlohmann::json::array()}};
  auto write = [&](nlohmann::json &list, const std::string &prefix, const std::string &tensor,
                   const Tensor &value) {
    const std::string name = fileName(prefix, tensor);
    write_npy(folder / name, value);
    list[tensor] = name;
  };
  std::vector<std::pair<Output, Shape>> shapes;
  for (const Feed &feed : feeds) {
    write(recording["feeds"], "feed-", feed.name, feed.value);
    shapes.emplace_back(trainer.graph().get_tensor_by_name(feed.name), feed.value.shape());
  }
  writeFile(folder / "graph.pb", trainer.graph().as_graph_def());
  writeFile(folder / "training.pb", training_graph_def(trainer.graph(), shapes));
  train::export_meta_graph(trainer.graph(), folder / "model.meta",
                           {.training = shapes, .collections = {{"train_op", {ends.train}}}});

  session.run(trainer.graph().global_variables_initializer());
  train::Saver saver(trainer.graph(), {.max_to_keep = 0});
  saver.save(session, folder / "state-0");
  for (const Variable &variable : trainer.graph().global_variables())
    write(recording["variables"], "variable-", variable.op_name(),
          session.variable(variable.op_name()));
  const Fetched fetched = fetchedOf(trainer.graph(), ends);
  std::vector<Fetches::Fetch> fetches{ends.train};
  fetches.insert(fetches.end(), fetched.results.begin(), fetched.results.end());
  fetches.insert(fetches.end(), fetched.draws.begin(), fetched.draws.end());
  for (int step = 0; step < 2; ++step) {
    const std::vector<Tensor> out = session.run(feeds, fetches);
    nlohmann::json files{{"fetches", nlohmann::json::object()},
                         {"draws", nlohmann::json::object()}};
    const std::string prefix = fmt::format("step{}-", step);
    std::size_t next = 1; // the first is the train op's
    for (const Output &tensor : fetched.results)
      write(files["fetches"], prefix, tensor.name(), out.at(next++));
    for (const Output &tensor : fetched.draws)
      write(files["draws"], prefix, tensor.name(), out.at(next++));
    recording["steps"].push_back(files);
    saver.save(session, folder / fmt::format("state-{}", step + 1));
  }
  writeFile(folder / "recording.json", recording.dump(2) + "\n");
}

} // namespace graphc::examples
