// The update formulas of the apply_* and sparse_apply_* ops.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/reference/Reference.h"

namespace graphc::reference {

/// True for the ops that applyOptimizer() knows.
bool isOptimizerUpdate(std::string_view name);

/// Runs apply_gradient_descent, apply_momentum, apply_adagrad, apply_rms_prop,
/// apply_centered_rms_prop, apply_adam or the sparse_apply_ form of one of them but the last, which
/// changes the rows that its indices name and no others. `slots` are the variables by the names of
/// the attributes that refer to them: variable, accumulator, m, v, mean_square, mean_gradient,
/// momentum_slot (RMSProp may go without). They are updated in place, so every tensor that shares
/// their storage sees it.
void applyOptimizer(const OpCall &call, const std::map<std::string, Tensor *> &slots);

} // namespace graphc::reference
