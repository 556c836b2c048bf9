// What enters a program, what stays in variables, and what is nothing to run.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

LogicalResult lowerFeed(PlanLowering &lowering, Operation *op) {
  const Value value = op->getResult(0);
  lowering.define(value, lowering.feed(intAttribute(op, "index"),
                                       plan::bufferTypeOf(cast<RankedTensorType>(value.getType())),
                                       op->getLoc()));
  return success();
}

LogicalResult lowerConstant(PlanLowering &lowering, Operation *op) {
  if (op->use_empty())
    return success();
  lowering.define(op->getResult(0),
                  lowering.constant(op->getAttrOfType<ElementsAttr>("value"), op->getLoc()));
  return success();
}

/// The result is the variable's memory itself, or a copy where that is written too early.
void defineAsVariable(PlanLowering &lowering, Operation *op, Value variable) {
  const Value result = op->getResult(0);
  if (lowering.aliases().needsCopy(result))
    lowering.copy(variable, lowering.output(result), op->getLoc());
  else
    lowering.define(result, variable);
}

LogicalResult lowerRead(PlanLowering &lowering, Operation *op) {
  if (op->use_empty())
    return success();
  defineAsVariable(
      lowering, op,
      lowering.variable(op->getAttrOfType<FlatSymbolRefAttr>("variable"), op->getLoc()));
  return success();
}

LogicalResult lowerAssign(PlanLowering &lowering, Operation *op) {
  const Value variable =
      lowering.variable(op->getAttrOfType<FlatSymbolRefAttr>("variable"), op->getLoc());
  const Value value = op->getOperand(0);
  if (lowering.aliases().assignedBy(lowering.aliases().root(value).source) != op)
    lowering.copy(lowering.input(value), variable, op->getLoc());
  defineAsVariable(lowering, op, variable);
  return success();
}

/// assign_add and assign_sub: the kernel updates in place, what it gives is the variable.
LogicalResult lowerUpdate(PlanLowering &lowering, Operation *op) {
  const Value variable =
      lowering.variable(op->getAttrOfType<FlatSymbolRefAttr>("variable"), op->getLoc());
  if (failed(lowering.addKernel(op)))
    return failure();
  defineAsVariable(lowering, op, variable);
  return success();
}

LogicalResult lowerApply(PlanLowering &lowering, Operation *op) { return lowering.addKernel(op); }

/// Which rows there are is known only when the step runs: no loop with known bounds covers them.
LogicalResult lowerSparseApply(PlanLowering &lowering, Operation *op) {
  return lowering.addHostCall(op, "its rows are known only when it runs");
}

LogicalResult lowerNothing(PlanLowering &, Operation *) { return success(); }

LogicalResult refusePlaceholder(PlanLowering &, Operation *op) {
  return op->emitOpError("cannot be lowered: it is not fed");
}

} // namespace

void addStateLowerings(LoweringTable &table) {
  table["feed"] = {lowerFeed, "nothing"};
  table["placeholder"] = {refusePlaceholder, "nothing"};
  table["no_op"] = {lowerNothing, "nothing"};
  table["constant"] = {lowerConstant, "nothing"};
  table["read_variable"] = {lowerRead, "view"};
  table["assign"] = {lowerAssign, "copy"};
  table["assign_add"] = {lowerUpdate, "kernel"};
  table["assign_sub"] = {lowerUpdate, "kernel"};
  for (StringRef name : {"apply_gradient_descent", "apply_momentum", "apply_adagrad",
                         "apply_rms_prop", "apply_centered_rms_prop", "apply_adam"})
    table[name] = {lowerApply, "kernel"};
  for (StringRef name :
       {"sparse_apply_gradient_descent", "sparse_apply_momentum", "sparse_apply_adagrad",
        "sparse_apply_rms_prop", "sparse_apply_centered_rms_prop"})
    table[name] = {lowerSparseApply, "host"};
}

} // namespace graphc
