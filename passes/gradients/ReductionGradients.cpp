// Gradients of reductions: what arrives is spread back over the reduced axes.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

/// The reduced axes; an absent attribute means all.
Extents reducedAxes(Context &c) {
  const int64_t rank = rankOf(c.operand(0));
  Extents axes;
  if (c.op()->hasAttr("axes")) {
    for (int64_t axis : c.integers("axes"))
      axes.push_back(normalAxis(axis, rank));
  } else {
    for (int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  }
  return axes;
}

/// The operand's shape with ones for the reduced axes.
Extents keptShape(Context &c) {
  Extents shape = shapeOf(c.operand(0));
  for (int64_t axis : reducedAxes(c))
    shape[static_cast<size_t>(axis)] = 1;
  return shape;
}

void reduceSum(Context &c) {
  Value kept = c.reshape(c.gradient(), keptShape(c));
  c.set(0, c.broadcastTo(kept, shapeOf(c.operand(0))));
}

void reduceMean(Context &c) {
  const int64_t results = elementsOf(c.result());
  const int64_t count = results == 0 ? 1 : elementsOf(c.operand(0)) / results;
  Value scaled = c.divide(c.gradient(), c.scalarLike(static_cast<double>(count), c.gradient()));
  c.set(0, c.broadcastTo(c.reshape(scaled, keptShape(c)), shapeOf(c.operand(0))));
}

// Elements that tie for the extremum share the gradient equally.
void reduceExtremum(Context &c) {
  const Extents kept = keptShape(c);
  Value chosen = c.binary("equal", c.operand(0), c.reshape(c.result(), kept));
  Value ones = c.cast(chosen, dtypeOf(c.operand(0)));
  Value count = c.reduceSum(ones, reducedAxes(c), /*keepDims=*/true);
  c.set(0, c.multiply(c.divide(ones, count), c.reshape(c.gradient(), kept)));
}

/// Along axis 1 of x[outer, n]: the product of all elements before (or after) each one, by doubling
/// the reach log2(n) times.
Value exclusiveProduct(Context &c, Value x, bool after) {
  const Extents shape = shapeOf(x);
  const int64_t outer = shape[0], n = shape[1];
  auto shifted = [&](Value value, int64_t by) {
    Value part = c.slice(value, {0, after ? by : 0}, {outer, n - by});
    return c.pad(part, after ? Extents{0, 0, 0, by} : Extents{0, 0, by, 0}, /*value=*/1);
  };
  Value product = shifted(x, 1);
  for (int64_t reach = 1; reach < n - 1; reach *= 2)
    product = c.multiply(product, shifted(product, reach));
  return product;
}

// The product of all other elements, without dividing by the element: it may be zero.
void reduceProd(Context &c) {
  const Extents shape = shapeOf(c.operand(0)), axes = reducedAxes(c);
  Extents order, inverse(shape.size());
  for (size_t i = 0; i < shape.size(); ++i)
    if (!llvm::is_contained(axes, static_cast<int64_t>(i)))
      order.push_back(static_cast<int64_t>(i));
  llvm::append_range(order, axes);
  Extents ordered;
  for (size_t i = 0; i < order.size(); ++i) {
    inverse[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
    ordered.push_back(shape[static_cast<size_t>(order[i])]);
  }
  const int64_t outer = elementsOf(c.result());
  const int64_t n = outer == 0 ? 0 : elementsOf(c.operand(0)) / outer;
  Value kept = c.reshape(c.gradient(), keptShape(c));
  if (n <= 1) { // nothing else to multiply with
    c.set(0, c.broadcastTo(kept, shape));
    return;
  }
  Value rows = c.reshape(c.transpose(c.operand(0), order), {outer, n});
  Value others = c.multiply(exclusiveProduct(c, rows, false), exclusiveProduct(c, rows, true));
  Value back = c.transpose(c.reshape(others, ordered), inverse);
  c.set(0, c.multiply(back, kept));
}

} // namespace

void addReductionRules(GradientRules &rules) {
  rules.add("reduce_sum", reduceSum);
  rules.add("reduce_mean", reduceMean);
  rules.add("reduce_max", reduceExtremum);
  rules.add("reduce_min", reduceExtremum);
  rules.add("reduce_prod", reduceProd);
}

} // namespace graphc
