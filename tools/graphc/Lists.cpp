// graphc stages | passes | ops | programs: what there is, from the lists that the compiler uses.
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "examples/Programs.h"
#include "ir/OpCatalog.h"
#include "passes/Stages.h"
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
                 pass.required ? "no, needed" : "--disable-pass",
                 passSummary(pass.argument).str() +
                     (pass.form.empty() ? "" : fmt::format(" (--rnn={} only)", pass.form.str()))});
  return table;
}

static Table opTable() {
  Table table({"op", "family", "gradient", "lowers to", "reference", "summary"});
  for (const OpEntry &op : opCatalog())
    table.add({op.name, op.family, op.gradient, op.lowering, reference::hasReference(op.name) ? "yes" : "-", op.summary});
  return table;
}

static Table programTable() {
  Table table({"program", "batch", "what it is"});
  for (const examples::Program &program : examples::programs())
    table.add({std::string(program.name), std::to_string(program.default_batch), std::string(program.summary)});
  return table;
}

Action addStages(CLI::App &app) { return addList(app, "stages", "List the stages of compilation", stageTable); }
Action addPasses(CLI::App &app) { return addList(app, "passes", "List the passes, stage by stage", passTable); }
Action addOps(CLI::App &app) { return addList(app, "ops", "List the ops of the graph dialect", opTable); }
Action addPrograms(CLI::App &app) { return addList(app, "programs", "List the built-in programs", programTable); }

} // namespace graphc::tools
