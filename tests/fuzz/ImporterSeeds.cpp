// importer-seeds FOLDER: writes small graphs of our own as inputs of the fuzzer.
#include <filesystem>
#include <fstream>

#include <graphc/graphc.h>

#include "runtime/protos/MessageBytes.h"
#include "runtime/protos/meta_graph.pb.h"
#include "tests/fuzz/GraphInput.h"

namespace gc = graphc;
namespace fs = std::filesystem;

static void write(const fs::path &path, bool metaGraph, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << graphInput(metaGraph, bytes);
}

/// A network with its updates: as a graph, and as a meta graph that says what is trained.
static void writeTraining(const fs::path &folder) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {gc::none, 3}, "x");
  const auto labels = g.placeholder(gc::int32, {gc::none}, "labels");
  const auto hidden = gc::nn::relu(gc::layers::dense(x, 4));
  const auto logits = gc::layers::dense(gc::nn::dropout(hidden, 0.5f), 2);
  const auto loss = gc::reduce_mean(
      gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = labels, .logits = logits}));
  gc::train::AdamOptimizer(0.1f).minimize(loss);
  const std::string graph = gc::training_graph_def(g, {{x, {5, 3}}, {labels, {5}}});
  write(folder / "training", false, graph);
  gc::proto::MetaGraphDef meta;
  meta.mutable_graph_def()->ParseFromString(graph);
  auto &trained = (*meta.mutable_collection_def())["trainable_variables"];
  for (const gc::Variable &variable : g.trainable_variables()) {
    gc::proto::VariableDef def;
    def.set_variable_name(variable.name());
    trained.mutable_bytes_list()->add_value(def.SerializeAsString());
  }
  (*meta.mutable_collection_def())["train_op"].mutable_node_list()->add_value("Adam");
  write(folder / "training.meta", true, graphc::messageBytes(meta).value());
}

/// A loop in dataflow form.
static void writeRecurrence(const fs::path &folder) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {4, 2, 3}, "x");
  gc::rnn::BasicLSTMCell cell(2);
  const auto [outputs, state] = gc::rnn::dynamic_rnn(cell, x);
  gc::reduce_sum(outputs, {.name = "sum"});
  write(folder / "recurrence", false, g.as_graph_def());
}

static void writeImages(const fs::path &folder) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {2, 6, 6, 3}, "x");
  auto y = gc::layers::conv2d(x, 4, 3, {.padding = "same"});
  y = gc::layers::max_pooling2d(y, 2, 2);
  y = gc::reshape(y, {-1, 36});
  const auto loss = gc::reduce_mean(gc::square(gc::layers::dense(y, 1)), {.name = "loss"});
  gc::train::GradientDescentOptimizer(0.1f).minimize(loss);
  write(folder / "images", false, gc::training_graph_def(g, {}));
}

/// Shapes that follow from what is fed, indices, and what is known while the graph is imported.
static void writeShapes(const fs::path &folder) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  const auto indices = g.placeholder(gc::int32, {gc::none}, "indices");
  const auto rows = gc::gather(x, indices);
  const auto parts = gc::split(rows, 2, 1);
  const auto joined = gc::concat({parts[1], parts[0]}, 1);
  const auto turned = gc::transpose(joined);
  const auto tiled = gc::tile(turned, {2, 1});
  const auto hot = gc::one_hot(indices, 3);
  const auto product = gc::matmul(tiled, hot);
  gc::reduce_max(product, {.axes = 1, .name = "max"});
  gc::cast(gc::shape(product), gc::float32, "extents");
  gc::nn::top_k(x, 2);
  write(folder / "shapes", false, g.as_graph_def());
}

int main(int, char **arguments) {
  const fs::path folder = arguments[1];
  write(folder / "nothing", false, {});
  writeTraining(folder);
  writeRecurrence(folder);
  writeImages(folder);
  writeShapes(folder);
}
