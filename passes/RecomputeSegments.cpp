// Gives each segment's gradient a forward run of its own.
//
// A segment's forward run is pure: random ops draw by their seeds and steps. So it may happen
// twice, the second time right before the gradient, and only that run has to save anything.
#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"
#include "passes/RecurrenceMotion.h"

namespace graphc {

#define GEN_PASS_DEF_RECOMPUTESEGMENTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

bool isSegment(Operation *op) { return isGraphOp(op, "static_rnn") && op->hasAttr(kFirstStep); }

/// The first recurrence that goes back through `segment`, which reads what it saved as sequences;
/// null where there is none.
Operation *gradientOf(Operation *segment) {
  Operation *first = nullptr;
  for (OpOperand &use : segment->getUses()) {
    Operation *user = use.getOwner();
    if (isSegment(user) && user->hasAttr(kSegmentGradient) &&
        user->getBlock() == segment->getBlock() &&
        use.getOperandNumber() < Recurrence(user).numSequences() &&
        (!first || user->isBeforeInBlock(first)))
      first = user;
  }
  return first;
}

bool hasRecurrenceBetween(Operation *from, Operation *to) {
  for (Operation *op = from->getNextNode(); op != to; op = op->getNextNode())
    if (isGraphOp(op, "static_rnn"))
      return true;
  return false;
}

/// Copies `segment` to `builder`'s place, and what is computed for its sequences alone.
class Copier {
public:
  Copier(Operation *segment, OpBuilder &builder) : segment_(segment), builder_(builder) {}

  Operation *run() {
    for (unsigned i = 0; i < Recurrence(segment_).numSequences(); ++i)
      copyMakers(segment_->getOperand(i), segment_);
    return builder_.clone(*segment_, copies_);
  }

private:
  void copyMakers(Value value, Operation *user) {
    Operation *maker = value.getDefiningOp();
    const auto isUser = [&](Operation *other) { return other == user; };
    if (!maker || !isPlain(maker) || maker->getNumResults() != 1 || copies_.contains(value) ||
        !llvm::all_of(value.getUsers(), isUser))
      return;
    for (Value operand : maker->getOperands())
      copyMakers(operand, maker);
    builder_.clone(*maker, copies_);
  }

  Operation *segment_;
  OpBuilder &builder_;
  IRMapping copies_;
};

void recompute(Operation *segment, Operation *gradient) {
  OpBuilder builder(gradient);
  Operation *copy = Copier(segment, builder).run();
  Block *block = segment->getBlock();
  const auto isAfter = [&](OpOperand &use) {
    Operation *user = block->findAncestorOpInBlock(*use.getOwner());
    return copy->isBeforeInBlock(user);
  };
  for (auto [first, second] : llvm::zip_equal(segment->getResults(), copy->getResults()))
    first.replaceUsesWithIf(second, isAfter);
  if (segment->use_empty())
    segment->erase();
  else
    dropUnusedPorts(segment);
  dropUnusedPorts(copy);
}

//===--- graph-recompute-segments -------------------------------------------------------------===//

class RecomputeSegmentsPass : public impl::RecomputeSegmentsPassBase<RecomputeSegmentsPass> {
  void runOnOperation() override {
    for (Operation *op : findOps(getOperation(), "static_rnn")) {
      Operation *gradient =
          isSegment(op) && !op->hasAttr(kSegmentGradient) ? gradientOf(op) : nullptr;
      if (!gradient)
        continue;
      if (!hasRecurrenceBetween(op, gradient)) {
        remarkMissed(op, getArgument(), "its gradient follows right away");
        ++numKept;
        continue;
      }
      remarkPassed(op, getArgument(), "computed again before its gradient");
      recompute(op, gradient);
      ++numRecomputed;
    }
  }
};

} // namespace
} // namespace graphc
