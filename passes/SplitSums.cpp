// Sums of many tensors in parts of one size, so that what is compiled for them and what stays alive
// does not grow with their number: gradients by the weights of an unrolled recurrence have a term
// for each step.
//
// Terms are added in the order that they were added in before: the same bits.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"
#include "ir/Locations.h"

namespace graphc {

#define GEN_PASS_DEF_SPLITSUMSPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// The last of the values' ops in `block`; null where all come from elsewhere.
Operation *lastMaker(ArrayRef<Value> values, Block *block) {
  Operation *last = nullptr;
  for (Value value : values) {
    Operation *maker = value.getDefiningOp();
    if (maker && maker->getBlock() == block && (!last || last->isBeforeInBlock(maker)))
      last = maker;
  }
  return last;
}

//===--- graph-split-sums ---------------------------------------------------------------------===//

class SplitSumsPass : public impl::SplitSumsPassBase<SplitSumsPass> {
public:
  using SplitSumsPassBase::SplitSumsPassBase;

private:
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    for (Block *block : programBlocks(program))
      for (Operation &op : llvm::make_early_inc_range(*block))
        if (isGraphOp(&op, "add_n") && op.getNumOperands() > most())
          split(&op);
  }

  /// A part takes the sum of the parts before it and at least one term more.
  unsigned most() const { return std::max(2u, unsigned(maxTerms)); }

  /// Each part but the last comes as soon as its terms are there.
  void split(Operation *sum) {
    const SmallVector<Value> terms(sum->getOperands());
    SmallVector<Value> part; // the sum of the parts before, and further terms
    unsigned numParts = 1;
    for (Value term : terms) {
      if (part.size() == most()) {
        OpBuilder builder(sum);
        if (Operation *maker = lastMaker(part, sum->getBlock()))
          builder.setInsertionPointAfter(maker);
        const std::string suffix = ("/part_" + Twine(numParts++)).str();
        GraphBuilder graph(builder, derivedLocation(sum->getLoc(), "", suffix));
        part = {graph.create("add_n", part)};
      }
      part.push_back(term);
    }
    sum->setOperands(part);
    ++numSplit;
    remarkPassed(sum, getArgument(),
                 Twine(terms.size()) + " terms in " + Twine(numParts) + " parts");
  }
};

} // namespace
} // namespace graphc
