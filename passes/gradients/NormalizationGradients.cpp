// Gradients of layer and batch normalization: an op of its own, whose gradient is written in small
// ops.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

/// What both ops' rules speak of: x, the moments beside it, means and sums over its axes.
class Normalization {
public:
  explicit Normalization(Context &c)
      : c_(c), shape_(shapeOf(c.operand(0))), ofBatches_(graphName(c.op()).starts_with("batch")) {
    const auto last = static_cast<int64_t>(shape_.size()) - 1;
    for (int64_t axis = 0; axis < last; ++axis)
      others_.push_back(axis);
    axes_ = ofBatches_ ? others_ : Extents{last};
  }

  double elements() const {
    double count = 1;
    for (int64_t axis : axes_)
      count *= static_cast<double>(shape_[static_cast<size_t>(axis)]);
    return count;
  }
  /// A moment, so that it broadcasts to x.
  Value along(Value moment) {
    Extents kept = shape_;
    for (int64_t axis : axes_)
      kept[static_cast<size_t>(axis)] = 1;
    return c_.reshape(moment, kept);
  }
  /// The sum over what one moment is of, in the moments' shape.
  Value sum(Value x) { return c_.reduceSum(x, axes_); }
  /// The mean, so that it broadcasts to x.
  Value mean(Value x) { return c_.reduce("reduce_mean", x, axes_, /*keepDims=*/true); }
  /// The sum over all axes but the channels.
  Value channelSum(Value x) { return c_.reduceSum(x, others_); }
  Value slope(Value variance) {
    return c_.unary("rsqrt", c_.add(variance, c_.scalarLike(epsilon(), variance)));
  }
  double epsilon() const { return c_.op()->getAttrOfType<FloatAttr>("epsilon").getValueAsDouble(); }

private:
  Context &c_;
  Extents shape_, others_, axes_;
  bool ofBatches_;
};

// y's gradient by the op; mean's and variance's are mean's / n and variance's * 2 (x - mean) / n.
void normalization(Context &c) {
  Normalization norm(c);
  const Value x = c.operand(0), gamma = c.operand(1);
  SmallVector<Value> terms;
  if (c.gradient(0)) {
    Operation *gradient = c.graph().createOp(graphName(c.op()).str() + "_gradient",
                                             {x, gamma, c.result(1), c.result(2), c.gradient(0)},
                                             {{"epsilon", norm.epsilon()}});
    terms.push_back(gradient->getResult(0));
    for (unsigned operand : {1u, 2u})
      if (c.wants(operand))
        c.set(operand, gradient->getResult(operand));
  }
  if (!c.wants(0))
    return;
  const double each = 1 / norm.elements();
  if (c.gradient(1))
    terms.push_back(c.broadcastTo(norm.along(c.scaled(c.gradient(1), each)), shapeOf(x)));
  if (c.gradient(2))
    terms.push_back(c.multiply(c.subtract(x, norm.along(c.result(1))),
                               norm.along(c.scaled(c.gradient(2), 2 * each))));
  c.set(0, c.sum(terms));
}

// With s = 1 / sqrt(variance + epsilon), h = (x - mean) s, g = gamma dy and M the mean over a
// group:
//   dx = s (g - M(g) - h M(g h)), dgamma = sum of dy h, dbeta = sum of dy.
// Given their gradients U, P and Q, with W = s U, all five operands taken as independent:
//   by g: G = W - M(W) - h M(W h)       by h: H = P dy - W M(g h) - g M(W h)
//   by dy: gamma G + P h + Q            by gamma: sum of dy G
//   by x: s H, by mean: -sum of s H     by variance: -s^3 / 2 sum of U (g - M(g) - h M(g h)) + H c
// where c = x - mean.
void normalizationGradient(Context &c) {
  Normalization norm(c);
  const Value x = c.operand(0), gamma = c.operand(1), mean = c.operand(2), variance = c.operand(3),
              dy = c.operand(4);
  const Value u = c.gradientOrZeros(0), p = c.gradientOrZeros(1), q = c.gradientOrZeros(2);
  const Value s = norm.slope(variance), slopes = norm.along(s);
  const Value centered = c.subtract(x, norm.along(mean));
  const Value h = c.multiply(centered, slopes), g = c.multiply(gamma, dy),
              w = c.multiply(u, slopes);
  const Value meanWh = norm.mean(c.multiply(w, h));
  if (c.wants(1) || c.wants(4)) {
    const Value byG = c.subtract(c.subtract(w, norm.mean(w)), c.multiply(h, meanWh));
    if (c.wants(1))
      c.set(1, norm.channelSum(c.multiply(dy, byG)));
    if (c.wants(4))
      c.set(4, c.sum({c.multiply(gamma, byG), c.multiply(p, h), c.broadcastTo(q, shapeOf(x))}));
  }
  if (!c.wants(0) && !c.wants(2) && !c.wants(3))
    return;
  const Value meanGh = norm.mean(c.multiply(g, h));
  const Value byH =
      c.subtract(c.subtract(c.multiply(p, dy), c.multiply(w, meanGh)), c.multiply(g, meanWh));
  const Value byX = c.multiply(slopes, byH);
  if (c.wants(0))
    c.set(0, byX);
  if (c.wants(2))
    c.set(2, c.negative(norm.sum(byX)));
  if (!c.wants(3))
    return;
  const Value inner = c.subtract(c.subtract(g, norm.mean(g)), c.multiply(h, meanGh));
  const Value byS = norm.sum(c.add(c.multiply(u, inner), c.multiply(byH, centered)));
  c.set(3, c.multiply(byS, c.scaled(c.multiply(c.square(s), s), -0.5)));
}

} // namespace

void addNormalizationRules(GradientRules &rules) {
  rules.add("layer_normalization", normalization);
  rules.add("batch_normalization", normalization);
  rules.add("layer_normalization_gradient", normalizationGradient);
  rules.add("batch_normalization_gradient", normalizationGradient);
}

} // namespace graphc
