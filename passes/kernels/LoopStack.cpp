#include "passes/kernels/LoopStack.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace graphc {

LoopStack::LoopStack(KernelFunction &kernel) : kernel_(kernel) {
  levels_.emplace_back();
  levels_.back().block = &kernel.function().getBody().front();
}

unsigned LoopStack::levelOf(Value value) const {
  for (unsigned level = depth(); level > 0; --level)
    if (levels_[level].block == value.getParentBlock())
      return level;
  return levels_[0].block == value.getParentBlock() ? 0 : depth();
}

void LoopStack::atLevel(unsigned level, function_ref<void()> build) {
  level = std::max(level, outermost_);
  if (level >= depth())
    return build();
  OpBuilder::InsertionGuard guard(kernel_.builder());
  std::vector<Level> inside(std::make_move_iterator(levels_.begin() + level + 1),
                            std::make_move_iterator(levels_.end()));
  levels_.resize(level + 1);
  kernel_.builder().setInsertionPoint(levels_[level].inner);
  build();
  levels_.insert(levels_.end(), std::make_move_iterator(inside.begin()),
                 std::make_move_iterator(inside.end()));
}

SmallVector<Value> LoopStack::loop(Location loc, Value lower, Value upper, std::int64_t step,
                                   ValueRange initial, Body body) {
  OpBuilder &builder = kernel_.builder();
  auto loop = scf::ForOp::create(builder, loc, lower, upper, kernel_.constant(step), initial);
  OpBuilder::InsertionGuard guard(builder);
  const unsigned level = depth();
  Operation *outer = std::exchange(levels_[level].inner, loop.getOperation());
  levels_.emplace_back();
  levels_.back().block = loop.getBody();
  if (initial.empty())
    builder.setInsertionPoint(loop.getBody()->getTerminator());
  else
    builder.setInsertionPointToEnd(loop.getBody());
  const SmallVector<Value> carried = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!initial.empty())
    scf::YieldOp::create(builder, loc, carried);
  levels_.pop_back();
  levels_[level].inner = outer;
  return SmallVector<Value>(loop.getResults());
}

Value LoopStack::recall(StringRef name) const {
  for (const Level &level : llvm::reverse(levels_))
    if (auto found = level.known.find(name); found != level.known.end())
      return found->second;
  return {};
}

void LoopStack::remember(unsigned level, StringRef name, Value value) {
  levels_[std::min(std::max(level, outermost_), depth())].known[name] = value;
}

} // namespace graphc
