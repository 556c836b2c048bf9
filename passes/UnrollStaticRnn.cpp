// Writes recurrences out.
//
// The sequences are taken apart by one unstack each and the outputs put together by one stack each,
// whose gradients are a stack and an unstack: the size of the gradient graph stays linear in the
// number of steps, where slices would each have a gradient as long as the sequence.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"

#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "mlir/IR/IRMapping.h"

namespace graphc {

#define GEN_PASS_DEF_UNROLLSTATICRNNPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class Unroller {
public:
  explicit Unroller(Operation *op)
      : recurrence_(op), opBuilder_(op), builder_(opBuilder_, op->getLoc()) {}

  void run() {
    takeSequencesApart();
    for (unsigned i = 0; i < recurrence_.numStates(); ++i)
      states_.push_back(recurrence_.initialState(i));
    outputs_.resize(recurrence_.numOutputs());
    for (auto &list : outputs_)
      list.resize(static_cast<size_t>(recurrence_.steps()));
    for (int64_t i = 0; i < recurrence_.steps(); ++i)
      writeStep(recurrence_.reverse() ? recurrence_.steps() - 1 - i : i);
    finish();
  }

private:
  void takeSequencesApart();
  void writeStep(int64_t t);
  Operation *cloneAt(Operation &op, int64_t t, IRMapping &mapping);
  void finish();

  Recurrence recurrence_;
  OpBuilder opBuilder_;
  GraphBuilder builder_;
  SmallVector<SmallVector<Value>> slices_, outputs_;
  SmallVector<Value> states_;
};

void Unroller::takeSequencesApart() {
  for (unsigned i = 0; i < recurrence_.numSequences(); ++i) {
    Value sequence = recurrence_.sequence(i);
    Operation *stack = definedBy(sequence, "stack");
    if (stack && intAttribute(stack, "axis") == 0 && !isGradientTarget(stack)) {
      slices_.emplace_back(stack->getOperands());
      continue;
    }
    builder_.setLocation(derivedLocation(recurrence_.op()->getLoc(), "", "/unstack"));
    Operation *parts = builder_.createOp("unstack", sequence,
                                         {{"axis", int64_t{0}}, {"num", recurrence_.steps()}});
    slices_.emplace_back(parts->getResults());
  }
}

// "cell/MatMul" at step 5 is "cell/MatMul_5", as TensorFlow names it.
static Location locationAt(Location location, int64_t t) {
  if (t == 0 || opName(location).empty())
    return location;
  return derivedLocation(location, "", ("_" + Twine(t)).str());
}

Operation *Unroller::cloneAt(Operation &op, int64_t t, IRMapping &mapping) {
  t += recurrence_.firstStep();
  builder_.setLocation(locationAt(op.getLoc(), t));
  if (isGraphOp(&op, "step_index")) {
    Value constant = builder_.constant(Tensor(static_cast<int32_t>(t)));
    mapping.map(op.getResult(0), constant);
    return constant.getDefiningOp();
  }
  Operation *copy = opBuilder_.clone(op, mapping);
  copy->setLoc(builder_.location());
  // In the regions of loops and branches, too; an inner recurrence counts its own steps.
  copy->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    if (isGraphOp(inner, "static_rnn"))
      return WalkResult::skip();
    if (isRandom(inner))
      inner->setAttr("step", opBuilder_.getI64IntegerAttr(t));
    return WalkResult::advance();
  });
  return copy;
}

void Unroller::writeStep(int64_t t) {
  IRMapping mapping;
  for (unsigned i = 0; i < recurrence_.numSequences(); ++i)
    mapping.map(recurrence_.sliceArgument(i), slices_[i][static_cast<size_t>(t)]);
  for (unsigned i = 0; i < recurrence_.numStates(); ++i)
    mapping.map(recurrence_.stateArgument(i), states_[i]);
  for (unsigned i = 0; i < recurrence_.numCaptured(); ++i)
    mapping.map(recurrence_.capturedArgument(i), recurrence_.captured(i));
  for (Operation &op : recurrence_.body().without_terminator())
    cloneAt(op, t, mapping);
  for (unsigned i = 0; i < recurrence_.numOutputs(); ++i)
    outputs_[i][static_cast<size_t>(t)] = mapping.lookupOrDefault(recurrence_.yieldedOutput(i));
  for (unsigned i = 0; i < recurrence_.numStates(); ++i)
    states_[i] = mapping.lookupOrDefault(recurrence_.newState(i));
}

void Unroller::finish() {
  builder_.setLocation(derivedLocation(recurrence_.op()->getLoc(), "", "/stack"));
  for (unsigned i = 0; i < recurrence_.numOutputs(); ++i)
    if (!recurrence_.output(i).use_empty())
      recurrence_.output(i).replaceAllUsesWith(
          builder_.create("stack", outputs_[i], {{"axis", int64_t{0}}}));
  for (unsigned i = 0; i < recurrence_.numStates(); ++i)
    recurrence_.finalState(i).replaceAllUsesWith(states_[i]);
  recurrence_.op()->erase();
}

//===--- graph-unroll-static-rnn --------------------------------------------------------------===//

class UnrollStaticRnnPass : public impl::UnrollStaticRnnPassBase<UnrollStaticRnnPass> {
  void runOnOperation() override {
    // Outer ones first: the copies of an inner recurrence are found in the next round. Its random
    // ops count their steps by the inner recurrence, in both forms.
    for (SmallVector<Operation *> found = findOps(getOperation(), "static_rnn"); !found.empty();
         found = findOps(getOperation(), "static_rnn"))
      for (Operation *op : found) {
        if (op->getParentOp() && isGraphOp(op->getParentOp(), "static_rnn"))
          continue;
        remarkPassed(op, getArgument(),
                     "written out in " + Twine(Recurrence(op).steps()) + " steps");
        numSteps += static_cast<unsigned>(Recurrence(op).steps());
        ++numUnrolled;
        Unroller(op).run();
      }
  }
};

} // namespace
} // namespace graphc
