// Which loops a kernel's outputs are best computed by: axes merged into one loop where every tensor
// involved is walked through contiguously, loops cut where a concatenation changes its source, an
// axis taken apart where a reshape needs its factors.
#pragma once

#include "passes/kernels/IndexMaps.h"

namespace graphc {

class LoopDomain {
public:
  struct Loop {
    std::int64_t extent = 1;
    unsigned kind = 0;
    /// Where the loop is cut into pieces: 0, ..., extent.
    llvm::SmallVector<std::int64_t> cuts;
  };
  /// Axes of a tensor whose linear index is that of the loops [firstLoop, lastLoop); no loops for
  /// axes of extent 1.
  struct AxisGroup {
    unsigned axes, firstLoop, lastLoop;
  };

  /// Loops over the elements of a tensor of extents `shape`, at which the elements of `roots` are
  /// computed. Without its ones a root's shape is the start of `shape`. Axes of different `kinds`
  /// (one for each axis; empty: all alike) share no loop.
  LoopDomain(Extents shape, llvm::ArrayRef<unsigned> kinds, llvm::ArrayRef<mlir::Value> roots);

  /// In row-major order; none for a scalar.
  llvm::ArrayRef<Loop> loops() const { return loops_; }
  /// How a tensor of the domain's shape, or a root, is indexed by the loops.
  llvm::SmallVector<AxisGroup> groupsOf(Extents shape) const;
  /// The number of loops that run through a tensor of this shape.
  unsigned loopsOf(Extents shape) const;

private:
  struct Dim {
    std::int64_t extent;
    unsigned axis; ///< the number of its axis among those of the shape that are not 1
    unsigned loop = 0;
  };
  llvm::SmallVector<Dim> dims_;
  llvm::SmallVector<Loop> loops_;
};

} // namespace graphc
