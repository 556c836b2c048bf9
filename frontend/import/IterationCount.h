// Counts a loop's iterations while it is imported, as far as its own counters say. For graphc
// itself.
#pragma once

#include <optional>
#include <vector>

#include "frontend/import/ControlFlowRecording.h"

namespace graphc::importing {

/// What becomes of a list that grows.
struct ListGrowth {
  bool same = false;                       ///< no iteration changes its length
  std::optional<std::int64_t> most = {};   ///< elements before and after any iteration
  std::optional<std::int64_t> behind = {}; ///< elements behind the loop
};

/// Records condition and body once, aside, and computes what follows from constants alone,
/// iteration by iteration: by value that goes round, what becomes of lists that grow. Unknown where
/// the loop's end cannot be told like this, or comes later than any list should grow; `behind` is
/// known where the loop ends by its counters alone.
std::vector<ListGrowth> countIterations(NodeContext &context, const ImportedLoop &loop);

} // namespace graphc::importing
