// Ops that move elements about: what cancels, what does nothing, what is really a reshape.
#include "passes/GraphOps.h"
#include "passes/SimplifyPatterns.h"

#include "ir/GraphBuilder.h"

namespace graphc {

using namespace mlir;

namespace {

/// The op that makes `value`, where patterns may look through it.
Operation *seeThrough(Value value, StringRef name) {
  Operation *op = definedBy(value, name);
  return op && !isGradientTarget(op) ? op : nullptr;
}

bool allStatic(Operation *op) {
  auto isStaticValue = [](Value value) { return isStatic(value.getType()); };
  return llvm::all_of(op->getOperands(), isStaticValue) &&
         llvm::all_of(op->getResults(), isStaticValue);
}

Value reshaped(PatternRewriter &rewriter, Location loc, Value value, ArrayRef<int64_t> extents) {
  if (extentsOf(value) == extents)
    return value;
  return GraphBuilder(rewriter, loc).create("reshape", value, {{"shape", extents.vec()}});
}

LogicalResult giveBack(Operation *op, Value value, PatternRewriter &rewriter) {
  if (value.getType() != op->getResult(0).getType())
    return failure();
  rewriter.replaceOp(op, value);
  return success();
}

// reshape, expand_dims and squeeze are one family: only the first and the last shape matter.
LogicalResult simplifyRename(Operation *op, PatternRewriter &rewriter) {
  if (!allStatic(op))
    return failure();
  if (succeeded(giveBack(op, op->getOperand(0), rewriter)))
    return success();
  Operation *inner = op->getOperand(0).getDefiningOp();
  if (!inner || !isRename(inner) || isGradientTarget(inner) || !allStatic(inner))
    return failure();
  Value result =
      reshaped(rewriter, op->getLoc(), inner->getOperand(0), extentsOf(op->getResult(0)));
  rewriter.replaceOp(op, result);
  return success();
}

LogicalResult simplifyTranspose(Operation *op, PatternRewriter &rewriter) {
  ArrayRef<int64_t> perm = intsAttribute(op, "perm");
  if (llvm::equal(perm, llvm::seq<int64_t>(0, static_cast<int64_t>(perm.size()))))
    return giveBack(op, op->getOperand(0), rewriter);
  GraphBuilder builder(rewriter, op->getLoc());
  if (Operation *inner = seeThrough(op->getOperand(0), "transpose")) {
    std::vector<int64_t> both;
    for (int64_t axis : perm)
      both.push_back(intsAttribute(inner, "perm")[static_cast<size_t>(axis)]);
    rewriter.replaceOp(op, builder.createOp("transpose", inner->getOperand(0), {{"perm", both}}));
    return success();
  }
  if (!allStatic(op))
    return failure();
  int64_t last = -1;
  for (int64_t axis : perm) {
    if (extentsOf(op->getOperand(0))[static_cast<size_t>(axis)] == 1)
      continue;
    if (axis < last)
      return failure();
    last = axis;
  }
  rewriter.replaceOp(
      op, reshaped(rewriter, op->getLoc(), op->getOperand(0), extentsOf(op->getResult(0))));
  return success();
}

// A product reads its operands transposed at no cost.
LogicalResult simplifyMatmul(Operation *op, PatternRewriter &rewriter) {
  static constexpr llvm::StringLiteral flags[] = {"transpose_a", "transpose_b"};
  for (unsigned i : {0u, 1u}) {
    Operation *transpose = seeThrough(op->getOperand(i), "transpose");
    if (!transpose)
      continue;
    // The last two axes exchanged, the batch axes in place.
    SmallVector<int64_t> perm(intsAttribute(transpose, "perm"));
    if (perm.size() < 2)
      continue;
    std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
    if (!llvm::equal(perm, llvm::seq<int64_t>(0, static_cast<int64_t>(perm.size()))))
      continue;
    const bool flipped = !flagAttribute(op, flags[i]);
    rewriter.modifyOpInPlace(op, [&] {
      op->setOperand(i, transpose->getOperand(0));
      op->setAttr(flags[i], rewriter.getBoolAttr(flipped));
    });
    return success();
  }
  return failure();
}

/// All results of one op, in order and nothing else.
Operation *allResultsOf(ValueRange values, StringRef name) {
  if (values.empty())
    return nullptr;
  Operation *op = seeThrough(values.front(), name);
  return op && llvm::equal(op->getResults(), values) ? op : nullptr;
}

LogicalResult simplifyConcat(Operation *op, PatternRewriter &rewriter) {
  if (op->getNumOperands() == 1)
    return giveBack(op, op->getOperand(0), rewriter);
  Operation *split = allResultsOf(op->getOperands(), "split");
  if (split && intAttribute(split, "axis") == intAttribute(op, "axis"))
    return giveBack(op, split->getOperand(0), rewriter);
  return failure();
}

/// How many results have a use.
unsigned usedResults(Operation *op) {
  return static_cast<unsigned>(
      llvm::count_if(op->getResults(), [](OpResult result) { return !result.use_empty(); }));
}

/// Fewer than half of the parts are used: each is cheaper by itself. One result of two is kept, so
/// that gates stay one op.
bool fewUsed(Operation *op) { return usedResults(op) * 2 < op->getNumResults(); }

// Replaces the used results by slices along `axis`, `sizes` long, and drops the axis where `drop`.
LogicalResult takeSlices(Operation *op, int64_t axis, ArrayRef<int64_t> sizes, bool drop,
                         PatternRewriter &rewriter) {
  GraphBuilder builder(rewriter, op->getLoc());
  Value whole = op->getOperand(0);
  SmallVector<Value> parts;
  int64_t offset = 0;
  for (auto [result, extent] : llvm::zip(op->getResults(), sizes)) {
    Value part;
    if (!result.use_empty()) {
      std::vector<int64_t> begin(static_cast<size_t>(rankOf(whole)), 0);
      std::vector<int64_t> size = extentsOf(whole).vec();
      begin[static_cast<size_t>(axis)] = offset;
      size[static_cast<size_t>(axis)] = extent;
      part = builder.create("slice", whole, {{"begin", begin}, {"size", size}});
      if (drop)
        part = reshaped(rewriter, op->getLoc(), part, extentsOf(result));
    }
    parts.push_back(part);
    offset += extent;
  }
  for (auto [result, part] : llvm::zip(op->getResults(), parts))
    if (part)
      rewriter.replaceAllUsesWith(result, part);
  rewriter.eraseOp(op);
  return success();
}

LogicalResult simplifySplit(Operation *op, PatternRewriter &rewriter) {
  if (op->getNumResults() == 1)
    return giveBack(op, op->getOperand(0), rewriter);
  const int64_t axis = intAttribute(op, "axis");
  Operation *concat = seeThrough(op->getOperand(0), "concat");
  if (concat && intAttribute(concat, "axis") == axis &&
      llvm::equal(concat->getOperandTypes(), op->getResultTypes())) {
    rewriter.replaceOp(op, concat->getOperands());
    return success();
  }
  if (!allStatic(op) || usedResults(op) == 0 || !fewUsed(op))
    return failure();
  return takeSlices(op, axis, intsAttribute(op, "sizes"), false, rewriter);
}

LogicalResult simplifyUnstack(Operation *op, PatternRewriter &rewriter) {
  const int64_t axis = intAttribute(op, "axis");
  Operation *stack = seeThrough(op->getOperand(0), "stack");
  if (stack && intAttribute(stack, "axis") == axis &&
      llvm::equal(stack->getOperandTypes(), op->getResultTypes())) {
    rewriter.replaceOp(op, stack->getOperands());
    return success();
  }
  if (!allStatic(op) || usedResults(op) == 0)
    return failure();
  if (op->getNumResults() == 1) {
    rewriter.replaceOp(
        op, reshaped(rewriter, op->getLoc(), op->getOperand(0), extentsOf(op->getResult(0))));
    return success();
  }
  if (!fewUsed(op))
    return failure();
  SmallVector<int64_t> ones(op->getNumResults(), 1);
  return takeSlices(op, axis, ones, true, rewriter);
}

// Parts of a split along axis 0 of equal size, stacked along a new axis 0, lie in memory as before.
LogicalResult simplifyStack(Operation *op, PatternRewriter &rewriter) {
  if (!allStatic(op))
    return failure();
  const int64_t axis = intAttribute(op, "axis");
  if (op->getNumOperands() == 1) {
    rewriter.replaceOp(
        op, reshaped(rewriter, op->getLoc(), op->getOperand(0), extentsOf(op->getResult(0))));
    return success();
  }
  Operation *unstack = allResultsOf(op->getOperands(), "unstack");
  if (unstack && intAttribute(unstack, "axis") == axis)
    return giveBack(op, unstack->getOperand(0), rewriter);
  Operation *split = allResultsOf(op->getOperands(), "split");
  if (!split || axis != 0 || intAttribute(split, "axis") != 0)
    return failure();
  rewriter.replaceOp(
      op, reshaped(rewriter, op->getLoc(), split->getOperand(0), extentsOf(op->getResult(0))));
  return success();
}

LogicalResult simplifySlice(Operation *op, PatternRewriter &rewriter) {
  if (op->getNumOperands() != 1)
    return failure();
  if (succeeded(giveBack(op, op->getOperand(0), rewriter)))
    return success();
  Operation *inner = seeThrough(op->getOperand(0), "slice");
  if (!inner || inner->getNumOperands() != 1 || !allStatic(op))
    return failure();
  std::vector<int64_t> begin;
  for (auto [a, b] : llvm::zip(intsAttribute(inner, "begin"), intsAttribute(op, "begin")))
    begin.push_back(a + b);
  GraphBuilder builder(rewriter, op->getLoc());
  rewriter.replaceOp(
      op, builder.createOp("slice", inner->getOperand(0),
                           {{"begin", begin}, {"size", extentsOf(op->getResult(0)).vec()}}));
  return success();
}

/// tile, pad, broadcast_to, strided_slice: nothing to do where the type stays and the attribute
/// says so.
LogicalResult simplifyTile(Operation *op, PatternRewriter &rewriter) {
  const bool nothing = op->hasAttr("multiples") && llvm::all_of(intsAttribute(op, "multiples"),
                                                                [](int64_t n) { return n == 1; });
  return nothing ? giveBack(op, op->getOperand(0), rewriter) : failure();
}

LogicalResult simplifyPad(Operation *op, PatternRewriter &rewriter) {
  const bool nothing = op->hasAttr("paddings") && llvm::all_of(intsAttribute(op, "paddings"),
                                                               [](int64_t n) { return n == 0; });
  return nothing ? giveBack(op, op->getOperand(0), rewriter) : failure();
}

LogicalResult simplifyBroadcastTo(Operation *op, PatternRewriter &rewriter) {
  return isStatic(op->getResult(0).getType()) ? giveBack(op, op->getOperand(0), rewriter)
                                              : failure();
}

LogicalResult simplifyReverse(Operation *op, PatternRewriter &rewriter) {
  ArrayRef<int64_t> axes = intsAttribute(op, "axes");
  if (axes.empty())
    return giveBack(op, op->getOperand(0), rewriter);
  Operation *inner = seeThrough(op->getOperand(0), "reverse");
  if (inner && intsAttribute(inner, "axes") == axes)
    return giveBack(op, inner->getOperand(0), rewriter);
  return failure();
}

} // namespace

void populateShapeSimplifications(RewritePatternSet &patterns) {
  addSimplification(patterns, "reshape", simplifyRename);
  addSimplification(patterns, "expand_dims", simplifyRename);
  addSimplification(patterns, "squeeze", simplifyRename);
  addSimplification(patterns, "transpose", simplifyTranspose);
  addSimplification(patterns, "matmul", simplifyMatmul);
  addSimplification(patterns, "concat", simplifyConcat);
  addSimplification(patterns, "split", simplifySplit);
  addSimplification(patterns, "stack", simplifyStack);
  addSimplification(patterns, "unstack", simplifyUnstack);
  addSimplification(patterns, "slice", simplifySlice);
  addSimplification(patterns, "tile", simplifyTile);
  addSimplification(patterns, "pad", simplifyPad);
  addSimplification(patterns, "broadcast_to", simplifyBroadcastTo);
  addSimplification(patterns, "reverse", simplifyReverse);
}

} // namespace graphc
