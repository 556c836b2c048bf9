// Cuts recurrences into segments in time.
//
// What the forward pass saves for the gradient grows with the steps. As a chain of segments each
// can be computed again from the states between them (RecomputeSegments), once its gradient is due;
// this pass only makes the chain, which computes what the recurrence did, step by step.
#include <algorithm>

#include "ir/GradientFlow.h"
#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"

namespace graphc {

#define GEN_PASS_DEF_SEGMENTRECURRENCESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class Segmenter {
public:
  Segmenter(Operation *op, int64_t every)
      : recurrence_(op), opBuilder_(op), builder_(opBuilder_, op->getLoc()) {
    for (int64_t first = 0; first < recurrence_.steps(); first += every) {
      firsts_.push_back(first);
      sizes_.push_back(std::min(every, recurrence_.steps() - first));
    }
  }

  /// Gives the number of segments.
  size_t run() {
    cutSequences();
    SmallVector<Value> states;
    for (unsigned i = 0; i < recurrence_.numStates(); ++i)
      states.push_back(recurrence_.initialState(i));
    segments_.resize(sizes_.size());
    for (size_t i = 0; i < sizes_.size(); ++i)
      addSegment(recurrence_.reverse() ? sizes_.size() - 1 - i : i, states);
    for (unsigned i = 0; i < recurrence_.numStates(); ++i)
      recurrence_.finalState(i).replaceAllUsesWith(states[i]);
    for (unsigned i = 0; i < recurrence_.numOutputs(); ++i)
      joinOutput(i);
    recurrence_.op()->erase();
    return sizes_.size();
  }

private:
  void cutSequences() {
    builder_.setLocation(derivedLocation(recurrence_.op()->getLoc(), "", "/split"));
    for (unsigned i = 0; i < recurrence_.numSequences(); ++i)
      pieces_.push_back(
          builder_
              .createOp("split", recurrence_.sequence(i), {{"axis", int64_t{0}}, {"sizes", sizes_}})
              ->getResults());
  }

  void addSegment(size_t number, SmallVectorImpl<Value> &states) {
    Operation *copy = opBuilder_.clone(*recurrence_.op());
    copy->setLoc(derivedLocation(recurrence_.op()->getLoc(), "", ("_" + Twine(number)).str()));
    copy->setAttr("steps", opBuilder_.getI64IntegerAttr(sizes_[number]));
    copy->setAttr(kFirstStep,
                  opBuilder_.getI64IntegerAttr(recurrence_.firstStep() + firsts_[number]));
    for (unsigned i = 0; i < recurrence_.numSequences(); ++i)
      copy->setOperand(i, pieces_[i][number]);
    for (unsigned i = 0; i < recurrence_.numStates(); ++i)
      copy->setOperand(recurrence_.numSequences() + i, states[i]);
    const Recurrence segment(copy);
    for (unsigned i = 0; i < segment.numOutputs(); ++i)
      segment.output(i).setType(stackedType(segment.yieldedOutput(i).getType(), sizes_[number]));
    for (unsigned i = 0; i < segment.numStates(); ++i)
      states[i] = segment.finalState(i);
    segments_[number] = copy;
  }

  /// A slice of one segment's steps needs that segment alone: the last output's gradient, most of
  /// all, is then none of the other segments'.
  void joinOutput(unsigned number) {
    Value output = recurrence_.output(number);
    for (Operation *user : llvm::make_early_inc_range(output.getUsers()))
      if (isGraphOp(user, "slice") && user->getNumOperands() == 1)
        takeFromSegment(user, number);
    if (output.use_empty())
      return;
    SmallVector<Value> parts;
    for (Operation *segment : segments_)
      parts.push_back(segment->getResult(number));
    builder_.setLocation(derivedLocation(recurrence_.op()->getLoc(), "", "/concat"));
    output.replaceAllUsesWith(builder_.create("concat", parts, {{"axis", int64_t{0}}}));
  }

  void takeFromSegment(Operation *slice, unsigned number) {
    SmallVector<int64_t> begin(intsAttribute(slice, "begin"));
    const int64_t end = begin[0] + extentsOf(slice->getResult(0))[0];
    for (auto [segment, first, size] : llvm::zip_equal(segments_, firsts_, sizes_))
      if (begin[0] >= first && end <= first + size) {
        begin[0] -= first;
        slice->setOperand(0, segment->getResult(number));
        slice->setAttr("begin", opBuilder_.getDenseI64ArrayAttr(begin));
        return;
      }
  }

  Recurrence recurrence_;
  OpBuilder opBuilder_;
  GraphBuilder builder_;
  std::vector<int64_t> firsts_, sizes_;
  SmallVector<ResultRange> pieces_; ///< by sequence
  SmallVector<Operation *> segments_;
};

//===--- graph-segment-recurrences ------------------------------------------------------------===//

class SegmentRecurrencesPass : public impl::SegmentRecurrencesPassBase<SegmentRecurrencesPass> {
public:
  using SegmentRecurrencesPassBase::SegmentRecurrencesPassBase;

private:
  void runOnOperation() override {
    if (every < 0) {
      getOperation()->emitError() << "expected every to be a number of steps, or 0 to cut nothing, "
                                     "got "
                                  << int64_t{every};
      return signalPassFailure();
    }
    if (every == 0)
      return;
    for (Operation *program : findOps(getOperation(), "program"))
      for (Block *block : programBlocks(program))
        if (failed(cutIn(*block)))
          return signalPassFailure();
  }

  LogicalResult cutIn(Block &block) {
    DenseSet<Value> reached;
    for (Operation &request : block)
      if (isGraphOp(&request, "gradients")) {
        const auto ys = static_cast<unsigned>(intAttribute(&request, "num_ys"));
        reached.insert_range(request.getOperands().take_front(ys));
      }
    propagateReach(block, reached);
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!isGraphOp(&op, "static_rnn"))
        continue;
      if (Recurrence(&op).steps() < 0)
        return op.emitOpError("cannot be cut into segments: its number of steps is not known");
      if (const std::string reason = whyNot(&op, reached); !reason.empty()) {
        remarkMissed(&op, getArgument(), reason);
        continue;
      }
      const int64_t steps = Recurrence(&op).steps();
      remarkPassed(&op, getArgument(),
                   Twine(steps) + " steps cut into segments of " + Twine(int64_t{every}));
      numSegments += static_cast<unsigned>(Segmenter(&op, every).run());
      ++numCut;
    }
    return success();
  }

  std::string whyNot(Operation *op, const DenseSet<Value> &reached) const {
    if (Recurrence(op).steps() <= every)
      return "it has no more than " + std::to_string(every) + " steps";
    if (isGradientTarget(op))
      return "a gradient is asked for by its results";
    if (llvm::none_of(op->getResults(), [&](Value value) { return reached.contains(value); }))
      return "no gradient goes through it";
    return {};
  }
};

} // namespace
} // namespace graphc
