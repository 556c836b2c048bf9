// A graph with things that graphc does not have is refused once, with all of them. For graphc
// itself.
#pragma once

#include <string>
#include <vector>

#include "frontend/import/FunctionLibrary.h"
#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

/// Throws Error (unimplemented) with the op types without a rule and the dtypes that graphc has
/// not, how many nodes have them, the first of their names and what would be needed; nodes of the
/// functions that are called count, `leftOut` nodes do not. `inRegions`: nodes inside of loops and
/// branches of dataflow form. Throws what FunctionLibrary does for
/// functions that are missing, contradict or call themselves.
void refuseUnknownOps(const NodeGraph &nodes, const std::vector<bool> &leftOut,
                      const std::vector<int> &inRegions, const FunctionLibrary &functions,
                      const std::string &source);

} // namespace graphc::importing
