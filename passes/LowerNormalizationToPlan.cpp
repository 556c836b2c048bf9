// Layer and batch normalization become oneDNN's primitives, which graph-fuse-normalization has
// found to be worth it; others stand in a program only where a test or a tool has put them.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

constexpr llvm::StringLiteral kPass = "graphc-lower-to-plan";

LogicalResult lowerNormalization(PlanLowering &lowering, Operation *op) {
  const Value x = op->getOperand(0);
  if (!dnnlSupports(toDataType(getElementTypeOrSelf(x.getType()))) ||
      llvm::is_contained(extentsOf(x), 0))
    return lowering.addKernelOrHostCall(op);
  SmallVector<Value> inputs, outputs;
  for (Value operand : op->getOperands())
    inputs.push_back(lowering.input(operand));
  for (Value result : op->getResults())
    outputs.push_back(lowering.output(result));
  // Without gradients and moving averages nobody asks for the moments.
  const bool isGradient = graphName(op).ends_with("_gradient");
  if (!isGradient && op->getResult(1).use_empty() && op->getResult(2).use_empty())
    outputs.resize(1);
  const Attributes parameters{
      {"epsilon", op->getAttrOfType<FloatAttr>("epsilon").getValueAsDouble()}};
  const FailureOr<Value> primitive =
      lowering.primitive(graphName(op), parameters, inputs, outputs, op->getLoc());
  if (failed(primitive))
    return failure();
  lowering.runPrimitive(*primitive, inputs, outputs, op->getLoc());
  remarkPassed(op, kPass,
               "form primitive: oneDNN's " + graphName(op) + ", " +
                   primitive->getDefiningOp<plan::CreatePrimitiveOp>().getImplementation());
  return success();
}

} // namespace

void addNormalizationLowerings(LoweringTable &table) {
  for (StringRef name : {"layer_normalization", "layer_normalization_gradient",
                         "batch_normalization", "batch_normalization_gradient"})
    table[name] = {lowerNormalization, "primitive"};
}

} // namespace graphc
