// The update formulas of the apply_* ops.
#pragma once

#include <map>
#include <string>

#include "runtime/reference/Reference.h"

namespace graphc::reference {

/// Runs apply_gradient_descent, apply_momentum, apply_adagrad, apply_rms_prop,
/// apply_centered_rms_prop or apply_adam. `slots` are the variables by the names of the attributes
/// that refer to them: variable, accumulator, m, v, mean_square, mean_gradient, momentum_slot. They
/// are updated in place, so every tensor that shares their storage sees it.
void applyOptimizer(const OpCall &call, const std::map<std::string, Tensor *> &slots);

} // namespace graphc::reference
