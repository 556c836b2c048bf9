// Which tensors of a program can share memory: views of others, rows replaced, reads of variables,
// assignments, fetched tensors. What LowerToPlan must know before it writes the first step.
#pragma once

#include <cstdint>
#include <optional>

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace graphc {

/// A tensor that is a dense part of another one's memory.
struct TensorPart {
  mlir::Value source;
  std::int64_t offset = 0; ///< elements
};

/// What `value` is a part of, looking one op back: reshapes and other renamings, slices, splits and
/// unstacks that take a contiguous piece. Types must be static.
std::optional<TensorPart> partOf(mlir::Value value);

/// Where the tensors of a graph.program may lie. Positions are the numbers of the ops in the block,
/// whose order is the order of all effects.
class TensorAliases {
public:
  explicit TensorAliases(mlir::Block &program);

  /// Follows partOf() to the end; and from a tensor with one row replaced to the tensor as it was,
  /// where that is a computed one that nothing needs any more.
  TensorPart root(mlir::Value value) const;

  /// For the result of a graph.read_variable or an assignment: true where the variable is written
  /// while that value is still needed, so that it must be copied when it is read.
  bool needsCopy(mlir::Value root) const { return copied_.contains(root); }

  /// The assignment whose variable's memory the root can be computed in, or null. Then the
  /// assignment itself has nothing left to do.
  mlir::Operation *assignedBy(mlir::Value root) const { return assigned_.lookup(root); }

  /// The fetch whose tensor the root is computed in; nothing where it is fetched by none, or only
  /// through a copy.
  std::optional<std::int64_t> fetchedAs(mlir::Value root) const {
    auto found = fetched_.find(root);
    return found == fetched_.end() ? std::nullopt : std::optional(found->second);
  }

  /// True where the program writes the variable.
  bool isWritten(mlir::Attribute variable) const { return writes_.contains(variable); }

private:
  void findUpdatedInPlace(mlir::Block &program);
  std::int64_t lastUse(mlir::Value root) const;
  bool writtenBetween(mlir::Attribute variable, std::int64_t after, std::int64_t upTo) const;
  void findHazards(mlir::Block &program);
  void findAssignedInPlace(mlir::Block &program);
  void findFetchedInPlace(mlir::Block &program);

  llvm::DenseMap<mlir::Operation *, std::int64_t> positions_;
  llvm::DenseMap<mlir::Value, TensorPart> parts_;
  llvm::DenseSet<mlir::Operation *> updated_; ///< those update_row ops
  llvm::DenseMap<mlir::Value, std::int64_t> lastUses_;
  llvm::DenseMap<mlir::Attribute, llvm::SmallVector<std::int64_t>> writes_;
  /// Positions of reads of a variable's memory, through whatever view; sorted.
  llvm::DenseMap<mlir::Attribute, llvm::SmallVector<std::int64_t>> uses_;
  llvm::DenseSet<mlir::Value> copied_;
  llvm::DenseMap<mlir::Value, mlir::Operation *> assigned_;
  llvm::DenseMap<mlir::Value, std::int64_t> fetched_;
};

} // namespace graphc
