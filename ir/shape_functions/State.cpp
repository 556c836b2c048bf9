// Shapes of assignments and the optimizers' updates. That a value fits its variable is checked
// where the variable is at hand.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> assign(const Inference &op) { return {op.operand(0)}; }

std::vector<ValueType> assignNumbers(const Inference &op) {
  op.requireNumeric(0, "value");
  return {op.operand(0)};
}

/// Every operand but the gradient is a scalar hyperparameter of its dtype.
template <std::size_t gradient> std::vector<ValueType> apply(const Inference &op) {
  op.requireFloating(gradient, "grad");
  op.requireOneDtype();
  for (std::size_t i = 0; i < op.numOperands(); ++i)
    if (i != gradient)
      op.requireScalar(i, fmt::format("operand {}", i));
  return {};
}

constexpr ShapeRule rules[] = {
    {"assign", 1, 1, assign},
    {"assign_add", 1, 1, assignNumbers},
    {"assign_sub", 1, 1, assignNumbers},
    {"apply_gradient_descent", 2, 2, apply<1>},
    {"apply_momentum", 3, 3, apply<1>},
    {"apply_adagrad", 2, 2, apply<1>},
    {"apply_rms_prop", 5, 5, apply<4>},
    {"apply_centered_rms_prop", 5, 5, apply<4>},
    {"apply_adam", 7, 7, apply<6>},
};

} // namespace

std::span<const ShapeRule> stateRules() { return rules; }

} // namespace graphc::shapes
