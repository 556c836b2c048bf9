#include "runtime/Program.h"

#include <algorithm>

namespace graphc {

bool Program::writes_variables() const {
  return std::ranges::any_of(variables, &ProgramVariable::written);
}

namespace {

template <typename... Lists> std::vector<BufferId> joined(const Lists &...lists) {
  std::vector<BufferId> all;
  (all.insert(all.end(), lists.begin(), lists.end()), ...);
  return all;
}

std::vector<BufferId> buffersOf(const KernelStep &step) { return step.buffers; }
std::vector<BufferId> buffersOf(const PrimitiveStep &step) { return step.buffers; }
std::vector<BufferId> buffersOf(const HostStep &step) {
  return joined(step.inputs, step.updates, step.outputs);
}
std::vector<BufferId> buffersOf(const CopyStep &step) { return {step.from, step.to}; }
std::vector<BufferId> buffersOf(const RowStep &step) { return {step.tensor, step.index, step.row}; }
std::vector<BufferId> buffersOf(const LoopStep &step) {
  return joined(step.initial, step.captured, step.outputs, step.spare);
}
std::vector<BufferId> buffersOf(const LoopGradientStep &step) {
  return joined(buffersOf(step.loop), step.initial, step.outputs, step.spare);
}
std::vector<BufferId> buffersOf(const BranchStep &step) {
  return joined(std::vector{step.predicate}, step.captured, step.outputs);
}

} // namespace

std::vector<BufferId> Step::buffers() const {
  return std::visit([](const auto &step) { return buffersOf(step); }, action);
}

} // namespace graphc
