// How a recurrence's windows are shared out over tiles, and sequences that stay in tiles.
//
// A sequence that only travels from one recurrence to others (from forward to backward, above all)
// need not be a tensor [step, window, feature]: in tile layout, [tile][step][feature][lane], a tile
// reads and writes one stream of whole vectors and transposes nothing.
#pragma once

#include <cstdint>

#include "mlir/IR/Operation.h"

namespace graphc {

struct RecurrenceTiling {
  std::int64_t batch = 0; ///< windows; 0 where the recurrence has none
  std::int64_t lanes = 1; ///< windows of a tile

  std::int64_t tiles() const { return (batch + lanes - 1) / lanes; }
};

/// Of a graph.static_rnn of known extents. The attribute `tile_windows` of the op overrules how
/// many windows a full tile has: 1, 2, 4, 8, 16 or 32.
RecurrenceTiling tilingOf(mlir::Operation *rnn);
inline constexpr llvm::StringLiteral kTileWindows = "tile_windows";

/// Writes the tiling down in `tile_windows`, of this recurrence and of those that read its results:
/// between equal tiles a sequence can stay in tile layout, and what the plan says holds wherever it
/// is read back in.
void settleTiling(mlir::Operation *rnn);

/// Whether the matrices that the body multiplies by are small enough to stay in a core's own cache
/// while a tile goes through all steps. Then products are best made in the body, inputs' and weight
/// gradients' too; otherwise those that can are best made for all steps at once. The attribute
/// `cached_weights` of the op overrules the estimate.
bool keepsWeightsCached(mlir::Operation *rnn);
inline constexpr llvm::StringLiteral kCachedWeights = "cached_weights";

/// Attributes of a graph.static_rnn that becomes a kernel: which of its sequences and outputs, by
/// number, are in tile layout.
inline constexpr llvm::StringLiteral kTiledSequences = "tiled_sequences";
inline constexpr llvm::StringLiteral kTiledOutputs = "tiled_outputs";

/// Marks the outputs of `rnn` that can be in tile layout, and the sequences that they are to the
/// recurrences which read them.
void chooseTiledOutputs(mlir::Operation *rnn);

/// Bytes of a sequence (a tensor [step, window, ...]) in tile layout.
std::int64_t tiledBytes(const RecurrenceTiling &tiling, mlir::Value sequence);

} // namespace graphc
