// Elements of ops that move elements, and of those that know their values without an operand.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

using Maps = ElementEmitter::Maps;

Value moved(ElementEmitter &emitter, Operation *op, unsigned result, const ElementIndex &index) {
  return emitter.element(op->getOperand(0), Maps::moved(emitter, op, result, index));
}

Value select(ElementEmitter &emitter, Operation *op, Value condition, Value a, Value b) {
  return arith::SelectOp::create(emitter.builder(), op->getLoc(), condition, a, b);
}

/// concat and stack: the element of the piece that the index falls into. Where it may be several,
/// each is read at an index moved into it, and the right one selected.
Value pieced(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &whole) {
  const Extents shape = extentsOf(op->getResult(0));
  const Pieces pieces = piecesOf(op);
  const bool stacked = op->getName().stripDialect() == "stack";
  ElementIndex index = whole;
  const unsigned place = Maps::isolate(emitter, index, shape, pieces.axis);
  const Value along = index[place].value;
  const auto [low, high] = emitter.rangeOf(along);
  Value result;
  for (const Piece &piece : llvm::reverse(pieces.pieces)) {
    if (piece.end <= low || piece.begin >= high)
      continue;
    ElementIndex inner = index;
    if (stacked)
      inner = Maps::without(inner, place);
    else
      inner[place].value = emitter.clamped(emitter.sum(along, emitter.integer(-piece.begin)), 0,
                                           piece.end - piece.begin - 1);
    const Value value = emitter.element(piece.tensor, inner);
    result =
        result ? select(emitter, op, emitter.lessThan(along, piece.end), value, result) : value;
  }
  return result;
}

/// `inner` lies in the box of the result, `margin` around it.
Value boxed(ElementEmitter &emitter, Operation *op, const SliceBox &box, Value inner, Value margin,
            const ElementIndex &whole) {
  const Extents shape = extentsOf(op->getResult(0));
  ElementIndex index = Maps::singles(emitter, whole, shape);
  Value inside; // null: certainly
  const auto require = [&](Value condition) {
    inside = inside
                 ? Value(arith::AndIOp::create(emitter.builder(), op->getLoc(), inside, condition))
                 : condition;
  };
  const auto negated = [&](Value condition) -> Value {
    const ScalarOps s(emitter.builder(), op->getLoc(), false);
    return arith::XOrIOp::create(emitter.builder(), op->getLoc(), condition,
                                 s.constant(condition.getType(), 1));
  };
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::int64_t count = box.count[d], stride = std::abs(box.stride[d]);
    if (count == 0)
      return margin;
    // Count from the box's lowest element, whichever way the stride goes.
    const std::int64_t lowest =
        box.stride[d] > 0 ? box.begin[d] : box.begin[d] - (count - 1) * stride;
    Value at = emitter.sum(index[d].value, emitter.integer(-lowest));
    const std::int64_t reach = (count - 1) * stride + 1;
    const auto [low, high] = emitter.rangeOf(at);
    if (high <= 0 || low >= reach)
      return margin;
    if (low < 0)
      require(negated(emitter.lessThan(at, 0)));
    if (high > reach)
      require(emitter.lessThan(at, reach));
    at = emitter.clamped(at, 0, reach - 1);
    if (stride > 1) {
      const Value rest = emitter.remainder(at, stride);
      const auto known = emitter.rangeOf(rest);
      if (known.high == known.low + 1) {
        if (known.low != 0)
          return margin;
      } else {
        require(emitter.lessThan(rest, 1));
      }
      at = emitter.quotient(at, stride);
    }
    if (box.stride[d] < 0)
      at = emitter.sum(emitter.scaled(at, -1), emitter.integer(count - 1));
    index[d].value = at;
  }
  const Value value =
      emitter.element(inner, Maps::reshape(emitter, index, box.count, extentsOf(inner)));
  return inside ? select(emitter, op, inside, value, margin) : value;
}

Value pad(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value x = op->getOperand(0);
  const Extents paddings = intsAttribute(op, "paddings");
  SliceBox box;
  for (std::size_t d = 0; d < extentsOf(x).size(); ++d) {
    box.begin.push_back(paddings[2 * d]);
    box.stride.push_back(1);
    box.count.push_back(extentsOf(x)[d]);
  }
  const ScalarOps s(emitter.builder(), op->getLoc(), false);
  const auto value = op->getAttrOfType<FloatAttr>("value");
  const Value margin = s.constant(ElementEmitter::typeOf(x), value ? value.getValueAsDouble() : 0);
  return boxed(emitter, op, box, x, margin, index);
}

Value stridedSliceGrad(ElementEmitter &emitter, Operation *op, unsigned,
                       const ElementIndex &index) {
  const ScalarOps s(emitter.builder(), op->getLoc(), false);
  return boxed(emitter, op, sliceBox(op, extentsOf(op->getResult(0))), op->getOperand(0),
               s.constant(ElementEmitter::typeOf(op->getOperand(0)), 0), index);
}

Value tile(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Extents from = extentsOf(op->getOperand(0)), shape = extentsOf(op->getResult(0));
  ElementIndex inner = Maps::singles(emitter, index, shape);
  for (std::size_t d = 0; d < shape.size(); ++d)
    inner[d].value = emitter.remainder(inner[d].value, from[d]);
  return emitter.element(op->getOperand(0), inner);
}

Value oneHot(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Extents shape = extentsOf(op->getResult(0));
  const std::int64_t axis = axisAttribute(op, static_cast<std::int64_t>(shape.size()), -1);
  ElementIndex rest = index;
  const unsigned place = Maps::isolate(emitter, rest, shape, axis);
  const Value along = emitter.orZero(rest[place].value);
  Value wanted = emitter.element(op->getOperand(0), Maps::without(rest, place));
  const Value on = emitter.element(op->getOperand(1), {});
  const Value off = emitter.element(op->getOperand(2), {});
  OpBuilder &b = emitter.builder();
  const Location loc = op->getLoc();
  // Compared in 32 bits where the place along the axis fits, which keeps vectors wide.
  const auto width = wanted.getType().getIntOrFloatBitWidth();
  Value place32 = along;
  if (width < 64)
    place32 = arith::TruncIOp::create(b, loc, wanted.getType(), along);
  const Value equal = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, wanted, place32);
  return select(emitter, op, equal, on, off);
}

/// Only with indices that are known to be in range (see whyNoKernel).
Value gather(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value params = op->getOperand(0), indices = op->getOperand(1);
  const Extents from = extentsOf(params), shape = extentsOf(op->getResult(0));
  const std::int64_t axis = axisAttribute(op, static_cast<std::int64_t>(from.size()), 0);
  const std::size_t rank = extentsOf(indices).size();
  ElementIndex parts = Maps::singles(emitter, index, shape);
  const ElementIndex middle(parts.begin() + axis, parts.begin() + axis + rank);
  const Value chosen = emitter.element(indices, middle);
  Value row;
  emitter.loops().atLevel(emitter.loops().levelOf(chosen), [&] {
    row = chosen.getType().isInteger(64)
              ? chosen
              : arith::ExtSIOp::create(emitter.builder(), op->getLoc(),
                                       emitter.builder().getI64Type(), chosen);
  });
  emitter.setRange(row, {0, from[axis]});
  parts.erase(parts.begin() + axis, parts.begin() + axis + rank);
  parts.insert(parts.begin() + axis, ValuePart{1, row});
  return emitter.element(params, parts);
}

/// Lengths are moved into the sequence, so that no element outside of it is read.
Value reverseSequence(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Location loc = op->getLoc();
  const Extents shape = extentsOf(op->getResult(0));
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto axisOf = [&](StringRef name) {
    const std::int64_t axis = intAttribute(op, name, 0);
    return axis < 0 ? axis + rank : axis;
  };
  const std::int64_t sequence = axisOf("seq_axis");
  ElementIndex parts = Maps::singles(emitter, index, shape);
  const Value stored = emitter.element(op->getOperand(1), {parts[axisOf("batch_axis")]});
  OpBuilder &b = emitter.builder();
  Value length = stored;
  emitter.loops().atLevel(emitter.loops().levelOf(stored), [&] {
    if (!stored.getType().isInteger(64))
      length = arith::ExtSIOp::create(b, loc, b.getI64Type(), stored);
    length = arith::MaxSIOp::create(b, loc, length, emitter.kernel().constant(0));
    length = arith::MinSIOp::create(b, loc, length, emitter.kernel().constant(shape[sequence]));
  });
  const Value at = emitter.orZero(parts[sequence].value);
  Value from;
  emitter.loops().atLevel(
      std::max(emitter.loops().levelOf(length), emitter.loops().levelOf(at)), [&] {
        const Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, at, length);
        const Value last = arith::SubIOp::create(b, loc, length, emitter.kernel().constant(1));
        from = arith::SelectOp::create(b, loc, inside, arith::SubIOp::create(b, loc, last, at), at);
      });
  emitter.setRange(from, {0, shape[sequence]});
  parts[sequence] = ValuePart{1, from};
  return emitter.element(op->getOperand(0), parts);
}

Value range(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value start = emitter.element(op->getOperand(0), {});
  const Value delta = emitter.element(op->getOperand(2), {});
  const Type element = cast<RankedTensorType>(op->getResult(0).getType()).getElementType();
  const Value at = emitter.orZero(emitter.offsetOf(index, extentsOf(op->getResult(0))));
  ScalarOps integers(emitter.builder(), op->getLoc(), false);
  ScalarOps s(emitter.builder(), op->getLoc(), element.isUnsignedInteger());
  if (!element.isF32())
    return s.add(start, s.multiply(integers.convert(at, element), delta));
  // In double precision, so that long sequences do not drift.
  const Type wide = emitter.builder().getF64Type();
  return s.convert(
      s.add(s.convert(start, wide), s.multiply(integers.convert(at, wide), s.convert(delta, wide))),
      element);
}

Value constant(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Location loc = op->getLoc();
  const Type type = ElementEmitter::typeOf(op->getResult(0));
  auto elements = op->getAttrOfType<DenseElementsAttr>("value");
  if (elements.isSplat()) {
    const Attribute value = elements.getSplatValue<Attribute>();
    if (auto number = dyn_cast<FloatAttr>(value))
      return emitter.kernel().constant(number);
    return emitter.kernel().constant(IntegerAttr::get(type, cast<IntegerAttr>(value).getValue()));
  }
  const Value data =
      emitter.once(0, {op, op}, [&] { return emitter.kernel().constantData(loc, elements); });
  return emitter.kernel().loadFrom(loc, data, emitter.offsetOf(index, extentsOf(op->getResult(0))),
                                   type);
}

/// shape, size and rank: known from the operand's type.
Value extents(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const StringRef name = op->getName().stripDialect();
  const Extents shape = extentsOf(op->getOperand(0));
  const Type type = ElementEmitter::typeOf(op->getResult(0));
  const ScalarOps s(emitter.builder(), op->getLoc(), false);
  const auto number = [&](std::int64_t value) {
    return emitter.kernel().constant(IntegerAttr::get(type, value));
  };
  if (name == "size")
    return number(productOf(shape));
  if (name == "rank")
    return number(static_cast<std::int64_t>(shape.size()));
  const Value at = emitter.offsetOf(index, extentsOf(op->getResult(0)));
  Value result = number(shape.back());
  for (std::size_t d = shape.size() - 1; d-- > 0;)
    result = select(emitter, op, emitter.lessThan(at, static_cast<std::int64_t>(d) + 1),
                    number(shape[d]), result);
  return result;
}

} // namespace

void addMovementRules(RuleTable &table) {
  for (const char *name : {"transpose", "broadcast_to", "split", "unstack", "slice",
                           "strided_slice", "reverse", "reshape", "expand_dims", "squeeze"})
    table[name] = {moved, 0};
  table["concat"] = {pieced};
  table["stack"] = {pieced};
  table["pad"] = {pad};
  table["strided_slice_grad"] = {stridedSliceGrad, 2};
  table["tile"] = {tile, 4};
  table["one_hot"] = {oneHot};
  table["gather"] = {gather, 2};
  table["reverse_sequence"] = {reverseSequence, 3};
  table["range"] = {range, 3};
  table["constant"] = {constant, 0};
  table["shape"] = {extents};
  table["size"] = {extents};
  table["rank"] = {extents};
}

} // namespace graphc
