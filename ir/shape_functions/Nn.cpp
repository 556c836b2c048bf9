// Shapes of softmax, the cross entropies and normalizations.
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

//===--- Normalizations -----------------------------------------------------------------------===//

bool isOfBatches(const Inference &op) { return op.name().starts_with("batch"); }

void requireNormalizable(const Inference &op) {
  op.requireFloating(0, "x");
  op.requireOneDtype();
  op.requireRankAtLeast(0, "x", isOfBatches(op) ? 2 : 1);
  const double epsilon = op.attributes().get_double("epsilon");
  op.require(epsilon >= 0, "epsilon to be 0 or more", fmt::format("{}", epsilon));
}

/// The vector of operand `index` for the channels of `x`, with what both know of their number.
Shape channelVector(const Inference &op, std::size_t index, std::string_view name, const Shape &x) {
  const Shape channels{x.has_rank() ? x.extents().back() : none};
  const std::optional<Shape> merged = Shape::merge(op.shape(index), channels);
  if (!merged)
    op.refuse(fmt::format("{} of shape {}", name, channels.to_string()),
              op.operand(index).to_string());
  return *merged;
}

/// Of mean and variance: an element for each row, or for each channel.
Shape momentsShape(const Inference &op, const Shape &x, const Shape &channels) {
  if (isOfBatches(op))
    return channels;
  return x.has_rank() ? Shape(Extents(x.extents().begin(), x.extents().end() - 1))
                      : Shape::unknown_rank();
}

std::vector<ValueType> normalization(const Inference &op) {
  requireNormalizable(op);
  const Shape &x = op.shape(0);
  const Shape gamma = channelVector(op, 1, "gamma", x), beta = channelVector(op, 2, "beta", x);
  const std::optional<Shape> channels = Shape::merge(gamma, beta);
  if (!channels)
    op.refuse("gamma and beta of one shape", op.operandsText());
  const ValueType moments{op.dtype(0), momentsShape(op, x, *channels)};
  return {op.operand(0), moments, moments};
}

std::vector<ValueType> normalizationGradient(const Inference &op) {
  requireNormalizable(op);
  const std::optional<Shape> x = Shape::merge(op.shape(0), op.shape(4));
  if (!x)
    op.refuse(fmt::format("dy of shape {}", op.shape(0).to_string()), op.operand(4).to_string());
  const Shape channels = channelVector(op, 1, "gamma", *x);
  const Shape moments = momentsShape(op, *x, channels);
  for (const std::size_t index : {2, 3})
    if (!Shape::merge(op.shape(index), moments))
      op.refuse(
          fmt::format("{} of shape {}", index == 2 ? "mean" : "variance", moments.to_string()),
          op.operand(index).to_string());
  return {{op.dtype(0), *x}, {op.dtype(0), channels}, {op.dtype(0), channels}};
}

constexpr ShapeRule rules[] = {
    {"softmax", 1, 1, softmax},
    {"log_softmax", 1, 1, softmax},
    {"softmax_cross_entropy_with_logits", 2, 2, crossEntropy},
    {"sparse_softmax_cross_entropy_with_logits", 2, 2, sparseCrossEntropy},
    {"layer_normalization", 3, 3, normalization},
    {"layer_normalization_gradient", 5, 5, normalizationGradient},
    {"batch_normalization", 3, 3, normalization},
    {"batch_normalization_gradient", 5, 5, normalizationGradient},
};

} // namespace

std::span<const ShapeRule> nnRules() { return rules; }

} // namespace graphc::shapes
