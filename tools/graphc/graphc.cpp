// The command line: looks at compiled graphs and trains the built-in programs.
#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/graphc/Verbs.h"

int main(int argc, char **argv) {
  using namespace graphc::tools;
  CLI::App app(
      "Compiles TensorFlow-1-style graph programs: shows every stage, trains the built-in ones.");
  app.name("graphc");
  app.require_subcommand(1);
  app.footer("Example: graphc dump har-lstm --stage planned --training --format summary");
  std::vector<std::pair<CLI::App *, Action>> verbs;
  for (auto add :
       {addDump, addRun, addFreeze, addConformance, addStages, addPasses, addOps, addPrograms}) {
    Action action = add(app);
    verbs.emplace_back(app.get_subcommands({}).back(), std::move(action));
  }
  try {
    app.parse(argc, argv);
    for (const auto &[verb, action] : verbs)
      if (verb->parsed())
        return action();
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception &error) {
    std::fflush(stdout); // what was printed before comes first
    fmt::print(stderr, "graphc: {}\n", error.what());
    return 1;
  }
  return 0;
}
