// Who reads and writes the variables of a program, and which value of a variable a tensor is.
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace graphc {

/// assign, assign_add or assign_sub.
bool isAssignment(mlir::Operation *op);
/// The variable that the op reads or writes; null where it names none.
mlir::FlatSymbolRefAttr variableOf(mlir::Operation *op);

/// Who reads and writes the variables of a program, in its order.
class VariableUses {
public:
  explicit VariableUses(mlir::Block &program);

  /// Ops that name the variable, as their own or as a slot.
  llvm::ArrayRef<mlir::Operation *> of(mlir::Attribute variable) const;
  /// The assignment that gives a variable this value: by its result, by what it assigns, or by a
  /// read after it. Null where there is none.
  mlir::Operation *assignmentOf(mlir::Value value) const;
  /// True where `value` is what the assignment's variable holds right before it.
  bool isBefore(mlir::Value value, mlir::Operation *assignment) const;

  void add(mlir::Operation *op);
  void remove(mlir::Operation *op);

private:
  mlir::Operation *lastWriteBefore(mlir::Operation *op, mlir::Attribute variable) const;
  llvm::DenseMap<mlir::Attribute, llvm::SmallVector<mlir::Operation *>> uses_;
};

} // namespace graphc
