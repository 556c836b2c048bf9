// A product, its bias and its activation in one op.
#include "passes/Epilogue.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"

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
    const EpilogueFusions count =
        fuseEpilogues(program, "matmul", "fused_matmul", attributes, getArgument());
    numFused += count.fused;
    numMissed += count.missed;
  }

  static Attributes attributes(Operation *product) {
    return {{"transpose_a", flagAttribute(product, "transpose_a")},
            {"transpose_b", flagAttribute(product, "transpose_b")}};
  }
};

} // namespace
} // namespace graphc
