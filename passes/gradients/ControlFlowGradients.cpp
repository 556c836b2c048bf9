// Gradients of loops and branches: their regions are copied and differentiated by the same rules as
// any block.
#include "ir/GradientFlow.h"
#include "ir/Locations.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/SimplifyPatterns.h"
#include "passes/gradients/Differentiator.h"
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

/// A region in the making: the ops of a forward region and behind them those of its gradient.
class GradientRegion {
public:
  /// Copies `forward` up to its end; its arguments become the first ones here.
  GradientRegion(GradientContext &context, Block &forward)
      : context_(context), forward_(forward), builder_(context.op()->getContext()) {
    block_ = &region_.emplaceBlock();
    builder_.setInsertionPointToEnd(block_);
    for (BlockArgument argument : forward.getArguments())
      copies_.map(argument, block_->addArgument(argument.getType(), argument.getLoc()));
    for (Operation &op : forward.without_terminator())
      builder_.clone(op, copies_);
  }

  Value addArgument(Type type) { return block_->addArgument(type, context_.op()->getLoc()); }
  /// The yielded value `number` has this gradient (or one term of it).
  void seed(unsigned number, Value gradient) {
    seeds_.push_back(
        {copies_.lookupOrDefault(forward_.getTerminator()->getOperand(number)), gradient});
  }

  /// The gradients of the forward arguments `wanted`, zeros where none arrives.
  FailureOr<SmallVector<Value>> differentiate(ArrayRef<unsigned> wanted) {
    Differentiator &outer = context_.differentiator();
    Differentiator inner(builder_, outer.customGradients(), outer.ys());
    DenseSet<Value> active;
    for (unsigned number : wanted)
      active.insert(block_->getArgument(number));
    propagateActivity(*block_, nullptr, active, outer.customOps());
    for (auto [value, gradient] : seeds_)
      inner.add(value, gradient);
    if (!block_->empty() && failed(inner.run(&block_->back(), active)))
      return failure();
    SmallVector<Value> gradients;
    GraphBuilder graph(builder_, context_.graph().location());
    for (unsigned number : wanted) {
      BlockArgument argument = block_->getArgument(number);
      Value gradient = inner.gradientOf(argument, context_.graph().location());
      gradients.push_back(gradient ? gradient : GradientMath(graph).zeros(argument.getType()));
    }
    return gradients;
  }

  Value add(Value a, Value b) {
    GraphBuilder graph(builder_, context_.graph().location());
    return GradientMath(graph).add(a, b);
  }

  /// Ends the region, without the ops that nothing needs.
  Block &finish(ValueRange yielded) {
    GraphBuilder graph(builder_, context_.graph().location());
    graph.createOp("yield", TypeRange(), yielded);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block_)))
      if (op.use_empty() && &op != &block_->back())
        op.erase();
    return *block_;
  }
  /// The same, and hands it over.
  void finish(ValueRange yielded, OperationState &state) {
    finish(yielded);
    state.addRegion()->takeBody(region_);
  }

private:
  GradientContext &context_;
  Block &forward_;
  Region region_;
  Block *block_;
  OpBuilder builder_;
  IRMapping copies_;
  SmallVector<std::pair<Value, Value>> seeds_;
};

/// A branch of the gradient takes what the forward one took, and the gradients of the results.
LogicalResult differentiateCond(GradientContext &c) {
  Operation *op = c.op();
  OperationState state(c.graph().location(), op->getName());
  SmallVector<unsigned> wanted, seeded; // arguments of the branches, results
  for (unsigned i = 1; i < c.numOperands(); ++i)
    if (c.wants(i)) {
      wanted.push_back(i - 1);
      state.addTypes(c.operand(i).getType());
    }
  state.addOperands(op->getOperands());
  for (unsigned i = 0; i < c.numResults(); ++i)
    if (c.gradient(i)) {
      seeded.push_back(i);
      state.addOperands(c.gradient(i));
    }
  for (Region &branch : op->getRegions()) {
    GradientRegion region(c, branch.front());
    for (unsigned i : seeded)
      region.seed(i, region.addArgument(c.gradient(i).getType()));
    FailureOr<SmallVector<Value>> gradients = region.differentiate(wanted);
    if (failed(gradients))
      return failure();
    region.finish(*gradients, state);
  }
  Operation *made = c.graph().builder().create(state);
  for (auto [number, argument] : llvm::enumerate(wanted))
    c.set(argument + 1, made->getResult(static_cast<unsigned>(number)));
  // What nothing uses is no dependence: loops are asked whether their gradients are linear.
  dropUnusedCaptures(made);
  return success();
}

/// The loop variables of `body` that carry a gradient from iteration to iteration: one of the
/// arguments `wanted` reaches them, and a variable in `reached`, which have gradients, depends on
/// them.
SmallVector<unsigned> carriedVariables(Block &body, ArrayRef<unsigned> wanted,
                                       DenseSet<Value> reached, const CustomGradientOps &custom) {
  Operation *yield = body.getTerminator();
  const unsigned numVariables = yield->getNumOperands();
  DenseSet<Value> active;
  for (unsigned i : wanted)
    if (carriesGradient(body.getArgument(i)))
      active.insert(body.getArgument(i));
  for (bool grown = true; grown;) {
    grown = false;
    for (unsigned i = 0; i < numVariables; ++i)
      if (reached.contains(body.getArgument(i)))
        grown |= reached.insert(yield->getOperand(i)).second;
    propagateActivity(body, yield, active, custom);
    propagateReach(body, reached, custom);
    for (unsigned i = 0; i < numVariables; ++i)
      if (active.contains(yield->getOperand(i)))
        grown |= active.insert(body.getArgument(i)).second;
  }
  SmallVector<unsigned> carried;
  for (unsigned i = 0; i < numVariables; ++i) {
    BlockArgument variable = body.getArgument(i);
    if (carriesGradient(variable) && active.contains(variable) && reached.contains(variable))
      carried.push_back(i);
  }
  return carried;
}

/// The operands in [first, end) whose gradients are wanted.
SmallVector<unsigned> wantedOperands(GradientContext &c, unsigned first, unsigned end) {
  SmallVector<unsigned> wanted;
  for (unsigned i = first; i < end; ++i)
    if (c.wants(i))
      wanted.push_back(i);
  return wanted;
}

/// The attribute of an op whose operands come in groups of these sizes.
NamedAttribute segments(MLIRContext *context, ArrayRef<size_t> sizes) {
  SmallVector<int32_t> numbers(sizes.begin(), sizes.end());
  return {StringAttr::get(context, "operandSegmentSizes"),
          DenseI32ArrayAttr::get(context, numbers)};
}

/// The gradients that go from iteration to iteration: those of carried loop variables, and the sums
/// so far of those of captured values.
LogicalResult differentiateWhile(GradientContext &c) {
  Operation *op = c.op();
  Block &body = op->getRegion(1).front();
  DenseSet<Value> reached;
  for (unsigned i = 0; i < c.numResults(); ++i)
    if (c.gradient(i))
      reached.insert(body.getArgument(i));
  SmallVector<unsigned> arguments =
      carriedVariables(body, wantedOperands(c, 0, c.numOperands()), std::move(reached),
                       c.differentiator().customOps());
  const size_t numCarried = arguments.size();
  llvm::append_range(arguments, wantedOperands(c, c.numResults(), c.numOperands()));

  OperationState state(c.graph().location(), "graph.while_gradient");
  state.addOperands(op->getOperands());
  for (auto [number, argument] : llvm::enumerate(arguments)) {
    state.addOperands(number < numCarried ? c.gradientOrZeros(argument)
                                          : c.zeros(c.operand(argument).getType()));
    state.addTypes(c.operand(argument).getType());
  }
  state.addAttributes(segments(
      op->getContext(), {c.numResults(), c.numOperands() - c.numResults(), arguments.size()}));
  for (Region &region : op->getRegions()) {
    IRMapping mapping;
    region.cloneInto(state.addRegion(), mapping);
  }
  GradientRegion region(c, body);
  SmallVector<Value> before;
  for (auto [number, argument] : llvm::enumerate(arguments)) {
    before.push_back(region.addArgument(c.operand(argument).getType()));
    if (number < numCarried)
      region.seed(argument, before.back());
  }
  FailureOr<SmallVector<Value>> gradients = region.differentiate(arguments);
  if (failed(gradients))
    return failure();
  for (size_t number = numCarried; number < arguments.size(); ++number)
    (*gradients)[number] = region.add(before[number], (*gradients)[number]);
  region.finish(*gradients, state);

  Operation *made = c.graph().builder().create(state);
  for (auto [number, argument] : llvm::enumerate(arguments))
    if (c.wants(argument))
      c.set(argument, made->getResult(static_cast<unsigned>(number)));
  return success();
}

/// Copies the ops of `source` to where `builder` stands, its arguments replaced, and gives what it
/// yields.
SmallVector<Value> inlined(OpBuilder &builder, Block &source, ArrayRef<ValueRange> arguments) {
  IRMapping copies;
  unsigned number = 0;
  for (ValueRange group : arguments)
    for (Value argument : group)
      copies.map(source.getArgument(number++), argument);
  for (Operation &op : source.without_terminator())
    builder.clone(op, copies);
  SmallVector<Value> yielded;
  for (Value value : source.getTerminator()->getOperands())
    yielded.push_back(copies.lookupOrDefault(value));
  return yielded;
}

/// The gradient of a loop's gradient. Of the loop v[k + 1] = body(v[k]) and g[k] = gradient(v[k],
/// g[k + 1]), let w[0] be the gradients of its results g[0]. As `gradient` is linear in g, they go
/// on beside v, and those of v come back beside g:
///   w[k + 1] = (d gradient(v[k], .) / dg)^T w[k]
///   x[k] = (d body(v[k]) / dv)^T x[k + 1] + (d gradient(v[k], g[k + 1]) / dv)^T w[k],  x[n] = 0
/// So what the loop was given for g[n] has the gradients w[n], and v[0] has x[0]; those of captured
/// values are sums over k. Both are again a loop and a loop's gradient, of the variables v and w.
class WhileGradientDifferentiation {
public:
  explicit WhileGradientDifferentiation(GradientContext &context)
      : c_(context), location_(context.graph().location()),
        condition_(context.op()->getRegion(0).front()), body_(context.op()->getRegion(1).front()),
        gradient_(context.op()->getRegion(2).front()),
        numVariables_(body_.getTerminator()->getNumOperands()), numSeen_(body_.getNumArguments()),
        push_(context, gradient_), direct_(context, gradient_), through_(context, body_) {}

  LogicalResult run() {
    findPushed();
    if (failed(makeRegions()))
      return failure();
    const SmallVector<unsigned> given = wantedOperands(c_, numSeen_, c_.numOperands());
    if (!given.empty()) {
      OperationState state(location_, "graph.while");
      addLoop(state);
      state.addAttributes(
          segments(state.getContext(), {numVariables_ + pushed_.size(), numSeen_ - numVariables_}));
      Operation *loop = c_.graph().builder().create(state);
      for (auto [number, i] : llvm::enumerate(pushed_))
        if (c_.wants(numSeen_ + i))
          c_.set(numSeen_ + i, loop->getResult(numVariables_ + static_cast<unsigned>(number)));
    }
    if (!wanted_.empty())
      makeGradientLoop();
    return success();
  }

private:
  ValueRange variables() { return c_.op()->getOperands().take_front(numVariables_); }
  ValueRange captured() {
    return c_.op()->getOperands().slice(numVariables_, numSeen_ - numVariables_);
  }
  ValueRange gradients() { return c_.op()->getOperands().drop_front(numSeen_); }

  /// Which gradients have a w, and which variables an x.
  void findPushed() {
    const CustomGradientOps &custom = c_.differentiator().customOps();
    Operation *yield = gradient_.getTerminator();
    DenseSet<Value> reached;
    for (unsigned i = 0; i < c_.numResults(); ++i)
      if (c_.gradient(i))
        reached.insert(yield->getOperand(i));
    for (bool grown = true; grown;) {
      grown = false;
      propagateReach(gradient_, reached, custom);
      for (unsigned i = 0; i < c_.numResults(); ++i)
        if (reached.contains(gradient_.getArgument(numSeen_ + i)))
          grown |= reached.insert(yield->getOperand(i)).second;
    }
    for (unsigned i = 0; i < c_.numResults(); ++i)
      if (reached.contains(yield->getOperand(i)))
        pushed_.push_back(i);
    DenseSet<Value> inBody;
    for (unsigned i = 0; i < numVariables_; ++i)
      if (reached.contains(gradient_.getArgument(i)))
        inBody.insert(body_.getArgument(i));
    wanted_ = carriedVariables(body_, wantedOperands(c_, 0, numSeen_), std::move(inBody), custom);
    numCarried_ = wanted_.size();
    llvm::append_range(wanted_, wantedOperands(c_, numVariables_, numSeen_));
  }

  /// push_: (v, captured, w) to the next w. direct_: (v, captured, g, w) to what w gives to v and
  /// captured. through_: (v, captured, x) to what x gives to them.
  LogicalResult makeRegions() {
    SmallVector<unsigned> arguments;
    for (unsigned i : pushed_) {
      const Type type = c_.result(i).getType();
      push_.seed(i, push_.addArgument(type));
      direct_.seed(i, direct_.addArgument(type));
      arguments.push_back(numSeen_ + i);
    }
    for (unsigned i : ArrayRef(wanted_).take_front(numCarried_))
      through_.seed(i, through_.addArgument(body_.getArgument(i).getType()));
    FailureOr<SmallVector<Value>> pushed = push_.differentiate(arguments);
    FailureOr<SmallVector<Value>> direct = direct_.differentiate(wanted_);
    FailureOr<SmallVector<Value>> through = through_.differentiate(wanted_);
    if (failed(pushed) || failed(direct) || failed(through))
      return failure();
    pushBlock_ = &push_.finish(*pushed);
    directBlock_ = &direct_.finish(*direct);
    throughBlock_ = &through_.finish(*through);
    for (unsigned i = 0; i < c_.numResults(); ++i)
      if (!pushBlock_->getArgument(numSeen_ + i).use_empty())
        return c_.op()->emitError()
               << "the gradient of loop '" << opName(c_.op()->getLoc())
               << "' has no gradient: it is not linear in the gradients that arrive";
    pushBlock_->eraseArguments(numSeen_, c_.numResults());
    return success();
  }

  /// A block whose arguments are grouped like `groups`.
  SmallVector<ValueRange> addBlock(OperationState &state, ArrayRef<TypeRange> groups) {
    Block &block = state.addRegion()->emplaceBlock();
    for (TypeRange types : groups)
      for (Type type : types)
        block.addArgument(type, location_);
    SmallVector<ValueRange> arguments;
    ValueRange rest = block.getArguments();
    for (TypeRange types : groups) {
      arguments.push_back(rest.take_front(types.size()));
      rest = rest.drop_front(types.size());
    }
    return arguments;
  }
  /// At the end of the region that was added last.
  OpBuilder atEnd(OperationState &state) {
    OpBuilder builder(state.getContext());
    builder.setInsertionPointToEnd(&state.regions.back()->front());
    return builder;
  }
  void endBlock(OperationState &state, ValueRange yielded) {
    OpBuilder builder = atEnd(state);
    GraphBuilder(builder, location_).createOp("yield", TypeRange(), yielded);
  }

  /// Operands, results and the first two regions of the loop over v and w.
  void addLoop(OperationState &state) {
    SmallVector<Value> pushed;
    for (unsigned i : pushed_)
      pushed.push_back(c_.gradientOrZeros(i));
    state.addOperands(variables());
    state.addOperands(pushed);
    state.addOperands(captured());
    state.addTypes(variables().getTypes());
    state.addTypes(ValueRange(pushed).getTypes());
    pushedTypes_ = llvm::to_vector(ValueRange(pushed).getTypes());
    const TypeRange groups[] = {variables().getTypes(), pushedTypes_, captured().getTypes()};

    SmallVector<ValueRange> in = addBlock(state, groups);
    OpBuilder builder = atEnd(state);
    endBlock(state, inlined(builder, condition_, {in[0], in[2]}));

    in = addBlock(state, groups);
    builder = atEnd(state);
    SmallVector<Value> next = inlined(builder, body_, {in[0], in[2]});
    llvm::append_range(next, inlined(builder, *pushBlock_, {in[0], in[2], in[1]}));
    endBlock(state, next);
  }

  void makeGradientLoop() {
    OperationState state(location_, "graph.while_gradient");
    addLoop(state);
    state.types.clear();
    SmallVector<Value> sums; // x, and the sums of captured values' gradients
    for (unsigned i : wanted_)
      sums.push_back(c_.zeros(c_.operand(i).getType()));
    state.addOperands(gradients());
    state.addOperands(sums);
    state.addTypes(gradients().getTypes());
    state.addTypes(ValueRange(sums).getTypes());
    state.addAttributes(
        segments(state.getContext(), {numVariables_ + pushed_.size(), numSeen_ - numVariables_,
                                      gradients().size() + sums.size()}));

    const SmallVector<ValueRange> in =
        addBlock(state, {variables().getTypes(), pushedTypes_, captured().getTypes(),
                         gradients().getTypes(), ValueRange(sums).getTypes()});
    OpBuilder builder = atEnd(state);
    SmallVector<Value> next = inlined(builder, gradient_, {in[0], in[2], in[3]});
    const SmallVector<Value> direct = inlined(builder, *directBlock_, {in[0], in[2], in[3], in[1]});
    const SmallVector<Value> through =
        inlined(builder, *throughBlock_, {in[0], in[2], in[4].take_front(numCarried_)});
    GraphBuilder graph(builder, location_);
    GradientMath math(graph);
    for (size_t number = 0; number < wanted_.size(); ++number) {
      Value sum = math.add(direct[number], through[number]);
      next.push_back(number < numCarried_ ? sum : math.add(in[4][number], sum));
    }
    endBlock(state, next);
    Operation *loop = c_.graph().builder().create(state);
    for (auto [number, i] : llvm::enumerate(wanted_))
      if (c_.wants(i))
        c_.set(i, loop->getResult(c_.numResults() + static_cast<unsigned>(number)));
  }

  GradientContext &c_;
  Location location_;
  Block &condition_, &body_, &gradient_;
  unsigned numVariables_, numSeen_; ///< arguments of condition and body: variables, captured values
  GradientRegion push_, direct_, through_;
  Block *pushBlock_ = nullptr, *directBlock_ = nullptr, *throughBlock_ = nullptr;
  SmallVector<unsigned> pushed_; ///< gradients that have a w
  SmallVector<unsigned> wanted_; ///< variables that have an x, and captured values
  size_t numCarried_ = 0;        ///< of these, the variables
  SmallVector<Type> pushedTypes_;
};

LogicalResult differentiateWhileGradient(GradientContext &c) {
  return WhileGradientDifferentiation(c).run();
}

} // namespace

void addControlFlowRules(GradientRules &rules) {
  rules.addFallible("cond", differentiateCond);
  rules.addFallible("while", differentiateWhile);
  rules.addFallible("while_gradient", differentiateWhileGradient);
}

} // namespace graphc
