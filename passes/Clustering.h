// Where each op of a differentiated program is computed.
#pragma once

#include <string>

#include "mlir/IR/Operation.h"

namespace graphc {

enum class Place {
  view,       ///< another name of memory: reshape, identity, ...
  cluster,    ///< a kernel
  library,    ///< a oneDNN primitive: products, softmax, recurrent primitives
  recurrence, ///< graph.static_rnn, a kernel of its own
  control,    ///< loops and branches, programs of their own
  update,     ///< reads and updates of variables
  host,       ///< the reference implementation: no kernel, no primitive
  structure,  ///< feed, fetch, constant, no_op, yield
};

/// Why `op` alone can be no kernel; empty where it can.
std::string whyNoKernelOf(mlir::Operation *op);

/// True for ops that make elements out of other places of their operands, or of nothing: cheaper to
/// make where they are used than to write to memory.
bool isClusterEntry(mlir::Operation *op);

/// True for an add_n of so many tensors that its kernel has no room for other ops.
bool isLargeSum(mlir::Operation *op);

/// A new graph.cluster, in no block yet, of ops that are in one block and in program order: they
/// move into its body. Values that others use are its outputs.
mlir::Operation *makeCluster(llvm::ArrayRef<mlir::Operation *> ops);

/// True for reads and updates of variables and for clusters of updates.
bool touchesVariables(mlir::Operation *op);

/// The place of an op that stands in a program's block (see isProgramBlock).
Place placeOf(mlir::Operation *op);

} // namespace graphc
