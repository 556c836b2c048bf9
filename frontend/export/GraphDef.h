// A graph as TensorFlow's GraphDef. No MLIR, no protobuf.
#pragma once

#include <string>

namespace graphc {

class Graph;

/// A serialized GraphDef that TensorFlow loads and runs: see Graph::as_graph_def().
std::string graph_def(const Graph &graph);

/// A serialized GraphDef that TensorBoard draws: every op, those that TensorFlow has not under
/// their own names.
std::string graph_drawing(const Graph &graph);

/// A serialized GraphDef in protobuf's text form (.pbtxt). Throws Error (data_loss) for what is
/// none.
std::string graph_def_text(const std::string &bytes);

} // namespace graphc
