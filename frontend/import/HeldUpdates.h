// Optimizers' updates in the regions of loops and branches, which are functions of their arguments:
// there the ops' formulas change what variables and slots hold. For graphc itself.
#pragma once

#include <string_view>
#include <vector>

#include "frontend/import/NodeContext.h"

namespace graphc::importing {

/// The formula of `graph.<op>` (ir/GraphStateOps.td), an apply_* op, as ops on what the variables
/// hold. `variables` are the op's variable and its slots in the order of TensorFlow's inputs,
/// `operands` those of the graph op.
void recordHeldUpdate(NodeContext &context, std::string_view op,
                      const std::vector<ImportedVariable> &variables,
                      const std::vector<Output> &operands, bool use_nesterov);

} // namespace graphc::importing
