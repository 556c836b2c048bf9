// Matrix products become oneDNN primitives: transposes by strides, bias and activation fused, and
// right-hand matrices that are unchanged variables kept in oneDNN's own layout where it has a
// better one.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"
#include "runtime/PrimitiveCache.h"
#include "runtime/Status.h"

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

/// Weights in the layout that the product likes best, made again only when the variable has
/// changed; null where the variable's own layout is that, or where they change in this very
/// program.
FailureOr<Value> keptWeights(PlanLowering &lowering, Operation *op, Value a, Value b, bool biased,
                             const std::string &activation) {
  Operation *read = lowering.aliases().root(op->getOperand(1)).source.getDefiningOp();
  if (!read || !isGraphOp(read, "read_variable"))
    return Value();
  const auto name = read->getAttrOfType<FlatSymbolRefAttr>("variable");
  plan::Place place = plan::placeOf(b);
  if (lowering.aliases().isWritten(name) || place.offset != 0 ||
      place.buffer.getKind() != plan::BufferKind::variable)
    return Value();

  auto aType = cast<MemRefType>(a.getType());
  auto bType = cast<MemRefType>(b.getType());
  const SmallVector<std::int64_t> aStrides = aType.getStridesAndOffset().first;
  const SmallVector<std::int64_t> bStrides = bType.getStridesAndOffset().first;
  PrimitiveSpec pack;
  pack.kind = "matmul_pack";
  pack.threads = lowering.options().threads;
  pack.inputs = {{float32, bType.getShape().vec(), {bStrides.begin(), bStrides.end()}}};
  pack.outputs = {{uint8, {0}, {}}};
  pack.attributes =
      Attributes{{"a_extents", aType.getShape().vec()},
                 {"a_strides", std::vector<std::int64_t>(aStrides.begin(), aStrides.end())},
                 {"bias", biased},
                 {"activation", activation}};
  std::size_t bytes = 0;
  try {
    const std::shared_ptr<const DnnlPrimitive> made = PrimitiveCache::shared().get(pack);
    if (!made->changesLayout() && !lowering.options().alwaysPack)
      return Value();
    bytes = made->opaqueBytes();
  } catch (const Error &error) {
    return op->emitOpError() << "cannot be lowered: " << error.message();
  }
  OpBuilder &builder = lowering.builder();
  auto kept = plan::BufferOp::create(builder, op->getLoc(),
                                     MemRefType::get({static_cast<std::int64_t>(bytes)},
                                                     builder.getIntegerType(8, /*isSigned=*/false)),
                                     plan::BufferKind::kept);
  kept.setVariableAttr(name);
  if (failed(
          lowering.addPrimitive("matmul_pack", pack.attributes, b, kept.getBuffer(), op->getLoc())))
    return failure();
  ++lowering.counts().keptWeights;
  return kept.getBuffer();
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
      keptWeights(lowering, op, aBuffer, bBuffer, biased, parameters.get_string("activation"));
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
