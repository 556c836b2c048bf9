// Shapes of matrix products and factorisations.
#include <algorithm>

#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

/// A matrix operand taken apart: the extents before the last two, and those two as the product
/// sees them.
struct Matrices {
  Shape batch;
  std::int64_t rows;
  std::int64_t columns;
};

Matrices matricesOf(const Shape &shape, bool transposed) {
  const Extents &extents = shape.extents();
  std::int64_t rows = extents[extents.size() - 2];
  std::int64_t columns = extents.back();
  if (transposed)
    std::swap(rows, columns);
  return {Shape(Extents(extents.begin(), extents.end() - 2)), rows, columns};
}

Shape productShape(const Inference &op) {
  op.requireNumeric(0, "a");
  op.requireOneDtype();
  op.requireRankAtLeast(0, "a", 2);
  op.requireRankAtLeast(1, "b", 2);
  if (!op.shape(0).has_rank() || !op.shape(1).has_rank())
    return Shape::unknown_rank();
  const bool transposeA = op.attributes().bool_or("transpose_a", false);
  const bool transposeB = op.attributes().bool_or("transpose_b", false);
  const Matrices a = matricesOf(op.shape(0), transposeA);
  const Matrices b = matricesOf(op.shape(1), transposeB);
  const std::string got = op.operand(0).to_string() + (transposeA ? " transposed" : "") + " and " +
                          op.operand(1).to_string() + (transposeB ? " transposed" : "");
  op.require(a.columns < 0 || b.rows < 0 || a.columns == b.rows, "the inner extents to agree", got);
  const std::optional<Shape> batch = Shape::broadcast(a.batch, b.batch);
  if (!batch)
    op.refuse("leading extents that broadcast", got);
  Extents extents = batch->extents();
  extents.push_back(a.rows);
  extents.push_back(b.columns);
  return Shape(std::move(extents));
}

std::vector<ValueType> matmul(const Inference &op) { return {{op.dtype(0), productShape(op)}}; }

std::vector<ValueType> fusedMatmul(const Inference &op) {
  op.requireFloating(0, "a");
  Shape shape = productShape(op);
  if (op.numOperands() == 3) {
    op.requireRank(2, "bias", 1);
    if (shape.has_rank() && op.shape(2).has_rank()) {
      Extents extents = shape.extents();
      const std::int64_t bias = op.shape(2)[0];
      op.require(extents.back() < 0 || bias < 0 || extents.back() == bias,
                 fmt::format("bias to have {} elements", extents.back()),
                 op.operand(2).to_string());
      extents.back() = std::max(extents.back(), bias);
      shape = Shape(std::move(extents));
    }
  }
  const std::string activation =
      op.attributes().has("activation") ? op.attributes().get_string("activation") : "none";
  static constexpr std::string_view activations[] = {"none", "relu", "tanh", "sigmoid"};
  op.require(std::ranges::find(activations, activation) != std::end(activations),
             "activation to be none, relu, tanh or sigmoid", activation);
  return {{op.dtype(0), shape}};
}

std::vector<ValueType> qr(const Inference &op) {
  op.requireFloating(0, "x");
  op.requireRankAtLeast(0, "x", 2);
  const DataType dtype = op.dtype(0);
  if (!op.shape(0).has_rank())
    return {{dtype, Shape::unknown_rank()}, {dtype, Shape::unknown_rank()}};
  Extents q = op.shape(0).extents();
  Extents r = q;
  const std::int64_t m = q[q.size() - 2];
  const std::int64_t n = q.back();
  const std::int64_t k = m < 0 || n < 0 ? none : std::min(m, n);
  q.back() = k;
  r[r.size() - 2] = k;
  return {{dtype, Shape(std::move(q))}, {dtype, Shape(std::move(r))}};
}

constexpr ShapeRule rules[] = {
    {"matmul", 2, 2, matmul},
    {"fused_matmul", 2, 3, fusedMatmul},
    {"qr", 1, 1, qr},
};

} // namespace

std::span<const ShapeRule> matmulRules() { return rules; }

} // namespace graphc::shapes
