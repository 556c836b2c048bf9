// Loops and branches without what nothing needs.
//
// Invariant: every region stays a function of its arguments, and all regions of an op are given
// values in the same order.
#include "passes/GraphOps.h"
#include "passes/SimplifyPatterns.h"

#include "ir/GraphBuilder.h"
#include "mlir/IR/IRMapping.h"

namespace graphc {

using namespace mlir;

namespace {

/// Erases the ops of `block` that nothing needs.
void eraseUnused(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && &op != block.getTerminator())
      op.erase();
}

/// Values of operands [first, end) that are scalar constants are written into the regions, where
/// kernels have them at hand and passes see them. `argument` is that of operand `first`.
bool moveScalarConstantsIn(Operation *op, unsigned first, unsigned end, unsigned argument) {
  bool changed = false;
  for (unsigned i = first; i < end; ++i) {
    Operation *constant = definedBy(op->getOperand(i), "constant");
    if (!constant || isGradientTarget(constant) || !isStatic(constant->getResult(0).getType()) ||
        rankOf(constant->getResult(0)) != 0)
      continue;
    for (Region &region : op->getRegions()) {
      BlockArgument inside = region.getArgument(argument + i - first);
      if (inside.use_empty())
        continue;
      OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
      inside.replaceAllUsesWith(builder.clone(*constant)->getResult(0));
      changed = true;
    }
  }
  return changed;
}

//===--- cond ---------------------------------------------------------------------------------===//

bool takeKnownBranch(Operation *op) {
  const std::optional<Tensor> known = constantValue(op->getOperand(0));
  if (!known || isGradientTarget(op))
    return false;
  Block &branch = op->getRegion(known->scalar<bool>() ? 0 : 1).front();
  for (auto [argument, value] :
       llvm::zip_equal(branch.getArguments(), op->getOperands().drop_front()))
    argument.replaceAllUsesWith(value);
  Operation *yield = branch.getTerminator();
  op->getBlock()->getOperations().splice(Block::iterator(op), branch.getOperations(),
                                         branch.begin(), Block::iterator(yield));
  op->replaceAllUsesWith(yield->getOperands());
  op->erase();
  return true;
}

//===--- while and while_gradient -------------------------------------------------------------===//

class LoopSimplifier {
public:
  explicit LoopSimplifier(Operation *op)
      : op_(op), body_(op->getRegion(1).front()),
        numVariables_(body_.getTerminator()->getNumOperands()), seen_(body_.getNumArguments()),
        hasGradient_(op->getNumRegions() == 3) {}

  bool run() {
    if (isGradientTarget(op_))
      return false;
    for (Region &region : op_->getRegions())
      eraseUnused(region.front());
    findNeeded();
    for (unsigned i = 0; i < numVariables_; ++i)
      if (isUnchanged(i))
        invariant_.push_back(i);
      else if (needed_.test(i))
        variables_.push_back(i);
    for (unsigned i = numVariables_; i < seen_; ++i)
      if (isUsed(i))
        captured_.push_back(i);
    const bool changes =
        variables_.size() < numVariables_ || captured_.size() + numVariables_ < seen_;
    if (!changes || variables_.empty())
      return false;
    rebuild();
    return true;
  }

private:
  bool isUnchanged(unsigned variable) const {
    return body_.getTerminator()->getOperand(variable) == body_.getArgument(variable);
  }
  bool isUsed(unsigned argument) const {
    return llvm::any_of(op_->getRegions(),
                        [&](Region &region) { return !region.getArgument(argument).use_empty(); });
  }
  void findNeeded();
  void rebuild();
  void renumber(Block &block, ArrayRef<unsigned> order);

  Operation *op_;
  Block &body_;
  unsigned numVariables_, seen_;
  bool hasGradient_;
  llvm::BitVector needed_;
  SmallVector<unsigned> variables_, captured_, invariant_;
};

/// A variable is needed where it is a result that is used, where the condition or the gradient uses
/// it, and where the new value of one that is needed depends on it.
void LoopSimplifier::findNeeded() {
  needed_.resize(numVariables_);
  llvm::DenseSet<Value> values;
  for (unsigned i = 0; i < numVariables_; ++i) {
    const bool outside = !hasGradient_ && !op_->getResult(i).use_empty();
    const bool inside = !op_->getRegion(0).getArgument(i).use_empty() ||
                        (hasGradient_ && !op_->getRegion(2).getArgument(i).use_empty());
    if (outside || inside)
      needed_.set(i);
  }
  Operation *yield = body_.getTerminator();
  for (bool grown = true; grown;) {
    grown = false;
    for (unsigned i : needed_.set_bits())
      values.insert(yield->getOperand(i));
    for (Operation &op : llvm::reverse(body_.without_terminator()))
      if (llvm::any_of(op.getResults(), [&](Value result) { return values.contains(result); }))
        values.insert(op.operand_begin(), op.operand_end());
    for (unsigned i = 0; i < numVariables_; ++i)
      if (!needed_.test(i) && values.contains(body_.getArgument(i))) {
        needed_.set(i);
        grown = true;
      }
  }
}

/// The block's arguments become those of the numbers `order`; the others have no uses.
void LoopSimplifier::renumber(Block &block, ArrayRef<unsigned> order) {
  const unsigned before = block.getNumArguments();
  for (unsigned number : order) {
    BlockArgument old = block.getArgument(number);
    old.replaceAllUsesWith(block.addArgument(old.getType(), old.getLoc()));
  }
  block.eraseArguments(0, before);
}

void LoopSimplifier::rebuild() {
  Operation *yield = body_.getTerminator();
  SmallVector<Value> yielded;
  for (unsigned i : variables_)
    yielded.push_back(yield->getOperand(i));
  yield->setOperands(yielded);
  eraseUnused(body_);

  SmallVector<unsigned> order(variables_);
  llvm::append_range(order, captured_);
  llvm::append_range(order, invariant_);
  SmallVector<unsigned> all(order);
  for (unsigned i = seen_; i < op_->getNumOperands(); ++i)
    all.push_back(i);
  SmallVector<Value> operands;
  for (unsigned i : all)
    operands.push_back(op_->getOperand(i));
  for (unsigned region = 0; region < op_->getNumRegions(); ++region)
    renumber(op_->getRegion(region).front(), region == 2 ? all : order);

  SmallVector<int32_t> segments{static_cast<int32_t>(variables_.size()),
                                static_cast<int32_t>(order.size() - variables_.size())};
  OperationState state(op_->getLoc(), op_->getName());
  if (hasGradient_) {
    segments.push_back(static_cast<int32_t>(all.size() - order.size()));
    state.addTypes(op_->getResultTypes());
  } else {
    for (unsigned i : variables_)
      state.addTypes(op_->getResult(i).getType());
  }
  state.addOperands(operands);
  state.addAttributes(llvm::to_vector(op_->getDiscardableAttrs()));
  state.addAttribute("operandSegmentSizes", DenseI32ArrayAttr::get(op_->getContext(), segments));
  for (Region &region : op_->getRegions())
    state.addRegion()->takeBody(region);
  OpBuilder builder(op_);
  Operation *made = builder.create(state);
  if (hasGradient_) {
    op_->replaceAllUsesWith(made->getResults());
  } else {
    for (auto [number, variable] : llvm::enumerate(variables_))
      op_->getResult(variable).replaceAllUsesWith(made->getResult(static_cast<unsigned>(number)));
    for (unsigned i : invariant_)
      op_->getResult(i).replaceAllUsesWith(op_->getOperand(i));
  }
  op_->erase();
}

} // namespace

bool dropUnusedCaptures(Operation *cond) {
  bool changed = false;
  for (unsigned i = cond->getNumOperands(); i-- > 1;) {
    const bool used = llvm::any_of(
        cond->getRegions(), [&](Region &region) { return !region.getArgument(i - 1).use_empty(); });
    if (used)
      continue;
    for (Region &region : cond->getRegions())
      region.eraseArgument(i - 1);
    cond->eraseOperand(i);
    changed = true;
  }
  return changed;
}

bool simplifyControlFlow(Operation *root) {
  bool changed = false;
  // Inner ones first. The lists must outlive the loops over them, which a view of them does not see
  // to.
  for (StringRef name : {"while", "while_gradient"}) {
    const SmallVector<Operation *> loops = findOps(root, name);
    for (Operation *op : llvm::reverse(loops)) {
      Block &body = op->getRegion(1).front();
      const unsigned variables = body.getTerminator()->getNumOperands();
      changed |= moveScalarConstantsIn(op, variables, body.getNumArguments(), variables);
      changed |= LoopSimplifier(op).run();
    }
  }
  const SmallVector<Operation *> branches = findOps(root, "cond");
  for (Operation *op : llvm::reverse(branches)) {
    if (takeKnownBranch(op)) {
      changed = true;
      continue;
    }
    changed |= moveScalarConstantsIn(op, 1, op->getNumOperands(), 0);
    changed |= dropUnusedCaptures(op);
  }
  return changed;
}

} // namespace graphc
