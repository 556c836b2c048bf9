#include "frontend/export/GraphDef.h"

#include <google/protobuf/text_format.h>

#include "frontend/GraphModule.h"
#include "frontend/export/GraphWriter.h"
#include "frontend/export/ModuleGraphDef.h"
#include "runtime/protos/MessageBytes.h"

namespace graphc {

std::string graphdef::module_graph_def(mlir::ModuleOp module, const Beside &beside) {
  std::optional<std::string> bytes = messageBytes(GraphWriter(module).write(beside));
  if (!bytes)
    throw Error(Code::invalid_argument,
                "the graph is larger than the 2 GB that a GraphDef can hold");
  return *std::move(bytes);
}

static std::string written(const Graph &graph, const graphdef::Beside &beside) {
  graph.check();
  std::lock_guard guard(graph.module().mutex()); // as while a session compiles
  return graphdef::module_graph_def(graph.module().module(), beside);
}

std::string graph_def(const Graph &graph) { return written(graph, {}); }
std::string graph_drawing(const Graph &graph) {
  return written(graph, {.aliases = {}, .recorded = {}, .losses = {}, .drawing = true});
}

std::string Graph::as_graph_def() const { return graph_def(*this); }

std::string graph_def_text(const std::string &bytes) {
  proto::GraphDef graph;
  std::string text;
  if (!graph.ParseFromString(bytes) || !google::protobuf::TextFormat::PrintToString(graph, &text))
    throw Error(Code::data_loss, "cannot read these bytes as a GraphDef");
  return text;
}

} // namespace graphc
