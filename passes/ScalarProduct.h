// Scalars that formulas are made of, and products of them and of tensors.
#pragma once

#include <functional>
#include <optional>

#include "ir/GraphBuilder.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

/// A scalar that is computed where it is needed.
using MakeScalar = std::function<mlir::Value(GraphBuilder &)>;

/// A scalar that is there already.
MakeScalar given(mlir::Value value);
/// A constant of `like`'s dtype.
MakeScalar number(double value, mlir::Value like);
/// 1 - value.
MakeScalar complementOf(mlir::Value value);

/// The number where `value` is a constant scalar of a floating-point dtype.
std::optional<double> constantScalar(mlir::Value value);
/// True where the two add up to one: by an op, or as constants within the rounding of their dtype.
bool addUpToOne(mlir::Value a, mlir::Value b);

/// above * roots of roots_above / (below * roots of roots_below).
struct Product {
  bool negative = false;
  llvm::SmallVector<mlir::Value> above, below, roots_above, roots_below;

  bool isScalar() const;
  /// Of scalars: divides by `other`'s value.
  void divide(const Product &other);
  /// Of scalars: the value, of `like`'s dtype.
  mlir::Value make(GraphBuilder &graph, mlir::Value like) const;
};

/// Takes the first value out that fulfils `is`; null where none does.
mlir::Value take(llvm::SmallVectorImpl<mlir::Value> &values,
                 llvm::function_ref<bool(mlir::Value)> is);

} // namespace graphc
