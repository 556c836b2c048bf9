// One sequence of the values that successive steps read.
#pragma once

#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"

namespace graphc {

class GraphBuilder;

/// [step, ...] of one value for each step, all of one type: taken from where they were split or
/// unstacked, forwards or backwards, and stacked where they come from anywhere else.
mlir::Value sequenceOf(GraphBuilder &builder, llvm::ArrayRef<mlir::Value> values);

} // namespace graphc
