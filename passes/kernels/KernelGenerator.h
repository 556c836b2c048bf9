// Makes machine-level functions of cluster bodies: blocks of graph ops on static shapes that end in
// graph.yield.
#pragma once

#include <cstdint>
#include <string>

#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinOps.h"

namespace graphc {

/// How the executor calls a kernel.
struct KernelShape {
  std::int64_t extent = 1;       ///< what the executor splits over threads: [0, extent)
  std::int64_t grain = 1;        ///< the least piece of `extent` that is worth a thread
  std::int64_t scratchBytes = 0; ///< memory that each call (each piece) needs for itself
};

// A body is a block whose arguments are the kernel's inputs. It is a cluster of plain graph ops,
// exactly one graph.static_rnn (see RecurrenceKernel.h) or exactly one graph.pooled_conv2d or
// gradient of it (see PooledConvolution.h), and ends in graph.yield.
//
// The kernel's buffers (runtime/KernelAbi.h) are the block's arguments in order, then the yielded
// values in order. Bools are one byte each, 0 or 1. An output never shares memory with another
// buffer; inputs may share memory with each other.
//
// A random op with this attribute counts its rows from the step that the call gives
// (GraphcRunContext::step), in place of an attribute `step` of its own. So do those in the body of
// a graph.static_rnn with this attribute, and its step_index: step 0 is the one that the call
// gives.
inline constexpr llvm::StringLiteral kStepOfCall = "step_of_call";

// Ops that update variables (apply_*, assign*) have their variable's buffer, then the buffers of
// their slots in the order of the op's attributes, as block arguments: those of all such ops of the
// body, in the order of the ops, are the block's last arguments. They are updated in place, share
// memory with no other buffer, and nothing else in the body uses them. For a body of one apply op
// this means: operands, variable, slots.

/// Why no kernel can be made of `body`, as a phrase ("qr has no kernel"); empty where one can.
std::string whyNoKernel(mlir::Block &body);

/// Requires that whyNoKernel(body) is empty; fails with an error at the block's parent otherwise.
mlir::FailureOr<KernelShape> kernelShape(mlir::Block &body);

/// Adds `llvm.func @name` with the ABI of runtime/KernelAbi.h to `module`. What is in the function
/// is a mixture of llvm, scf, arith, math and vector ops until lowerKernels() has run. [begin, end)
/// may be any part of [0, extent), an empty one too: disjoint parts write disjoint elements, and
/// the bits written do not depend on how the extent was split.
mlir::LogicalResult generateKernel(llvm::StringRef name, mlir::Block &body, mlir::ModuleOp module);

/// Lowers what generateKernel() left in the llvm.func ops of `module` to pure LLVM dialect: once
/// for all kernels of a module, as the conversion has costs of its own. Leaves other ops alone.
mlir::LogicalResult lowerKernels(mlir::ModuleOp module);

} // namespace graphc
