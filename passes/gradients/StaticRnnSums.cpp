// Gradients of captured values are sums over time: those of small weights are accumulated in a
// further state, where a kernel has their operands at hand; others leave the loop where TimeSum
// knows how, and are accumulated where not.
#include "mlir/IR/TypeUtilities.h"
#include "passes/gradients/StaticRnnGradient.h"
#include "passes/kernels/RecurrenceTiling.h"

namespace graphc {

using namespace mlir;

namespace {

/// The terms of a sum within the body.
void collectTerms(Value sum, SmallVectorImpl<Value> &terms) {
  Operation *op = sum.getDefiningOp();
  const bool isSum =
      op && (isGraphOp(op, "add") || isGraphOp(op, "add_n")) &&
      llvm::all_of(op->getOperandTypes(), [&](Type type) { return type == sum.getType(); });
  if (!isSum) {
    terms.push_back(sum);
    return;
  }
  for (Value operand : op->getOperands())
    collectTerms(operand, terms);
}

} // namespace

/// Small sums over the batch are made where their operands are at hand: outside, these would have
/// to be kept for all steps.
bool StaticRnnGradient::isSummedInBody(Value term) const {
  Operation *op = term.getDefiningOp();
  const RecurrenceTiling tiling = tilingOf(forward_.op());
  const auto hasBatch = [&](Value value) {
    return rankOf(value) > 1 && extentsOf(value)[0] == tiling.batch;
  };
  if (!op || !keepsWeightsCached(forward_.op()) || !llvm::all_of(op->getOperands(), hasBatch))
    return false;
  if (isGraphOp(op, "matmul"))
    return flagAttribute(op, "transpose_a") && !flagAttribute(op, "transpose_b");
  return isGraphOp(op, "reduce_sum") && intsAttribute(op, "axes") == ArrayRef<int64_t>{0} &&
         isa<FloatType>(getElementTypeOrSelf(term.getType()));
}

void StaticRnnGradient::planSums() {
  for (auto [number, gradient] : llvm::zip_equal(holds_, held_->getOperands())) {
    if (!forward_.isCaptured(forward_.body().getArgument(number)))
      continue;
    SmallVector<Value> terms, rest;
    collectTerms(gradient, terms);
    for (Value term : terms) {
      if (isSummedInBody(term)) {
        rest.push_back(term);
        continue;
      }
      const size_t outputsBefore = outputs_.size();
      if (std::optional<TimeSum> sum = planTimeSum(*this, term)) {
        sums_.push_back({number, std::move(*sum)});
      } else {
        outputs_.truncate(outputsBefore); // those of a plan that came to nothing
        rest.push_back(term);
      }
    }
    if (rest.empty())
      continue;
    bodyBuilder_.setInsertionPoint(held_);
    GraphBuilder graph(bodyBuilder_, location());
    GradientMath math(graph);
    Value before = addPort(Port::state, gradient.getType(), {});
    rest.push_back(before);
    accumulated_.push_back(math.sum(rest));
    accumulators_.push_back(number);
  }
}

bool StaticRnnGradient::isSequence(Value inBody) const {
  const Port *port = portOf(inBody);
  return (port && port->kind == Port::sequence) || llvm::is_contained(outputs_, inBody);
}

unsigned StaticRnnGradient::sequenceOf(Value inBody) {
  if (const Port *port = portOf(inBody); port && port->kind == Port::sequence) {
    const unsigned number = port->argument.getArgNumber();
    ports_[number].needed = true;
    sequences_.push_back({true, number});
  } else {
    sequences_.push_back({false, outputNumber(inBody)});
  }
  return static_cast<unsigned>(sequences_.size() - 1);
}

Value StaticRnnGradient::invariant(Value inBody) const {
  const Port *port = portOf(inBody);
  return port && port->kind == Port::captured ? port->outer : Value();
}

SequenceSource::Shifted StaticRnnGradient::shifted(unsigned number) {
  const auto [isPort, index] = sequences_[number];
  if (!isPort || ports_[index].outer)
    return {};
  const unsigned state = *forwardState(ports_[index]);
  return {outputOfState(state), forward_.initialState(state), forward_.reverse()};
}

Value StaticRnnGradient::sequence(GradientMath &m, unsigned number) {
  const auto [isPort, index] = sequences_[number];
  if (!isPort)
    return backward_->getResult(index);
  if (ports_[index].outer)
    return ports_[index].outer;
  // The initial state, then the states after all steps but the last.
  const Shifted state = shifted(number);
  Extents begin(static_cast<size_t>(rankOf(state.after)), 0), size = shapeOf(state.after);
  if (size[0] == 1) {
    return m.reshape(state.initial, size);
  }
  begin[0] = state.reverse ? 1 : 0;
  Extents first = size;
  first[0] = 1;
  --size[0];
  SmallVector<Value> parts{m.reshape(state.initial, first), m.slice(state.after, begin, size)};
  if (state.reverse)
    std::swap(parts[0], parts[1]);
  return m.concat(parts, 0);
}

} // namespace graphc
