// Shapes of softmax and the cross entropies.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> softmax(const Inference &op) {
  op.requireFloating(0, "x");
  op.requireRankAtLeast(0, "x", 1);
  if (op.shape(0).has_rank() && op.attributes().has("axis"))
    op.axis("axis", op.operand(0));
  return {op.operand(0)};
}

/// Loss and gradient for logits of this type.
std::vector<ValueType> lossAndGradient(DataType dtype, const Shape &logits) {
  if (!logits.has_rank())
    return {{dtype, logits}, {dtype, logits}};
  return {{dtype, Shape(Extents(logits.extents().begin(), logits.extents().end() - 1))},
          {dtype, logits}};
}

std::vector<ValueType> crossEntropy(const Inference &op) {
  op.requireFloating(0, "logits");
  op.requireOneDtype();
  op.requireRankAtLeast(0, "logits", 1);
  op.requireRankAtLeast(1, "labels", 1);
  const std::optional<Shape> shape = Shape::merge(op.shape(0), op.shape(1));
  if (!shape)
    op.refuse("logits and labels of one shape", op.operandsText());
  return lossAndGradient(op.dtype(0), *shape);
}

std::vector<ValueType> sparseCrossEntropy(const Inference &op) {
  op.requireFloating(0, "logits");
  op.requireIndex(1, "labels");
  op.requireRankAtLeast(0, "logits", 1);
  const Shape &labels = op.shape(1);
  Shape logits = op.shape(0);
  if (!logits.has_rank()) {
    if (labels.has_rank()) {
      Extents extents = labels.extents();
      extents.push_back(none);
      logits = Shape(std::move(extents));
    }
    return lossAndGradient(op.dtype(0), logits);
  }
  const Shape batch(Extents(logits.extents().begin(), logits.extents().end() - 1));
  const std::optional<Shape> merged = Shape::merge(batch, labels);
  if (!merged)
    op.refuse("labels to have the extents of logits but the last", op.operandsText());
  Extents extents = merged->extents();
  extents.push_back(logits.extents().back());
  return lossAndGradient(op.dtype(0), Shape(std::move(extents)));
}

constexpr ShapeRule rules[] = {
    {"softmax", 1, 1, softmax},
    {"log_softmax", 1, 1, softmax},
    {"softmax_cross_entropy_with_logits", 2, 2, crossEntropy},
    {"sparse_softmax_cross_entropy_with_logits", 2, 2, sparseCrossEntropy},
};

} // namespace

std::span<const ShapeRule> nnRules() { return rules; }

} // namespace graphc::shapes
