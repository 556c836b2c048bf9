// Loops of TensorFlow 1's dataflow form that are recurrences: what dynamic_rnn makes. For graphc
// itself; works on nodes, before anything is recorded.
//
// A loop variable is a ring of nodes: Enter brings its first value in, Merge takes that or the last
// iteration's, Switch sends it to the body or, by Exit, out, NextIteration brings it back. Three
// kinds make a recurrence over steps 0, 1, ...:
// - counters from 0 by 1, which the condition compares with the number of steps;
// - TensorArrays that the body writes once a step, at the counter: the outputs;
// - all others: the states.
// TensorArrays filled before the loop and read at the counter are the sequences. A loop that reads
// and writes them at steps - 1 - counter instead, as graphc's own export of a gradient does, goes
// from the last step to the first. Whatever does not fit is left as it is, and then refused for its
// op types.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

/// One value that goes round.
struct LoopVariable {
  int entrance = -1, merge = -1, branch = -1, next = -1; ///< Enter, Merge, Switch, NextIteration
  int exit = -1;                                         ///< -1 where nothing leaves the loop
  NodeOutput initial;
  NodeOutput updated; ///< what the body makes of it
};

struct LoopSequence {
  int read = -1; ///< the node that gives one step's slice
  NodeOutput whole;
};

struct LoopOutput {
  NodeOutput step;           ///< what is written
  std::vector<int> gathered; ///< nodes that give all steps
};

struct RecurrentLoop {
  std::string name; ///< "rnn/while"
  NodeOutput steps; ///< how many
  bool reverse = false;
  std::vector<int> step_nodes; ///< in the body of a reverse one: steps - 1 - counter
  std::vector<LoopVariable> counters;
  std::vector<LoopVariable> states;
  std::vector<LoopSequence> sequences;
  std::vector<LoopOutput> outputs;
  std::vector<int> captured; ///< Enter nodes of what is the same at every step
  std::vector<int> copies;   ///< Identity nodes of loop variables, in the body
  std::vector<int> body;     ///< what is computed at every step
  std::vector<int> frame;    ///< all other nodes of the loop, which have no further use
  /// Nodes outside that must be recorded before.
  std::vector<int> before;
};

/// All recurrences among the nodes that are not left out.
std::vector<RecurrentLoop> findRecurrentLoops(const NodeGraph &nodes,
                                              const std::vector<bool> &leftOut);

} // namespace graphc::importing
