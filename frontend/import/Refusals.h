// A graph with things that graphc does not have is refused once, with all of them. For graphc
// itself.
#pragma once

#include <string>
#include <vector>

#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

/// Throws Error (unimplemented) with the op types without a rule and the dtypes that graphc has
/// not, how many nodes have them, the first of their names and what would be needed. `leftOut`
/// nodes do not count.
void refuseUnknownOps(const NodeGraph &nodes, const std::vector<bool> &leftOut,
                      const std::string &source);

} // namespace graphc::importing
