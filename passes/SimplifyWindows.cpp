// Poolings: what gives the same on fewer elements.
#include "passes/GraphOps.h"
#include "passes/SimplifyPatterns.h"

#include "ir/GraphBuilder.h"

namespace graphc {

using namespace mlir;

namespace {

// max_pool2d(relu(x)) is relu(max_pool2d(x)), on as many elements fewer as the windows have, and
// so is the gradient: a window whose greatest element is not above zero gives none either way. (A
// zero may come out as minus zero.)
LogicalResult sinkRelu(Operation *op, PatternRewriter &rewriter) {
  Value x = op->getOperand(0);
  if (!isStatic(x.getType()))
    return failure();
  Operation *maker = x.getDefiningOp();
  Operation *rename = maker && isRename(maker) ? maker : nullptr;
  Operation *relu = definedBy(rename ? rename->getOperand(0) : x, "relu");
  if (!relu || isGradientTarget(relu) || !relu->getResult(0).hasOneUse())
    return failure();
  if (rename && (isGradientTarget(rename) || !rename->getResult(0).hasOneUse()))
    return failure();
  GraphBuilder builder(rewriter, op->getLoc());
  Value below = relu->getOperand(0);
  if (rename)
    below = GraphBuilder(rewriter, rename->getLoc())
                .create("reshape", {below}, {{"shape", extentsOf(x).vec()}});
  Operation *pool = rewriter.clone(*op);
  pool->setOperand(0, below);
  rewriter.replaceOp(op,
                     GraphBuilder(rewriter, relu->getLoc()).create("relu", {pool->getResult(0)}));
  return success();
}

} // namespace

void populateWindowSimplifications(RewritePatternSet &patterns) {
  addSimplification(patterns, "max_pool2d", sinkRelu);
}

} // namespace graphc
