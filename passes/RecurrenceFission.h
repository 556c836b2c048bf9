// Takes recurrences apart: one for each group of states that feed back into each other.
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

struct Fission {
  /// What is left of the recurrence, in order: each has one group of states, or none.
  llvm::SmallVector<mlir::Operation *> parts;
  unsigned numSplit = 0;
};

/// What lies between the groups moves out, computed for all steps at once. Products that are summed
/// with a product of the state stay in the body, since a recurrent primitive computes both.
Fission splitRecurrence(mlir::Operation *recurrence);

} // namespace graphc
