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
                                       const Attributes &parameters,
                                       ArrayRef<std::int64_t> inputExtents,
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
  return addFastPrimitiveOrKernel(lowering, op, graphName(op), Attributes{{"axis", axis}}, extents,
                                  extents);
}

/// Elements that one result is made of, from where on oneDNN's reduction is fast. Shorter ones cost
/// it far more than they should: a sum over the last axis of [76800, 27] takes 21 ms, a sum over
/// all of it 0.24 ms.
constexpr std::int64_t kLongReduction = 512;

LogicalResult lowerReduction(PlanLowering &lowering, Operation *op) {
  const Value x = op->getOperand(0);
  const ArrayRef<std::int64_t> extents = extentsOf(x);
  const ArrayRef<std::int64_t> axes = intsAttribute(op, "axes");
  const auto isReduced = [&](std::size_t axis) {
    return !op->hasAttr("axes") || llvm::is_contained(axes, static_cast<std::int64_t>(axis));
  };
  std::int64_t kept = 1;
  std::int64_t reduced = 1;
  bool areLast = true;
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    (isReduced(axis) ? reduced : kept) *= extents[axis];
    areLast &= isReduced(axis) || reduced == 1;
  }
  if (!isFloat32(x) || isEmpty(x) || !areLast || reduced < kLongReduction)
    return lowering.addKernelOrHostCall(op);
  const std::string algorithm = graphName(op).drop_front(StringRef("reduce_").size()).str();
  return addFastPrimitiveOrKernel(lowering, op, "reduction", Attributes{{"algorithm", algorithm}},
                                  {kept, reduced}, {kept, 1});
}

} // namespace

void addNnLowerings(LoweringTable &table) {
  table["softmax"] = {lowerSoftmax, "primitive"};
  table["log_softmax"] = {lowerSoftmax, "primitive"};
  for (StringRef name : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min"})
    table[name] = {lowerReduction, "kernel"};
}

} // namespace graphc
