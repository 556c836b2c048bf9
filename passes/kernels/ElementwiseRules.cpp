// Elements of elementwise ops. The semantics are those of runtime/reference/Elementwise.cpp;
// integer arithmetic wraps around.
#include <limits>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

using Values = ArrayRef<Value>;

/// The elements of all operands, broadcast.
SmallVector<Value> operandsAt(ElementEmitter &emitter, Operation *op, const ElementIndex &index) {
  SmallVector<Value> values;
  const Extents shape = extentsOf(op->getResult(0));
  for (const Value operand : op->getOperands())
    values.push_back(emitter.element(
        operand, ElementEmitter::Maps::broadcast(emitter, index, shape, extentsOf(operand))));
  return values;
}

ScalarOps scalars(ElementEmitter &emitter, Operation *op, Value operand) {
  const Type element = cast<RankedTensorType>(operand.getType()).getElementType();
  return ScalarOps(emitter.builder(), op->getLoc(), element.isUnsignedInteger());
}

/// A rule that computes with the operands' elements.
template <Value (*compute)(ScalarOps &, Operation *, Values)>
Value elementwise(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const SmallVector<Value> values = operandsAt(emitter, op, index);
  ScalarOps s = scalars(emitter, op, op->getOperand(0));
  return compute(s, op, values);
}

template <Value (ScalarOps::*compute)(Value)> Value unary(ScalarOps &s, Operation *, Values v) {
  return (s.*compute)(v[0]);
}
template <Value (ScalarOps::*compute)(Value, Value)>
Value binary(ScalarOps &s, Operation *, Values v) {
  return (s.*compute)(v[0], v[1]);
}

template <Value (*emit)(OpBuilder &, Location, Value)>
Value approximated(ScalarOps &s, Operation *, Values v) {
  return emit(s.builder(), s.location(), v[0]);
}

/// By libm, which reduces arguments of any size by pi.
template <typename Op> Value called(ScalarOps &s, Operation *, Values v) {
  return Op::create(s.builder(), s.location(), v[0]);
}

Value same(ScalarOps &, Operation *, Values v) { return v[0]; }

Value sign(ScalarOps &s, Operation *, Values v) {
  const Value zero = s.constant(v[0].getType(), 0);
  const Value negative = s.select(s.less(v[0], zero), s.constant(v[0].getType(), -1), v[0]);
  return s.select(s.less(zero, v[0]), s.constant(v[0].getType(), 1), negative);
}

Value relu(ScalarOps &s, Operation *, Values v) {
  const Value zero = s.constant(v[0].getType(), 0);
  return s.select(s.less(v[0], zero), zero, v[0]);
}

Value relu6(ScalarOps &s, Operation *op, Values v) {
  const Value six = s.constant(v[0].getType(), 6);
  return s.select(s.less(six, v[0]), six, relu(s, op, v));
}

Value elu(ScalarOps &s, Operation *, Values v) {
  return s.select(s.less(v[0], s.constant(v[0].getType(), 0)),
                  emitExpm1(s.builder(), s.location(), v[0]), v[0]);
}

Value selu(ScalarOps &s, Operation *, Values v) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  const Type type = v[0].getType();
  return s.select(
      s.less(v[0], s.constant(type, 0)),
      s.multiply(emitExpm1(s.builder(), s.location(), v[0]), s.constant(type, scale * alpha)),
      s.multiply(v[0], s.constant(type, scale)));
}

Value leakyRelu(ScalarOps &s, Operation *op, Values v) {
  const Type type = v[0].getType();
  const double alpha = op->getAttrOfType<FloatAttr>("alpha").getValueAsDouble();
  return s.select(s.less(s.constant(type, 0), v[0]), v[0],
                  s.multiply(v[0], s.constant(type, alpha)));
}

Value squaredDifference(ScalarOps &s, Operation *, Values v) {
  const Value d = s.subtract(v[0], v[1]);
  return s.multiply(d, d);
}

Value reciprocal(ScalarOps &s, Operation *, Values v) {
  return s.divide(s.constant(v[0].getType(), 1), v[0]);
}

Value square(ScalarOps &s, Operation *, Values v) { return s.multiply(v[0], v[0]); }

Value abs(ScalarOps &s, Operation *, Values v) {
  if (isa<FloatType>(v[0].getType()))
    return math::AbsFOp::create(s.builder(), s.location(), v[0]);
  return s.select(s.less(v[0], s.constant(v[0].getType(), 0)), s.negate(v[0]), v[0]);
}

/// floor, ceil, round: integers stay as they are.
template <typename Op> Value rounded(ScalarOps &s, Operation *, Values v) {
  if (isa<IntegerType>(v[0].getType()))
    return v[0];
  return Op::create(s.builder(), s.location(), v[0]);
}

Value rootOf(ScalarOps &s, Operation *, Values v) {
  return math::SqrtOp::create(s.builder(), s.location(), v[0]);
}

/// The remainder has the divisor's sign.
Value floorMod(ScalarOps &s, Operation *, Values v) {
  const Type type = v[0].getType();
  const Value zero = s.constant(type, 0);
  const Value remainder = s.remainder(v[0], v[1]);
  const Value wrong = s.logicalAnd(s.notEqual(remainder, zero),
                                   s.notEqual(s.less(remainder, zero), s.less(v[1], zero)));
  return s.select(wrong, s.add(remainder, v[1]), remainder);
}

Value floorDiv(ScalarOps &s, Operation *, Values v) {
  const Type type = v[0].getType();
  if (isa<FloatType>(type))
    return math::FloorOp::create(s.builder(), s.location(), s.divide(v[0], v[1]));
  const Value zero = s.constant(type, 0);
  const Value towardZero = s.divide(v[0], v[1]);
  const Value inexact = s.notEqual(s.multiply(towardZero, v[1]), v[0]);
  const Value below = s.notEqual(s.less(v[0], zero), s.less(v[1], zero));
  return s.select(s.logicalAnd(inexact, below), s.subtract(towardZero, s.constant(type, 1)),
                  towardZero);
}

Value power(ScalarOps &s, Operation *op, Values v) {
  DenseElementsAttr exponent;
  if (matchPattern(op->getOperand(1), m_Constant(&exponent)) && exponent.isSplat()) {
    const double y = exponent.getSplatValue<APFloat>().convertToDouble();
    if (y == 1)
      return v[0];
    if (y == 2)
      return s.multiply(v[0], v[0]);
    if (y == -1)
      return s.divide(s.constant(v[0].getType(), 1), v[0]);
  }
  return emitPow(s.builder(), s.location(), v[0], v[1]);
}

Value clip(ScalarOps &s, Operation *, Values v) {
  return s.select(s.less(v[0], v[1]), v[1], s.select(s.less(v[2], v[0]), v[2], v[0]));
}

Value where(ScalarOps &s, Operation *, Values v) { return s.select(v[0], v[1], v[2]); }

Value addAll(ScalarOps &s, Operation *, Values v) {
  Value total = v[0];
  for (const Value x : v.drop_front())
    total = s.add(total, x);
  return total;
}

Value lessEqual(ScalarOps &s, Operation *, Values v) { return s.lessEqual(v[0], v[1]); }
Value greater(ScalarOps &s, Operation *, Values v) { return s.less(v[1], v[0]); }
Value greaterEqual(ScalarOps &s, Operation *, Values v) { return s.lessEqual(v[1], v[0]); }
Value logicalNot(ScalarOps &s, Operation *, Values v) {
  return s.notEqual(v[0], s.constant(v[0].getType(), 1));
}

Value cast(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value x = emitter.element(op->getOperand(0), index);
  const auto elementOf = [](Value tensor) {
    return mlir::cast<RankedTensorType>(tensor.getType()).getElementType();
  };
  ScalarOps s = scalars(emitter, op, op->getOperand(0));
  return s.convert(x, elementOf(op->getResult(0)));
}

/// zeros_like and ones_like: the operand is not looked at.
template <int value>
Value filled(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &) {
  const ScalarOps s(emitter.builder(), op->getLoc(), false);
  return s.constant(ElementEmitter::typeOf(op->getResult(0)), value);
}

} // namespace

void addElementwiseRules(RuleTable &table) {
  table["identity"] = {elementwise<same>, 0};
  table["stop_gradient"] = {elementwise<same>, 0};
  table["fill"] = {elementwise<same>, 0};
  table["zeros_like"] = {filled<0>, 0};
  table["ones_like"] = {filled<1>, 0};
  table["cast"] = {cast};

  table["add"] = {elementwise<binary<&ScalarOps::add>>};
  table["bias_add"] = {elementwise<binary<&ScalarOps::add>>};
  table["subtract"] = {elementwise<binary<&ScalarOps::subtract>>};
  table["multiply"] = {elementwise<binary<&ScalarOps::multiply>>};
  table["divide"] = {elementwise<binary<&ScalarOps::divide>>, 5};
  table["floordiv"] = {elementwise<floorDiv>, 8};
  table["floormod"] = {elementwise<floorMod>, 20};
  table["maximum"] = {elementwise<binary<&ScalarOps::maximum>>, 2};
  table["minimum"] = {elementwise<binary<&ScalarOps::minimum>>, 2};
  table["pow"] = {elementwise<power>, 60};
  table["squared_difference"] = {elementwise<squaredDifference>, 2};

  table["equal"] = {elementwise<binary<&ScalarOps::equal>>};
  table["not_equal"] = {elementwise<binary<&ScalarOps::notEqual>>};
  table["less"] = {elementwise<binary<&ScalarOps::less>>};
  table["less_equal"] = {elementwise<lessEqual>};
  table["greater"] = {elementwise<greater>};
  table["greater_equal"] = {elementwise<greaterEqual>};
  table["logical_and"] = {elementwise<binary<&ScalarOps::logicalAnd>>};
  table["logical_or"] = {elementwise<binary<&ScalarOps::logicalOr>>};
  table["logical_xor"] = {elementwise<binary<&ScalarOps::notEqual>>};
  table["logical_not"] = {elementwise<logicalNot>};

  table["negative"] = {elementwise<unary<&ScalarOps::negate>>};
  table["abs"] = {elementwise<abs>};
  table["sign"] = {elementwise<sign>, 3};
  table["square"] = {elementwise<square>};
  table["sqrt"] = {elementwise<rootOf>, 6};
  table["rsqrt"] = {elementwise<approximated<emitRsqrt>>, 11};
  table["reciprocal"] = {elementwise<reciprocal>, 5};
  table["exp"] = {elementwise<approximated<emitExp>>, 20};
  table["log"] = {elementwise<approximated<emitLog>>, 25};
  table["expm1"] = {elementwise<approximated<emitExpm1>>, 45};
  table["log1p"] = {elementwise<approximated<emitLog1p>>, 35};
  table["sin"] = {elementwise<called<math::SinOp>>, 60};
  table["cos"] = {elementwise<called<math::CosOp>>, 60};
  table["erf"] = {elementwise<approximated<emitErf>>, 70};
  table["tanh"] = {elementwise<approximated<emitTanh>>, 25};
  table["sigmoid"] = {elementwise<approximated<emitSigmoid>>, 30};
  table["softplus"] = {elementwise<approximated<emitSoftplus>>, 40};
  table["relu"] = {elementwise<relu>};
  table["relu6"] = {elementwise<relu6>, 2};
  table["elu"] = {elementwise<elu>, 32};
  table["selu"] = {elementwise<selu>, 33};
  table["leaky_relu"] = {elementwise<leakyRelu>, 2};
  table["floor"] = {elementwise<rounded<math::FloorOp>>};
  table["ceil"] = {elementwise<rounded<math::CeilOp>>};
  table["round"] = {elementwise<rounded<math::RoundEvenOp>>};

  table["where"] = {elementwise<where>};
  table["clip_by_value"] = {elementwise<clip>, 2};
  table["add_n"] = {elementwise<addAll>, 2};
}

} // namespace graphc
