// Shapes of reductions.
#include <algorithm>

#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

Shape reducedShape(const Inference &op) {
  const Shape &shape = op.shape(0);
  const bool keepDims = op.attributes().bool_or("keep_dims", false);
  if (!op.attributes().has("axes")) {
    if (!keepDims)
      return Shape();
    return shape.has_rank() ? Shape(Extents(static_cast<std::size_t>(shape.rank()), 1))
                            : Shape::unknown_rank();
  }
  if (!shape.has_rank())
    return Shape::unknown_rank();
  const Extents axes = op.axes("axes", op.operand(0));
  Extents extents;
  for (std::int64_t axis = 0; axis < shape.rank(); ++axis) {
    if (!std::ranges::binary_search(axes, axis))
      extents.push_back(shape[axis]);
    else if (keepDims)
      extents.push_back(1);
  }
  return Shape(std::move(extents));
}

std::vector<ValueType> reduceNumbers(const Inference &op) {
  op.requireNumeric(0, "x");
  return {{op.dtype(0), reducedShape(op)}};
}

std::vector<ValueType> reduceBools(const Inference &op) {
  op.requireBool(0, "x");
  return {{bool_, reducedShape(op)}};
}

std::vector<ValueType> positionAlongAxis(const Inference &op) {
  op.requireNumeric(0, "x");
  const DataType dtype = op.indexDtype("dtype");
  op.requireRankAtLeast(0, "x", 1);
  if (!op.shape(0).has_rank())
    return {{dtype, Shape::unknown_rank()}};
  Extents extents = op.shape(0).extents();
  extents.erase(extents.begin() + op.axis("axis", op.operand(0)));
  return {{dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> l2Loss(const Inference &op) {
  op.requireFloating(0, "x");
  return {{op.dtype(0), Shape()}};
}

constexpr ShapeRule rules[] = {
    {"reduce_sum", 1, 1, reduceNumbers},  {"reduce_mean", 1, 1, reduceNumbers},
    {"reduce_max", 1, 1, reduceNumbers},  {"reduce_min", 1, 1, reduceNumbers},
    {"reduce_prod", 1, 1, reduceNumbers}, {"reduce_all", 1, 1, reduceBools},
    {"reduce_any", 1, 1, reduceBools},    {"argmax", 1, 1, positionAlongAxis},
    {"argmin", 1, 1, positionAlongAxis},  {"l2_loss", 1, 1, l2Loss},
};

} // namespace

std::span<const ShapeRule> reductionRules() { return rules; }

} // namespace graphc::shapes
