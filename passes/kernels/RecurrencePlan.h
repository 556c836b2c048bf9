// How the body of a graph.static_rnn is computed for one tile of windows: what RecurrenceAnalysis
// finds out and RecurrenceEmitter writes down as code.
//
// A tile is `lanes` windows. A value of the body that differs between windows lies in scratch
// feature-major: feature f of all windows of the tile is one vector. Concat, split and slice along
// features are then offsets, an elementwise op is a vector op, and a matrix product is a sum of
// vectors times broadcast weights.
#pragma once

#include <string>
#include <vector>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc::recurrence {

/// Memory in scratch: `features` vectors of `lanes` elements, or plain elements where `uniform`.
struct TileBuffer {
  mlir::Type element;
  std::int64_t features = 0;
  bool uniform = false;
  /// Lies in that buffer of the kernel, in tile layout, instead of in scratch.
  int kernelBuffer = -1;
  /// Lives through all steps; others only from position `first` to `last` within a step.
  bool persistent = false;
  int first = -1, last = -1;
  /// Takes the memory of that buffer instead of its own.
  int sharedWith = -1;
  std::int64_t offset = 0; ///< bytes from the start of scratch
};

/// Features [begin, begin + count) of a buffer.
struct Segment {
  int buffer = 0;
  std::int64_t begin = 0, count = 0;
};
using Segments = llvm::SmallVector<Segment, 1>;

/// From a feature of a result to the element of an operand it is computed from:
/// index(f) = offset + the sum over the axes of ((f / divisor) mod extent) * stride.
struct FeatureMap {
  struct Axis {
    std::int64_t divisor = 1, extent = 1, stride = 0;
    bool outermost = false; ///< f / divisor is below extent anyhow
  };
  llvm::SmallVector<Axis, 2> axes; ///< without those of stride 0
  std::int64_t offset = 0;
  std::int64_t features = 1; ///< f is below this

  /// `strides[i]`: elements from one index of axis i of the result to the next.
  static FeatureMap of(llvm::ArrayRef<std::int64_t> resultExtents,
                       llvm::ArrayRef<std::int64_t> strides, std::int64_t offset = 0);
  std::int64_t operator()(std::int64_t feature) const;
  bool isConstant() const { return axes.empty(); }
  /// index(f) = f + offset.
  bool isShift() const;
  bool isIdentity() const { return offset == 0 && isShift(); }
};

/// A place in memory that holds the same elements for all windows.
struct Source {
  enum class Kind {
    Input,    ///< a captured value: the kernel's input `input`
    Sequence, ///< slice t of an input without batch
    Constant, ///< `constant`
    State     ///< a state without batch: scratch buffer `buffer`
  };
  Kind kind = Kind::Input;
  mlir::Type element;
  unsigned input = 0;
  std::int64_t elements = 0; ///< of one step
  mlir::DenseElementsAttr constant;
  int buffer = -1;
};

/// What is known of one SSA value of the body.
struct ValueInfo {
  enum class Kind {
    Inline, ///< the same for all windows; computed again wherever it is read
    Memory, ///< the same for all windows; read at (source, offset, strides)
    Tile    ///< one vector for each feature
  };
  Kind kind = Kind::Inline;
  /// The value that this one only gives another shape; itself otherwise.
  mlir::Value root;
  llvm::SmallVector<std::int64_t> extents; ///< all axes of the tensor
  bool hasBatch = false;                   ///< Tile: axis 0 is the batch
  /// Inline: rows (axis 0) may be taken for one another.
  bool rowsEqual = true;

  int source = -1;
  std::int64_t offset = 0;
  llvm::SmallVector<std::int64_t> strides;

  /// Levels of the earliest stages that can read the value: at the same feature index of a loop
  /// over as many features, and in any other way.
  int ready = 0, readyOther = 0;
  bool inRegion = false; ///< computed by a region; has segments only where something else reads it
  bool isView = false;   ///< concat, split, slice: segments of other values
  Segments segments;

  std::int64_t features() const {
    std::int64_t count = 1;
    for (std::int64_t extent : llvm::ArrayRef(extents).drop_front(hasBatch ? 1 : 0))
      count *= extent;
    return count;
  }
};

/// A value that has one row for each window without being computed in lanes: a captured one is
/// brought into a buffer once for each tile, one computed from captured ones at each step.
struct BatchCapture {
  int source = -1;
  mlir::Value value; ///< computed inline; null for memory
  int buffer = -1;
  std::int64_t rowStride = 0;
  FeatureMap map; ///< from the feature to the element within a row
};

/// How an op reads an operand.
struct Operand {
  mlir::Value value; ///< a root
  FeatureMap map;
  int capture = -1; ///< reads that BatchCapture instead
  /// The region's value is computed again at this index rather than stored and read.
  bool recomputed = false;
};

/// Elements outside the operand's range of an axis are the pad value.
/// Index i of the operand's axis is index before + i * step of the result's.
struct PadAxis {
  std::int64_t divisor = 1, extent = 1, before = 0, step = 1;
  std::int64_t operandExtent = 1, operandStride = 1;
};

struct Product {
  Segments left;
  std::int64_t depth = 0, columns = 0;
  int source = -1;                                            ///< of the right operand
  std::int64_t offset = 0, depthStride = 0, columnStride = 0; ///< elements
  std::int64_t block = 1; ///< columns whose sums are in registers at a time; the last are fewer
  /// A buffer with a copy of the right operand, [block][depth][column of the block], or -1. With
  /// one window [depth][column], each row in whole vectors: `packedRow` elements.
  int packed = -1;
  std::int64_t packedRow = 0;
  bool hasBias = false;
  Operand bias;
  std::string activation; ///< empty for none
  int result = -1;        ///< buffer
};

struct Reduction {
  Segment operand;
  std::int64_t results = 1, terms = 1;
  FeatureMap resultMap, termMap; ///< the operand's feature is the sum of both
  int result = -1;
};

struct Random {
  std::int64_t rows = 1;    ///< of the generator, for each window
  std::int64_t columns = 1; ///< features of a row
  int result = -1;          ///< with room for a last block of four columns
};

struct Store {
  Operand operand;
  int buffer = -1;
};

/// What a sequence in tile layout [tile][step][feature][lane] needs.
struct TiledSequence {
  int buffer = -1;
  bool read = false; ///< written otherwise
};

/// A value of a region that is computed in a loop of its own before the others', and read back.
struct Apart {
  mlir::Value value;
  llvm::SmallVector<int, 2> buffers; ///< all get it; the first is the one read
};

struct BufferRead {
  int buffer = -1;
  bool aligned = false; ///< iteration f of the stage reads nothing but feature f
};

/// One loop (nest) of a step.
struct Stage {
  enum class Kind { Random, Assemble, Region, Product, Reduction };
  Kind kind = Kind::Region;
  int level = 0;
  std::int64_t features = 0;        ///< Region: iterations
  std::vector<Store> stores;        ///< Region: what leaves the loop
  std::vector<Apart> apart;         ///< Region: in the order of computation
  bool needsScalarFeatures = false; ///< Region: has index maps beyond shifts
  mlir::Operation *op = nullptr;    ///< the others
  Product product;
  Reduction reduction;
  Random random;
  Segments pieces; ///< Assemble: copied one after the other into `assembled`
  int assembled = -1;

  llvm::SmallVector<BufferRead, 4> reads;
  llvm::SmallVector<int, 2> writes;
};

/// Something with one row of `features` elements for each window, in a buffer of the kernel.
struct RowTransfer {
  unsigned kernelBuffer = 0;
  Segments segments;
  std::int64_t features = 0;
  bool sequence = false; ///< slice t of [steps, batch, features]; otherwise [batch, features]
};

/// An output or state without batch.
struct UniformTransfer {
  llvm::SmallVector<unsigned, 1> kernelBuffers;
  mlir::Value value; ///< null for a state's final value, which is in `buffer`
  FeatureMap map;
  std::int64_t elements = 1;
  bool sequence = false;
  int buffer = -1; ///< a state's scratch
};

struct Copy {
  Segments from;
  int to = -1;
};

struct UniformState {
  unsigned input = 0;
  int buffer = -1, next = -1; ///< `next` holds the new value until all are computed
  mlir::Value value;          ///< null where the state never changes
  FeatureMap map;
  std::int64_t elements = 1;
};

/// What some steps have of a value, for sums over their windows.
struct Collected {
  Segments from;
  bool transposed = false; ///< [window][feature] instead of [feature][window]
  std::int64_t features = 0;
  /// Transposed: elements from one window to the next, whole vectors; zero behind the features.
  std::int64_t stride = 0;
  int buffer = -1;
};

/// Each step adds left' * right over its windows, or right alone, to the tile's part of a buffer.
struct BatchSum {
  int left = -1, right = -1; ///< buffers of Collected values; no left one for a plain sum
  std::int64_t rows = 1, columns = 1;
  std::int64_t stride = 0;   ///< of the right operand's rows
  unsigned kernelBuffer = 0; ///< [tile][row][column]
};

/// A state that BatchSums make: the first tile's part begins with the state's initial value.
struct SummedState {
  unsigned input = 0, kernelBuffer = 0;
  mlir::Type element;
  std::int64_t elements = 1;
};

/// With one window: the elements of a vector along the features, of whatever type, and how many
/// registers hold one of float32.
std::int64_t rowVector();
std::int64_t rowRegisters();

struct RecurrencePlan {
  std::int64_t steps = 1, batch = 1, lanes = 16;
  bool reverse = false;
  bool stepOfCall = false; ///< the call says which step of a longer recurrence step 0 is
  /// The buffer of the kernel with each window's length, int32: a tile leaves out the steps past
  /// its longest window, whose outputs are zero. -1 where all windows have all steps.
  int lengths = -1;
  unsigned numKernelBuffers = 0;

  std::vector<TileBuffer> buffers;
  std::vector<Source> sources;
  std::vector<BatchCapture> captures;
  llvm::DenseMap<mlir::Value, ValueInfo> values;
  /// What the values that regions compute, or that are computed inline, are computed from.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<Operand, 2>> operands;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<PadAxis, 2>> pads;
  /// Buffers that hold all pieces of a view one after the other.
  llvm::DenseMap<mlir::Value, int> assembled;

  std::vector<RowTransfer> initialStates, sequences, outputs, finalStates;
  std::vector<TiledSequence> tiled;
  /// Tiled outputs are too many bytes to find anything of them in a cache later: they are written
  /// past the caches, which saves reading what is there before.
  bool streamsOutputs = false;
  /// Into tiled outputs: before the stages what was there at the start of the step, after them the
  /// rest. Most tiled outputs are written by stages.
  std::vector<Copy> firstCopies, outputCopies;
  std::vector<Copy> stateCopies;
  std::vector<UniformState> uniformStates;
  std::vector<Collected> collected;
  std::vector<BatchSum> batchSums;
  std::vector<SummedState> summedStates;
  std::int64_t collectedSteps = 1; ///< how many steps are collected before they are summed
  std::vector<UniformTransfer> uniformOutputs, uniformFinals;
  std::vector<Stage> stages; ///< in the order of a step
  std::int64_t scratchBytes = 0;

  const ValueInfo &info(mlir::Value value) const { return values.find(value)->second; }
  /// With one window its features make whole vectors.
  std::int64_t bufferBytes(const TileBuffer &buffer) const;
  /// Where a tile value that has segments lies as a whole.
  Segment placeOf(mlir::Value value) const;
};

} // namespace graphc::recurrence
