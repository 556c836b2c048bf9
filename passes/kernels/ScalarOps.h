// Arithmetic on elements in registers, whatever their type: f32, f64, i32, i64, i8 (unsigned), i1.
#pragma once

#include "mlir/IR/Builders.h"

namespace graphc {

class ScalarOps {
public:
  using Value = mlir::Value;

  /// `isUnsigned`: integers are unsigned (uint8).
  ScalarOps(mlir::OpBuilder &builder, mlir::Location loc, bool isUnsigned)
      : builder_(builder), loc_(loc), isUnsigned_(isUnsigned) {}

  mlir::OpBuilder &builder() { return builder_; }
  mlir::Location location() const { return loc_; }

  Value constant(mlir::Type type, double value) const;
  /// The identity of maximum (or minimum): minus (plus) infinity, or the integer that comes
  /// closest.
  Value least(mlir::Type type) const;
  Value greatest(mlir::Type type) const;

  Value add(Value a, Value b);
  Value subtract(Value a, Value b);
  Value multiply(Value a, Value b);
  /// Toward zero for integers, whose divisor is not 0.
  Value divide(Value a, Value b);
  /// With the dividend's sign; the divisor of integers is not 0.
  Value remainder(Value a, Value b);
  Value negate(Value a);
  /// A NaN on either side stays a NaN.
  Value maximum(Value a, Value b);
  Value minimum(Value a, Value b);

  Value equal(Value a, Value b);
  Value notEqual(Value a, Value b); ///< also exclusive or of bools
  Value less(Value a, Value b);
  Value lessEqual(Value a, Value b);
  Value logicalAnd(Value a, Value b);
  Value logicalOr(Value a, Value b);
  Value select(Value condition, Value a, Value b);

  /// To another graph element type, as TensorFlow's cast on x86.
  Value convert(Value x, mlir::Type elementType);

private:
  /// A divisor of integers that the processor does not trap at: 1 in place of -1.
  Value safeDivisor(Value b);

  mlir::OpBuilder &builder_;
  mlir::Location loc_;
  bool isUnsigned_;
};

} // namespace graphc
