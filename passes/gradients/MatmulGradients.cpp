// Gradients of matrix products: with y = a b, da = dy b' and db = a' dy; transposed operands swap
// roles, and batch axes that were broadcast are summed over.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

/// Merges all axes but the last.
Value asMatrix(GradientContext &c, Value x) {
  const int64_t columns = shapeOf(x).back();
  return c.reshape(x, {columns == 0 ? 0 : elementsOf(x) / columns, columns});
}

Value gradientOfA(GradientContext &c, bool transposeA, bool transposeB) {
  Value g = c.gradient(), b = c.operand(1);
  return transposeA ? c.matmul(b, g, transposeB, true) : c.matmul(g, b, false, !transposeB);
}

Value gradientOfB(GradientContext &c, bool transposeA, bool transposeB) {
  Value g = c.gradient(), a = c.operand(0);
  // A batch of products with one matrix is one product of tall matrices.
  if (rankOf(a) > 2 && rankOf(c.operand(1)) == 2 && !transposeA) {
    a = asMatrix(c, a);
    g = asMatrix(c, g);
  }
  return transposeB ? c.matmul(g, a, true, transposeA) : c.matmul(a, g, !transposeA, false);
}

void matmul(GradientContext &c) {
  const bool transposeA = c.flag("transpose_a"), transposeB = c.flag("transpose_b");
  if (c.wants(0))
    c.set(0, c.sumTo(gradientOfA(c, transposeA, transposeB), shapeOf(c.operand(0))));
  if (c.wants(1))
    c.set(1, c.sumTo(gradientOfB(c, transposeA, transposeB), shapeOf(c.operand(1))));
}

} // namespace

void addMatmulRules(GradientRules &rules) { rules.add("matmul", matmul); }

} // namespace graphc
