// Gradients of ops that follow an order along an axis, or an address made of several indices.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

// Element j is a part of the sums from it on: they are summed the other way round.
void cumsum(Context &c) {
  c.set(0, c.graph().create("cumsum", {c.gradient()},
                            {{"axis", c.integer("axis")},
                             {"exclusive", c.flag("exclusive")},
                             {"reverse", !c.flag("reverse")}}));
}

// Its own inverse.
void reverseSequence(Context &c) {
  c.set(0, c.graph().create(
               "reverse_sequence", {c.gradient(), c.operand(1)},
               {{"seq_axis", c.integer("seq_axis")}, {"batch_axis", c.integer("batch_axis")}}));
}

// Each value goes back to where it stood, all other elements have no part in the result.
void topK(Context &c) {
  const Extents shape = shapeOf(c.operand(0)), chosen = shapeOf(c.result(0));
  const int64_t length = shape.back(), k = chosen.back();
  const int64_t rows = length == 0 ? 0 : elementsOf(c.operand(0)) / length;
  if (rows == 0 || k == 0) {
    c.set(0, c.zeros(c.operand(0).getType()));
    return;
  }
  GraphBuilder &graph = c.graph();
  Value indices = c.reshape(c.result(1), {rows, k});
  Value on = c.scalarLike(1, c.gradient(0)), off = c.scalarLike(0, c.gradient(0));
  // [rows, k, length]: the sum over k of the gradient where its element stood.
  Value places =
      graph.create("one_hot", {indices, on, off}, {{"axis", int64_t{2}}, {"depth", length}});
  Value terms = c.multiply(places, c.reshape(c.gradient(0), {rows, k, 1}));
  c.set(0, c.reshape(c.reduceSum(terms, {1}), shape));
}

void gatherNd(Context &c) {
  c.set(0, c.graph().create("scatter_nd", {c.operand(1), c.gradient()},
                            {{"shape", shapeOf(c.operand(0))}}));
}

void scatterNd(Context &c) {
  c.set(1, c.graph().create("gather_nd", {c.gradient(), c.operand(0)}));
}

} // namespace

void addOrderRules(GradientRules &rules) {
  rules.add("cumsum", cumsum);
  rules.add("reverse_sequence", reverseSequence);
  rules.add("top_k", topK);
  rules.add("gather_nd", gatherNd);
  rules.add("scatter_nd", scatterNd);
}

} // namespace graphc
