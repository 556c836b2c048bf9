// Writes the code of a RecurrencePlan: one function that carries each tile through all steps.
//
// With one window (lanes == 1) a tile's scratch has the layout of the row itself, and vectors run
// along the features instead of the windows (RecurrenceOneWindow.cpp).
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "passes/kernels/KernelFunction.h"
#include "passes/kernels/RandomEmission.h"
#include "passes/kernels/RecurrencePlan.h"

namespace graphc::recurrence {

/// An index that is a constant.
std::optional<std::int64_t> knownIndex(mlir::Value index);

class RecurrenceEmitter {
public:
  RecurrenceEmitter(llvm::StringRef name, const RecurrencePlan &plan, mlir::Location loc,
                    mlir::ModuleOp module)
      : plan_(plan), function_(name, plan.numKernelBuffers, loc, module),
        builder_(function_.builder()), loc_(loc) {}

  void emit();

private:
  using Value = mlir::Value;
  /// A place in a loop over features: one feature, or `width` of them from `index` on (lanes == 1),
  /// of which the last may lie behind the features.
  struct Point {
    Value index;
    std::int64_t width = 1;
  };

  // Small pieces.
  Value constant(std::int64_t value) { return function_.constant(value); }
  Value add(Value a, Value b);
  Value add(Value a, std::int64_t b);
  Value multiply(Value a, std::int64_t b);
  Value minimum(Value a, Value b);
  Value less(Value a, Value b);
  Value mapIndex(const FeatureMap &map, Value feature);
  Value sum(Value a, Value b); ///< of floats or integers
  /// The value in `type`'s shape; a vector as it is.
  Value spread(Value value, mlir::Type type);
  /// for (i = begin; i < end; i += step) body(i)
  void loop(std::int64_t begin, std::int64_t end, std::int64_t step,
            llvm::function_ref<void(Value)> body);
  void loop(Value begin, Value end, std::int64_t step, llvm::function_ref<void(Value)> body);
  /// The same with values that go from one iteration to the next.
  llvm::SmallVector<Value>
  fold(std::int64_t begin, std::int64_t end, llvm::ArrayRef<Value> initial,
       llvm::function_ref<llvm::SmallVector<Value>(Value, mlir::ValueRange)> body);
  void onlyIf(Value condition, llvm::function_ref<void()> body);

  // Scratch and memory.
  bool inLanes() const { return plan_.lanes > 1; }
  mlir::Type tileType(mlir::Type element, std::int64_t width) const;
  Value pointer(int buffer);
  /// Feature `index` (and, with one lane, those after it) of a buffer of lanes.
  Value loadTile(int buffer, Value index, std::int64_t width);
  void storeTile(Value value, int buffer, Value index, std::int64_t width);
  /// With one window `width` elements, of which `count` are there: by default those before the
  /// source's end.
  Value loadSource(int source, Value index, std::int64_t width = 1, std::int64_t count = -1);
  void copySegments(const Segments &from, int to);

  // Rows of memory to and from lanes (RecurrenceTransfer.cpp).
  /// `rowOffsets(r)`: the element at which window r's row starts.
  void loadRows(const RowTransfer &transfer);
  void prefetchNext(const RowTransfer &transfer);
  /// Settles where this step's part of each sequence in tile layout lies. Past the end of a tile
  /// none is read.
  void locateTiled(bool ended = false);
  /// Asks for `bytes` from an element of one of the kernel's buffers on, which the next step reads:
  /// while a product of this step is computed, if there is one.
  void prefetch(unsigned kernelBuffer, Value element, mlir::Type type, std::int64_t bytes);
  /// The part of what is asked for during `stage` that falls to block `number` of `blocks`.
  void emitPrefetches(const Stage &stage, Value number, std::int64_t blocks);
  void prefetchLines(Value base, Value first, std::int64_t count);
  void storeRows(const RowTransfer &transfer);
  void loadCapture(const BatchCapture &capture);
  Value rowStart(const RowTransfer &transfer, Value row);
  /// The segment's features of every lane in turn: store(lane, first feature, vector of features).
  void transposeToRows(const Segment &segment,
                       llvm::function_ref<void(Value lane, Value feature, Value vector)> store);
  llvm::SmallVector<Value> transposeBlock(llvm::SmallVector<Value> rows);
  Value clampedRow(std::int64_t lane);

  // One window (RecurrenceOneWindow.cpp).
  /// body(index, width, how many of these are below `count`): all vectors of `count` features.
  void forVectors(std::int64_t count,
                  llvm::function_ref<void(Value, std::int64_t, std::int64_t)> body);
  Value loadVector(int buffer, Value index, std::int64_t width);
  void storeVector(Value value, int buffer, Value index, std::int64_t width);
  /// What the step has stored there, out of registers; null where it is not in them.
  Value storedVector(int buffer, std::int64_t index, std::int64_t width);
  void copyRow(const RowTransfer &transfer, bool load);
  void copyToRow(const Segments &from, int to);
  void packRows(const Product &product);
  void emitRowProduct(const Stage &stage);
  /// `vectors` vectors of columns from `first` on.
  void emitRowColumns(const Stage &stage, Value first, std::int64_t vectors);
  /// Stores to scratch that nothing loads from are taken away.
  void eraseUnread();
  int ownerOf(int buffer) const; ///< of the memory it is in
  /// Which parts of a product's left operand are there earlier: those of a lower rank.
  int readyRank(const Segment &segment) const;

  // Values (RecurrenceValues.cpp).
  Value evaluate(const Operand &operand, Point point);
  Value evaluateInline(Value value, Value index, std::int64_t width);
  Value evaluateOp(Value value, Point point);
  Value evaluatePad(Value value, Point point);
  Value constantScalar(Value value);
  /// `evaluate` for a single element without a batch: of lane 0.
  Value evaluateScalar(Value value, const FeatureMap &map, Value index);

  // Stages (RecurrenceLoops.cpp).
  void emitStage(const Stage &stage);
  void emitRegion(const Stage &stage);
  /// A loop over the region's features; in vectors of them where there is one window.
  void forFeatures(const Stage &stage, llvm::function_ref<void(Point)> body);
  /// Before all tiles: the copies that Product::packed asks for.
  void packWeights();
  void emitProduct(const Stage &stage);
  /// The sums of `count` columns from `first` on.
  void emitColumns(const Stage &stage, Value first, std::int64_t count);
  /// A sum of columns from `column` on becomes the product's result there.
  void finishColumns(const Stage &stage, Value sum, Value column, std::int64_t width);
  void emitReduction(const Stage &stage);
  void emitRandom(const Stage &stage);
  void drawRandom(const Stage &stage);
  // Sums over the batch (RecurrenceBatchSums.cpp).
  void beginSums();
  /// Before all tiles: what lies behind collected rows is zero.
  void clearPadding();
  void emitBatchSums();
  void collect(const Collected &collected, Value column);
  /// Adds what `columns` collected windows give to the tile's sums.
  void addSum(const BatchSum &sum, Value columns);
  /// Rows [row, row + rows), elements [first, first + count) of each.
  void addBlock(const BatchSum &sum, Value columns, Value row, std::int64_t rows, Value first,
                std::int64_t count);
  void emitStep();
  /// The iterations of a tile in which one of its windows has not ended; outputs of the others'
  /// steps become zero.
  std::pair<Value, Value> emitEnds();
  void emitEndedStep();
  void emitUniformStates();
  void emitUniformOutputs();

  const RecurrencePlan &plan_;
  KernelFunction function_;
  mlir::OpBuilder &builder_;
  mlir::Location loc_;
  llvm::DenseMap<int, Value> pointers_, data_;
  llvm::DenseMap<mlir::Operation *, EmittedRandomKey> keys_;
  struct Prefetch {
    Value base;
    std::int64_t bytes = 0;
  };
  llvm::DenseMap<const Stage *, llvm::SmallVector<Prefetch>> prefetches_;
  Value tile_, firstRow_;         ///< the tile and its first window
  llvm::SmallVector<Value> rows_; ///< of the tile's lanes, those past the batch clamped
  Value iteration_, step_;        ///< how many steps came before this one; t
  Value time_;                    ///< t of the longer recurrence that this one is a segment of
  /// Within one loop body: values at an index.
  llvm::DenseMap<std::pair<Value, Value>, Value> memo_;
  /// With one window, by owner of the memory: what this step has stored, by first feature.
  llvm::DenseMap<int, std::map<std::int64_t, Value>> stored_;
  mlir::Block *stepBlock_ = nullptr; ///< where such values are for all that follows in the step
  const Stage *region_ = nullptr;
  Value apart_;              ///< the Apart value that is being computed
  bool recomputing_ = false; ///< inside a value that Operand::recomputed asks for
};

} // namespace graphc::recurrence
