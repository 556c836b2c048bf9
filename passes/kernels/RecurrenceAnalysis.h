// Finds out how the body of a graph.static_rnn can be computed tile by tile, or why it cannot.
#pragma once

#include <string>

#include "mlir/IR/Block.h"
#include "passes/kernels/RecurrencePlan.h"
#include "passes/kernels/RecurrenceSums.h"
#include "passes/kernels/RecurrenceTiling.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace graphc::recurrence {

class RecurrenceAnalysis {
public:
  /// `kernelBody`: one graph.static_rnn of block arguments, and a graph.yield of its results.
  RecurrenceAnalysis(mlir::Block &kernelBody, RecurrencePlan &plan)
      : kernelBody_(kernelBody), plan_(plan) {}

  /// Fills the plan. Empty, or a phrase that says what has no kernel.
  std::string run();

private:
  using Extents = llvm::ArrayRef<std::int64_t>;

  // The frame: what comes in, what goes out, what is needed at all.
  bool readFrame();
  bool chooseTiling();
  void findLive();
  void findSums();
  bool addArguments();
  bool addYields();
  bool isTiled(llvm::StringRef attribute, unsigned number) const;
  bool addOutput(mlir::Value value, unsigned result);
  bool addTiledOutput(mlir::Value value, unsigned result);
  bool addNewState(mlir::Value value, unsigned state);
  /// A state that only sums over the batch of each step.
  bool addSummedState(const StateSum &sum, unsigned state);
  int collect(mlir::Value value, bool transposed);

  // Ops (RecurrenceOps.cpp).
  bool visit(mlir::Operation &op);
  bool visitElementwise(mlir::Operation &op);
  bool visitConstant(mlir::Operation &op);

  // Ops that move elements (RecurrenceViews.cpp).
  bool visitReshape(mlir::Operation &op);
  bool visitViewOp(mlir::Operation &op);
  bool visitTile(mlir::Operation &op);
  bool visitConcat(mlir::Operation &op);
  bool visitPad(mlir::Operation &op);
  bool visitStridedSliceGradient(mlir::Operation &op);

  // Ops that are stages of their own (RecurrenceStages.cpp).
  bool visitProduct(mlir::Operation &op);
  void pack(Product &product);
  bool visitReduction(mlir::Operation &op);
  bool visitRandom(mlir::Operation &op);

  /// A result that takes, along each of its axes, every `step`-th index of one axis of the operand
  /// (or the same one again and again: axis -1 or step 0), from `begin` on in each operand axis.
  struct ViewAxis {
    int axis = -1;
    std::int64_t step = 1;
  };
  struct View {
    llvm::SmallVector<std::int64_t> begin;
    llvm::SmallVector<ViewAxis> axes;
  };
  bool addView(mlir::Value operand, mlir::Value result, const View &view);
  bool addPadded(mlir::Value result, mlir::Value operand, llvm::SmallVector<PadAxis, 2> axes);
  /// `result` computed in a loop over its features from `operands`.
  bool addComputed(mlir::Value result, llvm::ArrayRef<mlir::Value> operands);
  bool addRegionValue(mlir::Value result, bool hasBatch, llvm::SmallVector<Operand, 2> operands);
  void addInline(mlir::Value result, bool rowsEqual);
  void addStageResult(mlir::Value result, bool hasBatch, int level, int buffer);

  /// How a result of `extents` reads `value`, broadcasting.
  bool makeOperand(mlir::Value value, Extents extents, bool hasBatch, Operand &operand);
  Operand captureOperand(mlir::Value value, Extents featureExtents);
  bool isBatchMemory(const ValueInfo &info, std::size_t rank) const;
  /// The first level at which a loop over `features` can read the operand.
  int levelFor(const Operand &operand, std::int64_t features);
  /// True where parts of a region's value are better computed where they are used than stored.
  bool isRecomputable(mlir::Value value);
  void addRecomputedReads(Stage &stage, mlir::Value value);
  /// Adds what `stage` reads to its list; operands must be ready at its level.
  void addRead(Stage &stage, const Operand &operand);

  // Places.
  int addBuffer(mlir::Type element, std::int64_t features, bool uniform = false);
  /// Where the value lies; gives it a place if it has none yet.
  Segments locate(mlir::Value value);
  /// One piece of scratch with all features of the value.
  Segment locateWhole(mlir::Value value);
  /// An inline or memory value as lanes, with or without a batch.
  bool locateUniform(mlir::Value value, Extents extents, bool hasBatch, Segments &segments);
  /// The same for any value.
  bool locateAs(mlir::Value value, Extents extents, bool hasBatch, Segments &segments);
  int readyOf(const Segments &segments) const;
  std::size_t regionAt(int level, std::int64_t features);
  void orderStages();
  /// Gives the dear values of long loops loops of their own.
  void splitRegions();
  /// The values that the region's loop computes for `value`, operands first.
  void listRegion(const Stage &stage, mlir::Value value, llvm::SetVector<mlir::Value> &values);

  // Where they lie (RecurrencePlacement.cpp).
  void placeTiledOutputs();
  void placeStates();
  void assignOffsets();

  ValueInfo &info(mlir::Value value) { return plan_.values[value]; }
  bool isTile(mlir::Value value) { return info(value).kind == ValueInfo::Kind::Tile; }
  bool fail(const llvm::Twine &why);

  mlir::Block &kernelBody_;
  RecurrencePlan &plan_;
  std::string why_;

  mlir::Operation *rnn_ = nullptr;
  mlir::Block *body_ = nullptr;
  unsigned numSequences_ = 0, numStates_ = 0, numCaptured_ = 0, numOutputs_ = 0;
  llvm::SmallVector<llvm::SmallVector<unsigned, 1>> resultBuffers_; ///< by result of the recurrence
  llvm::DenseSet<mlir::Operation *> liveOps_;
  llvm::DenseSet<mlir::Value> liveArguments_;
  llvm::SmallVector<bool> liveStates_;
  llvm::SmallVector<std::optional<StateSum>> stateSums_; ///< by state
  llvm::DenseSet<mlir::Operation *> summing_;            ///< their ops
  llvm::SmallVector<int> stateBuffers_;                  ///< by state; -1 for those without batch
  llvm::DenseMap<std::pair<int, std::int64_t>, std::size_t> regions_;
  llvm::DenseMap<mlir::Value, int> captureOf_;
  llvm::DenseMap<std::pair<mlir::Value, int>, int> collectedOf_;
  llvm::DenseMap<std::pair<mlir::Value, std::int64_t>, int> uniformLanes_;
  llvm::SmallVector<int> readyAt_; ///< by buffer: the level from which on it can be read
};

/// Extents of a statically shaped tensor type.
llvm::ArrayRef<std::int64_t> extentsOf(mlir::Value value);
mlir::Type elementOf(mlir::Value value);
llvm::SmallVector<std::int64_t> rowMajorStrides(llvm::ArrayRef<std::int64_t> extents);
std::int64_t product(llvm::ArrayRef<std::int64_t> extents);

} // namespace graphc::recurrence
