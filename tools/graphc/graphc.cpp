// The command line: looks at compiled graphs and trains the built-in programs.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/graphc/Verbs.h"

namespace {

using Verb = std::pair<CLI::App *, graphc::tools::Action>;

/// Says what is wrong and which commands there are; the exit status of wrong usage.
int usageError(const std::string &what, const std::vector<Verb> &verbs) {
  std::vector<std::string> names;
  for (const auto &[verb, action] : verbs)
    names.push_back(verb->get_name());
  fmt::print(stderr, "graphc: {}, the commands are {}; see `graphc --help`\n", what,
             fmt::join(names, ", "));
  return 2;
}

} // namespace

int main(int argc, char **argv) {
  using namespace graphc::tools;
  CLI::App app(
      "Compiles TensorFlow-1-style graph programs: shows every stage, trains the built-in ones.");
  app.name("graphc");
  app.footer("Example: graphc dump har-lstm --stage planned --training --format summary");
  std::vector<Verb> verbs;
  for (auto add :
       {addDump, addRun, addFreeze, addConformance, addStages, addPasses, addOps, addPrograms}) {
    Action action = add(app);
    verbs.emplace_back(app.get_subcommands({}).back(), std::move(action));
  }
  app.allow_extras(); // after the verbs, which do not take unknown arguments: told below, by name
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
    if (const std::vector<std::string> unknown = app.remaining(); !unknown.empty())
      return usageError(fmt::format("unknown command '{}'", unknown.front()), verbs);
    for (const auto &[verb, action] : verbs)
      if (verb->parsed())
        return action();
    return usageError("no command was given", verbs);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception &error) {
    std::fflush(stdout); // what was printed before comes first
    fmt::print(stderr, "graphc: {}\n", error.what());
    return 1;
  }
  return 0;
}
