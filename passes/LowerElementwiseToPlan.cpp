// Elementwise ops that stand alone and are large: oneDNN's eltwise and binary primitives. The
// others, and all that were fused into clusters, are kernels.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

/// Below this many elements a call of the library costs more than the work.
constexpr std::int64_t kWorthALibraryCall = 4096;

bool isWorthALibraryCall(Operation *op) {
  const auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return type.getElementType().isF32() && type.getNumElements() >= kWorthALibraryCall;
}

LogicalResult lowerUnary(PlanLowering &lowering, Operation *op) {
  if (!isWorthALibraryCall(op))
    return lowering.addKernelOrHostCall(op);
  return lowering.addPrimitive("eltwise", Attributes{{"algorithm", graphName(op).str()}},
                               lowering.input(op->getOperand(0)), lowering.output(op->getResult(0)),
                               op->getLoc());
}

LogicalResult lowerBinary(PlanLowering &lowering, Operation *op) {
  const ArrayRef<std::int64_t> x = extentsOf(op->getOperand(0));
  const ArrayRef<std::int64_t> y = extentsOf(op->getOperand(1));
  const ArrayRef<std::int64_t> z = extentsOf(op->getResult(0));
  // oneDNN broadcasts the second operand alone.
  if (!isWorthALibraryCall(op) || x != z || z.size() > 5)
    return lowering.addKernelOrHostCall(op);
  SmallVector<std::int64_t> broadcast(z.size() - y.size(), 1);
  llvm::append_range(broadcast, y);
  return lowering.addPrimitive("binary", Attributes{{"algorithm", graphName(op).str()}},
                               {lowering.input(op->getOperand(0)),
                                lowering.view(lowering.input(op->getOperand(1)), broadcast)},
                               lowering.output(op->getResult(0)), op->getLoc());
}

} // namespace

void addElementwiseLowerings(LoweringTable &table) {
  // Of those that oneDNN has, the ones that treat NaN and rounding as TensorFlow does.
  for (StringRef name : {"tanh", "sigmoid", "sqrt", "square", "abs"})
    table[name] = {lowerUnary, "kernel"};
  for (StringRef name : {"add", "subtract", "multiply", "divide"})
    table[name] = {lowerBinary, "kernel"};
}

} // namespace graphc
