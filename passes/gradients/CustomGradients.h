// Gradients that a user has registered for op types.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

/// The user's own gradient of an op type; looked up by op name ("tanh") before the built-in rules.
/// `resultGradients` has one value for each result, zeros where nothing arrives, and null for
/// results that carry no gradient. Leaves null in `operandGradients` (one for each operand) where
/// there is none.
using CustomGradient = std::function<mlir::LogicalResult(
    mlir::Operation *op, mlir::ValueRange resultGradients, mlir::OpBuilder &builder,
    llvm::SmallVectorImpl<mlir::Value> &operandGradients)>;
using CustomGradients = std::map<std::string, CustomGradient, std::less<>>;

} // namespace graphc
