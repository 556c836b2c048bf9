// A graph with its collections and its saver, as TensorFlow's MetaGraphDef (`.meta`).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "frontend/Graph.h"
#include "runtime/session/Session.h"

namespace graphc::train {

struct MetaGraphOptions {
  /// Given: gradients and updates are there too, spelled out for these shapes of the placeholders
  /// that leave something open (see training_graph_def()).
  std::optional<std::vector<std::pair<Output, Shape>>> training = {};
  /// Ops and tensors to collect beside what the graph collects itself: {{"train_op", {train}}}.
  std::map<std::string, Fetches> collections = {};
};

/// Writes the graph as TensorFlow's `tf.train.export_meta_graph` does, so that
/// `tf.train.import_meta_graph(path)` gives the graph with its collections, and a saver that reads
/// and writes the checkpoints of graphc's Saver.
///
/// Collections: `variables`, `trainable_variables` and `local_variables` (those that have an
/// initializer), `summaries`, `losses`, `update_ops` (those that the graph holds as it is written),
/// and the given ones. What saves and restores stands under the scope `save`.
///
/// Throws Error: not_found for a member of a given collection that the graph, as it is written,
/// does not hold; as training_graph_def() and Graph::as_graph_def(); invalid_argument where the
/// file cannot be written.
void export_meta_graph(const Graph &graph, const std::filesystem::path &path,
                       const MetaGraphOptions &options = {});
/// The same as bytes.
std::string meta_graph_def(const Graph &graph, const MetaGraphOptions &options = {});

} // namespace graphc::train
