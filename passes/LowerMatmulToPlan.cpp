// Matrix products become oneDNN primitives: transposes by strides, bias and activation fused, and
// right-hand matrices that are unchanged variables kept in oneDNN's own layout where it has a
// better one.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

/// One operand of a product as [batch..., rows, columns] over its buffer's memory.
struct Matrix {
  SmallVector<std::int64_t> extents;
  SmallVector<std::int64_t> strides;

  Matrix(ArrayRef<std::int64_t> dense, bool transposed) : extents(dense), strides(dense.size(), 1) {
    for (std::size_t axis = dense.size() - 1; axis > 0; --axis)
      strides[axis - 1] = strides[axis] * dense[axis];
    if (transposed) {
      std::swap(extents[dense.size() - 1], extents[dense.size() - 2]);
      std::swap(strides[dense.size() - 1], strides[dense.size() - 2]);
    }
  }

  void raiseRank(std::size_t rank) {
    while (extents.size() < rank) {
      extents.insert(extents.begin(), 1);
      strides.insert(strides.begin(), strides.front() * std::max<std::int64_t>(extents[1], 1));
    }
  }
  /// All axes but the last as one; only where that keeps the memory's order.
  void flatten() {
    std::int64_t rows = 1;
    for (std::int64_t extent : ArrayRef(extents).drop_back())
      rows *= extent;
    extents = {rows, extents.back()};
    strides = {extents.back(), 1};
  }
};

/// Parameters of the matmul_pack for a product of these buffers.
Attributes packParameters(Value a, bool biased, const std::string &activation) {
  auto type = cast<MemRefType>(a.getType());
  const SmallVector<std::int64_t> strides = type.getStridesAndOffset().first;
  return Attributes{{"a_extents", type.getShape().vec()},
                    {"a_strides", std::vector<std::int64_t>(strides.begin(), strides.end())},
                    {"bias", biased},
                    {"activation", activation}};
}

LogicalResult lowerMatmul(PlanLowering &lowering, Operation *op) {
  const Value aTensor = op->getOperand(0);
  const Value bTensor = op->getOperand(1);
  const Value cTensor = op->getResult(0);
  const bool hasZeroExtent =
      llvm::is_contained(extentsOf(aTensor), 0) || llvm::is_contained(extentsOf(bTensor), 0);
  if (!dnnlSupports(toDataType(getElementTypeOrSelf(cTensor.getType()))) || hasZeroExtent)
    return lowering.addKernelOrHostCall(op);

  const bool transposeA = flagAttribute(op, "transpose_a");
  Matrix a(extentsOf(aTensor), transposeA);
  Matrix b(extentsOf(bTensor), flagAttribute(op, "transpose_b"));
  Matrix c(extentsOf(cTensor), false);
  if (b.extents.size() == 2 && a.extents.size() > 2 && !transposeA) {
    // One product of all rows is faster than a batch of products with one right-hand side.
    a.flatten();
    c.flatten();
  }
  const std::size_t rank = c.extents.size();
  a.raiseRank(rank);
  b.raiseRank(rank);

  Value aBuffer = lowering.view(lowering.input(aTensor), a.extents, a.strides);
  Value bBuffer = lowering.view(lowering.input(bTensor), b.extents, b.strides);
  SmallVector<Value> inputs = {aBuffer, bBuffer};
  const bool biased = op->getNumOperands() > 2;
  if (biased) {
    SmallVector<std::int64_t> extents(rank, 1);
    extents.back() = c.extents.back();
    inputs.push_back(lowering.view(lowering.input(op->getOperand(2)), extents));
  }
  const auto activation = op->getAttrOfType<StringAttr>("activation");
  Attributes parameters{{"activation", activation ? activation.str() : std::string("none")}};

  FailureOr<Value> kept =
      lowering.keptWeights(op, bTensor, bBuffer, "matmul_pack",
                           packParameters(aBuffer, biased, parameters.get_string("activation")));
  if (failed(kept))
    return failure();
  if (*kept) {
    inputs[1] = *kept;
    parameters.set("b_extents", std::vector<std::int64_t>(b.extents.begin(), b.extents.end()));
  }
  const Value cBuffer = lowering.view(lowering.output(cTensor), c.extents);
  return lowering.addPrimitive("matmul", parameters, inputs, cBuffer, op->getLoc());
}

LogicalResult lowerQr(PlanLowering &lowering, Operation *op) {
  return lowering.addHostCall(op, "qr has no kernel");
}

} // namespace

void addMatmulLowerings(LoweringTable &table) {
  table["matmul"] = {lowerMatmul, "primitive"};
  table["fused_matmul"] = {lowerMatmul, "primitive"};
  table["qr"] = {lowerQr, "host"};
}

} // namespace graphc
