#include "passes/kernels/ScalarOps.h"

#include <limits>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "passes/kernels/KernelFunction.h"

using namespace mlir;

namespace graphc {
namespace {

bool isFloat(Value value) { return isa<FloatType>(value.getType()); }

} // namespace

Value ScalarOps::constant(Type type, double value) const {
  const TypedAttr attribute =
      isa<FloatType>(type)
          ? TypedAttr(FloatAttr::get(type, value))
          : TypedAttr(IntegerAttr::get(
                type, APInt(type.getIntOrFloatBitWidth(),
                            static_cast<std::uint64_t>(static_cast<std::int64_t>(value)),
                            /*isSigned=*/true, /*implicitTrunc=*/true)));
  return LLVM::ConstantOp::create(builder_, loc_, type, attribute);
}

Value ScalarOps::least(Type type) const {
  if (isa<FloatType>(type))
    return constant(type, -std::numeric_limits<double>::infinity());
  const unsigned width = type.getIntOrFloatBitWidth();
  const APInt value = isUnsigned_ ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  return LLVM::ConstantOp::create(builder_, loc_, type, IntegerAttr::get(type, value));
}

Value ScalarOps::greatest(Type type) const {
  if (isa<FloatType>(type))
    return constant(type, std::numeric_limits<double>::infinity());
  const unsigned width = type.getIntOrFloatBitWidth();
  const APInt value = isUnsigned_ ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  return LLVM::ConstantOp::create(builder_, loc_, type, IntegerAttr::get(type, value));
}

Value ScalarOps::add(Value a, Value b) {
  if (isFloat(a))
    return arith::AddFOp::create(builder_, loc_, a, b);
  return arith::AddIOp::create(builder_, loc_, a, b);
}

Value ScalarOps::subtract(Value a, Value b) {
  if (isFloat(a))
    return arith::SubFOp::create(builder_, loc_, a, b);
  return arith::SubIOp::create(builder_, loc_, a, b);
}

Value ScalarOps::multiply(Value a, Value b) {
  if (isFloat(a))
    return arith::MulFOp::create(builder_, loc_, a, b);
  return arith::MulIOp::create(builder_, loc_, a, b);
}

Value ScalarOps::safeDivisor(Value b) {
  return select(equal(b, constant(b.getType(), -1)), constant(b.getType(), 1), b);
}

Value ScalarOps::divide(Value a, Value b) {
  if (isFloat(a))
    return arith::DivFOp::create(builder_, loc_, a, b);
  if (isUnsigned_)
    return arith::DivUIOp::create(builder_, loc_, a, b);
  // The least integer divided by -1 traps; negation wraps it around.
  const Value quotient = arith::DivSIOp::create(builder_, loc_, a, safeDivisor(b));
  return select(equal(b, constant(b.getType(), -1)), negate(a), quotient);
}

Value ScalarOps::remainder(Value a, Value b) {
  if (isFloat(a))
    return arith::RemFOp::create(builder_, loc_, a, b);
  if (isUnsigned_)
    return arith::RemUIOp::create(builder_, loc_, a, b);
  return arith::RemSIOp::create(builder_, loc_, a, safeDivisor(b));
}

Value ScalarOps::negate(Value a) {
  if (isFloat(a))
    return arith::NegFOp::create(builder_, loc_, a);
  return arith::SubIOp::create(builder_, loc_, constant(a.getType(), 0), a);
}

Value ScalarOps::maximum(Value a, Value b) {
  const Value greater = select(less(b, a), a, b);
  return isFloat(a) ? select(notEqual(a, a), a, greater) : greater;
}

Value ScalarOps::minimum(Value a, Value b) {
  const Value lesser = select(less(a, b), a, b);
  return isFloat(a) ? select(notEqual(a, a), a, lesser) : lesser;
}

Value ScalarOps::equal(Value a, Value b) {
  if (isFloat(a))
    return arith::CmpFOp::create(builder_, loc_, arith::CmpFPredicate::OEQ, a, b);
  return arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::eq, a, b);
}

Value ScalarOps::notEqual(Value a, Value b) {
  if (isFloat(a))
    return arith::CmpFOp::create(builder_, loc_, arith::CmpFPredicate::UNE, a, b);
  return arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::ne, a, b);
}

Value ScalarOps::less(Value a, Value b) {
  if (isFloat(a))
    return arith::CmpFOp::create(builder_, loc_, arith::CmpFPredicate::OLT, a, b);
  return arith::CmpIOp::create(
      builder_, loc_, isUnsigned_ ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt, a, b);
}

Value ScalarOps::lessEqual(Value a, Value b) {
  if (isFloat(a))
    return arith::CmpFOp::create(builder_, loc_, arith::CmpFPredicate::OLE, a, b);
  return arith::CmpIOp::create(
      builder_, loc_, isUnsigned_ ? arith::CmpIPredicate::ule : arith::CmpIPredicate::sle, a, b);
}

Value ScalarOps::logicalAnd(Value a, Value b) {
  return arith::AndIOp::create(builder_, loc_, a, b);
}
Value ScalarOps::logicalOr(Value a, Value b) { return arith::OrIOp::create(builder_, loc_, a, b); }
Value ScalarOps::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(builder_, loc_, condition, a, b);
}

Value ScalarOps::convert(Value x, Type elementType) {
  const Type from = x.getType(), to = registerType(elementType);
  const bool fromBool = from.isInteger(1), fromFloat = isFloat(x);
  if (to.isInteger(1))
    return fromBool ? x : notEqual(x, constant(from, 0));
  if (auto target = dyn_cast<FloatType>(to)) {
    if (!fromFloat) {
      if (fromBool || isUnsigned_)
        return arith::UIToFPOp::create(builder_, loc_, to, x);
      return arith::SIToFPOp::create(builder_, loc_, to, x);
    }
    if (from == to)
      return x;
    if (target.isF64())
      return arith::ExtFOp::create(builder_, loc_, to, x);
    return arith::TruncFOp::create(builder_, loc_, to, x);
  }
  const unsigned width = to.getIntOrFloatBitWidth();
  if (fromFloat) {
    // What the integer cannot hold, NaN included, becomes the least one; uint8 is cut from an
    // int64.
    const Type wide = width == 32 ? to : builder_.getI64Type();
    const double limit = width == 32 ? 0x1p31 : 0x1p63;
    const Value fits =
        logicalAnd(lessEqual(constant(from, -limit), x), less(x, constant(from, limit)));
    const ScalarOps asSigned(builder_, loc_, false);
    const Value whole = arith::FPToSIOp::create(builder_, loc_, wide, x);
    const Value result = select(fits, whole, asSigned.least(wide));
    return wide == to ? result : Value(arith::TruncIOp::create(builder_, loc_, to, result));
  }
  const unsigned own = from.getIntOrFloatBitWidth();
  if (own == width)
    return x;
  if (own > width)
    return arith::TruncIOp::create(builder_, loc_, to, x);
  if (fromBool || isUnsigned_)
    return arith::ExtUIOp::create(builder_, loc_, to, x);
  return arith::ExtSIOp::create(builder_, loc_, to, x);
}

} // namespace graphc
