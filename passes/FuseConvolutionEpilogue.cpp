// A convolution, its bias and its activation in one op.
#include "passes/Epilogue.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"

namespace graphc {

#define GEN_PASS_DEF_FUSECONVOLUTIONEPILOGUEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

//===--- graph-fuse-convolution-epilogue ------------------------------------------------------===//

class FuseConvolutionEpiloguePass
    : public impl::FuseConvolutionEpiloguePassBase<FuseConvolutionEpiloguePass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    SmallVector<Operation *> convolutions;
    for (Block *block : programBlocks(program))
      for (Operation &op : *block)
        if (isGraphOp(&op, "conv2d") && isStatic(op.getResult(0).getType()))
          convolutions.push_back(&op);
    for (Operation *convolution : convolutions)
      fuse(convolution);
  }

  void fuse(Operation *convolution) {
    const Epilogue epilogue = findEpilogue(convolution);
    if (epilogue.missesActivation) {
      ++numMissed;
      remarkMissed(convolution, getArgument(), "the value before the activation has further uses");
    }
    if (epilogue.absorbed.size() == 1)
      return;
    SmallVector<Value> operands(convolution->getOperands());
    if (epilogue.bias)
      operands.push_back(epilogue.bias);
    Attributes attributes{{"activation", epilogue.activation},
                          {"padding", convolution->getAttrOfType<StringAttr>("padding").str()}};
    for (StringRef name : {"strides", "dilations", "explicit_paddings"})
      if (convolution->hasAttr(name))
        attributes.set(name.str(), intsAttribute(convolution, name).vec());
    Operation *last = epilogue.absorbed.back();
    OpBuilder opBuilder(last);
    Operation *fused =
        GraphBuilder(opBuilder, last->getLoc()).createOp("fused_conv2d", operands, attributes);
    replaceByFused(epilogue, fused);
    ++numFused;
    remarkPassed(fused, getArgument(),
                 Twine(epilogue.bias ? "bias" : "no bias") + ", activation " + epilogue.activation);
  }
};

} // namespace
} // namespace graphc
