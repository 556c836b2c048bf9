// A product, its bias and its activation in one op.
#include "passes/Epilogue.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"

namespace graphc {

#define GEN_PASS_DEF_FUSEMATMULEPILOGUEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

//===--- graph-fuse-matmul-epilogue -----------------------------------------------------------===//

class FuseMatmulEpiloguePass : public impl::FuseMatmulEpiloguePassBase<FuseMatmulEpiloguePass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    SmallVector<Operation *> products;
    for (Block *block : programBlocks(program))
      for (Operation &op : *block)
        if (isGraphOp(&op, "matmul") && isStatic(op.getResult(0).getType()))
          products.push_back(&op);
    for (Operation *product : products)
      fuse(product);
  }

  void fuse(Operation *product) {
    const Epilogue epilogue = findEpilogue(product);
    if (epilogue.missesActivation) {
      ++numMissed;
      remarkMissed(product, getArgument(), "the value before the activation has further uses");
    }
    if (epilogue.absorbed.size() == 1)
      return;
    SmallVector<Value> operands(product->getOperands());
    if (epilogue.bias)
      operands.push_back(epilogue.bias);
    Operation *last = epilogue.absorbed.back();
    OpBuilder opBuilder(last);
    GraphBuilder builder(opBuilder, last->getLoc());
    Operation *fused = builder.createOp("fused_matmul", operands,
                                        {{"transpose_a", flagAttribute(product, "transpose_a")},
                                         {"transpose_b", flagAttribute(product, "transpose_b")},
                                         {"activation", epilogue.activation}});
    replaceByFused(epilogue, fused);
    ++numFused;
    remarkPassed(fused, getArgument(),
                 Twine(epilogue.bias ? "bias" : "no bias") + ", activation " + epilogue.activation);
  }
};

} // namespace
} // namespace graphc
