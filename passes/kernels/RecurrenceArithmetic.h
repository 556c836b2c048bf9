// Elementwise ops as arith and math ops on scalars or vectors alike, with the semantics of
// runtime/reference/Elementwise.cpp.
#pragma once

#include "mlir/IR/Builders.h"

namespace graphc::recurrence {

/// What emitElementwise() knows, by name without the dialect.
bool isElementwise(llvm::StringRef name);

/// Why there is no code for `op`, one of these; empty where there is.
std::string whyNoElementwise(mlir::Operation *op);

/// One element (or vector of elements) of the result of `op`, from those of its operands: all
/// scalars or all vectors of one length, of register types (KernelFunction.h). Divisions of
/// integers by zero give an unspecified number.
mlir::Value emitElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::Operation *op,
                            mlir::ValueRange operands);

/// An activation of graph.fused_matmul: "tanh", "sigmoid" or "relu".
mlir::Value emitActivation(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                           mlir::Value x);

/// Adds one more term to what the reduction `name` ("reduce_sum", ...) has of the terms before;
/// `isUnsigned`: the elements are ui8.
mlir::Value emitReductionStep(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                              bool isUnsigned, mlir::Value before, mlir::Value term);

} // namespace graphc::recurrence
