// States of a recurrence that only add up what each step sums over the batch: gradients of weights.
//
// In terms of the whole batch such a state is one matrix that all windows change. A kernel gives
// each tile a matrix of its own instead, and the tiles' matrices are added up after it.
#pragma once

#include <optional>

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

struct StateSum {
  /// Each a matmul of a transposed left operand, or a reduce_sum over axis 0 alone; of one window
  /// also the reshape that drops axis 0.
  llvm::SmallVector<mlir::Operation *, 2> terms;
  /// The sums and renames between the terms and the new state.
  llvm::SmallVector<mlir::Operation *, 2> links;
};

/// What state `state` of the graph.static_rnn adds up, if it does nothing else.
std::optional<StateSum> matchStateSum(mlir::Operation *rnn, unsigned state);

} // namespace graphc
