// Moves what every step computes alike in front of the recurrence.
//
// Invariant: at any time the body is complete; an op moves once all its operands are captured
// values or constants, and its place in the body is taken by a newly captured value.
#include "passes/RecurrenceMotion.h"

#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"

#include "mlir/IR/IRMapping.h"

namespace graphc {

#define GEN_PASS_DEF_HOISTLOOPINVARIANTSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

unsigned hoistLoopInvariants(Operation *op) {
  Recurrence recurrence(op);
  OpBuilder builder(op);
  // What a value of the body is outside, where it is the same at every step.
  IRMapping outside;
  for (unsigned i = 0; i < recurrence.numCaptured(); ++i)
    outside.map(recurrence.capturedArgument(i), recurrence.captured(i));
  SmallVector<Operation *> hoisted;
  auto constantOutside = [&](Value value) {
    Operation *constant = definedBy(value, "constant");
    if (!constant || outside.contains(value))
      return constant != nullptr;
    builder.clone(*constant, outside);
    return true;
  };
  for (Operation &inner : recurrence.body().without_terminator()) {
    if (!isPlain(&inner) || inner.getNumOperands() == 0)
      continue;
    const bool invariant = llvm::all_of(inner.getOperands(), [&](Value operand) {
      return outside.contains(operand) || definedBy(operand, "constant");
    });
    const bool captures = llvm::any_of(inner.getOperands(), [&](Value operand) {
      return outside.contains(operand) && !definedBy(operand, "constant");
    });
    if (!invariant || !captures)
      continue;
    for (Value operand : inner.getOperands())
      constantOutside(operand);
    builder.clone(inner, outside);
    hoisted.push_back(&inner);
  }
  for (Operation *inner : llvm::reverse(hoisted)) {
    for (OpResult result : inner->getResults())
      if (!result.use_empty())
        result.replaceAllUsesWith(recurrence.capture(outside.lookup(result)));
    inner->erase();
  }
  return static_cast<unsigned>(hoisted.size());
}

//===--- graph-hoist-loop-invariants ----------------------------------------------------------===//

namespace {

class HoistLoopInvariantsPass : public impl::HoistLoopInvariantsPassBase<HoistLoopInvariantsPass> {
  void runOnOperation() override {
    // Inner recurrences first: what leaves one may leave the next, too.
    const SmallVector<Operation *> recurrences = findOps(getOperation(), "static_rnn");
    for (Operation *op : llvm::reverse(recurrences))
      if (unsigned count = hoistLoopInvariants(op)) {
        remarkPassed(op, getArgument(), Twine(count) + " ops moved out of the body");
        numHoisted += count;
      }
  }
};

} // namespace
} // namespace graphc
