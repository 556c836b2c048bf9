#include "frontend/PartialShapes.h"

#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"

namespace graphc {

using namespace mlir;

using Extents = std::vector<std::int64_t>;

/// As many unknown extents as `dims` has elements.
static Shape unknownExtents(Value dims) {
  const Shape shape = toValueType(dims.getType()).shape;
  if (!shape.has_rank() || shape.rank() != 1 || shape[0] < 0)
    return Shape::unknown_rank();
  return Shape(Extents(static_cast<std::size_t>(shape[0]), -1));
}

std::int64_t partialExtent(Value value) {
  const std::optional<Tensor> constant = constantValue(value);
  if (constant && constant->num_elements() == 1 && is_integer(constant->dtype()))
    return constant->cast(int64).scalar<std::int64_t>();
  mlir::Operation *op = value.getDefiningOp();
  llvm::StringRef name = op ? op->getName().getStringRef() : llvm::StringRef();
  if (name == "graph.cast" || name == "graph.identity")
    return partialExtent(op->getOperand(0));
  // TensorFlow's way to one extent: shape(x)[i].
  if (name != "graph.strided_slice" || op->getNumOperands() != 1)
    return -1;
  const Attributes attributes = attributesOf(op);
  const Extents &begin = attributes.get_ints("begin");
  if (begin.size() != 1 || attributes.int_or("shrink_axis_mask", 0) != 1)
    return -1;
  const Shape whole = partialShape(op->getOperand(0));
  if (!whole.has_rank() || begin[0] < -whole.rank() || begin[0] >= whole.rank())
    return -1;
  return whole[begin[0] < 0 ? begin[0] + whole.rank() : begin[0]];
}

static Shape constantExtents(const Tensor &constant, Value dims) {
  if (constant.shape().rank() != 1 || !is_integer(constant.dtype()))
    return unknownExtents(dims);
  const Tensor wide = constant.cast(int64);
  Extents extents(wide.values<std::int64_t>().begin(), wide.values<std::int64_t>().end());
  for (std::int64_t &extent : extents)
    extent = std::max<std::int64_t>(extent, -1);
  return Shape(std::move(extents));
}

/// The shapes that the operands hold, one after another.
static Shape joined(ValueRange parts, Value dims) {
  Extents extents;
  for (Value part : parts) {
    const Shape known = partialShape(part);
    if (!known.has_rank())
      return unknownExtents(dims);
    extents.insert(extents.end(), known.extents().begin(), known.extents().end());
  }
  return Shape(std::move(extents));
}

/// The part of a shape that graph.slice cuts out of it.
static Shape sliced(mlir::Operation *op, Value dims) {
  const Attributes attributes = attributesOf(op);
  const Shape whole = partialShape(op->getOperand(0));
  if (!whole.has_rank() || !attributes.has("begin") || !attributes.has("size"))
    return unknownExtents(dims);
  const std::int64_t begin = attributes.get_ints("begin").at(0);
  std::int64_t size = attributes.get_ints("size").at(0);
  if (size < 0)
    size = whole.rank() - begin;
  if (begin < 0 || size < 0 || begin + size > whole.rank())
    return unknownExtents(dims);
  const auto first = whole.extents().begin() + begin;
  return Shape(Extents(first, first + size));
}

/// Extents chosen from a shape by known places.
static Shape gathered(mlir::Operation *op, Value dims) {
  const Shape whole = partialShape(op->getOperand(0));
  const std::optional<Tensor> places = constantValue(op->getOperand(1));
  if (!whole.has_rank() || !places || places->shape().rank() != 1)
    return unknownExtents(dims);
  Extents extents;
  const Tensor wide = places->cast(int64);
  for (std::int64_t place : wide.values<std::int64_t>()) {
    if (place < 0 || place >= whole.rank())
      return unknownExtents(dims);
    extents.push_back(whole[place]);
  }
  return Shape(std::move(extents));
}

/// The same extent some times over.
static Shape filled(mlir::Operation *op, Value dims) {
  const Shape shape = unknownExtents(dims);
  if (!shape.has_rank())
    return shape;
  return Shape(Extents(static_cast<std::size_t>(shape.rank()), partialExtent(op->getOperand(0))));
}

Shape partialShape(Value dims) {
  mlir::Operation *op = dims.getDefiningOp();
  llvm::StringRef name = op ? op->getName().getStringRef() : llvm::StringRef();
  name.consume_front("graph.");
  if (name == "constant")
    return constantExtents(*constantValue(dims), dims);
  if (name == "shape") {
    const Shape shape = toValueType(op->getOperand(0).getType()).shape;
    return shape.has_rank() ? shape : unknownExtents(dims);
  }
  if (name == "cast" || name == "identity")
    return partialShape(op->getOperand(0));
  if (name == "concat")
    return joined(op->getOperands(), dims);
  if (name == "expand_dims")
    return Shape{partialExtent(op->getOperand(0))};
  if (name == "stack") {
    Extents extents;
    for (Value scalar : op->getOperands())
      extents.push_back(partialExtent(scalar));
    return Shape(std::move(extents));
  }
  if (name == "slice")
    return sliced(op, dims);
  if (name == "gather")
    return gathered(op, dims);
  if (name == "fill")
    return filled(op, dims);
  return unknownExtents(dims);
}

Value shapeOperand(llvm::StringRef op, ValueRange operands) {
  unsigned index = 0;
  if (op == "fill" || op == "reshape" || op == "broadcast_to")
    index = 1;
  else if (op == "random_uniform_int" || op == "scatter_nd" || op == "conv2d_backprop_input")
    index = 2;
  else if (op != "random_uniform" && op != "random_normal" && op != "truncated_normal")
    return {};
  return index < operands.size() ? operands[index] : Value();
}

} // namespace graphc
