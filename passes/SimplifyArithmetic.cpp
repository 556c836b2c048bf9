// Arithmetic that gives back one of its operands, bit for bit.
#include "passes/GraphOps.h"
#include "passes/SimplifyPatterns.h"

#include "ir/GraphBuilder.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace graphc {

using namespace mlir;

namespace {

/// True where every element of the constant `value` is `wanted`, the sign of zero included.
bool isSplatOf(Value value, double wanted) {
  Operation *op = definedBy(value, "constant");
  auto elements = op ? dyn_cast<DenseElementsAttr>(op->getAttr("value")) : DenseElementsAttr();
  if (!elements || !elements.isSplat())
    return false;
  if (isa<FloatType>(elements.getElementType())) {
    const double got = elements.getSplatValue<APFloat>().convertToDouble();
    return got == wanted && std::signbit(got) == std::signbit(wanted);
  }
  if (elements.getElementType().isInteger(1))
    return false;
  return elements.getSplatValue<APInt>().getSExtValue() == static_cast<int64_t>(wanted);
}

LogicalResult giveBack(Operation *op, Value value, PatternRewriter &rewriter) {
  if (value.getType() != op->getResult(0).getType())
    return failure();
  rewriter.replaceOp(op, value);
  return success();
}

LogicalResult simplifyIdentity(Operation *op, PatternRewriter &rewriter) {
  return giveBack(op, op->getOperand(0), rewriter);
}

// Before gradients are in place the op says where they end.
LogicalResult simplifyStopGradient(Operation *op, PatternRewriter &rewriter) {
  Operation *program = op;
  while (program && !isGraphOp(program, "program"))
    program = program->getParentOp();
  if (!program)
    return failure();
  for (Operation &other : program->getRegion(0).front())
    if (isGraphOp(&other, "gradients"))
      return failure();
  return giveBack(op, op->getOperand(0), rewriter);
}

LogicalResult simplifyMultiply(Operation *op, PatternRewriter &rewriter) {
  for (unsigned i : {0u, 1u})
    if (isSplatOf(op->getOperand(i), 1))
      return giveBack(op, op->getOperand(1 - i), rewriter);
  return failure();
}

LogicalResult simplifyDivide(Operation *op, PatternRewriter &rewriter) {
  return isSplatOf(op->getOperand(1), 1) ? giveBack(op, op->getOperand(0), rewriter) : failure();
}

LogicalResult simplifySubtract(Operation *op, PatternRewriter &rewriter) {
  return isSplatOf(op->getOperand(1), 0) ? giveBack(op, op->getOperand(0), rewriter) : failure();
}

// -0 is what changes no float when added; integers have one zero.
LogicalResult simplifyAdd(Operation *op, PatternRewriter &rewriter) {
  const bool floats = isa<FloatType>(cast<TensorType>(op->getResult(0).getType()).getElementType());
  for (unsigned i : {0u, 1u})
    if (isSplatOf(op->getOperand(i), floats ? -0.0 : 0.0))
      return giveBack(op, op->getOperand(1 - i), rewriter);
  return failure();
}

LogicalResult simplifyNegative(Operation *op, PatternRewriter &rewriter) {
  Operation *inner = definedBy(op->getOperand(0), "negative");
  return inner && !isGradientTarget(inner) ? giveBack(op, inner->getOperand(0), rewriter)
                                           : failure();
}

LogicalResult simplifyAddN(Operation *op, PatternRewriter &rewriter) {
  if (op->getNumOperands() == 1)
    return giveBack(op, op->getOperand(0), rewriter);
  if (op->getNumOperands() != 2)
    return failure();
  GraphBuilder builder(rewriter, op->getLoc());
  rewriter.replaceOp(op, builder.createOp("add", op->getOperands()));
  return success();
}

// A sum, product, extremum or mean over one element is that element.
LogicalResult simplifyReduction(Operation *op, PatternRewriter &rewriter) {
  if (!op->hasAttr("axes") || !isStatic(op->getOperand(0).getType()))
    return failure();
  ArrayRef<int64_t> extents = extentsOf(op->getOperand(0));
  for (int64_t axis : intsAttribute(op, "axes"))
    if (extents[static_cast<size_t>(axis)] != 1)
      return failure();
  if (succeeded(giveBack(op, op->getOperand(0), rewriter)))
    return success();
  GraphBuilder builder(rewriter, op->getLoc());
  std::vector<int64_t> shape = extentsOf(op->getResult(0)).vec();
  rewriter.replaceOp(op, builder.createOp("reshape", op->getOperand(0), {{"shape", shape}}));
  return success();
}

} // namespace

void populateArithmeticSimplifications(RewritePatternSet &patterns) {
  addSimplification(patterns, "identity", simplifyIdentity);
  addSimplification(patterns, "cast", simplifyIdentity);
  addSimplification(patterns, "stop_gradient", simplifyStopGradient);
  addSimplification(patterns, "multiply", simplifyMultiply);
  addSimplification(patterns, "divide", simplifyDivide);
  addSimplification(patterns, "subtract", simplifySubtract);
  addSimplification(patterns, "add", simplifyAdd);
  addSimplification(patterns, "negative", simplifyNegative);
  addSimplification(patterns, "add_n", simplifyAddN);
  for (StringRef name : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod",
                         "reduce_all", "reduce_any"})
    addSimplification(patterns, name, simplifyReduction);
}

} // namespace graphc
