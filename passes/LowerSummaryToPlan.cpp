// Summaries: serialized messages, which no kernel writes.
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {

static LogicalResult lowerSummary(PlanLowering &lowering, Operation *op) {
  return lowering.addHostCall(op, "summaries are serialized on the host");
}

void addSummaryLowerings(LoweringTable &table) {
  for (StringRef name : {"scalar_summary", "histogram_summary", "merge_summary"})
    table[name] = {lowerSummary, "host"};
}

} // namespace graphc
