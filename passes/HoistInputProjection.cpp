// Computes the input part of a recurrence's products for all steps at once.
//
// Two steps, each leaving a complete body: products with a concatenation of sequence and state
// parts are taken apart; then ops without state move in front of the recurrence, written over time.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"
#include "passes/RecurrenceMotion.h"
#include "passes/kernels/RecurrenceTiling.h"

#include "ir/GraphBuilder.h"
#include "llvm/ADT/DenseSet.h"

namespace graphc {

#define GEN_PASS_DEF_HOISTINPUTPROJECTIONPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// A product whose left operand is side by side what depends on the state and what does not.
struct SplitProduct {
  Operation *product;
  Operation *concat;
};

std::optional<SplitProduct> matchSplitProduct(Operation *op, const BodyDependence &dependence) {
  if (!isGraphOp(op, "matmul") || flagAttribute(op, "transpose_a") ||
      dependence.of(op->getOperand(1)) != BodyDependence::invariant ||
      rankOf(op->getOperand(0)) != 2 || rankOf(op->getOperand(1)) != 2)
    return std::nullopt;
  Operation *concat = definedBy(op->getOperand(0), "concat");
  if (!concat || intAttribute(concat, "axis") != 1)
    return std::nullopt;
  bool state = false, other = false;
  for (Value part : concat->getOperands())
    (dependence.of(part) == BodyDependence::state ? state : other) = true;
  if (!state || !other)
    return std::nullopt;
  return SplitProduct{op, concat};
}

class ProductSplitter {
public:
  ProductSplitter(SplitProduct match, const BodyDependence &dependence)
      : op_(match.product), concat_(match.concat), dependence_(dependence), opBuilder_(op_),
        builder_(opBuilder_, op_->getLoc()) {}

  // x W_x + b comes first, so that the bias leaves the body with it.
  void run() {
    Value input = product(false);
    Value state = product(true);
    Operation *bias = biasUser();
    if (bias) {
      input = builder_.create(graphName(bias), {input, biasOperand(bias)});
      opBuilder_.setInsertionPoint(bias);
    }
    Operation *sum = builder_.createOp("add", {input, state});
    (bias ? bias : op_)->getResult(0).replaceAllUsesWith(sum->getResult(0));
    if (bias)
      bias->erase();
    op_->erase();
    if (concat_->use_empty())
      concat_->erase();
  }

private:
  Value product(bool ofState) {
    SmallVector<Value> parts, rows;
    const bool transposed = flagAttribute(op_, "transpose_b");
    Value weights = op_->getOperand(1);
    const int64_t axis = transposed ? 1 : 0;
    int64_t offset = 0;
    for (Value part : concat_->getOperands()) {
      const int64_t width = extentsOf(part)[1];
      if ((dependence_.of(part) == BodyDependence::state) == ofState) {
        std::vector<int64_t> begin{0, 0};
        std::vector<int64_t> size(extentsOf(weights).begin(), extentsOf(weights).end());
        begin[static_cast<size_t>(axis)] = offset;
        size[static_cast<size_t>(axis)] = width;
        parts.push_back(part);
        rows.push_back(builder_.create("slice", weights, {{"begin", begin}, {"size", size}}));
      }
      offset += width;
    }
    Value left = parts.size() == 1 ? parts.front()
                                   : builder_.create("concat", parts, {{"axis", int64_t{1}}});
    Value right =
        rows.size() == 1 ? rows.front() : builder_.create("concat", rows, {{"axis", axis}});
    return builder_.create("matmul", {left, right},
                           {{"transpose_a", false}, {"transpose_b", transposed}});
  }
  /// The op that alone uses the product and adds a vector over the last axis to it.
  Operation *biasUser() const {
    if (!op_->getResult(0).hasOneUse())
      return nullptr;
    Operation *user = *op_->getResult(0).getUsers().begin();
    if (!isGraphOp(user, "bias_add") && !isGraphOp(user, "add"))
      return nullptr;
    Value bias = biasOperand(user);
    return bias != op_->getResult(0) && rankOf(bias) == 1 &&
                   user->getResult(0).getType() == op_->getResult(0).getType() &&
                   dependence_.of(bias) == BodyDependence::invariant && isBefore(bias)
               ? user
               : nullptr;
  }
  Value biasOperand(Operation *user) const {
    return user->getOperand(user->getOperand(0) == op_->getResult(0) ? 1 : 0);
  }
  bool isBefore(Value value) const {
    Operation *maker = value.getDefiningOp();
    return !maker || maker->isBeforeInBlock(op_);
  }

  Operation *op_, *concat_;
  const BodyDependence &dependence_;
  OpBuilder opBuilder_;
  GraphBuilder builder_;
};

/// Which ops move: in the order of the body.
class Selection {
public:
  Selection(Operation *op, bool everything, StringRef pass) : dependence_(op) {
    Recurrence recurrence(op);
    Block &body = recurrence.body();
    auto varies = [&](Value value) { return dependence_.of(value) != BodyDependence::invariant; };
    for (Operation &inner : body.without_terminator()) {
      if (dependence_.of(&inner) != BodyDependence::sequence)
        continue;
      std::string reason = whyNotOverTime(&inner, varies);
      if (!reason.empty()) {
        ++numMissed;
        remarkMissed(&inner, pass, reason);
      } else if (llvm::all_of(inner.getOperands(), [&](Value operand) {
                   Operation *maker = operand.getDefiningOp();
                   return !varies(operand) || !maker || movable_.contains(maker);
                 }))
        movable_.insert(&inner);
    }
    if (everything)
      selected_ = movable_;
    else
      selectProducts(body);
    for (Operation &inner : body.without_terminator())
      if (selected_.contains(&inner))
        ops.push_back(&inner);
  }

  SmallVector<Operation *> ops;
  unsigned numMissed = 0;

private:
  // Products, what leads to them, and what follows from them alone: the rest is as cheap inside of
  // the body, where it needs no memory.
  void selectProducts(Block &body) {
    for (Operation &inner : llvm::reverse(body.without_terminator())) {
      if (!movable_.contains(&inner))
        continue;
      const bool needed =
          llvm::any_of(inner.getUsers(), [&](Operation *user) { return selected_.contains(user); });
      if (needed || isGraphOp(&inner, "matmul"))
        selected_.insert(&inner);
    }
    for (Operation &inner : body.without_terminator()) {
      if (!movable_.contains(&inner) || !isElementwiseOp(&inner))
        continue;
      bool fromSelected = false, fromElsewhere = false;
      for (Value operand : inner.getOperands())
        if (dependence_.of(operand) == BodyDependence::sequence) {
          Operation *maker = operand.getDefiningOp();
          (maker && selected_.contains(maker) ? fromSelected : fromElsewhere) = true;
        }
      if (fromSelected && !fromElsewhere)
        selected_.insert(&inner);
    }
  }

  BodyDependence dependence_;
  llvm::DenseSet<Operation *> movable_, selected_;
};

//===--- graph-hoist-input-projection ---------------------------------------------------------===//

class HoistInputProjectionPass
    : public impl::HoistInputProjectionPassBase<HoistInputProjectionPass> {
public:
  using HoistInputProjectionPassBase::HoistInputProjectionPassBase;

private:
  void runOnOperation() override {
    const SmallVector<Operation *> recurrences = findOps(getOperation(), "static_rnn");
    for (Operation *op : llvm::reverse(recurrences))
      hoist(op);
  }

  void hoist(Operation *op) {
    if (cached && keepsWeightsCached(op))
      return remarkMissed(op, getArgument(),
                          "its weights stay in the cache, so that products cost as little inside");
    splitProducts(op);
    hoistLoopInvariants(op);
    Selection selection(op, everything, getArgument());
    numMissed += selection.numMissed;
    if (selection.ops.empty())
      return;
    numHoisted += static_cast<unsigned>(selection.ops.size());
    remarkPassed(op, getArgument(),
                 Twine(selection.ops.size()) + " ops computed for all steps at once");
    moveOverTime(op, selection.ops);
  }

  void splitProducts(Operation *op) {
    const BodyDependence dependence(op);
    SmallVector<SplitProduct> found;
    for (Operation &inner : Recurrence(op).body())
      if (std::optional<SplitProduct> match = matchSplitProduct(&inner, dependence))
        found.push_back(*match);
    for (SplitProduct match : found)
      ProductSplitter(match, dependence).run();
    numSplit += static_cast<unsigned>(found.size());
  }
};

} // namespace
} // namespace graphc
