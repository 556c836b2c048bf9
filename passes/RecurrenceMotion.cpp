#include "passes/RecurrenceMotion.h"

#include "ir/GraphBuilder.h"
#include "passes/GraphOps.h"
#include "passes/Recurrence.h"
#include "llvm/ADT/DenseSet.h"

namespace graphc {

using namespace mlir;

namespace {

using Varies = llvm::function_ref<bool(Value)>;

bool allStatic(Operation *op) {
  auto isStaticValue = [](Value value) { return isStatic(value.getType()); };
  return llvm::all_of(op->getOperands(), isStaticValue) &&
         llvm::all_of(op->getResults(), isStaticValue);
}

/// Writes one op over time. All types are static; `T` is put in front.
class OverTimeWriter {
public:
  OverTimeWriter(OpBuilder &builder, Operation *op, int64_t steps, Varies varies, IRMapping &map)
      : builder_(builder, op->getLoc()), op_(op), steps_(steps), varies_(varies), map_(map),
        attributes_(attributesOf(op)) {
    attributes_ = plainAttributes();
  }

  void write();

private:
  Attributes plainAttributes() const {
    Attributes result;
    for (const auto &[name, value] : attributes_.entries())
      if (name != "operandSegmentSizes")
        result.set(name, value);
    return result;
  }
  Value outside(Value value) { return map_.lookup(value); }
  Value reshape(Value value, ArrayRef<int64_t> extents) {
    if (extentsOf(value) == extents)
      return value;
    return builder_.create("reshape", value,
                           {{"shape", std::vector<int64_t>(extents.begin(), extents.end())}});
  }
  /// The operand with the time axis, repeated where it does not vary.
  Value withTime(Value value);
  /// The operand so that it broadcasts against a result of `rank` + 1 axes.
  Value aligned(Value value, int64_t rank);
  SmallVector<Value> operandsWithTime() {
    return llvm::map_to_vector(op_->getOperands(), [&](Value value) { return withTime(value); });
  }
  void result(Value value) { map_.map(op_->getResult(0), value); }
  void shiftAxis(StringRef name) { attributes_.set(name.str(), intAttribute(op_, name) + 1); }
  void shiftAxes(StringRef name) {
    std::vector<int64_t> axes;
    for (int64_t axis : intsAttribute(op_, name))
      axes.push_back(axis + 1);
    attributes_.set(name.str(), axes);
  }
  void prepend(StringRef name, int64_t value) {
    std::vector<int64_t> values{value};
    llvm::append_range(values, intsAttribute(op_, name));
    attributes_.set(name.str(), values);
  }
  void create(ValueRange operands) {
    Operation *made = builder_.createOp(graphName(op_), operands, attributes_);
    for (auto [old, value] : llvm::zip(op_->getResults(), made->getResults()))
      map_.map(old, value);
  }
  void writeElementwise();
  void writeMatmul();
  void writeRandom();
  void writeStepIndex();

  GraphBuilder builder_;
  Operation *op_;
  int64_t steps_;
  Varies varies_;
  IRMapping &map_;
  Attributes attributes_;
};

SmallVector<int64_t> prepended(int64_t first, ArrayRef<int64_t> rest) {
  SmallVector<int64_t> extents{first};
  llvm::append_range(extents, rest);
  return extents;
}

Value OverTimeWriter::withTime(Value value) {
  Value result = outside(value);
  if (varies_(value))
    return result;
  SmallVector<int64_t> extents = prepended(steps_, extentsOf(value));
  return builder_.create("broadcast_to", result,
                         {{"shape", std::vector<int64_t>(extents.begin(), extents.end())}});
}

Value OverTimeWriter::aligned(Value value, int64_t rank) {
  Value result = outside(value);
  if (!varies_(value) || rankOf(value) == rank)
    return result;
  SmallVector<int64_t> extents{steps_};
  extents.append(static_cast<size_t>(rank - rankOf(value)), 1);
  llvm::append_range(extents, extentsOf(value));
  return reshape(result, extents);
}

void OverTimeWriter::writeElementwise() {
  const int64_t rank = rankOf(op_->getResult(0));
  create(
      llvm::map_to_vector(op_->getOperands(), [&](Value value) { return aligned(value, rank); }));
}

// A product with a matrix that stays is one product of all steps' rows.
void OverTimeWriter::writeMatmul() {
  Value a = op_->getOperand(0), b = op_->getOperand(1);
  const bool matrices = rankOf(a) == 2 && rankOf(b) == 2;
  if (!matrices || !varies_(a) || varies_(b) || flagAttribute(op_, "transpose_a")) {
    const int64_t rank = rankOf(op_->getResult(0));
    return create({aligned(a, rank), aligned(b, rank)});
  }
  ArrayRef<int64_t> extents = extentsOf(a);
  Value rows = reshape(outside(a), {steps_ * extents[0], extents[1]});
  Value product = builder_.create("matmul", {rows, outside(b)}, attributes_);
  result(reshape(product, prepended(steps_, extentsOf(op_->getResult(0)))));
}

// Rows are counted over time, so a scalar or a vector of each step needs its row of its own.
void OverTimeWriter::writeRandom() {
  SmallVector<int64_t> extents = prepended(steps_, extentsOf(op_->getResult(0)));
  SmallVector<int64_t> drawn = extents;
  if (drawn.size() < 2)
    drawn.push_back(1);
  attributes_.set("shape", std::vector<int64_t>(drawn.begin(), drawn.end()));
  SmallVector<Value> operands;
  for (Value operand : op_->getOperands())
    operands.push_back(outside(operand));
  result(reshape(builder_.create(graphName(op_), operands, attributes_), extents));
}

void OverTimeWriter::writeStepIndex() {
  std::vector<int32_t> steps(static_cast<size_t>(steps_));
  for (int64_t t = 0; t < steps_; ++t)
    steps[static_cast<size_t>(t)] = static_cast<int32_t>(t);
  result(builder_.constant(Tensor::of(Shape{steps_}, steps)));
}

void OverTimeWriter::write() {
  StringRef name = graphName(op_);
  if (name == "step_index")
    return writeStepIndex();
  if (isRandom(op_))
    return writeRandom();
  if (isElementwiseOp(op_))
    return writeElementwise();
  if (name == "matmul")
    return writeMatmul();
  if (name == "reshape" || name == "broadcast_to") {
    attributes_.set("shape", [&] {
      SmallVector<int64_t> extents = prepended(steps_, extentsOf(op_->getResult(0)));
      return std::vector<int64_t>(extents.begin(), extents.end());
    }());
    if (name == "broadcast_to")
      return create(aligned(op_->getOperand(0), rankOf(op_->getResult(0))));
    return create(outside(op_->getOperand(0)));
  }
  if (name == "concat" || name == "split" || name == "stack" || name == "unstack" ||
      name == "expand_dims" || name == "softmax" || name == "log_softmax" || name == "argmax" ||
      name == "argmin")
    shiftAxis("axis");
  else if (name == "squeeze" || name == "reverse" || isReductionOp(op_))
    shiftAxes("axes");
  else if (name == "slice") {
    prepend("begin", 0);
    prepend("size", steps_);
  } else if (name == "tile")
    prepend("multiples", 1);
  else if (name == "pad") {
    std::vector<int64_t> paddings{0, 0};
    llvm::append_range(paddings, intsAttribute(op_, "paddings"));
    attributes_.set("paddings", paddings);
  } else if (name == "transpose") {
    std::vector<int64_t> perm{0};
    for (int64_t axis : intsAttribute(op_, "perm"))
      perm.push_back(axis + 1);
    attributes_.set("perm", perm);
  } else if (name == "gather")
    return create({outside(op_->getOperand(0)), outside(op_->getOperand(1))});
  create(operandsWithTime());
}

} // namespace

std::string whyNotOverTime(Operation *op, Varies varies) {
  StringRef name = graphName(op);
  auto because = [&](const Twine &why) { return (name + " " + why).str(); };
  if ((name == "step_index" || isRandom(op)) && op->getParentOp()->hasAttr(kFirstStep))
    return because("counts from the segment's first step");
  if (name == "step_index")
    return {};
  if (!isPlain(op) && !isRandom(op))
    return because("has no form over time");
  if (!allStatic(op))
    return because("has unknown extents");
  if (isRandom(op)) {
    if (op->hasAttr("step"))
      return because("is bound to a step");
    return llvm::any_of(op->getOperands(), varies) ? because("has limits that vary") : "";
  }
  // Axes may be written from the end; they mean the same over time only when counted from the
  // front.
  if (op->hasAttr("axis") && intAttribute(op, "axis") < 0)
    return because("counts its axis from the end");
  if (name == "clip_by_value")
    return varies(op->getOperand(1)) || varies(op->getOperand(2)) ? because("has limits that vary")
                                                                  : "";
  if (name == "bias_add")
    return varies(op->getOperand(1)) ? because("has a bias that varies") : "";
  if (name == "gather")
    return varies(op->getOperand(0)) || intAttribute(op, "axis") != 0
               ? because("reads from a table that varies")
               : "";
  if (isElementwiseOp(op) || name == "matmul" || name == "reshape" || name == "broadcast_to" ||
      name == "concat" || name == "split" || name == "stack" || name == "unstack" ||
      name == "expand_dims" || name == "softmax" || name == "log_softmax" || name == "squeeze" ||
      name == "reverse" || isReductionOp(op) || name == "slice" || name == "tile" ||
      name == "pad" || name == "transpose" || name == "softmax_cross_entropy_with_logits" ||
      name == "sparse_softmax_cross_entropy_with_logits")
    return {};
  return because("has no form over time");
}

void writeOverTime(OpBuilder &builder, Operation *op, int64_t steps, Varies varies,
                   IRMapping &overTime) {
  OverTimeWriter(builder, op, steps, varies, overTime).write();
}

BodyDependence::BodyDependence(Operation *op) {
  Recurrence recurrence(op);
  for (unsigned i = 0; i < recurrence.numSequences(); ++i)
    kinds_[recurrence.sliceArgument(i)] = sequence;
  for (unsigned i = 0; i < recurrence.numStates(); ++i)
    kinds_[recurrence.stateArgument(i)] = state;
  for (Operation &inner : recurrence.body().without_terminator()) {
    Kind kind = isRandom(&inner) || isGraphOp(&inner, "step_index") ? sequence : invariant;
    for (Value operand : inner.getOperands())
      kind = std::max(kind, of(operand));
    for (Value result : inner.getResults())
      kinds_[result] = kind;
  }
}

BodyDependence::Kind BodyDependence::of(Operation *op) const {
  return op->getNumResults() == 0 ? state : of(op->getResult(0));
}

namespace {
/// The values of a body as they are outside: over time, or the same at every step.
class OutsideValues {
public:
  OutsideValues(Recurrence &recurrence, OpBuilder &builder, IRMapping &map)
      : builder_(builder), map_(map) {
    for (unsigned i = 0; i < recurrence.numSequences(); ++i)
      map.map(recurrence.sliceArgument(i), recurrence.sequence(i));
    for (unsigned i = 0; i < recurrence.numCaptured(); ++i)
      map.map(recurrence.capturedArgument(i), recurrence.captured(i));
  }
  /// Copies the invariant ops that make `value`, which are constants nearly always.
  void need(Value value) {
    if (map_.contains(value))
      return;
    Operation *op = value.getDefiningOp();
    for (Value operand : op->getOperands())
      need(operand);
    builder_.clone(*op, map_);
  }

private:
  OpBuilder &builder_;
  IRMapping &map_;
};
} // namespace

void moveOverTime(Operation *&op, ArrayRef<Operation *> ops) {
  Recurrence recurrence(op);
  const BodyDependence dependence(op);
  auto varies = [&](Value value) { return dependence.of(value) != BodyDependence::invariant; };
  OpBuilder builder(op);
  IRMapping overTime;
  OutsideValues outside(recurrence, builder, overTime);
  for (Operation *inner : ops) {
    for (Value operand : inner->getOperands())
      if (!varies(operand))
        outside.need(operand);
    writeOverTime(builder, inner, recurrence.steps(), varies, overTime);
  }
  const llvm::DenseSet<Operation *> moved(ops.begin(), ops.end());
  for (Operation *inner : ops)
    for (OpResult result : inner->getResults()) {
      for (OpOperand &use : llvm::make_early_inc_range(result.getUses()))
        if (use.getOwner() == recurrence.yield() &&
            use.getOperandNumber() < recurrence.numOutputs())
          recurrence.output(use.getOperandNumber()).replaceAllUsesWith(overTime.lookup(result));
      const bool stays =
          llvm::any_of(result.getUsers(), [&](Operation *user) { return !moved.contains(user); });
      if (!stays)
        continue;
      BlockArgument slice = recurrence.addSequence(overTime.lookup(result));
      result.replaceUsesWithIf(slice,
                               [&](OpOperand &use) { return !moved.contains(use.getOwner()); });
    }
  for (Operation *inner : llvm::reverse(ops))
    inner->erase();
  op = recurrence.op();
  dropUnusedPorts(op);
}

// A state may only keep itself alive: state arguments that reach neither an output nor the new
// value of a state that is needed are found by growing the set of needed states.
static llvm::BitVector neededStates(Recurrence &recurrence) {
  llvm::BitVector needed(recurrence.numStates());
  llvm::DenseSet<Value> reached;
  auto reach = [&](Value root) {
    SmallVector<Value> worklist{root};
    while (!worklist.empty()) {
      Value value = worklist.pop_back_val();
      if (!reached.insert(value).second)
        continue;
      if (Operation *op = value.getDefiningOp())
        llvm::append_range(worklist, op->getOperands());
    }
  };
  for (unsigned i = 0; i < recurrence.numOutputs(); ++i)
    if (!recurrence.output(i).use_empty())
      reach(recurrence.yieldedOutput(i));
  for (unsigned i = 0; i < recurrence.numStates(); ++i)
    if (!recurrence.finalState(i).use_empty())
      needed.set(i);
  for (bool grown = true; grown;) {
    grown = false;
    for (unsigned i = 0; i < recurrence.numStates(); ++i) {
      if (!needed.test(i) && !reached.contains(recurrence.stateArgument(i)))
        continue;
      needed.set(i);
      if (!reached.contains(recurrence.newState(i))) {
        reach(recurrence.newState(i));
        grown = true;
      }
    }
  }
  return needed;
}

static void eraseDeadOps(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && op.getNumResults() > 0 &&
        (isPlain(&op) || isRandom(&op) || isGraphOp(&op, "step_index") ||
         isGraphOp(&op, "static_rnn") || isGraphOp(&op, "cluster")))
      op.erase();
}

bool dropUnusedPorts(Operation *&op) {
  Recurrence recurrence(op);
  llvm::BitVector outputs(recurrence.numOutputs());
  for (unsigned i = 0; i < recurrence.numOutputs(); ++i)
    if (recurrence.output(i).use_empty())
      outputs.set(i);
  llvm::BitVector needed = neededStates(recurrence);
  llvm::BitVector operands(op->getNumOperands());
  for (unsigned i = 0; i < recurrence.numStates(); ++i)
    if (!needed.test(i))
      operands.set(recurrence.numSequences() + i);
  bool changed = outputs.any() || operands.any();
  if (changed) {
    // What only unneeded ports use is dead once they are cut off from the yield.
    for (unsigned i : operands.set_bits())
      recurrence.yield()->setOperand(recurrence.numOutputs() + i - recurrence.numSequences(),
                                     recurrence.body().getArgument(i));
    recurrence.erasePorts(llvm::BitVector(op->getNumOperands()), outputs);
    eraseDeadOps(recurrence.body());
    recurrence.erasePorts(operands, llvm::BitVector(recurrence.numOutputs()));
  }
  eraseDeadOps(recurrence.body());
  llvm::BitVector inputs(recurrence.op()->getNumOperands());
  for (unsigned i = 0; i < recurrence.numSequences(); ++i)
    if (recurrence.sliceArgument(i).use_empty())
      inputs.set(i);
  llvm::DenseMap<Value, BlockArgument> firstOf;
  for (unsigned i = 0; i < recurrence.numCaptured(); ++i) {
    auto [entry, isNew] =
        firstOf.try_emplace(recurrence.captured(i), recurrence.capturedArgument(i));
    if (!isNew)
      recurrence.capturedArgument(i).replaceAllUsesWith(entry->second);
    if (recurrence.capturedArgument(i).use_empty())
      inputs.set(recurrence.numSequences() + recurrence.numStates() + i);
  }
  if (inputs.any()) {
    recurrence.erasePorts(inputs, llvm::BitVector(recurrence.numOutputs()));
    changed = true;
  }
  op = recurrence.op();
  return changed;
}

} // namespace graphc
