#include "passes/kernels/RecurrenceArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/KernelFunction.h"
#include "passes/kernels/MathApproximation.h"

using namespace mlir;

namespace graphc::recurrence {
namespace {

using FloatPredicate = arith::CmpFPredicate;
using IntPredicate = arith::CmpIPredicate;

/// Ops on elements of one graph type.
class Arithmetic {
public:
  Arithmetic(OpBuilder &builder, Location loc, Type type, bool isUnsigned)
      : b_(builder), loc_(loc), type_(type), element_(getElementTypeOrSelf(type)),
        isFloat_(isa<FloatType>(element_)), isUnsigned_(isUnsigned) {}

  bool isFloat() const { return isFloat_; }

  Value constant(double number) {
    TypedAttr scalar = isFloat_ ? TypedAttr(b_.getFloatAttr(element_, number))
                                : b_.getIntegerAttr(element_, static_cast<std::int64_t>(number));
    if (auto vector = dyn_cast<VectorType>(type_))
      scalar = DenseElementsAttr::get(vector, Attribute(scalar));
    return LLVM::ConstantOp::create(b_, loc_, type_, scalar);
  }
  template <typename FloatOp, typename IntOp> Value binary(Value a, Value b) {
    if (isFloat_)
      return FloatOp::create(b_, loc_, a, b);
    return IntOp::create(b_, loc_, a, b);
  }
  Value add(Value a, Value b) { return binary<arith::AddFOp, arith::AddIOp>(a, b); }
  Value subtract(Value a, Value b) { return binary<arith::SubFOp, arith::SubIOp>(a, b); }
  Value multiply(Value a, Value b) { return binary<arith::MulFOp, arith::MulIOp>(a, b); }
  Value negate(Value a) {
    return isFloat_ ? Value(arith::NegFOp::create(b_, loc_, a)) : subtract(constant(0), a);
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(b_, loc_, condition, a, b);
  }
  Value compare(FloatPredicate floats, IntPredicate integers, IntPredicate unsigneds, Value a,
                Value b) {
    if (isFloat_)
      return arith::CmpFOp::create(b_, loc_, floats, a, b);
    return arith::CmpIOp::create(b_, loc_, isUnsigned_ ? unsigneds : integers, a, b);
  }
  Value equal(Value a, Value b) {
    return compare(FloatPredicate::OEQ, IntPredicate::eq, IntPredicate::eq, a, b);
  }
  Value notEqual(Value a, Value b) {
    return compare(FloatPredicate::UNE, IntPredicate::ne, IntPredicate::ne, a, b);
  }
  Value less(Value a, Value b) {
    return compare(FloatPredicate::OLT, IntPredicate::slt, IntPredicate::ult, a, b);
  }
  Value lessEqual(Value a, Value b) {
    return compare(FloatPredicate::OLE, IntPredicate::sle, IntPredicate::ule, a, b);
  }
  Value both(Value a, Value b) { return arith::AndIOp::create(b_, loc_, a, b); }
  Value either(Value a, Value b) { return arith::OrIOp::create(b_, loc_, a, b); }
  Value exclusive(Value a, Value b) { return arith::XOrIOp::create(b_, loc_, a, b); }

  /// `better`: a is taken for certain. A NaN on either side stays one.
  Value choose(Value better, Value a, Value b) {
    if (isFloat_)
      better = either(better, arith::CmpFOp::create(b_, loc_, FloatPredicate::UNO, a, a));
    return select(better, a, b);
  }
  Value maximum(Value a, Value b) { return choose(less(b, a), a, b); }
  Value minimum(Value a, Value b) { return choose(less(a, b), a, b); }
  Value clip(Value x, Value low, Value high) {
    return select(less(x, low), low, select(less(high, x), high, x));
  }
  Value relu(Value x) { return select(less(x, constant(0)), constant(0), x); }
  Value sign(Value x) {
    const Value zero = constant(0);
    if (isUnsigned_)
      return select(less(zero, x), constant(1), x);
    return select(less(zero, x), constant(1), select(less(x, zero), constant(-1), x));
  }
  Value abs(Value x) {
    if (isFloat_)
      return math::AbsFOp::create(b_, loc_, x);
    return isUnsigned_ ? x : select(less(x, constant(0)), negate(x), x);
  }

  /// Integers, toward zero. The processor traps on a divisor 0 and on the least integer over -1.
  Value quotient(Value x, Value y) {
    const Value one = constant(1);
    if (isUnsigned_)
      return arith::DivUIOp::create(b_, loc_, x, select(equal(y, constant(0)), one, y));
    const Value minusOne = constant(-1);
    const Value special = either(equal(y, constant(0)), equal(y, minusOne));
    const Value plain = arith::DivSIOp::create(b_, loc_, x, select(special, one, y));
    return select(equal(y, minusOne), negate(x), plain);
  }
  Value divide(Value x, Value y) {
    return isFloat_ ? Value(arith::DivFOp::create(b_, loc_, x, y)) : quotient(x, y);
  }
  Value floorDivide(Value x, Value y) {
    if (isFloat_)
      return math::FloorOp::create(b_, loc_, divide(x, y));
    const Value towardZero = quotient(x, y);
    if (isUnsigned_)
      return towardZero;
    const Value zero = constant(0);
    const Value exact = equal(multiply(towardZero, y), x);
    const Value sameSign = equalBits(less(x, zero), less(y, zero));
    return select(either(exact, sameSign), towardZero, subtract(towardZero, constant(1)));
  }
  Value floorModulo(Value x, Value y) {
    const Value remainder = isFloat_ ? Value(arith::RemFOp::create(b_, loc_, x, y))
                                     : subtract(x, multiply(quotient(x, y), y));
    if (isUnsigned_)
      return remainder;
    const Value zero = constant(0);
    const Value sameSign = equalBits(less(remainder, zero), less(y, zero));
    return select(either(equal(remainder, zero), sameSign), remainder, add(remainder, y));
  }

  Type like(Type element) {
    if (auto vector = dyn_cast<VectorType>(type_))
      return vector.clone(element);
    return element;
  }
  /// What an integer cannot hold, NaN included, becomes the least one.
  Value toInteger(Value x, Type integer) {
    const unsigned width = integer.getIntOrFloatBitWidth();
    const double limit = std::ldexp(1.0, static_cast<int>(width) - 1);
    const Value fits = both(lessEqual(constant(-limit), x), less(x, constant(limit)));
    const Value number = arith::FPToSIOp::create(b_, loc_, like(integer), x);
    Arithmetic integers(b_, loc_, like(integer), false);
    const Value least = integers.shifted(integers.constant(1), width - 1);
    return select(fits, number, least);
  }
  Value cast(Value x, Type graphType) {
    const Type to = registerType(graphType);
    if (to == element_ && !element_.isInteger(1))
      return x;
    if (to.isInteger(1))
      return element_.isInteger(1) ? x : notEqual(x, constant(0));
    if (isFloat_) {
      if (isa<FloatType>(to)) {
        if (to.getIntOrFloatBitWidth() > element_.getIntOrFloatBitWidth())
          return arith::ExtFOp::create(b_, loc_, like(to), x);
        return arith::TruncFOp::create(b_, loc_, like(to), x);
      }
      if (!to.isInteger(8))
        return toInteger(x, to);
      return arith::TruncIOp::create(b_, loc_, like(to), toInteger(x, b_.getI64Type()));
    }
    const bool fromUnsigned = isUnsigned_ || element_.isInteger(1);
    if (isa<FloatType>(to)) {
      if (fromUnsigned)
        return arith::UIToFPOp::create(b_, loc_, like(to), x);
      return arith::SIToFPOp::create(b_, loc_, like(to), x);
    }
    if (to.getIntOrFloatBitWidth() < element_.getIntOrFloatBitWidth())
      return arith::TruncIOp::create(b_, loc_, like(to), x);
    if (fromUnsigned)
      return arith::ExtUIOp::create(b_, loc_, like(to), x);
    return arith::ExtSIOp::create(b_, loc_, like(to), x);
  }

private:
  Value equalBits(Value a, Value b) {
    return arith::CmpIOp::create(b_, loc_, IntPredicate::eq, a, b);
  }
  Value shifted(Value a, unsigned bits) {
    return arith::ShLIOp::create(b_, loc_, a, constant(bits));
  }

  OpBuilder &b_;
  Location loc_;
  Type type_, element_;
  bool isFloat_, isUnsigned_;
};

using Rule = Value (*)(Arithmetic &a, OpBuilder &b, Location loc, ValueRange x);

template <typename MathOp>
Value roundedBy(Arithmetic &a, OpBuilder &b, Location loc, ValueRange x) {
  return a.isFloat() ? Value(MathOp::create(b, loc, x[0])) : x[0];
}

#define GRAPHC_RULE(expression)                                                                    \
  [](Arithmetic &a, OpBuilder &b, Location loc, ValueRange x) -> Value {                           \
    (void)a, (void)b, (void)loc;                                                                   \
    return expression;                                                                             \
  }

const llvm::StringMap<Rule> &rules() {
  static const llvm::StringMap<Rule> table = {
      {"add", GRAPHC_RULE(a.add(x[0], x[1]))},
      {"bias_add", GRAPHC_RULE(a.add(x[0], x[1]))},
      {"subtract", GRAPHC_RULE(a.subtract(x[0], x[1]))},
      {"multiply", GRAPHC_RULE(a.multiply(x[0], x[1]))},
      {"divide", GRAPHC_RULE(a.divide(x[0], x[1]))},
      {"floordiv", GRAPHC_RULE(a.floorDivide(x[0], x[1]))},
      {"floormod", GRAPHC_RULE(a.floorModulo(x[0], x[1]))},
      {"maximum", GRAPHC_RULE(a.maximum(x[0], x[1]))},
      {"minimum", GRAPHC_RULE(a.minimum(x[0], x[1]))},
      {"pow", GRAPHC_RULE(emitPow(b, loc, x[0], x[1]))},
      {"squared_difference", [](Arithmetic &a, OpBuilder &, Location, ValueRange x) -> Value {
         const Value difference = a.subtract(x[0], x[1]);
         return a.multiply(difference, difference);
       }},
      {"equal", GRAPHC_RULE(a.equal(x[0], x[1]))},
      {"not_equal", GRAPHC_RULE(a.notEqual(x[0], x[1]))},
      {"less", GRAPHC_RULE(a.less(x[0], x[1]))},
      {"less_equal", GRAPHC_RULE(a.lessEqual(x[0], x[1]))},
      {"greater", GRAPHC_RULE(a.less(x[1], x[0]))},
      {"greater_equal", GRAPHC_RULE(a.lessEqual(x[1], x[0]))},
      {"logical_and", GRAPHC_RULE(a.both(x[0], x[1]))},
      {"logical_or", GRAPHC_RULE(a.either(x[0], x[1]))},
      {"logical_xor", GRAPHC_RULE(a.exclusive(x[0], x[1]))},
      {"logical_not", GRAPHC_RULE(a.equal(x[0], a.constant(0)))},
      {"negative", GRAPHC_RULE(a.negate(x[0]))},
      {"abs", GRAPHC_RULE(a.abs(x[0]))},
      {"sign", GRAPHC_RULE(a.sign(x[0]))},
      {"square", GRAPHC_RULE(a.multiply(x[0], x[0]))},
      {"sqrt", GRAPHC_RULE(math::SqrtOp::create(b, loc, x[0]))},
      {"rsqrt", GRAPHC_RULE(emitRsqrt(b, loc, x[0]))},
      {"reciprocal", GRAPHC_RULE(a.divide(a.constant(1), x[0]))},
      {"exp", GRAPHC_RULE(emitExp(b, loc, x[0]))},
      {"log", GRAPHC_RULE(emitLog(b, loc, x[0]))},
      {"expm1", GRAPHC_RULE(emitExpm1(b, loc, x[0]))},
      {"log1p", GRAPHC_RULE(emitLog1p(b, loc, x[0]))},
      {"erf", GRAPHC_RULE(emitErf(b, loc, x[0]))},
      {"tanh", GRAPHC_RULE(emitTanh(b, loc, x[0]))},
      {"sigmoid", GRAPHC_RULE(emitSigmoid(b, loc, x[0]))},
      {"softplus", GRAPHC_RULE(emitSoftplus(b, loc, x[0]))},
      {"relu", GRAPHC_RULE(a.relu(x[0]))},
      {"floor", roundedBy<math::FloorOp>},
      {"ceil", roundedBy<math::CeilOp>},
      {"round", roundedBy<math::RoundEvenOp>},
      {"clip_by_value", GRAPHC_RULE(a.clip(x[0], x[1], x[2]))},
      {"add_n", [](Arithmetic &a, OpBuilder &, Location, ValueRange x) -> Value {
         Value total = x[0];
         for (const Value term : x.drop_front())
           total = a.add(total, term);
         return total;
       }},
  };
  return table;
}

#undef GRAPHC_RULE

Type elementTypeOf(Value value) { return cast<TensorType>(value.getType()).getElementType(); }

} // namespace

bool isElementwise(StringRef name) {
  return name == "cast" || name == "where" || rules().contains(name);
}

std::string whyNoElementwise(Operation *op) {
  if (op->getName().stripDialect() == "pow" && !isa<FloatType>(elementTypeOf(op->getOperand(0))))
    return "pow of integers";
  return {};
}

Value emitElementwise(OpBuilder &builder, Location loc, Operation *op, ValueRange operands) {
  const StringRef name = op->getName().stripDialect();
  if (name == "where")
    return arith::SelectOp::create(builder, loc, operands[0], operands[1], operands[2]);
  Arithmetic arithmetic(builder, loc, operands[0].getType(),
                        elementTypeOf(op->getOperand(0)).isUnsignedInteger());
  if (name == "cast")
    return arithmetic.cast(operands[0], elementTypeOf(op->getResult(0)));
  return rules().find(name)->second(arithmetic, builder, loc, operands);
}

Value emitActivation(OpBuilder &builder, Location loc, StringRef name, Value x) {
  Arithmetic arithmetic(builder, loc, x.getType(), false);
  return rules().find(name)->second(arithmetic, builder, loc, x);
}

Value emitReductionStep(OpBuilder &builder, Location loc, StringRef name, bool isUnsigned,
                        Value before, Value term) {
  Arithmetic arithmetic(builder, loc, term.getType(), isUnsigned);
  if (name == "reduce_max")
    return arithmetic.maximum(before, term);
  if (name == "reduce_min")
    return arithmetic.minimum(before, term);
  if (name == "reduce_prod")
    return arithmetic.multiply(before, term);
  if (name == "reduce_all")
    return arithmetic.both(before, term);
  if (name == "reduce_any")
    return arithmetic.either(before, term);
  return arithmetic.add(before, term);
}

} // namespace graphc::recurrence
