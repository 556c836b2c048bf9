// Recognises the math of the cells that oneDNN has primitives for in the body of a recurrence.
#pragma once

#include <string>

#include "mlir/IR/Value.h"
#include "passes/Recurrence.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

/// The part of a gate's argument that comes from one tensor: `left` times the rows
/// [row, row + height) and the columns [column, column + width) of `weights`.
struct GateProduct {
  mlir::Value left;
  mlir::Value weights; ///< [rows, columns], or [columns, rows] where transposed
  bool transposed = false;
  std::int64_t row = 0, height = 0, column = 0, width = 0;
};
/// A vector, of which the elements [begin, begin + width) are added, or a scalar.
struct GateBias {
  mlir::Value value;
  std::int64_t begin = 0, width = 0;
};
/// sum of products + sum of biases.
struct GateArgument {
  llvm::SmallVector<GateProduct> products;
  llvm::SmallVector<GateBias> biases;
};

struct MatchedCell {
  enum Kind { lstm, gru, vanilla_rnn } kind = lstm;
  /// In oneDNN's order: i, f, c~, o; u, r, o; or the only one.
  llvm::SmallVector<GateArgument> gates;
  unsigned hidden = 0;    ///< the number of the state that the cell gives out
  unsigned cell = 0;      ///< of an LSTM, that of its memory
  std::string activation; ///< of a vanilla RNN
};

/// The cell, or in `why` the reason why it is none of them.
std::optional<MatchedCell> matchCell(const Recurrence &recurrence, std::string &why);

} // namespace graphc
