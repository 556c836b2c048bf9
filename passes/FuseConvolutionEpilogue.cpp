// A convolution, its bias and its activation in one op.
#include "passes/Epilogue.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"

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
    const EpilogueFusions count =
        fuseEpilogues(program, "conv2d", "fused_conv2d", attributes, getArgument());
    numFused += count.fused;
    numMissed += count.missed;
  }

  static Attributes attributes(Operation *convolution) {
    Attributes attributes{{"padding", convolution->getAttrOfType<StringAttr>("padding").str()}};
    for (StringRef name : {"strides", "dilations", "explicit_paddings"})
      if (convolution->hasAttr(name))
        attributes.set(name.str(), intsAttribute(convolution, name).vec());
    return attributes;
  }
};

} // namespace
} // namespace graphc
