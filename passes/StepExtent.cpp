#include "passes/StepExtent.h"

#include <algorithm>

namespace graphc {
namespace {

using Role = StepOperand::Role;

/// Marks what is reached from the marked columns.
void spread(std::vector<char> &marked, const std::vector<std::vector<std::size_t>> &edges) {
  std::vector<std::size_t> worklist;
  for (std::size_t c = 0; c < marked.size(); ++c)
    if (marked[c])
      worklist.push_back(c);
  while (!worklist.empty()) {
    const std::size_t c = worklist.back();
    worklist.pop_back();
    for (std::size_t to : edges[c])
      if (!marked[to]) {
        marked[to] = 1;
        worklist.push_back(to);
      }
  }
}

} // namespace

SpelledSteps restrictTo(const SpelledSteps &steps, StepExtent extent) {
  if (extent == StepExtent::all)
    return steps;
  const std::size_t count = steps.columns.size();
  std::vector<std::vector<std::size_t>> readers(count), sources(count);
  std::vector<char> source(count, 0), reader(count, 0);
  for (std::size_t c = 0; c < count; ++c)
    for (const StepOperand &role : steps.operands[c])
      if (role.column >= 0) {
        const auto of = static_cast<std::size_t>(role.column);
        readers[of].push_back(c);
        sources[c].push_back(of);
        if (role.role == Role::state) {
          source[of] = 1;
          reader[c] = 1;
        }
      }
  spread(source, sources);
  spread(reader, readers);
  SpelledSteps kept;
  kept.steps = steps.steps;
  kept.before = steps.before;
  std::vector<int> number(count, -1);
  for (std::size_t c = 0; c < count; ++c)
    if (source[c] && (reader[c] || extent == StepExtent::neededByState)) {
      number[c] = static_cast<int>(kept.columns.size());
      kept.columns.push_back(steps.columns[c]);
      kept.operands.push_back(steps.operands[c]);
    } else if (extent == StepExtent::betweenStates && source[c]) {
      // What leads to states comes before them now.
      kept.before.insert(kept.before.end(), steps.columns[c].begin(), steps.columns[c].end());
    }
  for (auto &roles : kept.operands)
    for (StepOperand &role : roles)
      if (role.column >= 0) {
        role.column = number[static_cast<std::size_t>(role.column)];
        if (role.column < 0)
          role = {Role::sequence, -1, 0};
      }
  std::sort(kept.before.begin(), kept.before.end());
  return kept;
}

} // namespace graphc
