// Gradients of loops and branches: their regions are copied and differentiated by the same rules as
// any block.
#include "ir/GradientFlow.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
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

  /// Ends the region, without the ops that nothing needs, and hands it over.
  void finish(ValueRange yielded, OperationState &state) {
    GraphBuilder graph(builder_, context_.graph().location());
    graph.createOp("yield", TypeRange(), yielded);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block_)))
      if (op.use_empty() && &op != &block_->back())
        op.erase();
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
  return success();
}

/// The loop variables that carry a gradient from iteration to iteration: what is wanted reaches
/// them, and something with a gradient depends on them.
SmallVector<unsigned> carriedVariables(GradientContext &c, Block &body) {
  const CustomGradientOps &custom = c.differentiator().customOps();
  Operation *yield = body.getTerminator();
  DenseSet<Value> active, reached;
  for (BlockArgument argument : body.getArguments())
    if (c.wants(argument.getArgNumber()) && carriesGradient(argument))
      active.insert(argument);
  for (unsigned i = 0; i < c.numResults(); ++i)
    if (c.gradient(i))
      reached.insert(body.getArgument(i));
  for (bool grown = true; grown;) {
    grown = false;
    for (unsigned i = 0; i < c.numResults(); ++i)
      if (reached.contains(body.getArgument(i)))
        grown |= reached.insert(yield->getOperand(i)).second;
    propagateActivity(body, yield, active, custom);
    propagateReach(body, reached, custom);
    for (unsigned i = 0; i < c.numResults(); ++i)
      if (active.contains(yield->getOperand(i)))
        grown |= active.insert(body.getArgument(i)).second;
  }
  SmallVector<unsigned> carried;
  for (unsigned i = 0; i < c.numResults(); ++i) {
    BlockArgument variable = body.getArgument(i);
    if (carriesGradient(variable) && active.contains(variable) && reached.contains(variable))
      carried.push_back(i);
  }
  return carried;
}

/// The gradients that go from iteration to iteration: those of carried loop variables, and the sums
/// so far of those of captured values.
LogicalResult differentiateWhile(GradientContext &c) {
  Operation *op = c.op();
  Block &body = op->getRegion(1).front();
  SmallVector<unsigned> arguments = carriedVariables(c, body);
  const size_t numCarried = arguments.size();
  for (unsigned i = c.numResults(); i < c.numOperands(); ++i)
    if (c.wants(i))
      arguments.push_back(i);

  OperationState state(c.graph().location(), "graph.while_gradient");
  state.addOperands(op->getOperands());
  for (auto [number, argument] : llvm::enumerate(arguments)) {
    state.addOperands(number < numCarried ? c.gradientOrZeros(argument)
                                          : c.zeros(c.operand(argument).getType()));
    state.addTypes(c.operand(argument).getType());
  }
  state.addAttribute("operandSegmentSizes",
                     DenseI32ArrayAttr::get(op->getContext(),
                                            {static_cast<int32_t>(c.numResults()),
                                             static_cast<int32_t>(c.numOperands() - c.numResults()),
                                             static_cast<int32_t>(arguments.size())}));
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

} // namespace

void addControlFlowRules(GradientRules &rules) {
  rules.addFallible("cond", differentiateCond);
  rules.addFallible("while", differentiateWhile);
}

} // namespace graphc
