// The gradient of graph.static_rnn.
//
// The backward body is made in three moves: the cell's body is copied and differentiated by the
// same rules as any block; the copies of values that are dear to compute again (matrix products, or
// the activations that alone need them) become sequences that the forward recurrence gives as
// further outputs; and what is then unused is erased, so that of the copy only cheap elementwise
// math remains. A state needs the value it had before the step, which is a saved sequence too.
// Gradients of captured values are sums over time: those of small weights are accumulated in a
// further state, where a kernel has their operands at hand; others leave the loop where TimeSum
// knows how, and are accumulated where not.
#include "passes/gradients/StaticRnnGradient.h"

#include "ir/GradientFlow.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/Recurrence.h"
#include "passes/gradients/Differentiator.h"
#include "passes/gradients/TimeSum.h"
#include "passes/kernels/RecurrenceTiling.h"
#include "llvm/ADT/MapVector.h"

namespace graphc {

using namespace mlir;

namespace {

/// An argument of the backward body, and what stands behind it outside.
struct Port {
  enum Kind { sequence, state, captured };
  Kind kind;
  Value outer; ///< null for a saved value, until it is saved
  Value saved; ///< in the forward body: what the forward recurrence has to give as output
  BlockArgument argument{};
  bool needed = false; ///< outside, even if not in the body
};

class StaticRnnGradient : private SequenceSource {
public:
  explicit StaticRnnGradient(GradientContext &context)
      : context_(context), forward_(context.op()), bodyBuilder_(context.op()->getContext()) {
    body_ = &region_.emplaceBlock();
    bodyBuilder_.setInsertionPointToEnd(body_);
  }

  LogicalResult run() {
    copyBody();
    gatherGradients();
    chooseStates();
    if (failed(differentiateBody()))
      return failure();
    useSavedProducts();
    saveActivations();
    planSums();
    finishBody();
    saveForward();
    if (held_->getNumOperands() > 0)
      createBackward();
    setGradients();
    return success();
  }

private:
  // SequenceSource
  unsigned sequenceOf(Value inBody) override;
  bool isSequence(Value inBody) const override;
  Value invariant(Value inBody) const override;
  Value sequence(GradientMath &math, unsigned number) override;
  Shifted shifted(unsigned number) override;

  void copyBody();
  void gatherGradients();
  void chooseStates();
  LogicalResult differentiateBody();
  void useSavedProducts();
  void saveActivations();
  void planSums();
  void finishBody();
  void saveForward();
  void createBackward();
  void setGradients();

  BlockArgument addPort(Port::Kind kind, Type type, Value outer, Value saved = {});
  const Port *portOf(Value value) const;
  /// The forward output that is the state's value after each step; null where it is no output.
  Value outputOfState(unsigned state) const;
  std::optional<unsigned> forwardState(const Port &port) const;
  bool isUnchanged(BlockArgument state) const;
  bool isSummedInBody(Value term) const;
  void eraseDeadOps();
  unsigned outputNumber(Value inBody);
  Location location() const { return context_.graph().location(); }

  GradientContext &context_;
  Recurrence forward_;
  Region region_;
  Block *body_;
  OpBuilder bodyBuilder_;
  IRMapping copies_; ///< from the forward body to body_

  SmallVector<Value> gradients_;  ///< of the forward results; null for none
  SmallVector<Port> ports_;       ///< by argument number of body_, until createBackward
  DenseSet<Value> active_;        ///< in body_: what depends on the operands wanted
  SmallVector<unsigned> carried_; ///< the forward states that carry a gradient back through time
  SmallVector<std::pair<unsigned, BlockArgument>> seeds_; ///< forward result -> its gradient
  /// Keeps gradients of the forward body's arguments `holds_` in sight while values are replaced;
  /// in the end the body's terminator.
  Operation *held_ = nullptr;
  SmallVector<unsigned> holds_;

  SmallVector<std::pair<unsigned, unsigned>> inputGradients_; ///< forward sequence -> output number
  SmallVector<Value> outputs_, stateGradients_, accumulated_;
  SmallVector<unsigned> accumulators_;               ///< the captured value of each accumulated sum
  SmallVector<std::pair<unsigned, TimeSum>> sums_;   ///< captured value -> one term of its gradient
  SmallVector<std::pair<bool, unsigned>> sequences_; ///< number -> (is a port, port or output)
  Operation *backward_ = nullptr;
};

BlockArgument StaticRnnGradient::addPort(Port::Kind kind, Type type, Value outer, Value saved) {
  BlockArgument argument = body_->addArgument(type, forward_.op()->getLoc());
  ports_.push_back({kind, outer, saved, argument});
  return argument;
}

const Port *StaticRnnGradient::portOf(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == body_ ? &ports_[argument.getArgNumber()] : nullptr;
}

/// A state that every step yields as it got it.
bool StaticRnnGradient::isUnchanged(BlockArgument state) const {
  return forward_.newState(state.getArgNumber() - forward_.numSequences()) == state;
}

void StaticRnnGradient::copyBody() {
  for (BlockArgument argument : forward_.body().getArguments()) {
    const unsigned number = argument.getArgNumber();
    Value outer = forward_.op()->getOperand(number);
    BlockArgument copy;
    if (forward_.isSlice(argument))
      copy = addPort(Port::sequence, argument.getType(), outer);
    else if (forward_.isCaptured(argument) || isUnchanged(argument))
      copy = addPort(Port::captured, argument.getType(), outer);
    else
      copy = addPort(Port::sequence, argument.getType(), {}, argument);
    copies_.map(argument, copy);
  }
  for (Operation &op : forward_.body().without_terminator())
    bodyBuilder_.clone(op, copies_);
}

/// Where only the step that ran last has a gradient, that step's; null for others.
Value onlyLast(const Recurrence &recurrence, Value sequence) {
  Operation *pad = sequence ? definedBy(sequence, "pad") : nullptr;
  if (!pad || shapeOf(pad->getOperand(0))[0] != 1 ||
      !pad->getAttrOfType<FloatAttr>("value").getValue().isZero())
    return {};
  Extents paddings(shapeOf(sequence).size() * 2, 0);
  paddings[recurrence.reverse() ? 1 : 0] = recurrence.steps() - 1;
  return intsAttribute(pad, "paddings") == ArrayRef(paddings) ? pad->getOperand(0) : Value();
}

// A loss on the last output alone is common. Where that output is a state, it is a loss on the
// final state, and no sequence of zeros is handed to the backward body.
void StaticRnnGradient::gatherGradients() {
  const unsigned outputs = forward_.numOutputs();
  for (unsigned i = 0; i < context_.numResults(); ++i)
    gradients_.push_back(context_.gradient(i));
  for (unsigned i = 0; i < outputs; ++i) {
    Value last = onlyLast(forward_, gradients_[i]);
    for (unsigned state = 0; last && state < forward_.numStates(); ++state) {
      if (forward_.newState(state) != forward_.yieldedOutput(i))
        continue;
      Value &finalState = gradients_[outputs + state];
      last = context_.reshape(last, shapeOf(forward_.finalState(state)));
      finalState = finalState ? context_.add(finalState, last) : last;
      gradients_[i] = {};
      break;
    }
  }
}

// A state carries a gradient where its value depends on something wanted (perhaps through other
// states, one step later) and something with a gradient depends on it.
void StaticRnnGradient::chooseStates() {
  const CustomGradientOps &custom = context_.differentiator().customOps();
  Block &body = forward_.body();
  const unsigned outputs = forward_.numOutputs(), states = forward_.numStates();

  DenseSet<Value> active;
  for (BlockArgument argument : body.getArguments())
    if (context_.wants(argument.getArgNumber()) && carriesGradient(argument))
      active.insert(argument);
  DenseSet<Value> reached;
  for (unsigned i = 0; i < outputs; ++i)
    if (gradients_[i])
      reached.insert(forward_.yieldedOutput(i));
  for (unsigned i = 0; i < states; ++i)
    if (gradients_[outputs + i])
      reached.insert(forward_.newState(i));
  for (bool grown = true; grown;) {
    grown = false;
    propagateActivity(body, forward_.yield(), active, custom);
    propagateReach(body, reached, custom);
    for (unsigned i = 0; i < states; ++i) {
      Value before = forward_.stateArgument(i), after = forward_.newState(i);
      if (active.contains(after))
        grown |= active.insert(before).second;
      if (reached.contains(before))
        grown |= reached.insert(after).second;
    }
  }

  for (unsigned i = 0; i < outputs; ++i)
    if (Value gradient = gradients_[i]; gradient && active.contains(forward_.yieldedOutput(i)))
      seeds_.push_back({i, addPort(Port::sequence, forward_.yieldedOutput(i).getType(), gradient)});
  for (unsigned i = 0; i < states; ++i) {
    const bool used = gradients_[outputs + i] || reached.contains(forward_.stateArgument(i));
    if (!carriesGradient(forward_.newState(i)) || !active.contains(forward_.newState(i)) || !used)
      continue;
    carried_.push_back(i);
    seeds_.push_back({outputs + i, addPort(Port::state, forward_.newState(i).getType(),
                                           gradients_[outputs + i])});
  }
  DenseSet<Value> copies;
  for (Value value : active)
    copies.insert(copies_.lookup(value));
  active_ = std::move(copies);
}

LogicalResult StaticRnnGradient::differentiateBody() {
  Differentiator &outer = context_.differentiator();
  Differentiator inner(bodyBuilder_, outer.customGradients(), outer.ys());
  for (auto [result, gradient] : seeds_)
    inner.add(copies_.lookup(forward_.yield()->getOperand(result)), gradient);
  if (!body_->empty() && failed(inner.run(&body_->back(), active_)))
    return failure();

  SmallVector<Value> held;
  for (BlockArgument argument : forward_.body().getArguments()) {
    const unsigned number = argument.getArgNumber();
    const bool wanted = forward_.isState(argument)
                            ? llvm::is_contained(carried_, number - forward_.numSequences())
                            : context_.wants(number);
    if (!wanted)
      continue;
    Value gradient = inner.gradientOf(copies_.lookup(argument), location());
    if (!gradient) {
      if (!forward_.isState(argument))
        continue;
      GraphBuilder graph(bodyBuilder_, location());
      gradient = GradientMath(graph).zeros(argument.getType());
    }
    holds_.push_back(number);
    held.push_back(gradient);
  }
  GraphBuilder graph(bodyBuilder_, location());
  held_ = graph.createOp("yield", TypeRange(), held);
  return success();
}

/// The value to save in the place of a product: sums of the product need it only to be computed
/// themselves, so the end of a chain of them stands for all.
Value worthSaving(Value product) {
  while (product.hasOneUse()) {
    Operation *user = *product.user_begin();
    if (!(isGraphOp(user, "add") || isGraphOp(user, "subtract") || isGraphOp(user, "add_n") ||
          isGraphOp(user, "bias_add")) ||
        user->getResult(0).getType() != product.getType())
      break;
    product = user->getResult(0);
  }
  return product;
}

void StaticRnnGradient::useSavedProducts() {
  DenseSet<Value> saved;
  for (Operation &op : forward_.body()) {
    if (!isGraphOp(&op, "matmul"))
      continue;
    Value value = worthSaving(op.getResult(0));
    if (!saved.insert(value).second)
      continue;
    Value copy = copies_.lookup(value);
    copy.replaceAllUsesWith(addPort(Port::sequence, value.getType(), {}, value));
  }
}

void StaticRnnGradient::eraseDeadOps() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body_)))
    if (&op != held_ && op.use_empty())
      op.erase();
}

/// The activations that alone use a value, through sums and parts of it; empty where something else
/// does.
SmallVector<Value> activationsOf(Value value) {
  static constexpr llvm::StringLiteral activations[] = {"tanh", "sigmoid", "exp"};
  static constexpr llvm::StringLiteral cheap[] = {"add",      "subtract", "multiply",   "bias_add",
                                                  "split",    "slice",    "unstack",    "reshape",
                                                  "identity", "squeeze",  "expand_dims"};
  llvm::SetVector<Value> found;
  SmallVector<Value> worklist{value};
  while (!worklist.empty())
    for (Operation *user : worklist.pop_back_val().getUsers()) {
      if (llvm::is_contained(activations, graphName(user)))
        found.insert(user->getResult(0));
      else if (llvm::is_contained(cheap, graphName(user)))
        llvm::append_range(worklist, user->getResults());
      else
        return {};
    }
  return found.takeVector();
}

// What a product is only wanted for, a cell's gates, is saved in its place where that takes no more
// memory: then nothing dear is computed twice.
void StaticRnnGradient::saveActivations() {
  DenseMap<Value, Value> originals;
  for (Operation &op : forward_.body().without_terminator())
    for (Value result : op.getResults())
      originals[copies_.lookup(result)] = result;
  eraseDeadOps();
  for (unsigned i = 0, count = static_cast<unsigned>(ports_.size()); i < count; ++i) {
    Value product = ports_[i].saved, argument = ports_[i].argument;
    if (!product || !product.getDefiningOp() || argument.use_empty())
      continue;
    const SmallVector<Value> activations = activationsOf(argument);
    int64_t bytes = 0;
    for (Value value : activations)
      bytes +=
          originals.contains(value) ? bytesOf(value.getType()) : bytesOf(product.getType()) + 1;
    if (activations.empty() || bytes > bytesOf(product.getType()))
      continue;
    for (Value value : activations)
      value.replaceAllUsesWith(addPort(Port::sequence, value.getType(), {}, originals[value]));
    eraseDeadOps();
  }
}

unsigned StaticRnnGradient::outputNumber(Value inBody) {
  auto found = llvm::find(outputs_, inBody);
  if (found == outputs_.end()) {
    outputs_.push_back(inBody);
    return static_cast<unsigned>(outputs_.size() - 1);
  }
  return static_cast<unsigned>(found - outputs_.begin());
}

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
    BlockArgument argument = forward_.body().getArgument(number);
    if (forward_.isState(argument))
      stateGradients_.push_back(gradient);
    else if (forward_.isSlice(argument))
      inputGradients_.push_back({number, outputNumber(gradient)});
  }
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

void StaticRnnGradient::finishBody() {
  SmallVector<Value> yielded(outputs_);
  llvm::append_range(yielded, stateGradients_);
  llvm::append_range(yielded, accumulated_);
  held_->setOperands(yielded);
  eraseDeadOps();
}

std::optional<unsigned> StaticRnnGradient::forwardState(const Port &port) const {
  if (!port.saved || !forward_.isState(port.saved))
    return std::nullopt;
  return cast<BlockArgument>(port.saved).getArgNumber() - forward_.numSequences();
}

Value StaticRnnGradient::outputOfState(unsigned state) const {
  for (unsigned i = 0; i < forward_.numOutputs(); ++i)
    if (forward_.yieldedOutput(i) == forward_.newState(state))
      return forward_.output(i);
  return {};
}

void StaticRnnGradient::saveForward() {
  SmallVector<Port *> ports;
  SmallVector<Value> values;
  for (Port &port : ports_) {
    if (!port.saved)
      continue;
    std::optional<unsigned> state = forwardState(port);
    const bool inBody = !port.argument.use_empty();
    // What is only wanted outside is had from the outputs there.
    if (!inBody && !(port.needed && !(state && outputOfState(*state))))
      continue;
    ports.push_back(&port);
    bool isOutput = false;
    for (unsigned i = 0; i < forward_.numOutputs() && !isOutput; ++i)
      isOutput = forward_.yieldedOutput(i) == port.saved;
    if (!isOutput)
      values.push_back(port.saved);
  }
  if (!values.empty()) {
    SmallVector<Value> before(forward_.op()->getResults());
    const unsigned outputs = forward_.numOutputs();
    const auto added = static_cast<unsigned>(values.size());
    forward_.addOutputs(values);
    SmallVector<Value> after;
    for (unsigned i = 0; i < before.size(); ++i)
      after.push_back(forward_.op()->getResult(i < outputs ? i : i + added));
    context_.differentiator().replaced(before, after);
    // The gradients that this rule was given may be such results themselves.
    for (Port &port : ports_)
      if (auto found = llvm::find(before, port.outer); port.outer && found != before.end())
        port.outer = after[static_cast<size_t>(found - before.begin())];
  }
  for (Port *port : ports)
    for (unsigned i = 0; i < forward_.numOutputs(); ++i)
      if (forward_.yieldedOutput(i) == port->saved)
        port->outer = forward_.output(i);
}

void StaticRnnGradient::createBackward() {
  SmallVector<Value> operands;
  SmallVector<int32_t> segments;
  Block *ordered = new Block();
  for (Port::Kind kind : {Port::sequence, Port::state, Port::captured}) {
    const size_t before = operands.size();
    for (Port &port : ports_) {
      if (port.kind != kind || (kind != Port::state && port.argument.use_empty()))
        continue;
      if (!port.outer)
        port.outer = context_.zeros(port.argument.getType());
      operands.push_back(port.outer);
      port.argument.replaceAllUsesWith(
          ordered->addArgument(port.argument.getType(), port.argument.getLoc()));
    }
    segments.push_back(static_cast<int32_t>(operands.size() - before));
  }
  ordered->getOperations().splice(ordered->end(), body_->getOperations());
  body_->erase();
  region_.push_back(ordered);
  body_ = ordered;

  MLIRContext *mlir = forward_.op()->getContext();
  OperationState state(location(), forward_.op()->getName());
  for (size_t i = 0; i < held_->getNumOperands(); ++i) {
    Type type = held_->getOperand(static_cast<unsigned>(i)).getType();
    state.addTypes(i < outputs_.size() ? Type(stackedType(type, forward_.steps())) : type);
  }
  state.addOperands(operands);
  state.addAttribute("operandSegmentSizes", DenseI32ArrayAttr::get(mlir, segments));
  state.addAttribute("steps", forward_.op()->getAttr("steps"));
  for (StringRef name : {kCachedWeights, kTileWindows})
    if (Attribute given = forward_.op()->getAttr(name))
      state.addAttribute(name, given);
  if (Attribute first = forward_.op()->getAttr(kFirstStep)) {
    state.addAttribute(kFirstStep, first);
    state.addAttribute(kSegmentGradient, UnitAttr::get(mlir));
  }
  state.addAttribute("reverse", BoolAttr::get(mlir, !forward_.reverse()));
  state.addRegion()->takeBody(region_);
  backward_ = context_.graph().builder().create(state);
}

void StaticRnnGradient::setGradients() {
  for (auto [number, output] : inputGradients_)
    context_.set(number, backward_->getResult(output));
  auto next = static_cast<unsigned>(outputs_.size());
  for (unsigned state : carried_) {
    const unsigned operand = forward_.numSequences() + state;
    if (context_.wants(operand))
      context_.set(operand, backward_->getResult(next));
    ++next;
  }
  llvm::MapVector<unsigned, SmallVector<Value>> terms;
  for (unsigned captured : accumulators_)
    terms[captured].push_back(backward_->getResult(next++));
  for (auto &[captured, sum] : sums_)
    terms[captured].push_back(sum(context_));
  for (auto &[captured, values] : terms)
    context_.set(captured, context_.sum(values));
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

} // namespace

LogicalResult differentiateStaticRnn(GradientContext &context) {
  return StaticRnnGradient(context).run();
}

} // namespace graphc
