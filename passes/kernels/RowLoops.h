// Loops inside an element: over the axes that a reduction or a softmax gathers.
#pragma once

#include "passes/kernels/ElementEmitter.h"

namespace graphc {

class RowLoops {
public:
  /// Loops over the axes d of `shape` with `inner[d]`. The other axes have the index `outer`, whose
  /// parts of inner axes are single ones and do not matter. `roots`, tensors of that shape, are
  /// what the loops' bodies look at.
  RowLoops(ElementEmitter &emitter, Extents shape, llvm::ArrayRef<bool> inner,
           const ElementIndex &outer, llvm::ArrayRef<mlir::Value> roots);

  /// Elements that the loops visit.
  std::int64_t count() const { return count_; }

  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(const ElementIndex &index,
                                                                 mlir::ValueRange carried)>;
  /// Visits them in row-major order; what `body` gives is carried to the next element.
  llvm::SmallVector<mlir::Value> fold(mlir::Location loc, mlir::ValueRange initial, Body body);

private:
  ElementIndex indexAt(llvm::ArrayRef<mlir::Value> counters) const;

  ElementEmitter &emitter_;
  llvm::SmallVector<std::int64_t> shape_;
  ElementIndex outer_;
  LoopDomain domain_;
  std::int64_t count_ = 1;
};

/// A sum or product whose order does not matter: the only arithmetic of kernels that LLVM may
/// reassociate, so that it can keep several partial results in vectors.
mlir::Value accumulateSum(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value total,
                          mlir::Value value);

/// How the elements that a reduction gathers are combined; shared by loops over rows and columns.
class Reduction {
public:
  Reduction(ElementEmitter &emitter, mlir::Operation *op);

  /// The type that totals have: wider than the elements for means of integers.
  mlir::Type totalType() const { return totalType_; }
  mlir::Value initial() const;
  mlir::Value combine(mlir::Value total, mlir::Value element) const;
  /// Of two totals.
  mlir::Value merge(mlir::Value a, mlir::Value b) const;
  /// The result, given how many elements there were.
  mlir::Value finish(mlir::Value total, std::int64_t count) const;

private:
  ElementEmitter &emitter_;
  mlir::Operation *op_;
  llvm::StringRef name_;
  bool isUnsigned_;
  mlir::Type elementType_, totalType_;
};

} // namespace graphc
