// A group of states that depends on no other is split off with the ops it needs; the rest sees its
// values as sequences. Then ops of the rest that depend on sequences alone move in front of it, and
// the next group is looked for in what remains.
#include "passes/RecurrenceFission.h"

#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/Recurrence.h"
#include "passes/RecurrenceMotion.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace graphc {

using namespace mlir;

namespace {

/// Everything in the body that `roots` are computed from, arguments included.
llvm::DenseSet<Value> backwardSlice(ValueRange roots) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist(roots);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (Operation *op = value.getDefiningOp()) {
      for (Value result : op->getResults())
        seen.insert(result);
      llvm::append_range(worklist, op->getOperands());
    }
  }
  return seen;
}

/// The states of a group that depends on no other state: a source of the graph of groups.
llvm::BitVector firstGroup(Recurrence &recurrence) {
  const unsigned count = recurrence.numStates();
  SmallVector<llvm::BitVector> needs;
  for (unsigned i = 0; i < count; ++i) {
    const llvm::DenseSet<Value> slice = backwardSlice(recurrence.newState(i));
    llvm::BitVector row(count);
    for (unsigned j = 0; j < count; ++j)
      if (slice.contains(recurrence.stateArgument(j)))
        row.set(j);
    row.set(i);
    needs.push_back(row);
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (llvm::BitVector &row : needs) {
      const llvm::BitVector known = row;
      for (unsigned j : known.set_bits()) {
        const unsigned before = row.count();
        row |= needs[j];
        grown |= row.count() != before;
      }
    }
  }
  // The least closed set: nothing in it needs anything outside.
  unsigned least = 0;
  for (unsigned i = 0; i < count; ++i)
    if (needs[i].count() < needs[least].count())
      least = i;
  return needs[least];
}

/// A state that is handed on unchanged is the same at every step.
void captureConstantStates(Operation *&op) {
  Recurrence recurrence(op);
  bool changed = false;
  for (unsigned i = 0; i < recurrence.numStates(); ++i) {
    BlockArgument argument = recurrence.stateArgument(i);
    if (recurrence.newState(i) != argument)
      continue;
    const unsigned yielded = recurrence.numOutputs() + i;
    BlockArgument captured = recurrence.capture(recurrence.initialState(i));
    argument.replaceUsesWithIf(captured, [&](OpOperand &use) {
      return use.getOwner() != recurrence.yield() || use.getOperandNumber() != yielded;
    });
    recurrence.finalState(i).replaceAllUsesWith(recurrence.initialState(i));
    changed = true;
  }
  if (changed)
    dropUnusedPorts(op);
}

/// Products of the input that are added to something that depends on the state, and what lies
/// between.
bool feedsStateSum(Operation *product, const BodyDependence &dependence) {
  SmallVector<Operation *> worklist{product};
  llvm::DenseSet<Operation *> seen;
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (!seen.insert(op).second)
      continue;
    for (Operation *user : op->getUsers()) {
      static constexpr llvm::StringLiteral linear[] = {"add", "bias_add", "split", "slice"};
      if (!llvm::is_contained(linear, graphName(user)))
        continue;
      if (dependence.of(user) == BodyDependence::state)
        return true;
      worklist.push_back(user);
    }
  }
  return false;
}

void moveIndependentOps(Operation *&op) {
  hoistLoopInvariants(op);
  const BodyDependence dependence(op);
  auto varies = [&](Value value) { return dependence.of(value) != BodyDependence::invariant; };
  SmallVector<Operation *> moved;
  llvm::DenseSet<Operation *> movable;
  for (Operation &inner : Recurrence(op).body().without_terminator()) {
    if (dependence.of(&inner) != BodyDependence::sequence ||
        !whyNotOverTime(&inner, varies).empty())
      continue;
    if (isGraphOp(&inner, "matmul") && feedsStateSum(&inner, dependence))
      continue;
    const bool ready = llvm::all_of(inner.getOperands(), [&](Value operand) {
      Operation *maker = operand.getDefiningOp();
      return !varies(operand) || !maker || movable.contains(maker);
    });
    if (ready && movable.insert(&inner).second)
      moved.push_back(&inner);
  }
  if (!moved.empty())
    moveOverTime(op, moved);
}

/// Splits the states of `group` off; gives the new recurrence, which comes first. Null where the
/// recurrence is nothing but the group.
Operation *splitOff(Operation *&op, const llvm::BitVector &group) {
  Recurrence rest(op);
  SmallVector<Value> roots;
  for (unsigned i : group.set_bits())
    roots.push_back(rest.newState(i));
  const llvm::DenseSet<Value> needed = backwardSlice(roots);

  // What the rest sees of the group: its values, and its states as they were before the step.
  llvm::SetVector<Value> frontier;
  bool hasRest = group.count() != rest.numStates();
  for (Operation &inner : rest.body()) {
    if (inner.getNumResults() > 0 && needed.contains(inner.getResult(0)))
      continue;
    const bool isYield = &inner == rest.yield();
    hasRest |= !isYield;
    for (OpOperand &operand : inner.getOpOperands()) {
      Value value = operand.get();
      const bool ofGroup = isYield && operand.getOperandNumber() >= rest.numOutputs() &&
                           group.test(operand.getOperandNumber() - rest.numOutputs());
      const bool isPort = rest.isSlice(value) || rest.isCaptured(value);
      if (!ofGroup && !isPort && needed.contains(value) && !definedBy(value, "constant"))
        frontier.insert(value);
    }
  }
  if (!hasRest)
    return nullptr;

  OpBuilder builder(op);
  IRMapping mapping;
  Operation *first = builder.clone(*op, mapping);
  Recurrence part(first);
  SmallVector<Value> outputs;
  for (Value value : frontier)
    outputs.push_back(mapping.lookup(value));
  const unsigned firstOutput = part.addOutputs(outputs);
  for (auto [i, value] : llvm::enumerate(frontier)) {
    BlockArgument slice = rest.addSequence(part.output(firstOutput + static_cast<unsigned>(i)));
    Value(value).replaceUsesWithIf(slice, [&](OpOperand &use) {
      Operation *user = use.getOwner();
      if (user == rest.yield())
        return use.getOperandNumber() < rest.numOutputs() ||
               !group.test(use.getOperandNumber() - rest.numOutputs());
      return user->getNumResults() == 0 || !needed.contains(user->getResult(0));
    });
  }
  for (unsigned i : group.set_bits())
    rest.finalState(i).replaceAllUsesWith(part.finalState(i));
  first = part.op();
  dropUnusedPorts(first);
  op = rest.op();
  dropUnusedPorts(op);
  return first;
}

} // namespace

Fission splitRecurrence(Operation *op) {
  Fission result;
  for (;;) {
    dropUnusedPorts(op);
    captureConstantStates(op);
    moveIndependentOps(op);
    Recurrence recurrence(op);
    if (recurrence.op()->use_empty()) {
      op->erase();
      return result;
    }
    if (recurrence.numStates() == 0)
      break;
    Operation *first = splitOff(op, firstGroup(recurrence));
    if (!first)
      break;
    result.parts.push_back(first);
    result.numSplit += Recurrence(op).numStates() > 0;
  }
  result.parts.push_back(op);
  return result;
}

} // namespace graphc
