// Values of the body at one feature.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/kernels/RecurrenceArithmetic.h"
#include "passes/kernels/RecurrenceEmitter.h"

using namespace mlir;

namespace graphc::recurrence {

Value RecurrenceEmitter::evaluate(const Operand &operand, Point point) {
  const Value index = mapIndex(operand.map, point.index);
  const bool same = operand.map.isConstant() && operand.map.features > 1;
  const std::int64_t width = same ? 1 : point.width;
  if (operand.capture >= 0)
    return loadTile(plan_.captures[operand.capture].buffer, index, width);
  const ValueInfo &from = plan_.info(operand.value);
  if (operand.recomputed || (recomputing_ && from.inRegion)) {
    const bool before = std::exchange(recomputing_, true);
    const Value value = evaluateOp(operand.value, {index, point.width});
    recomputing_ = before;
    return value;
  }
  switch (from.kind) {
  case ValueInfo::Kind::Memory: return loadSource(from.source, index, inLanes() ? 1 : width);
  case ValueInfo::Kind::Inline: return evaluateInline(operand.value, index, inLanes() ? 1 : width);
  case ValueInfo::Kind::Tile: break;
  }
  if (region_ && from.inRegion && from.ready == region_->level &&
      from.features() == region_->features && operand.map.isIdentity())
    return evaluateOp(operand.value, point);
  const Segment place = plan_.placeOf(operand.value);
  return loadTile(place.buffer, add(index, place.begin), width);
}

Value RecurrenceEmitter::evaluateInline(Value value, Value index, std::int64_t width) {
  return evaluateOp(value, {index, width});
}

Value RecurrenceEmitter::constantScalar(Value value) {
  Operation *op = value.getDefiningOp();
  const Type element = cast<TensorType>(value.getType()).getElementType();
  const Type type = registerType(element);
  const StringRef name = op->getName().stripDialect();
  if (name == "constant") {
    auto elements = cast<DenseElementsAttr>(op->getAttr("value"));
    if (isa<FloatType>(element))
      return function_.constant(elements.getSplatValue<FloatAttr>());
    const APInt number = elements.getSplatValue<APInt>();
    return function_.constant(IntegerAttr::get(type, number));
  }
  const std::int64_t number = name == "ones_like" ? 1 : 0;
  if (isa<FloatType>(element))
    return function_.constant(FloatAttr::get(type, static_cast<double>(number)));
  return function_.constant(IntegerAttr::get(type, number));
}

Value RecurrenceEmitter::evaluateOp(Value value, Point point) {
  const auto key = std::pair(value, point.index);
  if (Value known = memo_.lookup(key))
    return known;
  if (region_ && !recomputing_ && value != apart_)
    for (const Apart &apart : region_->apart)
      if (apart.value == value)
        return memo_[key] = loadTile(apart.buffers[0], point.index, point.width);
  Operation *op = value.getDefiningOp();
  const StringRef name = op->getName().stripDialect();
  Value result;
  if (name == "constant" || name == "zeros_like" || name == "ones_like") {
    result = constantScalar(value);
  } else if (name == "step_index") {
    result = arith::TruncIOp::create(builder_, loc_, builder_.getI32Type(), time_);
  } else if (plan_.pads.contains(value)) {
    result = evaluatePad(value, point);
  } else {
    SmallVector<Value> operands;
    Type vector;
    for (const Operand &operand : plan_.operands.find(value)->second) {
      operands.push_back(evaluate(operand, point));
      if (auto type = dyn_cast<VectorType>(operands.back().getType()))
        vector = type;
    }
    if (isElementwise(name)) {
      if (vector)
        for (Value &operand : operands)
          operand = spread(operand,
                           cast<VectorType>(vector).clone(getElementTypeOrSelf(operand.getType())));
      result = emitElementwise(builder_, loc_, op, operands);
    } else {
      result = operands[0]; // moves elements only
    }
  }
  memo_[key] = result;
  return result;
}

Value RecurrenceEmitter::evaluatePad(Value value, Point point) {
  const Operand &operand = plan_.operands.find(value)->second[0];
  Value inside, index;
  for (const PadAxis &axis : plan_.pads.find(value)->second) {
    Value at = arith::DivUIOp::create(builder_, loc_, point.index, constant(axis.divisor));
    at = arith::RemUIOp::create(builder_, loc_, at, constant(axis.extent));
    at = add(at, -axis.before);
    if (axis.step != 1) {
      const Value rest = arith::RemUIOp::create(builder_, loc_, at, constant(axis.step));
      const Value hit =
          arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::eq, rest, constant(0));
      inside = inside ? Value(arith::AndIOp::create(builder_, loc_, inside, hit)) : hit;
      at = arith::DivUIOp::create(builder_, loc_, at, constant(axis.step));
    }
    // What was below zero is a great unsigned number.
    const Value valid = arith::CmpIOp::create(builder_, loc_, arith::CmpIPredicate::ult, at,
                                              constant(axis.operandExtent));
    inside = inside ? Value(arith::AndIOp::create(builder_, loc_, inside, valid)) : valid;
    const Value part = multiply(at, axis.operandStride);
    index = index ? add(index, part) : part;
  }
  const Segment place = plan_.placeOf(operand.value);
  if (!inside) // nothing but the batch
    return loadTile(place.buffer, constant(place.begin), 1);
  index = arith::SelectOp::create(builder_, loc_, inside, index, constant(0));
  const Value element = loadTile(place.buffer, add(index, place.begin), 1);
  auto margin = value.getDefiningOp()->getAttrOfType<FloatAttr>("value");
  const double number = margin ? margin.getValueAsDouble() : 0;
  const Type type = getElementTypeOrSelf(element.getType());
  const Value outside =
      isa<FloatType>(type)
          ? function_.constant(FloatAttr::get(type, number))
          : function_.constant(IntegerAttr::get(type, static_cast<std::int64_t>(number)));
  return arith::SelectOp::create(builder_, loc_, inside, element,
                                 spread(outside, element.getType()));
}

Value RecurrenceEmitter::evaluateScalar(Value value, const FeatureMap &map, Value index) {
  const Operand operand{value, map, -1};
  const Value result = evaluate(operand, {index, 1});
  if (!isa<VectorType>(result.getType()))
    return result;
  return vector::ExtractOp::create(builder_, loc_, result, ArrayRef<std::int64_t>{0});
}

} // namespace graphc::recurrence
