// What an update of a variable has to wait for.
//
// In graphc the order of ops is the order of their effects. A ref variable's value in TensorFlow is
// its buffer: whoever reads it after an update has begun sees the update. So an update waits for
// the ops that take the value which was read before it; those of them, that is, which run with it.
#pragma once

#include <vector>

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace graphc::graphdef {

/// For every write of a variable in `program` the ops before it that take the variable's value and
/// run whenever a group that holds the write does: what a no_op with control inputs needs is a
/// group, and `losses` belong to every group that writes.
llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Operation *>>
writeOrder(mlir::Block &program, const std::vector<mlir::Value> &losses);

} // namespace graphc::graphdef
