// Which operands of an op the gradients of its results flow to: the one table that the frontend
// (None or a gradient?) and the pass that inserts gradients both read.
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"

namespace graphc {

enum class GradientFlow {
  flows,   ///< a rule gives the gradients of some operands
  stops,   ///< no operand has a gradient, and TensorFlow says so too
  unknown, ///< mathematically there may be one, and nobody has written it: an error where needed
};

/// One row of the table.
struct GradientFlowRow {
  llvm::StringLiteral name; ///< without the dialect
  GradientFlow flow;
  /// Bit i: gradients flow to operand i. Operands past the last bit are as bit 63.
  std::uint64_t operands = ~std::uint64_t{0};
};

/// All ops that the table knows.
llvm::ArrayRef<GradientFlowRow> gradientFlowTable();

/// Ops that the table does not know are unknown.
GradientFlow gradientFlow(llvm::StringRef opName);

/// float32 and float64 tensors; values of other types carry no gradient.
bool carriesGradient(mlir::Value value);

/// Short names of ops that a user has given a gradient of their own: it may flow to every operand
/// of floating type, whatever the table says.
using CustomGradientOps = llvm::StringSet<>;

/// The operands of `op` that a gradient of its result `result` flows to. Unknown ops let it through
/// to all operands of floating type, so that what needs it is told rather than given nothing. For
/// recurrences, loops and branches the paths through their regions decide.
llvm::BitVector gradientFlowInto(mlir::Operation *op, unsigned result,
                                 const CustomGradientOps &custom = {});

/// Adds to `active` the results, in this block, that depend differentiably on a value in `active`;
/// `end` is the first op not looked at (null: all ops up to the terminator).
void propagateActivity(mlir::Block &block, mlir::Operation *end,
                       llvm::DenseSet<mlir::Value> &active, const CustomGradientOps &custom = {});

/// Adds to `reached` the values of this block that a gradient of a value in `reached` flows to.
void propagateReach(mlir::Block &block, llvm::DenseSet<mlir::Value> &reached,
                    const CustomGradientOps &custom = {});

/// True where a gradient of one of `ys` flows to `x`; where not, `gradients` gives None for it.
bool gradientReaches(mlir::ValueRange ys, mlir::Value x, const CustomGradientOps &custom = {});
/// The same for many, in one walk.
llvm::SmallVector<bool> gradientsReach(mlir::ValueRange ys, mlir::ValueRange xs,
                                       const CustomGradientOps &custom = {});

} // namespace graphc
