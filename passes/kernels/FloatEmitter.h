// Short names for arith ops on one float type and the integers of its width, scalar or vector: what
// approximations are written in.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace graphc {

class FloatEmitter {
public:
  using Value = mlir::Value;

  /// For values of `type`.
  FloatEmitter(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type)
      : b_(builder), loc_(loc), type_(type), element_(mlir::getElementTypeOrSelf(type)) {
    const unsigned width = element_.getIntOrFloatBitWidth();
    integerElement_ = builder.getIntegerType(width);
    integerType_ = like(integerElement_);
  }

  bool isDouble() const { return element_.isF64(); }
  mlir::Type type() const { return type_; }

  Value constant(double value) { return spread(b_.getFloatAttr(element_, value), type_); }
  Value integer(std::int64_t value) {
    return spread(b_.getIntegerAttr(integerElement_, value), integerType_);
  }

  Value add(Value a, Value b) { return mlir::arith::AddFOp::create(b_, loc_, a, b); }
  Value subtract(Value a, Value b) { return mlir::arith::SubFOp::create(b_, loc_, a, b); }
  Value multiply(Value a, Value b) { return mlir::arith::MulFOp::create(b_, loc_, a, b); }
  Value divide(Value a, Value b) { return mlir::arith::DivFOp::create(b_, loc_, a, b); }
  Value negate(Value a) { return mlir::arith::NegFOp::create(b_, loc_, a); }
  Value abs(Value a) { return mlir::math::AbsFOp::create(b_, loc_, a); }
  Value copySign(Value magnitude, Value sign) {
    return mlir::math::CopySignOp::create(b_, loc_, magnitude, sign);
  }
  /// x with the sign bit of `sign` set as well.
  Value withSignOf(Value x, Value sign) {
    const std::int64_t bit = std::int64_t{1} << (isDouble() ? 63 : 31);
    const Value signBit = mlir::arith::AndIOp::create(
        b_, loc_, bits(sign), integer(isDouble() ? bit : static_cast<std::int32_t>(bit)));
    return fromBits(mlir::arith::OrIOp::create(b_, loc_, bits(x), signBit));
  }
  /// a * b + c, fused where the machine can.
  Value multiplyAdd(Value a, Value b, Value c) {
    return mlir::LLVM::FMulAddOp::create(b_, loc_, type_, a, b, c);
  }
  /// c[0] + c[1] x + c[2] x^2 + ... by Horner's rule.
  Value polynomial(Value x, llvm::ArrayRef<double> coefficients) {
    Value sum = constant(coefficients.back());
    for (const double c : llvm::reverse(coefficients.drop_back()))
      sum = multiplyAdd(sum, x, constant(c));
    return sum;
  }

  Value compare(mlir::arith::CmpFPredicate predicate, Value a, Value b) {
    return mlir::arith::CmpFOp::create(b_, loc_, predicate, a, b);
  }
  Value less(Value a, Value b) { return compare(mlir::arith::CmpFPredicate::OLT, a, b); }
  Value greater(Value a, Value b) { return compare(mlir::arith::CmpFPredicate::OGT, a, b); }
  Value equal(Value a, Value b) { return compare(mlir::arith::CmpFPredicate::OEQ, a, b); }
  Value select(Value condition, Value a, Value b) {
    return mlir::arith::SelectOp::create(b_, loc_, condition, a, b);
  }
  Value logicalAnd(Value a, Value b) { return mlir::arith::AndIOp::create(b_, loc_, a, b); }
  Value logicalOr(Value a, Value b) { return mlir::arith::OrIOp::create(b_, loc_, a, b); }
  /// These keep a NaN in `x`.
  Value atMost(Value x, Value limit) { return select(greater(x, limit), limit, x); }
  Value atLeast(Value x, Value limit) { return select(less(x, limit), limit, x); }

  Value bits(Value x) { return mlir::arith::BitcastOp::create(b_, loc_, integerType_, x); }
  Value fromBits(Value x) { return mlir::arith::BitcastOp::create(b_, loc_, type_, x); }
  Value addInteger(Value a, Value b) { return mlir::arith::AddIOp::create(b_, loc_, a, b); }
  Value subtractInteger(Value a, Value b) { return mlir::arith::SubIOp::create(b_, loc_, a, b); }
  Value shiftLeft(Value a, int n) { return mlir::arith::ShLIOp::create(b_, loc_, a, integer(n)); }
  Value shiftRight(Value a, int n) { return mlir::arith::ShRUIOp::create(b_, loc_, a, integer(n)); }
  Value floor(Value a) { return mlir::math::FloorOp::create(b_, loc_, a); }
  Value sqrt(Value a) { return mlir::math::SqrtOp::create(b_, loc_, a); }
  /// To `element` = f32 or f64.
  Value convert(Value a, mlir::Type element) {
    if (element.isF64())
      return mlir::arith::ExtFOp::create(b_, loc_, like(element), a);
    return mlir::arith::TruncFOp::create(b_, loc_, like(element), a);
  }

private:
  mlir::Type like(mlir::Type element) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type_))
      return vector.clone(element);
    return element;
  }
  Value spread(mlir::TypedAttr scalar, mlir::Type type) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type))
      scalar = mlir::DenseElementsAttr::get(vector, mlir::Attribute(scalar));
    return mlir::LLVM::ConstantOp::create(b_, loc_, type, scalar);
  }

  mlir::OpBuilder &b_;
  mlir::Location loc_;
  mlir::Type type_, element_, integerElement_, integerType_;
};

} // namespace graphc
