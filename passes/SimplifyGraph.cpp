// Cancels ops that undo each other; the patterns are in Simplify*.cpp by family.
//
// Invariant: no bit of any result changes, and the values that gradients are asked for stay what
// they are (see MarkGradientTargets).
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/SimplifyPatterns.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace graphc {

#define GEN_PASS_DEF_SIMPLIFYGRAPHPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class NamedSimplification : public RewritePattern {
public:
  NamedSimplification(StringRef name, SimplifyFunction function, MLIRContext *context)
      : RewritePattern(("graph." + name).str(), 1, context), function_(function) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    return isGradientTarget(op) ? failure() : function_(op, rewriter);
  }

private:
  SimplifyFunction function_;
};

} // namespace

void addSimplification(RewritePatternSet &patterns, StringRef name, SimplifyFunction function) {
  patterns.add<NamedSimplification>(name, function, patterns.getContext());
}

//===--- graph-simplify-graph -----------------------------------------------------------------===//

namespace {

unsigned countOps(Operation *root) {
  unsigned count = 0;
  root->walk([&](Operation *) { ++count; });
  return count;
}

class SimplifyGraphPass : public impl::SimplifyGraphPassBase<SimplifyGraphPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet patterns(context);
    populateShapeSimplifications(patterns);
    populateWindowSimplifications(patterns);
    populateArithmeticSimplifications(patterns);
    patterns_ = FrozenRewritePatternSet(std::move(patterns));
    return success();
  }

  void runOnOperation() override {
    const unsigned before = countOps(getOperation());
    // Constants stay where they are, with their names: folding is a pass of its own.
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal(true)
        .setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled)
        .enableFolding(false)
        .enableConstantCSE(false);
    // Ports that go free ops in front of a recurrence, and ops that go free ports.
    do {
      if (failed(applyPatternsGreedily(getOperation(), patterns_, config)))
        return signalPassFailure();
    } while (simplifyControlFlow(getOperation()) || simplifyRecurrences(getOperation()));
    const unsigned after = countOps(getOperation());
    numBefore += before;
    numAfter += after;
    if (Operation *program = findProgram(getOperation()); program && after < before)
      remarkPassed(program, getArgument(), Twine(before) + " ops became " + Twine(after));
  }

  FrozenRewritePatternSet patterns_;
};

} // namespace
} // namespace graphc
