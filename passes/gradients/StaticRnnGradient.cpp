// The gradient of graph.static_rnn.
//
// The backward body is made in three moves: the cell's body is copied and differentiated by the
// same rules as any block; the copies of values that are dear to compute again (matrix products, or
// the activations that alone need them) become sequences that the forward recurrence gives as
// further outputs; and what is then unused is erased, so that of the copy only cheap elementwise
// math remains. A state needs the value it had before the step, which is a saved sequence too.
#include "passes/gradients/StaticRnnGradient.h"

#include "ir/GradientFlow.h"
#include "passes/gradients/Differentiator.h"
#include "passes/kernels/RecurrenceTiling.h"
#include "llvm/ADT/MapVector.h"

namespace graphc {

using namespace mlir;

namespace {

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

} // namespace

StaticRnnGradient::StaticRnnGradient(GradientContext &context)
    : context_(context), forward_(context.op()), bodyBuilder_(context.op()->getContext()) {
  body_ = &region_.emplaceBlock();
  bodyBuilder_.setInsertionPointToEnd(body_);
}

LogicalResult StaticRnnGradient::run() {
  copyBody();
  gatherGradients();
  chooseStates();
  if (failed(differentiateBody()))
    return failure();
  useSavedProducts();
  saveActivations();
  yieldGradients();
  planSums();
  finishBody();
  saveForward();
  if (held_->getNumOperands() > 0)
    createBackward();
  setGradients();
  return success();
}

BlockArgument StaticRnnGradient::addPort(Port::Kind kind, Type type, Value outer, Value saved) {
  BlockArgument argument = body_->addArgument(type, forward_.op()->getLoc());
  ports_.push_back({kind, outer, saved, argument});
  return argument;
}

const StaticRnnGradient::Port *StaticRnnGradient::portOf(Value value) const {
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

void StaticRnnGradient::eraseDeadOps() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body_)))
    if (&op != held_ && op.use_empty())
      op.erase();
}

unsigned StaticRnnGradient::outputNumber(Value inBody) {
  auto found = llvm::find(outputs_, inBody);
  if (found == outputs_.end()) {
    outputs_.push_back(inBody);
    return static_cast<unsigned>(outputs_.size() - 1);
  }
  return static_cast<unsigned>(found - outputs_.begin());
}

// Those of sequences are sequences, those of states are carried on.
void StaticRnnGradient::yieldGradients() {
  for (auto [number, gradient] : llvm::zip_equal(holds_, held_->getOperands())) {
    BlockArgument argument = forward_.body().getArgument(number);
    if (forward_.isState(argument))
      stateGradients_.push_back(gradient);
    else if (forward_.isSlice(argument))
      inputGradients_.push_back({number, outputNumber(gradient)});
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

} // namespace graphc
