// What fused ops do to the result of a product or convolution.
#pragma once

#include <vector>

#include "runtime/reference/Reference.h"

namespace graphc::reference {

/// `result` with the call's third operand, where it has one, added as a bias over the last axis,
/// and then the activation that the call's attribute names.
std::vector<Tensor> withEpilogue(const OpCall &call, const Tensor &result);

} // namespace graphc::reference
