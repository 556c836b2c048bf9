// Shapes of ops that follow an order along an axis, or an address made of several indices.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> cumsum(const Inference &op) {
  op.requireNumeric(0, "x");
  op.requireRankAtLeast(0, "x", 1);
  if (op.shape(0).has_rank() && op.attributes().has("axis"))
    op.axis("axis", op.operand(0));
  return {op.operand(0)};
}

std::vector<ValueType> reverseSequence(const Inference &op) {
  const ValueType &x = op.operand(0);
  op.requireIndex(1, "lengths");
  op.requireRank(1, "lengths", 1);
  op.requireRankAtLeast(0, "x", 2);
  if (!x.shape.has_rank())
    return {x};
  const std::int64_t sequence = op.axis("seq_axis", x);
  const std::int64_t batch = op.attributes().has("batch_axis") ? op.axis("batch_axis", x) : 0;
  op.require(sequence != batch, "seq_axis and batch_axis to differ",
             fmt::format("axis {} twice", batch));
  const std::optional<Shape> lengths = Shape::merge(op.shape(1), Shape{x.shape[batch]});
  if (!lengths)
    op.refuse(fmt::format("a length for each of the {} sequences", x.shape[batch]),
              op.operandsText());
  Extents extents = x.shape.extents();
  extents[static_cast<std::size_t>(batch)] = (*lengths)[0];
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> topK(const Inference &op) {
  const ValueType &x = op.operand(0);
  op.requireNumeric(0, "x");
  op.requireRankAtLeast(0, "x", 1);
  const std::int64_t k = op.extent("k");
  if (!x.shape.has_rank())
    return {{x.dtype, x.shape}, {int32, x.shape}};
  Extents extents = x.shape.extents();
  op.require(extents.back() < 0 || extents.back() >= k,
             fmt::format("at least k = {} elements along the last axis", k), x.to_string());
  extents.back() = k;
  const Shape shape(std::move(extents));
  return {{x.dtype, shape}, {int32, shape}};
}

std::vector<ValueType> inTopK(const Inference &op) {
  op.requireFloating(0, "predictions");
  op.requireIndex(1, "targets");
  op.requireRank(0, "predictions", 2);
  op.requireRank(1, "targets", 1);
  op.extent("k");
  const std::int64_t rows = op.shape(0).has_rank() ? op.shape(0)[0] : none;
  const std::optional<Shape> batch = Shape::merge(op.shape(1), Shape{rows});
  if (!batch)
    op.refuse("a target for each row of predictions", op.operandsText());
  return {{bool_, *batch}};
}

/// The extents before the last one, and then those of `whole` from number `first` on.
Shape addressed(const Shape &indices, const Shape &whole, std::int64_t first) {
  Extents extents(indices.extents().begin(), indices.extents().end() - 1);
  extents.insert(extents.end(), whole.extents().begin() + first, whole.extents().end());
  return Shape(std::move(extents));
}

/// How many axes an address has, -1 where that is unknown; refuses more than `whole` has.
std::int64_t addressLength(const Inference &op, const Shape &indices, const Shape &whole,
                           std::string_view name) {
  if (!indices.has_rank())
    return none;
  const std::int64_t length = indices[indices.rank() - 1];
  op.require(length < 0 || !whole.has_rank() || length <= whole.rank(),
             fmt::format("at most as many indices in a row as {} has axes", name),
             fmt::format("{} for {}", length, whole.to_string()));
  return length;
}

std::vector<ValueType> gatherNd(const Inference &op) {
  const ValueType &params = op.operand(0);
  op.requireIndex(1, "indices");
  op.requireRankAtLeast(1, "indices", 1);
  const std::int64_t length = addressLength(op, op.shape(1), params.shape, "params");
  if (length < 0 || !params.shape.has_rank())
    return {{params.dtype, Shape::unknown_rank()}};
  return {{params.dtype, addressed(op.shape(1), params.shape, length)}};
}

std::vector<ValueType> scatterNd(const Inference &op) {
  op.requireIndex(0, "indices");
  op.requireNumeric(1, "updates");
  op.requireRankAtLeast(0, "indices", 1);
  const Shape whole = op.shapeFrom("shape", 2);
  const std::int64_t length = addressLength(op, op.shape(0), whole, "the result");
  if (length >= 0 && whole.has_rank()) {
    const Shape expected = addressed(op.shape(0), whole, length);
    op.require(op.shape(1).is_compatible_with(expected),
               fmt::format("updates of shape {}", expected.to_string()), op.operand(1).to_string());
  }
  return {{op.dtype(1), whole}};
}

std::vector<ValueType> updateRow(const Inference &op) {
  const ValueType &x = op.operand(0), &row = op.operand(2);
  op.requireIndex(1, "index");
  op.requireScalar(1, "index");
  op.requireRankAtLeast(0, "x", 1);
  op.requireDtype(2, "row", x.dtype);
  // Each of the two may know extents that the other does not.
  Extents known{none};
  if (row.shape.has_rank())
    known.insert(known.end(), row.shape.extents().begin(), row.shape.extents().end());
  const Shape around = row.shape.has_rank() ? Shape(std::move(known)) : Shape::unknown_rank();
  const std::optional<Shape> shape = Shape::merge(x.shape, around);
  if (!shape)
    op.refuse("row to have the extents of x after the first", op.operandsText());
  return {{x.dtype, *shape}};
}

constexpr ShapeRule rules[] = {
    {"cumsum", 1, 1, cumsum},        {"reverse_sequence", 2, 2, reverseSequence},
    {"top_k", 1, 1, topK},           {"in_top_k", 2, 2, inTopK},
    {"gather_nd", 2, 2, gatherNd},   {"scatter_nd", 2, 3, scatterNd},
    {"update_row", 3, 3, updateRow},
};

} // namespace

std::span<const ShapeRule> indexingRules() { return rules; }

} // namespace graphc::shapes
