// Elements of reductions: loops over the axes that vanish, with the total in a register.
#include <limits>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/kernels/RowLoops.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

SmallVector<unsigned> kindsOf(ArrayRef<bool> inner) {
  return SmallVector<unsigned>(inner.begin(), inner.end());
}

/// The index of the operand, with parts of 0 for the axes that the op removes.
ElementIndex operandIndex(ElementEmitter &emitter, Operation *op, const ElementIndex &index,
                          ArrayRef<bool> reduced) {
  using Maps = ElementEmitter::Maps;
  const Extents from = extentsOf(op->getOperand(0)), shape = extentsOf(op->getResult(0));
  const bool kept = from.size() == shape.size();
  ElementIndex result;
  std::size_t axis = 0; // of the operand
  unsigned own = 0;     // of the result
  const auto skipReduced = [&] {
    while (!kept && axis < from.size() && reduced[axis]) {
      result.push_back(Maps::zero(1));
      ++axis;
    }
  };
  for (const ValuePart &part : index) {
    skipReduced();
    bool together = true; // no removed axis among or between the part's axes
    for (unsigned i = 0; i < part.dims; ++i)
      together &= axis + i < from.size() && !reduced[axis + i];
    if (together) {
      result.push_back(part);
      axis += part.dims;
    } else {
      for (const ValuePart &one : Maps::singles(emitter, {part}, shape.slice(own, part.dims))) {
        skipReduced();
        result.push_back(one);
        ++axis;
      }
    }
    own += part.dims;
  }
  skipReduced();
  return result;
}

Value reduce(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value x = op->getOperand(0);
  const SmallVector<bool> reduced = reducedAxes(op);
  const Reduction reduction(emitter, op);
  RowLoops loops(emitter, extentsOf(x), reduced, operandIndex(emitter, op, index, reduced), {x});
  const SmallVector<Value> total =
      loops.fold(op->getLoc(), reduction.initial(),
                 [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
                   return {reduction.combine(carried[0], emitter.element(x, at))};
                 });
  return reduction.finish(total[0], loops.count());
}

/// argmax and argmin: the first position that no other beats; every number beats NaN.
Value argument(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Value x = op->getOperand(0);
  const Location loc = op->getLoc();
  const SmallVector<bool> reduced = reducedAxes(op);
  const Type element = cast<RankedTensorType>(x.getType()).getElementType();
  const Type type = registerType(element);
  ScalarOps s(emitter.builder(), loc, element.isUnsignedInteger());
  const bool most = op->getName().stripDialect() == "argmax";
  const bool isFloat = isa<FloatType>(type);
  const Value champion = isFloat ? s.constant(type, std::numeric_limits<double>::quiet_NaN())
                                 : (most ? s.least(type) : s.greatest(type));
  const auto axis = static_cast<std::size_t>(llvm::find(reduced, true) - reduced.begin());
  RowLoops loops(emitter, extentsOf(x), reduced, operandIndex(emitter, op, index, reduced), {x});
  const SmallVector<Value> best = loops.fold(
      loc, {champion, emitter.kernel().constant(0)},
      [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
        const Value candidate = emitter.element(x, at);
        Value better = most ? s.less(carried[0], candidate) : s.less(candidate, carried[0]);
        if (isFloat)
          better = s.logicalOr(better, s.logicalAnd(s.notEqual(carried[0], carried[0]),
                                                    s.equal(candidate, candidate)));
        ElementIndex place = at;
        const unsigned part = ElementEmitter::Maps::isolate(emitter, place, extentsOf(x),
                                                            static_cast<std::int64_t>(axis));
        return {s.select(better, candidate, carried[0]),
                s.select(better, emitter.orZero(place[part].value), carried[1])};
      });
  ScalarOps integers(emitter.builder(), loc, false);
  return integers.convert(best[1],
                          cast<RankedTensorType>(op->getResult(0).getType()).getElementType());
}

} // namespace

RowLoops::RowLoops(ElementEmitter &emitter, Extents shape, ArrayRef<bool> inner,
                   const ElementIndex &outer, ArrayRef<Value> roots)
    : emitter_(emitter), shape_(shape), outer_(outer), domain_(shape, kindsOf(inner), roots) {
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (inner[d])
      count_ *= shape[d];
}

ElementIndex RowLoops::indexAt(ArrayRef<Value> counters) const {
  // The outer axes as given, the inner ones by their loops.
  ElementIndex index;
  unsigned axis = 0, outerAxis = 0;
  auto outer = outer_.begin();
  for (const LoopDomain::AxisGroup &group : domain_.groupsOf(shape_)) {
    const unsigned end = axis + group.axes;
    const bool isInner =
        group.firstLoop < group.lastLoop && domain_.loops()[group.firstLoop].kind == 1;
    if (isInner) {
      Value value;
      for (unsigned loop = group.firstLoop; loop < group.lastLoop; ++loop)
        value = emitter_.sum(emitter_.scaled(value, domain_.loops()[loop].extent), counters[loop]);
      index.push_back({group.axes, value});
      for (; outerAxis < end; ++outer)
        outerAxis += outer->dims;
    } else {
      for (; outerAxis < end; ++outer) {
        index.push_back(*outer);
        outerAxis += outer->dims;
      }
    }
    axis = end;
  }
  return index;
}

SmallVector<Value> RowLoops::fold(Location loc, ValueRange initial, Body body) {
  SmallVector<unsigned> loops;
  for (unsigned i = 0; i < domain_.loops().size(); ++i)
    if (domain_.loops()[i].kind == 1)
      loops.push_back(i);
  SmallVector<Value> counters(domain_.loops().size());
  if (count_ == 0)
    return SmallVector<Value>(initial);
  return emitter_.fold(loc, domain_, loops, counters, initial,
                       [&](ValueRange carried) { return body(indexAt(counters), carried); });
}

Value accumulateSum(OpBuilder &builder, Location loc, Value total, Value value) {
  return arith::AddFOp::create(builder, loc, total, value, arith::FastMathFlags::reassoc);
}

Reduction::Reduction(ElementEmitter &emitter, Operation *op)
    : emitter_(emitter), op_(op), name_(op->getName().stripDialect()) {
  const Type element = cast<RankedTensorType>(op->getOperand(0).getType()).getElementType();
  isUnsigned_ = element.isUnsignedInteger();
  elementType_ = totalType_ = registerType(element);
  if (name_ == "reduce_mean" && isa<IntegerType>(elementType_))
    totalType_ = IntegerType::get(op->getContext(), 64);
}

Value Reduction::initial() const {
  const ScalarOps s(emitter_.builder(), op_->getLoc(), isUnsigned_);
  if (name_ == "reduce_max")
    return s.least(totalType_);
  if (name_ == "reduce_min")
    return s.greatest(totalType_);
  return s.constant(totalType_, name_ == "reduce_prod" || name_ == "reduce_all" ? 1 : 0);
}

Value Reduction::combine(Value total, Value element) const {
  ScalarOps s(emitter_.builder(), op_->getLoc(), isUnsigned_);
  if (name_ == "l2_loss")
    element = s.multiply(element, element);
  if (element.getType() != totalType_)
    element = s.convert(element, totalType_);
  return merge(total, element);
}

Value Reduction::merge(Value a, Value b) const {
  OpBuilder &builder = emitter_.builder();
  const Location loc = op_->getLoc();
  ScalarOps s(builder, loc, isUnsigned_);
  const bool isFloat = isa<FloatType>(totalType_);
  if (name_ == "reduce_all")
    return s.logicalAnd(a, b);
  if (name_ == "reduce_any")
    return s.logicalOr(a, b);
  if (name_ == "reduce_max" && isFloat) // NaN wins; LLVM knows this as a reduction
    return arith::MaximumFOp::create(builder, loc, a, b);
  if (name_ == "reduce_min" && isFloat)
    return arith::MinimumFOp::create(builder, loc, a, b);
  if (name_ == "reduce_max")
    return s.maximum(a, b);
  if (name_ == "reduce_min")
    return s.minimum(a, b);
  if (name_ == "reduce_prod")
    return isFloat ? Value(arith::MulFOp::create(builder, loc, a, b)) : s.multiply(a, b);
  return isFloat ? accumulateSum(builder, loc, a, b) : s.add(a, b);
}

Value Reduction::finish(Value total, std::int64_t count) const {
  ScalarOps s(emitter_.builder(), op_->getLoc(), false);
  if (name_ == "l2_loss")
    return s.multiply(total, s.constant(totalType_, 0.5));
  if (name_ != "reduce_mean")
    return total;
  if (isa<FloatType>(totalType_))
    return s.divide(total, s.constant(totalType_, static_cast<double>(count)));
  if (count == 0)
    return s.constant(elementType_, 0);
  total = s.divide(total, emitter_.kernel().constant(count));
  return s.convert(total, elementType_);
}

void addReductionRules(RuleTable &table) {
  for (const char *name : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod",
                           "reduce_all", "reduce_any", "l2_loss"})
    table[name] = {reduce, 1};
  table["argmax"] = {argument, 4};
  table["argmin"] = {argument, 4};
}

} // namespace graphc
