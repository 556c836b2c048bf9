// Ops that move elements: transposes are oneDNN's reorders, long rows are copied as they are.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"

using namespace mlir;

namespace graphc {
namespace {

/// Rows that are worth a copy each: two cache lines.
constexpr std::int64_t kLongRow = 128;

SmallVector<std::int64_t> stridesOf(ArrayRef<std::int64_t> extents) {
  SmallVector<std::int64_t> strides(extents.size(), 1);
  for (std::size_t axis = extents.size(); axis > 1; --axis)
    strides[axis - 2] = strides[axis - 1] * extents[axis - 1];
  return strides;
}

LogicalResult lowerTranspose(PlanLowering &lowering, Operation *op) {
  const Value x = op->getOperand(0);
  const Value y = op->getResult(0);
  const Type element = getElementTypeOrSelf(y.getType());
  const ArrayRef<std::int64_t> perm = intsAttribute(op, "perm");
  const ArrayRef<std::int64_t> extents = extentsOf(y);
  if ((!element.isF32() && !element.isInteger(32)) || perm.size() < 2 || perm.size() > 6 ||
      llvm::is_contained(extents, 0))
    return lowering.addKernelOrHostCall(op);
  const SmallVector<std::int64_t> strides = stridesOf(extentsOf(x));
  SmallVector<std::int64_t> permuted;
  for (std::int64_t axis : perm)
    permuted.push_back(strides[static_cast<std::size_t>(axis)]);
  return lowering.addPrimitive("reorder", Attributes{},
                               lowering.view(lowering.input(x), extents, permuted),
                               lowering.output(y), op->getLoc());
}

/// Bytes of a part of `whole` that lie side by side when it is cut along `axis` into pieces of
/// `size`.
std::int64_t rowBytes(Value whole, std::int64_t axis, std::int64_t size) {
  std::int64_t bytes = plan::bytesOfElement(getElementTypeOrSelf(whole.getType())) * size;
  for (std::int64_t extent : extentsOf(whole).drop_front(static_cast<std::size_t>(axis) + 1))
    bytes *= extent;
  return bytes;
}

/// Concat, split and their like: `whole` along `axis` is the `parts` one after the other, each with
/// its extent there in `sizes`.
LogicalResult copyParts(PlanLowering &lowering, Operation *op, Value whole, ValueRange parts,
                        std::int64_t axis, ArrayRef<std::int64_t> sizes, bool join) {
  const ArrayRef<std::int64_t> extents = extentsOf(whole);
  if (axis < 0)
    axis += static_cast<std::int64_t>(extents.size());
  const bool longRows = llvm::all_of(sizes, [&](std::int64_t size) {
    return size == 0 || rowBytes(whole, axis, size) >= kLongRow;
  });
  if (!longRows) {
    std::string whyNot;
    const FailureOr<bool> kernel = lowering.tryKernel(op, whyNot);
    if (failed(kernel))
      return failure();
    if (*kernel)
      return success();
  }
  const SmallVector<std::int64_t> strides = stridesOf(extents);
  const Value wholeBuffer = join ? lowering.output(whole) : lowering.input(whole);
  std::int64_t at = 0;
  for (auto [part, size] : llvm::zip_equal(parts, sizes)) {
    SmallVector<std::int64_t> pieceExtents(extents);
    pieceExtents[static_cast<std::size_t>(axis)] = size;
    const Value piece = lowering.view(wholeBuffer, pieceExtents, strides,
                                      at * strides[static_cast<std::size_t>(axis)]);
    at += size;
    if (size == 0 || (!join && part.use_empty()))
      continue;
    const Value dense =
        lowering.view(join ? lowering.input(part) : lowering.output(part), pieceExtents);
    lowering.copy(join ? dense : piece, join ? piece : dense, op->getLoc());
  }
  return success();
}

LogicalResult lowerConcat(PlanLowering &lowering, Operation *op) {
  const Value y = op->getResult(0);
  std::int64_t axis = intAttribute(op, "axis");
  if (axis < 0)
    axis += rankOf(y);
  SmallVector<std::int64_t> sizes;
  for (Value x : op->getOperands())
    sizes.push_back(extentsOf(x)[static_cast<std::size_t>(axis)]);
  return copyParts(lowering, op, y, op->getOperands(), axis, sizes, /*join=*/true);
}

LogicalResult lowerStack(PlanLowering &lowering, Operation *op) {
  const SmallVector<std::int64_t> ones(op->getNumOperands(), 1);
  return copyParts(lowering, op, op->getResult(0), op->getOperands(), intAttribute(op, "axis"),
                   ones,
                   /*join=*/true);
}

LogicalResult lowerSplit(PlanLowering &lowering, Operation *op) {
  return copyParts(lowering, op, op->getOperand(0), op->getResults(), intAttribute(op, "axis"),
                   intsAttribute(op, "sizes"), /*join=*/false);
}

LogicalResult lowerUnstack(PlanLowering &lowering, Operation *op) {
  const SmallVector<std::int64_t> ones(op->getNumResults(), 1);
  return copyParts(lowering, op, op->getOperand(0), op->getResults(), intAttribute(op, "axis"),
                   ones,
                   /*join=*/false);
}

LogicalResult lowerAlias(PlanLowering &lowering, Operation *op) {
  return lowering.addKernelOrHostCall(op);
}

} // namespace

void addShapeLowerings(LoweringTable &table) {
  table["transpose"] = {lowerTranspose, "primitive"};
  table["concat"] = {lowerConcat, "copy"};
  table["stack"] = {lowerStack, "copy"};
  table["split"] = {lowerSplit, "copy"};
  table["unstack"] = {lowerUnstack, "copy"};
  // Views where the taken piece is contiguous, which is seen before lowerings are asked.
  for (StringRef name : {"reshape", "expand_dims", "squeeze", "identity", "stop_gradient", "slice"})
    table[name] = {lowerAlias, "view"};
}

} // namespace graphc
