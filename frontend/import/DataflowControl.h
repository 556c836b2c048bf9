// Loops and branches of TensorFlow 1's dataflow form, found among the nodes. For graphc itself;
// works on nodes, before anything is recorded.
//
// A loop is its variables' rings (RecurrentLoops.h) and what lies between them: the condition goes
// back from LoopCond to the Merge nodes, the body from the NextIteration nodes to the Switch nodes;
// Enter nodes bring in what stays the same. A branch is what lies between Switch nodes of one
// predicate and the Merge nodes behind them, whose first inputs come from the Switches' first
// outputs (false) and whose second from the second (true). Both may stand inside of each other.
// What does not fit stays as it is, and is then refused for its op types.
#pragma once

#include <string>
#include <vector>

#include "frontend/import/RecurrentLoops.h"

namespace graphc::importing {

/// What a loop and a branch have in common.
struct DataflowControl {
  std::string name;        ///< "while", "cond"
  std::vector<int> ends;   ///< nodes that give results: Exit or Merge
  std::vector<int> inside; ///< all nodes, those of loops and branches inside too, but for its ends
  std::vector<int> before; ///< nodes outside that come before it
};

struct DataflowLoop : DataflowControl {
  std::vector<LoopVariable> variables;
  int loopCond = -1;
  std::vector<int> captured; ///< Enter nodes
  std::vector<int> conditionNodes, bodyNodes;
};

struct DataflowBranches : DataflowControl {
  NodeOutput pred;
  std::vector<int> switches;
  std::vector<int> falseNodes, trueNodes;
};

struct DataflowControls {
  std::vector<DataflowLoop> loops;
  std::vector<DataflowBranches> branches;
};

/// All loops and branches among the nodes that are not left out.
DataflowControls findDataflowControls(const NodeGraph &nodes, const std::vector<bool> &leftOut);

} // namespace graphc::importing
