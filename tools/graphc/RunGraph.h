// graphc run FILE: a graph that TensorFlow wrote, run with fed values.
#pragma once

#include <string>
#include <vector>

#include "runtime/session/Session.h"

namespace graphc::tools {

struct RunGraphOptions {
  std::string file;
  std::string checkpoint;           ///< prefix; empty: variables get their initial values
  std::vector<std::string> feeds;   ///< NAME=FILE.npy or NAME=NUMBER
  std::vector<std::string> fetches; ///< tensors, or ops that are only run
  std::string gradients;            ///< SCALAR:NAME,NAME...
  int repeat = 1;
  std::string out; ///< folder for the results
  SessionOptions session;
};

/// Prints the results, and, where it runs more than once, how long a run takes.
int runGraph(const RunGraphOptions &options);

} // namespace graphc::tools
