// Gradients of softmax and of the cross entropies.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

Value sumAlong(Context &c, Value x, int64_t axis) {
  return c.reduceSum(x, {normalAxis(axis, rankOf(x))}, /*keepDims=*/true);
}

/// (g - sum(g * y)) * y: the product of softmax's Jacobian at y with g.
Value throughSoftmax(Context &c, Value g, Value y, int64_t axis) {
  return c.multiply(c.subtract(g, sumAlong(c, c.multiply(g, y), axis)), y);
}

void softmax(Context &c) {
  c.set(0, throughSoftmax(c, c.gradient(), c.result(), c.integer("axis", -1)));
}

void logSoftmax(Context &c) {
  Value total = sumAlong(c, c.gradient(), c.integer("axis", -1));
  c.set(0, c.subtract(c.gradient(), c.multiply(c.unary("exp", c.result()), total)));
}

/// The gradient of the loss, one for each row, as a column beside the classes.
Value lossColumn(Context &c) {
  Extents shape = shapeOf(c.result(0));
  shape.push_back(1);
  return c.reshape(c.gradient(0), shape);
}

// loss = -sum(labels * log_softmax(logits)), backprop = softmax(logits) - labels
void addLogitsGradient(Context &c) {
  const int64_t axis = rankOf(c.operand(0)) - 1;
  SmallVector<Value> terms;
  if (c.gradient(0))
    terms.push_back(c.multiply(lossColumn(c), c.result(1)));
  if (c.gradient(1)) {
    Value y = c.graph().create("softmax", {c.operand(0)}, {{"axis", axis}});
    terms.push_back(throughSoftmax(c, c.gradient(1), y, axis));
  }
  c.set(0, c.sumTo(c.sum(terms), shapeOf(c.operand(0))));
}

void softmaxCrossEntropy(Context &c) {
  const int64_t axis = rankOf(c.operand(0)) - 1;
  if (c.wants(0))
    addLogitsGradient(c);
  if (!c.wants(1))
    return;
  SmallVector<Value> terms;
  if (c.gradient(0)) {
    Value logY = c.graph().create("log_softmax", {c.operand(0)}, {{"axis", axis}});
    terms.push_back(c.multiply(lossColumn(c), c.negative(logY)));
  }
  if (c.gradient(1))
    terms.push_back(c.negative(c.gradient(1)));
  c.set(1, c.sumTo(c.sum(terms), shapeOf(c.operand(1))));
}

} // namespace

void addNnRules(GradientRules &rules) {
  rules.add("softmax", softmax);
  rules.add("log_softmax", logSoftmax);
  rules.add("softmax_cross_entropy_with_logits", softmaxCrossEntropy);
  rules.add("sparse_softmax_cross_entropy_with_logits", addLogitsGradient);
}

} // namespace graphc
