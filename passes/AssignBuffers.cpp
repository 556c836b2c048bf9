// Gives every temporary its place in the arena. A temporary lives from the first step that uses it,
// directly or through a view, to the last; where it goes is BufferAssignment's matter.
#include "ir/PlanDialect.h"
#include "passes/BufferAssignment.h"
#include "passes/Passes.h"

using namespace mlir;

namespace graphc {

#define GEN_PASS_DEF_ASSIGNBUFFERSPASS
#include "passes/Passes.h.inc"

namespace {

/// What makes a kept buffer runs before the steps, if at all.
bool isStep(Operation &op) {
  if (auto run = dyn_cast<plan::RunPrimitiveOp>(op))
    return plan::placeOf(run.getOutputs()[0]).buffer.getKind() != plan::BufferKind::kept;
  return isa<plan::CallKernelOp, plan::CallHostOp, plan::CopyOp, plan::ReadRowOp, plan::WriteRowOp,
             plan::RunWhileOp, plan::RunWhileGradientOp, plan::RunCondOp>(op);
}

class AssignBuffersPass : public impl::AssignBuffersPassBase<AssignBuffersPass> {
public:
  using AssignBuffersPassBase::AssignBuffersPassBase;

  void runOnOperation() override {
    for (auto program : getOperation().getOps<plan::ProgramOp>())
      assign(program);
  }

private:
  void assign(plan::ProgramOp program);
};

void AssignBuffersPass::assign(plan::ProgramOp program) {
  SmallVector<plan::BufferOp> temporaries;
  std::vector<BufferInterval> intervals;
  llvm::DenseMap<Operation *, std::size_t> numbers;
  std::int64_t step = 0;
  for (Operation &op : program.getBody().front()) {
    if (auto buffer = dyn_cast<plan::BufferOp>(op);
        buffer && buffer.getKind() == plan::BufferKind::temporary) {
      numbers[&op] = temporaries.size();
      temporaries.push_back(buffer);
      intervals.push_back({plan::bytesOf(buffer.getBuffer().getType()), -1, -1});
    }
    if (!isStep(op))
      continue;
    for (Value operand : op.getOperands()) {
      if (!isa<MemRefType>(operand.getType()))
        continue;
      const auto found = numbers.find(plan::placeOf(operand).buffer);
      if (found == numbers.end())
        continue;
      BufferInterval &interval = intervals[found->second];
      interval.first = interval.first < 0 ? step : interval.first;
      interval.last = step;
    }
    ++step;
  }
  // What no step uses takes no memory.
  for (BufferInterval &interval : intervals)
    if (interval.first < 0)
      interval = {0, 0, 0};

  const BufferAssignment assignment = assignBuffers(intervals);
  for (auto [buffer, interval, offset] :
       llvm::zip_equal(temporaries, intervals, assignment.offsets)) {
    buffer.setOffset(offset);
    buffer.setLifetimeAttr(DenseI64ArrayAttr::get(&getContext(), {interval.first, interval.last}));
  }
  program.setPeakBytes(assignment.peak);
  program.setUnsharedBytes(assignment.unshared);
  numBuffers += temporaries.size();
  peakBytes += static_cast<unsigned>(assignment.peak);
  unsharedBytes += static_cast<unsigned>(assignment.unshared);
  bytesAboveBound += static_cast<unsigned>(assignment.peak - assignment.bound);
}

} // namespace
} // namespace graphc
