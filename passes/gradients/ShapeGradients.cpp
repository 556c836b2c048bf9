// Gradients of ops that only move, repeat or leave out elements along whole axes.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

/// Zeros around `part`, which starts at `begin` of `axis` in a value of `shape`.
Value placed(Context &c, Value part, int64_t axis, int64_t begin, const Extents &shape) {
  Extents paddings(2 * shape.size(), 0);
  const auto at = static_cast<size_t>(axis);
  paddings[2 * at] = begin;
  paddings[2 * at + 1] = shape[at] - begin - shapeOf(part)[at];
  return c.pad(part, paddings);
}

/// The range of results that gradients arrive at; empty ranges do not occur.
std::pair<unsigned, unsigned> arriving(Context &c) {
  unsigned first = 0, last = c.numResults();
  while (!c.gradient(first))
    ++first;
  while (!c.gradient(last - 1))
    --last;
  return {first, last};
}

void transpose(Context &c) {
  const Extents permutation = c.integers("perm");
  Extents inverse(permutation.size());
  for (size_t i = 0; i < permutation.size(); ++i)
    inverse[static_cast<size_t>(permutation[i])] = static_cast<int64_t>(i);
  c.set(0, c.transpose(c.gradient(), inverse));
}

void reshapeBack(Context &c) { c.set(0, c.reshape(c.gradient(), shapeOf(c.operand(0)))); }

void concat(Context &c) {
  const int64_t axis = normalAxis(c.integer("axis"), rankOf(c.result()));
  Extents begin(static_cast<size_t>(rankOf(c.result())), 0);
  for (unsigned i = 0; i < c.numOperands(); ++i) {
    const Extents size = shapeOf(c.operand(i));
    if (c.wants(i))
      c.set(i, c.slice(c.gradient(), begin, size));
    begin[static_cast<size_t>(axis)] += size[static_cast<size_t>(axis)];
  }
}

// Zeros are made only for parts in between that are not used.
void split(Context &c) {
  const int64_t axis = normalAxis(c.integer("axis"), rankOf(c.operand(0)));
  const Extents sizes = c.integers("sizes");
  const auto [first, last] = arriving(c);
  int64_t begin = 0;
  for (unsigned i = 0; i < first; ++i)
    begin += sizes[i];
  SmallVector<Value> parts;
  for (unsigned i = first; i < last; ++i)
    parts.push_back(c.gradientOrZeros(i));
  c.set(0, placed(c, c.concat(parts, axis), axis, begin, shapeOf(c.operand(0))));
}

void stack(Context &c) {
  const int64_t axis = normalAxis(c.integer("axis"), rankOf(c.result()));
  Operation *parts = c.graph().createOp("unstack", {c.gradient()},
                                        {{"axis", axis}, {"num", int64_t{c.numOperands()}}});
  for (unsigned i = 0; i < c.numOperands(); ++i)
    if (c.wants(i))
      c.set(i, parts->getResult(i));
}

void unstack(Context &c) {
  const int64_t axis = normalAxis(c.integer("axis"), rankOf(c.operand(0)));
  const auto [first, last] = arriving(c);
  SmallVector<Value> parts;
  for (unsigned i = first; i < last; ++i)
    parts.push_back(c.gradientOrZeros(i));
  Value stacked = c.graph().create("stack", parts, {{"axis", axis}});
  c.set(0, placed(c, stacked, axis, first, shapeOf(c.operand(0))));
}

void slice(Context &c) {
  const Extents begin = c.integers("begin");
  const Extents whole = shapeOf(c.operand(0)), part = shapeOf(c.result());
  Extents paddings;
  for (size_t i = 0; i < whole.size(); ++i) {
    paddings.push_back(begin[i]);
    paddings.push_back(whole[i] - begin[i] - part[i]);
  }
  c.set(0, c.pad(c.gradient(), paddings));
}

void tile(Context &c) {
  const Extents multiples = c.integers("multiples"), shape = shapeOf(c.operand(0));
  Extents split, axes;
  for (size_t i = 0; i < shape.size(); ++i) {
    axes.push_back(static_cast<int64_t>(split.size()));
    split.push_back(multiples[i]);
    split.push_back(shape[i]);
  }
  c.set(0, c.reduceSum(c.reshape(c.gradient(), split), axes));
}

void pad(Context &c) {
  const Extents paddings = c.integers("paddings"), shape = shapeOf(c.operand(0));
  Extents begin;
  for (size_t i = 0; i < shape.size(); ++i)
    begin.push_back(paddings[2 * i]);
  c.set(0, c.slice(c.gradient(), begin, shape));
}

void broadcastTo(Context &c) { c.set(0, c.sumTo(c.gradient(), shapeOf(c.operand(0)))); }

void reverse(Context &c) {
  c.set(0, c.graph().create("reverse", {c.gradient()}, {{"axes", c.integers("axes")}}));
}

void fill(Context &c) { c.set(0, c.sumTo(c.gradient(), {})); }

} // namespace

void addShapeRules(GradientRules &rules) {
  rules.add("transpose", transpose);
  rules.add("reshape", reshapeBack);
  rules.add("expand_dims", reshapeBack);
  rules.add("squeeze", reshapeBack);
  rules.add("concat", concat);
  rules.add("split", split);
  rules.add("stack", stack);
  rules.add("unstack", unstack);
  rules.add("slice", slice);
  rules.add("tile", tile);
  rules.add("pad", pad);
  rules.add("broadcast_to", broadcastTo);
  rules.add("reverse", reverse);
  rules.add("fill", fill);
}

} // namespace graphc
