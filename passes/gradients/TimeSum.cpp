#include "passes/gradients/TimeSum.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SmallVectorExtras.h"

namespace graphc {

using namespace mlir;

namespace {

/// Merges time and batch: [T, B, N] -> [T * B, N].
Value asRows(GradientMath &m, Value sequence) {
  const Extents shape = shapeOf(sequence);
  return m.reshape(sequence, {shape[0] * shape[1], shape[2]});
}

Value productOfRows(GradientMath &m, Value x, Value y) { return m.matmul(x, y, true, false); }

bool isZero(Value value) {
  if (Operation *fill = definedBy(value, "fill"))
    value = fill->getOperand(0);
  Operation *constant = definedBy(value, "constant");
  auto elements =
      constant ? dyn_cast<DenseFPElementsAttr>(constant->getAttr("value")) : DenseFPElementsAttr();
  return elements && elements.isSplat() && elements.getSplatValue<APFloat>().isZero();
}

/// Sum over t of before[t]' * y[t] (or its transpose), where before[t] is the state that step t
/// started from. It is the state after the neighbouring step, so the product runs over rows of
/// `state.after` moved by one step, and the first step's is made from the initial state; nothing is
/// copied.
Value shiftedProduct(GradientMath &m, const SequenceSource::Shifted &state, Value y,
                     bool stateLeft) {
  auto product = [&](Value states, Value others) {
    return stateLeft ? productOfRows(m, states, others) : productOfRows(m, others, states);
  };
  const Extents states = shapeOf(state.after), others = shapeOf(y);
  const int64_t batch = states[1], rest = (states[0] - 1) * batch;
  Value stateRows = asRows(m, state.after), yRows = asRows(m, y);
  SmallVector<Value> terms;
  if (rest > 0) {
    Value before = m.slice(stateRows, {state.reverse ? batch : 0, 0}, {rest, states[2]});
    Value later = m.slice(yRows, {state.reverse ? 0 : batch, 0}, {rest, others[2]});
    terms.push_back(product(before, later));
  }
  if (terms.empty() || !isZero(state.initial)) {
    Value first = m.slice(yRows, {state.reverse ? rest : 0, 0}, {batch, others[2]});
    terms.push_back(product(state.initial, first));
  }
  return m.sum(terms);
}

/// The parts of joined columns, some of which are sequences already while the whole is not:
/// products with them are better made apart than from a further copy. Empty for other values.
OperandRange columnParts(const SequenceSource &source, Value value) {
  Operation *concat = definedBy(value, "concat");
  if (concat && rankOf(value) == 2 && normalAxis(intAttribute(concat, "axis"), 2) == 1 &&
      !source.isSequence(value) &&
      llvm::any_of(concat->getOperands(), [&](Value part) { return source.isSequence(part); }))
    return concat->getOperands();
  return {nullptr, 0};
}

/// Sum over t of x[t]' * y[t]. Products with joined columns are joined products.
TimeSum product(SequenceSource &source, Value x, Value y) {
  for (bool left : {true, false}) {
    OperandRange parts = columnParts(source, left ? x : y);
    if (parts.empty())
      continue;
    SmallVector<TimeSum> products;
    for (Value part : parts)
      products.push_back(left ? product(source, part, y) : product(source, x, part));
    return [products, axis = left ? 0 : 1](GradientMath &m) {
      return m.concat(llvm::map_to_vector(products, [&](const TimeSum &made) { return made(m); }),
                      axis);
    };
  }
  const unsigned xNumber = source.sequenceOf(x), yNumber = source.sequenceOf(y);
  return [&source, xNumber, yNumber](GradientMath &m) {
    if (SequenceSource::Shifted state = source.shifted(xNumber); state.after)
      return shiftedProduct(m, state, source.sequence(m, yNumber), true);
    if (SequenceSource::Shifted state = source.shifted(yNumber); state.after)
      return shiftedProduct(m, state, source.sequence(m, xNumber), false);
    return productOfRows(m, asRows(m, source.sequence(m, xNumber)),
                         asRows(m, source.sequence(m, yNumber)));
  };
}

/// Sum over t of reduce_sum(x[t]): one reduction over time and the axes.
TimeSum reduction(SequenceSource &source, Operation *op) {
  Extents axes{0};
  if (op->hasAttr("axes")) {
    for (int64_t axis : intsAttribute(op, "axes"))
      axes.push_back(normalAxis(axis, rankOf(op->getOperand(0))) + 1);
  } else {
    for (int64_t axis = 0; axis < rankOf(op->getOperand(0)); ++axis)
      axes.push_back(axis + 1);
  }
  const unsigned number = source.sequenceOf(op->getOperand(0));
  return [&source, number, axes, shape = shapeOf(op->getResult(0))](GradientMath &m) {
    return m.reshape(m.reduceSum(source.sequence(m, number), axes), shape);
  };
}

/// Sum over t of unsorted_segment_sum(data[t], ids[t]): one over time as well.
TimeSum segmentSum(SequenceSource &source, Operation *op) {
  const unsigned data = source.sequenceOf(op->getOperand(0));
  const unsigned ids = source.sequenceOf(op->getOperand(1));
  return [&source, data, ids, segments = intAttribute(op, "num_segments")](GradientMath &m) {
    return m.graph().create("unsorted_segment_sum",
                            {source.sequence(m, data), source.sequence(m, ids)},
                            {{"num_segments", segments}});
  };
}

/// Ops that are linear in all their operands, and in nothing else.
bool isLinear(Operation *op) {
  static constexpr llvm::StringLiteral names[] = {
      "reshape", "transpose",     "expand_dims",        "squeeze", "identity", "negative",
      "slice",   "strided_slice", "strided_slice_grad", "reverse", "concat",   "stack",
      "tile"};
  if (isGraphOp(op, "pad"))
    return op->getAttrOfType<FloatAttr>("value").getValue().isZero();
  return llvm::is_contained(names, graphName(op));
}

/// The sum over time goes through linear ops.
std::optional<TimeSum> throughLinear(SequenceSource &source, Operation *op) {
  SmallVector<TimeSum> operands;
  for (Value operand : op->getOperands()) {
    std::optional<TimeSum> sum = planTimeSum(source, operand);
    if (!sum)
      return std::nullopt;
    operands.push_back(std::move(*sum));
  }
  return [operands, name = graphName(op).str(), attributes = attributesOf(op)](GradientMath &m) {
    return m.graph().create(
        name, llvm::map_to_vector(operands, [&](const TimeSum &sum) { return sum(m); }),
        attributes);
  };
}

/// ... and through a factor or divisor that is the same at every step.
std::optional<TimeSum> throughFactor(SequenceSource &source, Operation *op) {
  const bool commutes = isGraphOp(op, "multiply");
  for (unsigned factor : {1u, 0u}) {
    Value outside = source.invariant(op->getOperand(factor));
    Value other = op->getOperand(1 - factor);
    if (!outside || other.getType() != op->getResult(0).getType() || (factor == 0 && !commutes))
      continue;
    if (std::optional<TimeSum> sum = planTimeSum(source, other))
      return [sum = *sum, outside, name = graphName(op).str()](GradientMath &m) {
        return m.binary(name, sum(m), outside);
      };
  }
  return std::nullopt;
}

} // namespace

std::optional<TimeSum> planTimeSum(SequenceSource &source, Value value) {
  Operation *op = value.getDefiningOp();
  if (source.isSequence(value)) {
    const unsigned number = source.sequenceOf(value);
    return
        [&source, number](GradientMath &m) { return m.reduceSum(source.sequence(m, number), {0}); };
  }
  if (!op)
    return std::nullopt;
  if (isGraphOp(op, "matmul") && rankOf(op->getOperand(0)) == 2 && rankOf(op->getOperand(1)) == 2 &&
      flagAttribute(op, "transpose_a") && !flagAttribute(op, "transpose_b"))
    return product(source, op->getOperand(0), op->getOperand(1));
  if (isGraphOp(op, "reduce_sum"))
    return reduction(source, op);
  if (isGraphOp(op, "unsorted_segment_sum"))
    return segmentSum(source, op);
  if (isGraphOp(op, "multiply") || isGraphOp(op, "divide"))
    return throughFactor(source, op);
  if (isLinear(op))
    return throughLinear(source, op);
  return std::nullopt;
}

} // namespace graphc
