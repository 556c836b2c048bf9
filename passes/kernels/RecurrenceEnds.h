// Steps past the ends of sequences, which TensorFlow's recurrences copy states through.
//
// With lengths a body yields `where(t >= lengths, old, new)` for each state and zeros for outputs;
// in its gradient all that arrives at such a step goes on to the step before. Once all windows of a
// tile have ended, the step has nothing left to compute.
#pragma once

#include <cstdint>
#include <optional>

#include "mlir/IR/Operation.h"

namespace graphc {

/// Attribute of a graph.static_rnn that becomes a kernel: the number of its operand, int32
/// [window], that says how many steps each window has. A tile leaves out the steps past its longest
/// window. Given beforehand it stays as it is; a negative number is for none.
inline constexpr llvm::StringLiteral kSequenceLengths = "sequence_lengths";

/// The number that the attribute gives; nothing where it is not there or says none.
std::optional<std::int64_t> sequenceLengths(mlir::Operation *rnn);

/// Sets the attribute where it changes nothing that is seen: past the end states stay as they are,
/// and outputs are zero or read by nothing but recurrences that have ended by then, too.
void findSequenceLengths(mlir::Operation *rnn);

} // namespace graphc
