#include "passes/kernels/RecurrenceEnds.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace graphc {
namespace {

StringRef nameOf(Operation &op) { return op.getName().stripDialect(); }

unsigned segment(Operation *rnn, unsigned which) {
  return static_cast<unsigned>(
      rnn->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes").asArrayRef()[which]);
}

/// step >= lengths, or step < lengths.
bool comparesWithStep(Operation &op, Value lengths) {
  if (nameOf(op) != "greater_equal" && nameOf(op) != "less")
    return false;
  Operation *step = op.getOperand(0).getDefiningOp();
  return step && nameOf(*step) == "step_index" && op.getOperand(1) == lengths;
}

/// What the body computes at a step at which every window has ended.
class EndedBody {
public:
  EndedBody(Block &body, Value lengths) : lengths_(lengths) {
    for (Operation &op : body.without_terminator())
      visit(op);
  }

  bool isZero(Value value) const { return zeros_.contains(value); }
  /// The value that this one equals then.
  Value resolve(Value value) const {
    const Value same = same_.lookup(value);
    return same ? same : value;
  }

private:
  void visit(Operation &op);
  void setZero(Operation &op) { zeros_.insert_range(op.getResults()); }
  void setSame(Operation &op, Value value) {
    if (isZero(value))
      setZero(op);
    else if (op.getResult(0).getType() == value.getType())
      same_[op.getResult(0)] = resolve(value);
  }

  Value lengths_;
  llvm::DenseMap<Value, bool> conditions_; ///< the same for every window
  llvm::DenseSet<Value> zeros_;
  llvm::DenseMap<Value, Value> same_;
};

/// Results are zero where the operand is.
const llvm::StringSet<> &keepsZero() {
  static const llvm::StringSet<> names = {
      "abs",         "broadcast_to", "expand_dims", "identity", "negative", "reduce_max",
      "reduce_mean", "reduce_min",   "reduce_sum",  "relu",     "reshape",  "slice",
      "split",       "square",       "squeeze",     "tanh",     "transpose"};
  return names;
}

void EndedBody::visit(Operation &op) {
  const StringRef name = nameOf(op);
  const auto operand = [&](unsigned i) { return op.getOperand(i); };
  const auto zero = [&](unsigned i) { return isZero(operand(i)); };
  if (name == "zeros_like") {
    setZero(op);
  } else if (name == "constant") {
    auto value = op.getAttrOfType<DenseElementsAttr>("value");
    if (value && value.isSplat() && isa<FloatType>(value.getElementType()) &&
        value.getSplatValue<APFloat>().isZero())
      setZero(op);
  } else if (comparesWithStep(op, lengths_)) {
    conditions_[op.getResult(0)] = name == "greater_equal";
  } else if (name == "where") {
    if (auto known = conditions_.find(operand(0)); known != conditions_.end())
      setSame(op, operand(known->second ? 1 : 2));
    else if (zero(1) && zero(2))
      setZero(op);
  } else if (op.getNumOperands() == 1 && conditions_.contains(operand(0))) {
    const bool condition = conditions_.lookup(operand(0));
    if (name == "logical_not")
      conditions_[op.getResult(0)] = !condition;
    else if (name == "expand_dims" || name == "reshape" || name == "broadcast_to" ||
             name == "identity")
      conditions_[op.getResult(0)] = condition;
  } else if (name == "add" || name == "subtract") {
    if (zero(1))
      setSame(op, operand(0));
    else if (name == "add" && zero(0))
      setSame(op, operand(1));
  } else if (name == "multiply" || name == "matmul") {
    // What is not zero there is finite, as it is at every other step.
    if (zero(0) || zero(1))
      setZero(op);
  } else if (name == "divide") {
    if (zero(0))
      setZero(op);
  } else if (name == "concat" || name == "add_n") {
    if (llvm::all_of(op.getOperands(), [&](Value value) { return isZero(value); }))
      setZero(op);
  } else if (op.getNumOperands() == 1 && keepsZero().contains(name)) {
    if (zero(0))
      setZero(op);
    else if (name == "identity")
      setSame(op, operand(0));
  }
}

/// An operand of the recurrence that is the same at each step: captured, or a state that stays.
bool isInvariant(Operation *rnn, unsigned number) {
  const unsigned sequences = segment(rnn, 0), states = segment(rnn, 1);
  if (number < sequences)
    return false;
  if (number >= sequences + states)
    return true;
  Block &body = rnn->getRegion(0).front();
  const unsigned outputs = rnn->getNumResults() - states;
  return body.getTerminator()->getOperand(outputs + number - sequences) == body.getArgument(number);
}

/// The operand with lengths, and which outputs are zero past the ends.
struct Ends {
  unsigned lengths = 0;
  SmallVector<bool> zeroOutputs;
};

std::optional<Ends> endsOf(Operation *rnn) {
  const unsigned sequences = segment(rnn, 0), states = segment(rnn, 1);
  const unsigned outputs = rnn->getNumResults() - states;
  Block &body = rnn->getRegion(0).front();
  Operation *yield = body.getTerminator();
  for (Operation &op : body) {
    auto lengths =
        op.getNumOperands() == 2 ? dyn_cast<BlockArgument>(op.getOperand(1)) : BlockArgument();
    auto type = lengths ? dyn_cast<RankedTensorType>(lengths.getType()) : RankedTensorType();
    if (!type || type.getRank() != 1 || !type.getElementType().isInteger(32) ||
        !comparesWithStep(op, lengths) || !isInvariant(rnn, lengths.getArgNumber()))
      continue;
    const EndedBody ended(body, lengths);
    const bool statesStay = llvm::all_of(llvm::seq(states), [&](unsigned i) {
      return ended.resolve(yield->getOperand(outputs + i)) == body.getArgument(sequences + i);
    });
    if (!statesStay)
      continue;
    Ends ends{lengths.getArgNumber(), {}};
    for (unsigned i = 0; i < outputs; ++i)
      ends.zeroOutputs.push_back(ended.isZero(yield->getOperand(i)));
    return ends;
  }
  return std::nullopt;
}

} // namespace

std::optional<std::int64_t> sequenceLengths(Operation *rnn) {
  auto given = rnn->getAttrOfType<IntegerAttr>(kSequenceLengths);
  return given && given.getInt() >= 0 ? std::optional(given.getInt()) : std::nullopt;
}

void findSequenceLengths(Operation *rnn) {
  if (rnn->hasAttr(kSequenceLengths))
    return;
  const std::optional<Ends> ends = endsOf(rnn);
  if (!ends)
    return;
  Value lengths = rnn->getOperand(ends->lengths);
  const auto batch = cast<RankedTensorType>(lengths.getType()).getDimSize(0);
  const auto endsToo = [&](OpOperand &use) {
    Operation *reader = use.getOwner();
    if (reader->getName() != rnn->getName() || use.getOperandNumber() >= segment(reader, 0))
      return false;
    const std::optional<Ends> other = endsOf(reader);
    return other && reader->getOperand(other->lengths) == lengths;
  };
  for (auto [i, isZero] : llvm::enumerate(ends->zeroOutputs)) {
    Value output = rnn->getResult(static_cast<unsigned>(i));
    auto type = cast<RankedTensorType>(output.getType());
    if (type.getRank() < 2 || type.getDimSize(1) != batch ||
        (!isZero && !llvm::all_of(output.getUses(), endsToo)))
      return;
  }
  rnn->setAttr(kSequenceLengths,
               IntegerAttr::get(IntegerType::get(rnn->getContext(), 64), ends->lengths));
}

} // namespace graphc
