// Softmax and reductions: oneDNN's primitives, unless they would run on its plain reference loops.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

bool isFloat32(Value tensor) { return getElementTypeOrSelf(tensor.getType()).isF32(); }
bool isEmpty(Value tensor) { return llvm::is_contained(extentsOf(tensor), 0); }

/// Runs the primitive, or makes a kernel where oneDNN has nothing but reference loops for it.
LogicalResult addFastPrimitiveOrKernel(PlanLowering &lowering, Operation *op, StringRef kind,
                                       const Attributes &parameters, ArrayRef<std::int64_t> inputExtents,
                                       ArrayRef<std::int64_t> outputExtents) {
  const Location location = op->getLoc();
  const Value x = lowering.view(lowering.input(op->getOperand(0)), inputExtents);
  const Value y = lowering.view(lowering.output(op->getResult(0)), outputExtents);
  FailureOr<Value> primitive = lowering.primitive(kind, parameters, x, y, location);
  if (failed(primitive))
    return failure();
  auto create = primitive->getDefiningOp<plan::CreatePrimitiveOp>();
  if (create.getImplementation().starts_with("ref")) {
    std::string whyNot;
    const FailureOr<bool> kernel = lowering.tryKernel(op, whyNot);
    if (failed(kernel))
      return failure();
    if (*kernel)
      return success();
  }
  lowering.runPrimitive(*primitive, x, y, location);
  return success();
}

LogicalResult lowerSoftmax(PlanLowering &lowering, Operation *op) {
  const Value x = op->getOperand(0);
  const ArrayRef<std::int64_t> extents = extentsOf(x);
  if (!isFloat32(x) || isEmpty(x) || extents.empty())
    return lowering.addKernelOrHostCall(op);
  std::int64_t axis = intAttribute(op, "axis", -1);
  if (axis < 0)
    axis += static_cast<std::int64_t>(extents.size());
  return addFastPrimitiveOrKernel(lowering, op, graphName(op), Attributes{{"axis", axis}}, extents, extents);
}

LogicalResult lowerReduction(PlanLowering &lowering, Operation *op) {
  const Value x = op->getOperand(0);
  const ArrayRef<std::int64_t> extents = extentsOf(x);
  // Small reductions are not worth a call of the library.
  if (!isFloat32(x) || isEmpty(x) || extents.empty() || bytesOf(x.getType()) < 16384)
    return lowering.addKernelOrHostCall(op);
  const ArrayRef<std::int64_t> axes = intsAttribute(op, "axes");
  SmallVector<std::int64_t> reduced(extents);
  for (std::size_t axis = 0; axis < extents.size(); ++axis)
    if (!op->hasAttr("axes") || llvm::is_contained(axes, static_cast<std::int64_t>(axis)))
      reduced[axis] = 1;
  if (ArrayRef(reduced) == extents)
    return lowering.addKernelOrHostCall(op);
  const std::string algorithm = graphName(op).drop_front(StringRef("reduce_").size()).str();
  return addFastPrimitiveOrKernel(lowering, op, "reduction", Attributes{{"algorithm", algorithm}}, extents,
                                  reduced);
}

} // namespace

void addNnLowerings(LoweringTable &table) {
  table["softmax"] = {lowerSoftmax, "primitive"};
  table["log_softmax"] = {lowerSoftmax, "primitive"};
  for (StringRef name : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min"})
    table[name] = {lowerReduction, "kernel"};
}

} // namespace graphc
