// A recurrence among the nodes, recorded as one op. For graphc itself.
#pragma once

#include <functional>

#include "frontend/import/NodeContext.h"
#include "frontend/import/RecurrentLoops.h"

namespace graphc::importing {

/// Records `graph.static_rnn` with the loop's body; then the values of its Exit nodes, of the nodes
/// that gather its outputs and of all inside are known. `body`: the loop's body, inputs first;
/// `record` records one node of it by its rule. Throws Error where the loop is not one over known
/// sequences.
void recordLoop(ImportState &state, const RecurrentLoop &loop, const std::vector<int> &body,
                const std::function<void(int)> &record);

} // namespace graphc::importing
