// Reading graph ops by name, and what passes need to know about kinds of ops.
#pragma once

#include "ir/Conversion.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace graphc {

/// "matmul" for graph.matmul; empty for ops of other dialects.
llvm::StringRef graphName(mlir::Operation *op);
bool isGraphOp(mlir::Operation *op, llvm::StringRef name);
/// The op that makes `value` where it is graph.<name>; null otherwise.
mlir::Operation *definedBy(mlir::Value value, llvm::StringRef name);
/// All graph.<name> ops under `root`, regions of recurrences included, outer ones first.
llvm::SmallVector<mlir::Operation *> findOps(mlir::Operation *root, llvm::StringRef name);

inline std::int64_t intAttribute(mlir::Operation *op, llvm::StringRef name,
                                 std::int64_t otherwise = 0) {
  auto attribute = op->getAttrOfType<mlir::IntegerAttr>(name);
  return attribute ? attribute.getInt() : otherwise;
}
inline bool flagAttribute(mlir::Operation *op, llvm::StringRef name) {
  auto attribute = op->getAttrOfType<mlir::BoolAttr>(name);
  return attribute && attribute.getValue();
}
/// Empty where the attribute is missing.
inline llvm::ArrayRef<std::int64_t> intsAttribute(mlir::Operation *op, llvm::StringRef name) {
  auto attribute = op->getAttrOfType<mlir::DenseI64ArrayAttr>(name);
  return attribute ? attribute.asArrayRef() : llvm::ArrayRef<std::int64_t>();
}

/// Extents of a value whose rank is known.
inline llvm::ArrayRef<std::int64_t> extentsOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}
inline std::int64_t rankOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getRank();
}
bool isStatic(mlir::Type type);
/// Elements times their size; the type must be static.
std::int64_t bytesOf(mlir::Type type);

/// One element in, one element out, operands broadcast to the result: add, tanh, where, cast, ...
bool isElementwiseOp(mlir::Operation *op);
/// A reduce_*, argmax or argmin.
bool isReductionOp(mlir::Operation *op);
bool isRandom(mlir::Operation *op);
/// Another shape of the same elements in the same order: reshape, expand_dims, squeeze.
bool isRename(mlir::Operation *op);
/// Neither effects nor a region nor a terminator, and equal operands always give equal results in
/// one run.
bool isPlain(mlir::Operation *op);

/// True where a graph.gradients request asks for gradients with respect to a result of `op`
/// (see MarkGradientTargets): such values must neither merge with others nor be bypassed.
bool isGradientTarget(mlir::Operation *op);
inline constexpr llvm::StringLiteral kGradientTarget = "gradient_target";

/// The graph.program of the module, or null.
mlir::Operation *findProgram(mlir::ModuleOp module);

/// graph.while, graph.while_gradient or graph.cond: each of its regions becomes a program.
bool isControlFlow(mlir::Operation *op);
/// True for the block of a graph.program and for the regions of control flow: its ops become steps.
bool isProgramBlock(mlir::Block *block);
/// All such blocks in `program`, inner ones first.
llvm::SmallVector<mlir::Block *> programBlocks(mlir::Operation *program);

/// Remarks of MLIR's remark engine, with the pass's argument as category.
void remarkPassed(mlir::Operation *op, llvm::StringRef pass, const llvm::Twine &what);
void remarkMissed(mlir::Operation *op, llvm::StringRef pass, const llvm::Twine &reason);

} // namespace graphc
