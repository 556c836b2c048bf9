// graphc dump: a built-in program, a graph that TensorFlow wrote, or a module that was dumped
// before, after any stage or pass.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "examples/Programs.h"
#include "frontend/GraphModule.h"
#include "frontend/export/GraphDef.h"
#include "frontend/export/ModuleGraphDef.h"
#include "ir/Cycles.h"
#include "ir/Dialects.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "passes/Stages.h"
#include "runtime/session/Compiler.h"
#include "runtime/session/TrainingGraphDef.h"
#include "tools/graphc/GraphFiles.h"
#include "tools/graphc/ModuleFormats.h"
#include "tools/graphc/SessionFlags.h"
#include "tools/graphc/Verbs.h"
#include "llvm/Support/raw_ostream.h"

namespace graphc::tools {
namespace {

namespace fs = std::filesystem;

struct DumpOptions {
  std::string source; ///< a program's name, TensorFlow's file or a .mlir file
  std::string stage = "recorded";
  std::string after; ///< a pass
  std::string all;   ///< a folder
  std::string format = "mlir";
  std::string output; ///< a file; empty: standard output
  bool training = false;
  bool remarks = false;
  std::int64_t batch = 0;                  ///< 0: the program's own
  std::vector<std::string> feeds, fetches; ///< of TensorFlow's file
  SessionOptions session;
};

/// A module of its own to run passes on; the context lives as long.
struct Source {
  std::unique_ptr<Graph> graph;                  ///< of a program
  std::unique_ptr<mlir::MLIRContext> ownContext; ///< of a file
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<std::pair<Output, Shape>> feeds = {}; ///< of a program
};

Source readFile(const std::string &path) {
  Source source;
  mlir::DialectRegistry registry;
  registerDialects(registry);
  source.ownContext =
      std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  source.ownContext->loadAllAvailableDialects();
  std::string message;
  mlir::ScopedDiagnosticHandler handler(source.ownContext.get(), [&](mlir::Diagnostic &diagnostic) {
    if (message.empty()) {
      llvm::raw_string_ostream stream(message);
      stream << diagnostic.getLocation() << ": " << diagnostic;
    }
    return mlir::success();
  });
  // Verified by itself, as MLIR's verifier tells less about a cycle.
  const mlir::ParserConfig unverified(source.ownContext.get(), /*verifyAfterParse=*/false);
  source.module = mlir::parseSourceFile<mlir::ModuleOp>(path, unverified);
  if (source.module)
    if (const std::string cycle = describeCycle(*source.module); !cycle.empty())
      throw Error(Code::invalid_argument,
                  "'" + path + "' has ops that wait for each other: " + cycle);
  if (!source.module || failed(mlir::verify(*source.module)))
    throw Error(Code::invalid_argument, "cannot read '" + path + "' as a module: " + message);
  return source;
}

Source buildProgramGraph(const DumpOptions &options) {
  const examples::Program &program = examples::findProgram(options.source);
  Source source;
  source.graph = std::make_unique<Graph>();
  const examples::ProgramGraph ends = program.build(*source.graph, program.typical_sizes);
  // A program that trains on all rows at once is shown for a hundred of them.
  const std::int64_t usual = program.training.batch > 0 ? program.training.batch : 100;
  CompileRequest request;
  for (const auto &feed : ends.feeds)
    if (options.training || !feed.training_only) {
      source.feeds.emplace_back(feed.tensor, feed.shape(options.batch ? options.batch : usual));
      request.feeds.push_back(
          {feed.tensor.name(), {feed.tensor.dtype(), source.feeds.back().second}});
    }
  if (options.training)
    request.fetches = {ends.train.name(), ends.loss.name()};
  else
    request.fetches = {ends.predictions.name()};
  source.module = source.graph->module().module().clone();
  setEndpoints(*source.module, request);
  return source;
}

/// Placeholders that are not fed are given the batch (1) wherever their shapes are open.
Source buildFileGraph(const DumpOptions &options) {
  Source source;
  source.graph = std::make_unique<Graph>();
  importFile(*source.graph, options.source);
  source.module = source.graph->module().module().clone();
  CompileRequest request;
  request.fetches = options.fetches;
  for (const Feed &feed : parseFeeds(*source.graph, options.feeds))
    request.feeds.push_back({feed.name, {feed.value.dtype(), feed.value.shape()}});
  for (const Operation &op : source.graph->get_operations()) {
    const std::string name = op.name() + ":0";
    if (op.type() != "placeholder" || !op.output(0).shape().has_rank() ||
        std::ranges::any_of(request.feeds, [&](const auto &feed) { return feed.name == name; }))
      continue;
    std::vector<std::int64_t> extents = op.output(0).shape().extents();
    for (std::int64_t &extent : extents)
      extent = extent < 0 ? std::max<std::int64_t>(options.batch, 1) : extent;
    request.feeds.push_back({name, {op.output(0).dtype(), Shape(std::move(extents))}});
  }
  for (const auto &[name, type] : request.feeds)
    if (const Output fed = source.graph->get_tensor_by_name(name); fed.op().type() == "placeholder")
      source.feeds.emplace_back(fed, type.shape);
  if (!request.fetches.empty())
    setEndpoints(*source.module, request);
  else if (options.stage != "recorded" || !options.after.empty() || !options.all.empty())
    throw Error(Code::invalid_argument,
                "nothing is fetched: beyond stage recorded, name a tensor or an op with --fetch");
  return source;
}

Source open(const DumpOptions &options) {
  if (isGraphFile(options.source))
    return buildFileGraph(options);
  if (fs::path(options.source).extension() == ".mlir") {
    if (!fs::exists(options.source))
      throw Error(Code::not_found, "there is no file '" + options.source + "'");
    return readFile(options.source);
  }
  return buildProgramGraph(options);
}

std::string formatted(mlir::ModuleOp module, const DumpOptions &options) {
  if (options.format == "summary")
    return summaryOf(module);
  if (options.format == "dot")
    return dotOf(module);
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, mlir::OpPrintingFlags().enableDebugInfo());
  return text + "\n";
}

void write(const fs::path &path, const std::string &text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    throw Error(Code::invalid_argument, "cannot write '" + path.string() + "'");
}

CompileOptions compileOptions(const SessionOptions &session) {
  CompileOptions options;
  constexpr const char *forms[] = {"kernel", "primitive", "unroll"};
  options.recurrence = forms[static_cast<int>(session.recurrence)];
  options.disabled_passes = session.disabled_passes;
  options.threads = session.intra_op_parallelism_threads;
  options.recompute_every = session.recompute_every;
  return options;
}

/// The graph as TensorFlow has it: binary in a file, but text where it is to be read.
int dumpGraphDef(const DumpOptions &options) {
  if (options.stage != "recorded" || !options.after.empty() || !options.all.empty())
    throw Error(Code::invalid_argument, "--format graphdef is of the graph as recorded, or with "
                                        "--training of its gradients too: expected no other stage");
  const Source source = open(options);
  std::string bytes;
  if (!source.graph)
    bytes = graphdef::module_graph_def(*source.module);
  else
    bytes = options.training ? training_graph_def(*source.graph, source.feeds)
                             : source.graph->as_graph_def();
  if (options.output.empty())
    std::cout << graph_def_text(bytes) << std::flush;
  else
    write(options.output,
          fs::path(options.output).extension() == ".pbtxt" ? graph_def_text(bytes) : bytes);
  return 0;
}

/// While it lives, what passes say that they did and declined goes to standard error.
class RemarkPrinter {
public:
  explicit RemarkPrinter(mlir::MLIRContext &context)
      : handler_(&context, [](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Remark)
            return mlir::failure();
          llvm::errs() << diagnostic.getLocation() << ": remark: " << diagnostic << "\n";
          return mlir::success();
        }) {
    mlir::remark::RemarkCategories ours;
    ours.passed = ours.missed = "graph.*";
    if (failed(mlir::remark::enableOptimizationRemarks(
            context, nullptr, std::make_unique<mlir::remark::RemarkEmittingPolicyAll>(), ours,
            /*printAsEmitRemarks=*/true)))
      throw Error(Code::internal, "cannot show the passes' remarks");
  }

private:
  mlir::ScopedDiagnosticHandler handler_;
};

int dump(const DumpOptions &options) {
  if (options.format == "graphdef")
    return dumpGraphDef(options);
  const CompileOptions compile = compileOptions(options.session);
  Source source = open(options);
  std::optional<RemarkPrinter> remarks;
  if (options.remarks)
    remarks.emplace(*source.module->getContext());
  if (options.all.empty()) {
    runPipeline(
        *source.module, compile,
        {.stage = options.after.empty() ? options.stage : "compiled", .pass = options.after});
    if (options.output.empty())
      std::cout << formatted(*source.module, options) << std::flush;
    else
      write(options.output, formatted(*source.module, options));
    return 0;
  }
  fs::create_directories(options.all);
  const std::string ending = options.format == "summary" ? "txt" : options.format;
  int number = 0;
  for (const Stage &stage : stages()) {
    runPipeline(*source.module, compile, {.stage = stage.name.str()});
    const fs::path path =
        fs::path(options.all) / fmt::format("{}-{}.{}", number++, stage.name.str(), ending);
    write(path, formatted(*source.module, options));
    fmt::print("{}\n", path.string());
  }
  const fs::path kernels = fs::path(options.all) / fmt::format("{}-kernels.ll", number);
  write(kernels, optimizedKernels(*source.module));
  fmt::print("{}\n", kernels.string());
  return 0;
}

} // namespace

Action addDump(CLI::App &app) {
  CLI::App *verb = app.add_subcommand("dump", "Show a program's IR after a stage or a pass");
  verb->footer("Example: graphc dump har-lstm --stage clustered --training --batch 100");
  auto options = std::make_shared<DumpOptions>();
  verb->add_option(
          "source", options->source,
          "a program's name (`graphc programs`), TensorFlow's file (.pb, .pbtxt, .meta[.gz]) "
          "or a .mlir file that was dumped")
      ->required();
  auto *stage =
      verb->add_option("--stage", options->stage, "the stage to stop after (`graphc stages`)")
          ->capture_default_str()
          ->option_text("NAME [recorded]");
  auto *after =
      verb->add_option("--after", options->after, "the pass to stop after (`graphc passes`)")
          ->option_text("PASS")
          ->excludes(stage);
  auto *all =
      verb->add_option("--all", options->all,
                       "write every stage into a folder, and the kernels' optimised LLVM IR")
          ->option_text("DIR")
          ->excludes(stage)
          ->excludes(after);
  verb->add_option(
          "--format", options->format,
          "mlir, which reads back in; dot for Graphviz; summary as tables; graphdef, which "
          "TensorFlow loads")
      ->check(CLI::IsMember({"mlir", "dot", "summary", "graphdef"}))
      ->option_text("FORMAT [mlir]");
  verb->add_option("-o,--output", options->output,
                   "a file to write; a graphdef is text in a .pbtxt and on the terminal")
      ->option_text("FILE")
      ->excludes(all);
  verb->add_flag("--training", options->training, "the training step in place of the predictions");
  verb->add_flag("--remarks", options->remarks,
                 "print what passes did and declined, and the form of each recurrence");
  verb->add_option("--batch", options->batch, "windows a step")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 31))
      ->option_text("N");
  verb->add_option("--feed", options->feeds,
                   "of TensorFlow's file: a tensor's value, whose shape counts")
      ->option_text("NAME=FILE.npy|NUMBER ...");
  verb->add_option("--fetch", options->fetches, "of TensorFlow's file: the tensors and ops wanted")
      ->option_text("NAME ...");
  addSessionFlags(*verb, options->session);
  return [options] { return dump(*options); };
}

} // namespace graphc::tools
