// Canonicalization patterns of graph ops, by family. Each keeps every bit of the results and leaves
// ops with the mark of a gradient target alone.
#pragma once

#include "mlir/IR/PatternMatch.h"

namespace graphc {

/// Rewrites `op` through the rewriter where it can.
using SimplifyFunction = mlir::LogicalResult (*)(mlir::Operation *op,
                                                 mlir::PatternRewriter &rewriter);

/// A pattern for graph.<name>; ops marked as gradient targets do not match.
void addSimplification(mlir::RewritePatternSet &patterns, llvm::StringRef name,
                       SimplifyFunction function);

/// reshape, transpose, concat, split, stack, unstack, slice, tile, pad, ...
void populateShapeSimplifications(mlir::RewritePatternSet &patterns);
/// Elementwise ops and reductions.
void populateArithmeticSimplifications(mlir::RewritePatternSet &patterns);

/// Poolings.
void populateWindowSimplifications(mlir::RewritePatternSet &patterns);

/// Takes the branch of a graph.cond whose predicate is known, and drops operands of control flow
/// that nothing needs; true where anything changed.
bool simplifyControlFlow(mlir::Operation *root);
/// Drops what a graph.cond captures and neither of its branches uses; true where it did.
bool dropUnusedCaptures(mlir::Operation *cond);

/// Drops ports of recurrences that nothing needs; true where anything changed. Not a pattern: the
/// driver of patterns must not see an op change its results.
bool simplifyRecurrences(mlir::Operation *root);

} // namespace graphc
