// Kernels of clusters: which loop nests compute a body's outputs, and how the kernel's extent is
// shared out among them.
#pragma once

#include <optional>
#include <vector>

#include "passes/kernels/KernelGenerator.h"
#include "passes/kernels/LoopDomain.h"

namespace graphc {

/// A value that the body yields, and the kernel's buffers that receive it.
struct KernelOutput {
  mlir::Value value;
  llvm::SmallVector<unsigned, 1> buffers;
};

/// One loop nest: everything that is computed in the same loops.
struct KernelNest {
  enum Kind : std::uint8_t {
    elements, ///< each element of the outputs by itself
    columns,  ///< a reduction into rows of the output that stay in memory
    scatter,  ///< unsorted_segment_sum, likewise
    update,   ///< an op that changes a variable in place
  };
  KernelNest(Kind kind, mlir::Operation *op, LoopDomain domain)
      : kind(kind), op(op), domain(std::move(domain)) {}

  Kind kind;
  mlir::Operation *op; ///< null for elements
  llvm::SmallVector<KernelOutput> outputs;
  LoopDomain domain;
  llvm::SmallVector<unsigned> order; ///< elements and updates: the domain's loops, outermost first
  /// The loop that threads share, if any: its extent is the nest's.
  std::optional<unsigned> parallelLoop;
  std::int64_t extent = 1;
  double cost = 1;             ///< of all of it, in units of a vectorised addition
  bool gathers = false;        ///< some element needs a loop of its own
  std::int64_t firstState = 0; ///< of an update: its variable's block argument

  // Its part of the kernel's extent: step i is done by whoever has offset + i * weight.
  std::int64_t offset = 0, weight = 1;
};

struct ClusterPlan {
  std::vector<KernelNest> nests;
  llvm::DenseMap<mlir::Operation *, std::int64_t> scratch; ///< offsets of rows, by op
  KernelShape shape;
};

/// What stands in the way of a kernel; empty if nothing does.
std::string whyNoClusterKernel(mlir::Block &body);
/// Requires that nothing does.
ClusterPlan planCluster(mlir::Block &body);
void emitCluster(llvm::StringRef name, mlir::Block &body, const ClusterPlan &plan,
                 mlir::ModuleOp module);

/// apply_* and assign*: ops that have their variable and slots as block arguments.
bool updatesVariable(mlir::Operation *op);
/// The variable and its slots.
unsigned numStateBuffers(mlir::Operation *op);
/// The operand that has the variable's shape: the gradient or the assigned value.
mlir::Value updateOperand(mlir::Operation *op);

class ElementEmitter;
/// The update of the element at `offset` of the state buffers from `firstState` on; `index` is that
/// element's. Returns the variable's new value.
mlir::Value emitUpdate(ElementEmitter &emitter, mlir::Operation *op, unsigned firstState,
                       llvm::ArrayRef<struct ValuePart> index);

} // namespace graphc
