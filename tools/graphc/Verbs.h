// The verbs of the command line, one file each. Each adds its subcommand and returns what to run
// when the user gave it.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace graphc::tools {

using Action = std::function<int()>;

Action addConformance(CLI::App &app);
Action addDump(CLI::App &app);
Action addFreeze(CLI::App &app);
Action addRun(CLI::App &app);
Action addStages(CLI::App &app);
Action addPasses(CLI::App &app);
Action addOps(CLI::App &app);
Action addPrograms(CLI::App &app);

} // namespace graphc::tools
