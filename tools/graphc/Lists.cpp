// graphc stages | passes | ops | programs: what there is, from the lists that the compiler uses.
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "examples/Programs.h"
#include "ir/GradientFlow.h"
#include "ir/GraphDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "passes/PlanLowering.h"
#include "passes/Stages.h"
#include "passes/kernels/KernelRules.h"
#include "runtime/reference/Reference.h"
#include "tools/graphc/Table.h"
#include "tools/graphc/Verbs.h"

namespace graphc::tools {

/// Adds a verb that prints one table, `--markdown` for the generated pages.
static Action addList(CLI::App &app, const char *name, const char *what, Table (*make)()) {
  CLI::App *verb = app.add_subcommand(name, what);
  verb->footer(fmt::format("Example: graphc {}", name));
  auto markdown = std::make_shared<bool>(false);
  verb->add_flag("--markdown", *markdown, "print a Markdown table");
  return [make, markdown] {
    const Table table = make();
    fmt::print("{}", *markdown ? table.toMarkdown() : table.toText());
    return 0;
  };
}

static Table stageTable() {
  Table table({"stage", "after it", "dialects"});
  for (const Stage &stage : stages())
    table.add({stage.name.str(), stage.sentence.str(), stage.dialects.str()});
  return table;
}

static Table passTable() {
  Table table({"stage", "pass", "switched off", "what it does"});
  for (const Stage &stage : stages())
    for (const StagePass &pass : stage.passes)
      table.add({stage.name.str(), pass.argument.str(),
                 pass.role == PassRole::required ? "no, needed" : "--disable-pass",
                 passSummary(pass.argument).str() +
                     (pass.form.empty() ? "" : fmt::format(" (--rnn={} only)", pass.form.str()))});
  return table;
}

static const char *gradientText(llvm::StringRef op) {
  switch (gradientFlow(op)) {
  case GradientFlow::flows: return "yes";
  case GradientFlow::stops: return "none";
  case GradientFlow::unknown: break;
  }
  return "-";
}

/// How a lowered program computes the op.
static std::string loweringText(llvm::StringRef op, bool writesVariable) {
  static const std::set<llvm::StringRef> primitives = {
      "matmul", "fused_matmul", "lstm",        "lstm_gradient",
      "gru",    "gru_gradient", "vanilla_rnn", "vanilla_rnn_gradient"};
  static const std::set<llvm::StringRef> structure = {
      "feed", "fetch", "placeholder", "gradients", "no_op", "program", "variable", "yield"};
  if (primitives.contains(op) || (loweringOf(op) == "primitive" && !hasKernelRule(op)))
    return "oneDNN";
  if (op == "static_rnn" || op == "cluster" || op == "step_index" || writesVariable ||
      op.starts_with("pooled_conv2d") || hasKernelRule(op))
    return "kernel";
  if (op.starts_with("sparse_apply_"))
    return "host";
  if (structure.contains(op))
    return "-";
  if (const llvm::StringRef becomes = loweringOf(op);
      becomes == "loop" || becomes == "branch" || becomes == "row copy")
    return becomes.str();
  return reference::hasReference(op.str()) ? "host" : "memory";
}

static Table opTable() {
  Table table({"op", "family", "gradient", "reference", "lowers to", "what it gives"});
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect>();
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations()) {
    llvm::StringRef op = name.getStringRef();
    if (!op.consume_front("graph."))
      continue;
    const auto *about = name.getInterface<graph::GraphOpInterface>();
    table.add({op.str(), about->getFamily().str(), gradientText(op),
               reference::hasReference(op.str()) ? "yes" : "-",
               loweringText(op, op.starts_with("apply_") || op.starts_with("assign")),
               about->getSummary().str()});
  }
  return table;
}

static Table programTable() {
  Table table({"program", "batch", "what it is"});
  for (const examples::Program &program : examples::programs())
    table.add(
        {std::string(program.name),
         program.training.batch > 0 ? std::to_string(program.training.batch) : std::string("all"),
         std::string(program.summary)});
  return table;
}

Action addStages(CLI::App &app) {
  return addList(app, "stages", "List the stages of compilation", stageTable);
}
Action addPasses(CLI::App &app) {
  return addList(app, "passes", "List the passes, stage by stage", passTable);
}
Action addOps(CLI::App &app) {
  return addList(app, "ops", "List the ops of the graph dialect", opTable);
}
Action addPrograms(CLI::App &app) {
  return addList(app, "programs", "List the built-in programs", programTable);
}

} // namespace graphc::tools
