// Any bytes are a graph or an Error that leaves nothing behind: what is imported is a valid module,
// nothing crashes, and a small file does not decide how much memory is taken.
#include <cstdio>
#include <cstdlib>

#include "frontend/import/ImportGraphDef.h"
#include "tests/fuzz/GraphInput.h"

using graphc::GraphSource;

static void demand(bool holds, const std::string &what) {
  if (holds)
    return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  const GraphBytes input = graphBytes({reinterpret_cast<const char *>(bytes), size});
  graphc::Graph graph;
  try {
    const GraphSource source = GraphSource::bytes(std::string(input.bytes));
    if (input.metaGraph)
      graphc::import_meta_graph(graph, source);
    else
      graphc::import_graph_def(graph, source);
    const std::string wrong = graph.verify();
    demand(wrong.empty(), "imported, but not valid: " + wrong);
  } catch (const graphc::Error &error) {
    demand(error.code() != graphc::Code::internal && !error.message().empty(),
           std::string("no error of the graph's: ") + error.what());
    demand(graph.get_operations().empty() && graph.global_variables().empty(),
           std::string("refused, but not taken back: ") + error.what());
  }
  return 0;
}
