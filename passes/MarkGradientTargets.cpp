// Keeps the values that gradients are asked for apart from all others.
//
// Invariant after the pass: an op has the mark exactly where a graph.gradients request has one of
// its results among its xs, and no two marks are equal.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

namespace graphc {

#define GEN_PASS_DEF_MARKGRADIENTTARGETSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

//===--- graph-mark-gradient-targets ----------------------------------------------------------===//

namespace {

class MarkGradientTargetsPass : public impl::MarkGradientTargetsPassBase<MarkGradientTargetsPass> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) { op->removeAttr(kGradientTarget); });
    Builder builder(&getContext());
    int64_t next = 0;
    for (Operation *request : findOps(getOperation(), "gradients")) {
      const auto first = static_cast<unsigned>(intAttribute(request, "num_ys"));
      const auto count = static_cast<unsigned>(intAttribute(request, "num_xs"));
      for (Value x : request->getOperands().slice(first, count)) {
        Operation *op = x.getDefiningOp();
        // Feeds are values of their own anyway.
        if (!op || isGraphOp(op, "feed") || isGradientTarget(op))
          continue;
        op->setAttr(kGradientTarget, builder.getI64IntegerAttr(next++));
        ++numMarked;
      }
    }
  }
};

} // namespace
} // namespace graphc
