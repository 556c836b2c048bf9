// Recurrences without ports that nothing needs.
#include "passes/GraphOps.h"
#include "passes/Recurrence.h"
#include "passes/RecurrenceMotion.h"
#include "passes/SimplifyPatterns.h"

namespace graphc {

using namespace mlir;

namespace {

// The scalars of a cell (a forget bias) are written into the body, where a kernel has them at hand.
bool moveScalarConstantsIn(Recurrence &recurrence) {
  bool changed = false;
  OpBuilder builder = OpBuilder::atBlockBegin(&recurrence.body());
  for (unsigned i = 0; i < recurrence.numCaptured(); ++i) {
    Operation *constant = definedBy(recurrence.captured(i), "constant");
    if (!constant || isGradientTarget(constant) || !isStatic(constant->getResult(0).getType()) ||
        rankOf(constant->getResult(0)) != 0 || recurrence.capturedArgument(i).use_empty())
      continue;
    recurrence.capturedArgument(i).replaceAllUsesWith(builder.clone(*constant)->getResult(0));
    changed = true;
  }
  return changed;
}

} // namespace

bool simplifyRecurrences(Operation *root) {
  bool changed = false;
  const SmallVector<Operation *> recurrences = findOps(root, "static_rnn");
  for (Operation *op : llvm::reverse(recurrences)) {
    Recurrence recurrence(op);
    changed |= moveScalarConstantsIn(recurrence);
    changed |= dropUnusedPorts(op);
  }
  return changed;
}

} // namespace graphc
