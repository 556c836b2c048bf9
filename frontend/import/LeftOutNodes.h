// What of a graph serves saving, restoring and checking, and is left out. For graphc itself; works
// on nodes, before anything is recorded.
#pragma once

#include <vector>

#include "frontend/import/NodeGraph.h"

namespace graphc::importing {

/// By node: whether it saves, restores or checks, only such nodes read it, or it reads such nodes.
std::vector<bool> findLeftOut(const NodeGraph &nodes);

} // namespace graphc::importing
