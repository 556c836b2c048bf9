// The options that decide how a graph is compiled; `dump` and `run` share them.
#pragma once

#include "runtime/session/Session.h"

namespace CLI {
class App;
}

namespace graphc::tools {

void addSessionFlags(CLI::App &verb, SessionOptions &options);

} // namespace graphc::tools
