// The steps that all columns of a recurrence have.
//
// Columns that are a step or two shorter than others lack these at the first or last steps: the
// recurrence then has the steps that all have, and the others stay as they are.
#pragma once

#include <cstddef>
#include <vector>

#include "passes/SpelledSteps.h"

namespace graphc {

/// Equal ops of successive steps, in program order.
struct StepColumn {
  std::vector<int> ops;
  int offset = 0; ///< the step of the first op, counted from the anchor's first
  bool placed = false;
  int end() const { return offset + static_cast<int>(ops.size()); }
};

/// Cuts off what not all columns have, and takes out columns that nothing connects with column
/// `anchor`. False where fewer than `minSteps` steps are left.
bool cutToCommonSteps(std::vector<StepColumn> &columns, std::size_t anchor, const StepGraph &graph,
                      int minSteps);

} // namespace graphc
