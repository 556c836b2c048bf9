// Shapes of the updates of some rows. That the rows fit their variable is checked where the
// variable is at hand.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

/// Operand `gradient` holds the rows, the last one says which they are; the others are scalar
/// hyperparameters.
template <std::size_t gradient> std::vector<ValueType> apply(const Inference &op) {
  const std::size_t indices = op.numOperands() - 1;
  op.requireFloating(gradient, "grad");
  op.requireRankAtLeast(gradient, "grad", 1);
  op.requireIndex(indices, "indices");
  op.requireRank(indices, "indices", 1);
  for (std::size_t i = 0; i < indices; ++i) {
    if (i == gradient)
      continue;
    op.requireDtype(i, fmt::format("operand {}", i), op.dtype(gradient));
    op.requireScalar(i, fmt::format("operand {}", i));
  }
  const Shape &rows = op.shape(gradient), &numbers = op.shape(indices);
  if (rows.has_rank() && numbers.has_rank() && rows[0] >= 0 && numbers[0] >= 0)
    op.require(rows[0] == numbers[0], "an index for each row of grad",
               fmt::format("{} rows and {} indices", rows[0], numbers[0]));
  return {};
}

constexpr ShapeRule rules[] = {
    {"sparse_apply_gradient_descent", 3, 3, apply<1>},  {"sparse_apply_momentum", 4, 4, apply<1>},
    {"sparse_apply_adagrad", 3, 3, apply<1>},           {"sparse_apply_rms_prop", 6, 6, apply<4>},
    {"sparse_apply_centered_rms_prop", 6, 6, apply<4>},
};

} // namespace

std::span<const ShapeRule> sparseRules() { return rules; }

} // namespace graphc::shapes
