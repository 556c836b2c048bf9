#include "passes/gradients/GradientMath.h"

#include "ir/Conversion.h"
#include "mlir/IR/TypeUtilities.h"

namespace graphc {

using namespace mlir;

Extents shapeOf(Value value) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  return {shape.begin(), shape.end()};
}

DataType dtypeOf(Value value) { return toDataType(getElementTypeOrSelf(value.getType())); }

int64_t elementsOf(Value value) { return cast<RankedTensorType>(value.getType()).getNumElements(); }

int64_t normalAxis(int64_t axis, int64_t rank) { return axis < 0 ? axis + rank : axis; }

Value GradientMath::sum(ArrayRef<Value> terms) {
  if (terms.size() == 1)
    return terms[0];
  if (terms.size() == 2)
    return add(terms[0], terms[1]);
  return graph_.create("add_n", terms);
}

Value GradientMath::filled(Type type, double value) {
  auto tensor = llvm::cast<RankedTensorType>(type);
  Value scalar = graph_.scalar(value, toDataType(tensor.getElementType()));
  if (tensor.getRank() == 0)
    return scalar;
  return graph_.create("fill", {scalar}, {{"dims", Extents(tensor.getShape())}});
}

Value GradientMath::matmul(Value a, Value b, bool transposeA, bool transposeB) {
  return graph_.create("matmul", {a, b},
                       {{"transpose_a", transposeA}, {"transpose_b", transposeB}});
}

Value GradientMath::reshape(Value x, const Extents &shape) {
  if (shapeOf(x) == shape)
    return x;
  return graph_.create("reshape", {x}, {{"shape", shape}});
}

Value GradientMath::broadcastTo(Value x, const Extents &shape) {
  if (shapeOf(x) == shape)
    return x;
  return graph_.create("broadcast_to", {x}, {{"shape", shape}});
}

Value GradientMath::transpose(Value x, const Extents &permutation) {
  bool moves = false;
  for (size_t i = 0; i < permutation.size(); ++i)
    moves |= permutation[i] != static_cast<int64_t>(i);
  return moves ? graph_.create("transpose", {x}, {{"perm", permutation}}) : x;
}

Value GradientMath::reduce(StringRef op, Value x, const Extents &axes, bool keepDims) {
  if (axes.empty())
    return x;
  return graph_.create(op, {x}, {{"axes", axes}, {"keep_dims", keepDims}});
}

Value GradientMath::slice(Value x, const Extents &begin, const Extents &size) {
  if (shapeOf(x) == size)
    return x;
  return graph_.create("slice", {x}, {{"begin", begin}, {"size", size}});
}

Value GradientMath::pad(Value x, const Extents &paddings, double value) {
  if (llvm::all_of(paddings, [](int64_t padding) { return padding == 0; }))
    return x;
  return graph_.create("pad", {x}, {{"paddings", paddings}, {"value", value}});
}

Value GradientMath::concat(ArrayRef<Value> parts, int64_t axis) {
  return parts.size() == 1 ? parts[0] : graph_.create("concat", parts, {{"axis", axis}});
}

Value GradientMath::cast(Value x, DataType dtype) {
  return dtypeOf(x) == dtype ? x : graph_.create("cast", {x}, {{"dtype", dtype}});
}

Value GradientMath::sumTo(Value x, const Extents &shape) {
  const Extents from = shapeOf(x);
  if (from == shape)
    return x;
  const size_t added = from.size() - shape.size();
  Extents axes;
  for (size_t i = 0; i < from.size(); ++i)
    if (i < added || (shape[i - added] == 1 && from[i] != 1))
      axes.push_back(static_cast<int64_t>(i));
  const bool keepDims = added == 0;
  return reshape(reduceSum(x, axes, keepDims), shape);
}

} // namespace graphc
