// graphc freeze: a trained graph with its variables as constants, for TensorFlow to run.
#include <fstream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "examples/Programs.h"
#include "frontend/export/Freeze.h"
#include "frontend/export/GraphDef.h"
#include "tools/graphc/Verbs.h"

namespace graphc::tools {
namespace {

struct FreezeOptions {
  std::string source; ///< a file of TensorFlow's, or a program's name
  std::string checkpoint;
  std::vector<std::string> fetches;
  std::string output = "frozen.pb";
};

bool isFile(const std::string &source) {
  for (const char *ending : {".pb", ".pbtxt", ".meta", ".gz"})
    if (source.ends_with(ending))
      return true;
  return false;
}

int freeze(FreezeOptions options) {
  std::string graph;
  if (isFile(options.source)) {
    graph = read_graph_def(options.source);
  } else {
    const examples::Program &program = examples::findProgram(options.source);
    Graph recorded;
    const examples::ProgramGraph ends = program.build(recorded, program.typical_sizes);
    graph = recorded.as_graph_def();
    if (options.fetches.empty())
      options.fetches = {ends.predictions.name()};
  }
  const std::string frozen = freeze_graph_def(graph, options.checkpoint, options.fetches);
  std::ofstream file(options.output, std::ios::binary);
  file << (options.output.ends_with(".pbtxt") ? graph_def_text(frozen) : frozen);
  if (!file.flush())
    throw Error(Code::invalid_argument, "cannot write '" + options.output + "'");
  fmt::print("{}: {} bytes\n", options.output, frozen.size());
  return 0;
}

} // namespace

Action addFreeze(CLI::App &app) {
  CLI::App *verb = app.add_subcommand(
      "freeze", "Write a graph with its variables as constants, training left out");
  verb->footer(
      "Example: graphc freeze model.meta --checkpoint model.ckpt-7 --fetch logits:0 -o frozen.pb");
  auto options = std::make_shared<FreezeOptions>();
  verb->add_option("source", options->source,
                   "TensorFlow's file (.pb, .pbtxt, .meta, each also .gz), or a program's name "
                   "(`graphc programs`) for data of the usual sizes")
      ->required();
  verb->add_option("--checkpoint", options->checkpoint, "the variables' values")
      ->option_text("PREFIX")
      ->required();
  verb->add_option("--fetch", options->fetches,
                   "the tensors wanted; of a program its predictions where none is named")
      ->option_text("NAME ...");
  verb->add_option("-o,--output", options->output, "the file to write, text where it is a .pbtxt")
      ->option_text("FILE [frozen.pb]");
  return [options] { return freeze(*options); };
}

} // namespace graphc::tools
