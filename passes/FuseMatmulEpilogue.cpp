// A product, its bias and its activation in one op.
//
// Invariant: only values with a single use disappear, so nothing is computed twice.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"

namespace graphc {

#define GEN_PASS_DEF_FUSEMATMULEPILOGUEPASS
#include "passes/Passes.h.inc"

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

//===--- graph-fuse-matmul-epilogue -----------------------------------------------------------===//

class FuseMatmulEpiloguePass : public impl::FuseMatmulEpiloguePassBase<FuseMatmulEpiloguePass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    SmallVector<Operation *> products;
    for (Operation &op : program->getRegion(0).front())
      if (isGraphOp(&op, "matmul") && isStatic(op.getResult(0).getType()))
        products.push_back(&op);
    for (Operation *product : products)
      fuse(product);
  }

  void fuse(Operation *product) {
    SmallVector<Value> operands(product->getOperands());
    SmallVector<Operation *> absorbed{product};
    Value sum = product->getResult(0);
    Operation *user = onlyUser(sum);
    if (Value bias = user ? biasAddedTo(sum, user) : Value()) {
      operands.push_back(bias);
      absorbed.push_back(user);
      sum = user->getResult(0);
      user = onlyUser(sum);
    }
    std::string activation = "none";
    if (isActivation(user)) {
      activation = graphName(user).str();
      absorbed.push_back(user);
      sum = user->getResult(0);
    } else if (!user && llvm::any_of(sum.getUsers(), isActivation)) {
      ++numMissed;
      remarkMissed(product, getArgument(), "the value before the activation has further uses");
    }
    if (absorbed.size() == 1)
      return;
    OpBuilder opBuilder(absorbed.back());
    GraphBuilder builder(opBuilder, absorbed.back()->getLoc());
    Operation *fused = builder.createOp("fused_matmul", operands,
                                        {{"transpose_a", flagAttribute(product, "transpose_a")},
                                         {"transpose_b", flagAttribute(product, "transpose_b")},
                                         {"activation", activation}});
    sum.replaceAllUsesWith(fused->getResult(0));
    for (Operation *op : llvm::reverse(absorbed))
      op->erase();
    ++numFused;
    remarkPassed(fused, getArgument(),
                 Twine(operands.size() == 3 ? "bias" : "no bias") + ", activation " + activation);
  }
};

} // namespace
} // namespace graphc
