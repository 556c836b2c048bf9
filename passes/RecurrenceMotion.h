// Moving ops out of the bodies of recurrences; shared by the passes that do.
#pragma once

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace graphc {

/// What the values of a recurrence's body depend on.
class BodyDependence {
public:
  explicit BodyDependence(mlir::Operation *recurrence);

  enum Kind {
    invariant, ///< captured values and constants: the same at every step
    sequence,  ///< differs from step to step, but needs no state: sequences, random numbers
    state,     ///< depends on a state
  };
  Kind of(mlir::Value value) const { return kinds_.lookup(value); }
  Kind of(mlir::Operation *op) const;

private:
  llvm::DenseMap<mlir::Value, Kind> kinds_;
};

/// Moves ops that depend on captured values only in front of the recurrence; gives their number.
unsigned hoistLoopInvariants(mlir::Operation *recurrence);

/// Why `op`, in a body, cannot be computed for all steps at once; empty where it can.
/// `varies` says which operands differ from step to step.
std::string whyNotOverTime(mlir::Operation *op, llvm::function_ref<bool(mlir::Value)> varies);

/// Computes `op` of a body for all steps at once, at `builder`'s place: operands that vary are
/// mapped to their values with the time axis in front, others to themselves outside. Maps the
/// results to their values over time. Requires that whyNotOverTime() is empty.
void writeOverTime(mlir::OpBuilder &builder, mlir::Operation *op, std::int64_t steps,
                   llvm::function_ref<bool(mlir::Value)> varies, mlir::IRMapping &overTime);

/// Moves `ops` of the body, in their order, in front of the recurrence, computed for all steps at
/// once; what stays behind sees their results as sequences. All operands of `ops` that vary are
/// results of others or slices. The op may be made anew.
void moveOverTime(mlir::Operation *&recurrence, llvm::ArrayRef<mlir::Operation *> ops);

/// Takes away outputs, states, sequences and captured values without a use, and merges captured
/// values that are the same. The op may be made anew. True where anything changed.
bool dropUnusedPorts(mlir::Operation *&recurrence);

} // namespace graphc
