// The gradient of graph.static_rnn: one static_rnn in the opposite direction of time, whose body is
// derived from the cell's body.
#pragma once

#include "passes/gradients/GradientRules.h"

namespace graphc {

/// The rule. Replaces the forward op by one that gives its saved values as further outputs.
mlir::LogicalResult differentiateStaticRnn(GradientContext &context);

} // namespace graphc
