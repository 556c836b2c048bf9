// One kernel for a whole recurrence: graph.static_rnn, forward or backward, whatever its body's
// cell is. Batches of windows lie in the lanes of vectors, and one thread carries its windows
// through all steps (see RecurrencePlan.h).
#pragma once

#include "passes/kernels/KernelGenerator.h"

namespace graphc {

// As whyNoKernel(), kernelShape() and generateKernel(), for bodies of one graph.static_rnn and the
// graph.yield of its results. The extent is the number of tiles of windows.

/// "matmul of two batched values", "reduce_sum over the batch": what the body has and a kernel
/// cannot do; such a recurrence runs as separate steps.
std::string whyNoRecurrenceKernel(mlir::Block &body);
mlir::FailureOr<KernelShape> recurrenceKernelShape(mlir::Block &body);
mlir::LogicalResult generateRecurrenceKernel(llvm::StringRef name, mlir::Block &body,
                                             mlir::ModuleOp module);

} // namespace graphc
