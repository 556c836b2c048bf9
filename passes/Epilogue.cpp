// Invariant: only values with a single use disappear, so nothing is computed twice.
#include "passes/Epilogue.h"

#include "ir/GraphBuilder.h"
#include "passes/GraphOps.h"

namespace graphc {

using namespace mlir;

namespace {

Operation *onlyUser(Value value) { return value.hasOneUse() ? *value.getUsers().begin() : nullptr; }

/// The vector that `user` adds to `sum` over the last axis; null where it does something else.
Value biasAddedTo(Value sum, Operation *user) {
  if (!isGraphOp(user, "bias_add") && !isGraphOp(user, "add"))
    return {};
  if (user->getResult(0).getType() != sum.getType())
    return {};
  const unsigned position = user->getOperand(0) == sum ? 1 : 0;
  if (isGraphOp(user, "bias_add") && position == 0)
    return {};
  Value bias = user->getOperand(position);
  const bool isVector = rankOf(bias) == 1 && extentsOf(bias).front() == extentsOf(sum).back();
  return bias != sum && isVector ? bias : Value();
}

bool isActivation(Operation *op) {
  return isGraphOp(op, "relu") || isGraphOp(op, "tanh") || isGraphOp(op, "sigmoid");
}

bool keepsLastAxis(Operation *op) {
  if (!isRename(op))
    return false;
  Value result = op->getResult(0);
  return isStatic(result.getType()) && rankOf(result) > 0 &&
         extentsOf(op->getOperand(0)).back() == extentsOf(result).back();
}

} // namespace

Epilogue findEpilogue(Operation *op) {
  Epilogue found;
  found.result = op->getResult(0);
  found.absorbed.push_back(op);
  Operation *user = onlyUser(found.result);
  SmallVector<Operation *> renames;
  const auto skipRenames = [&] {
    Value value = found.result;
    if (!renames.empty())
      value = renames.back()->getResult(0);
    while (user && keepsLastAxis(user)) {
      renames.push_back(user);
      value = user->getResult(0);
      user = onlyUser(value);
    }
    return value;
  };
  const auto absorb = [&](Operation *next) {
    found.absorbed.append(renames);
    renames.clear();
    found.absorbed.push_back(next);
    found.result = next->getResult(0);
    user = onlyUser(found.result);
  };
  Value sum = skipRenames();
  if (Value bias = user ? biasAddedTo(sum, user) : Value()) {
    found.bias = bias;
    absorb(user);
    sum = skipRenames();
  }
  if (user && isActivation(user)) {
    found.activation = graphName(user).str();
    absorb(user);
  } else if (!user && llvm::any_of(sum.getUsers(), isActivation)) {
    found.missesActivation = true;
  }
  return found;
}

/// `fused`, which computes `epilogue` in the shape of the op it begins with, takes the place of it
/// all.
static void replaceByFused(const Epilogue &epilogue, Operation *fused) {
  Value result = fused->getResult(0);
  Value replaced = epilogue.result;
  if (result.getType() != replaced.getType()) {
    OpBuilder builder(fused->getContext());
    builder.setInsertionPointAfter(fused);
    result = GraphBuilder(builder, replaced.getLoc())
                 .create("reshape", {result}, {{"shape", extentsOf(replaced).vec()}});
  }
  replaced.replaceAllUsesWith(result);
  for (Operation *op : llvm::reverse(epilogue.absorbed))
    op->erase();
}

EpilogueFusions fuseEpilogues(Operation *program, StringRef name, StringRef fusedName,
                              llvm::function_ref<Attributes(Operation *)> attributes,
                              StringRef pass) {
  SmallVector<Operation *> ops;
  for (Block *block : programBlocks(program))
    for (Operation &op : *block)
      if (isGraphOp(&op, name) && isStatic(op.getResult(0).getType()))
        ops.push_back(&op);
  EpilogueFusions count;
  for (Operation *op : ops) {
    const Epilogue epilogue = findEpilogue(op);
    if (epilogue.missesActivation) {
      ++count.missed;
      remarkMissed(op, pass, "the value before the activation has further uses");
    }
    if (epilogue.absorbed.size() == 1)
      continue;
    SmallVector<Value> operands(op->getOperands());
    if (epilogue.bias)
      operands.push_back(epilogue.bias);
    Attributes all = attributes(op);
    all.set("activation", epilogue.activation);
    Operation *last = epilogue.absorbed.back();
    OpBuilder builder(last);
    Operation *fused = GraphBuilder(builder, last->getLoc()).createOp(fusedName, operands, all);
    replaceByFused(epilogue, fused);
    ++count.fused;
    remarkPassed(fused, pass,
                 Twine(epilogue.bias ? "bias" : "no bias") + ", activation " + epilogue.activation);
  }
  return count;
}

} // namespace graphc
