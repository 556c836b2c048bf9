// Shapes of ops that give the same elements another shape, of generators and of questions about a
// shape.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

//===--- Generators ---------------------------------------------------------------------------===//

std::vector<ValueType> constant(const Inference &op) {
  const Tensor &value = op.attributes().get_tensor("value");
  return {{value.dtype(), value.shape()}};
}

std::vector<ValueType> fill(const Inference &op) {
  op.requireScalar(0, "value");
  return {{op.dtype(0), op.shapeFrom("dims", 1)}};
}

/// How many elements start, start + delta, ... has before it reaches limit.
template <typename T> std::int64_t sequenceLength(const Inference &op, T start, T limit, T delta) {
  if (delta > 0 ? start >= limit : start <= limit)
    return 0;
  if constexpr (std::is_floating_point_v<T>) {
    const T length = std::ceil((limit - start) / delta);
    op.require(length < T{1} * (std::int64_t{1} << 62), "a finite number of elements",
               fmt::format("range({}, {}, {})", start, limit, delta));
    return static_cast<std::int64_t>(length);
  } else {
    const std::int64_t distance = std::abs(static_cast<std::int64_t>(limit) - start);
    const std::int64_t step = std::abs(static_cast<std::int64_t>(delta));
    return (distance + step - 1) / step;
  }
}

std::vector<ValueType> range(const Inference &op) {
  op.requireNumeric(0, "start");
  op.requireOneDtype();
  op.requireScalar(0, "start");
  op.requireScalar(1, "limit");
  op.requireScalar(2, "delta");
  if (!op.value(0) || !op.value(1) || !op.value(2))
    return {{op.dtype(0), Shape{none}}};
  const std::int64_t length = dispatch(op.dtype(0), [&](auto zero) -> std::int64_t {
    using T = decltype(zero);
    if constexpr (std::is_same_v<T, bool>) {
      return none; // numbers only, checked above
    } else {
      const T delta = op.value(2)->scalar<T>();
      op.require(delta != T{}, "a delta other than 0", fmt::format("{}", delta));
      return sequenceLength<T>(op, op.value(0)->scalar<T>(), op.value(1)->scalar<T>(), delta);
    }
  });
  return {{op.dtype(0), Shape{length}}};
}

std::vector<ValueType> oneHot(const Inference &op) {
  op.requireInteger(0, "indices");
  op.requireDtype(2, "off", op.dtype(1));
  op.requireScalar(1, "on");
  op.requireScalar(2, "off");
  const std::int64_t depth = op.extent("depth");
  if (!op.shape(0).has_rank())
    return {{op.dtype(1), Shape::unknown_rank()}};
  Extents extents = op.shape(0).extents();
  const std::int64_t axis = op.attributes().has("axis") ? op.axis("axis", op.operand(0), 1)
                                                        : static_cast<std::int64_t>(extents.size());
  extents.insert(extents.begin() + axis, depth);
  return {{op.dtype(1), Shape(std::move(extents))}};
}

//===--- Questions ----------------------------------------------------------------------------===//

std::vector<ValueType> shapeOf(const Inference &op) {
  const Shape &shape = op.shape(0);
  return {{op.indexDtype("dtype"), Shape{shape.has_rank() ? shape.rank() : none}}};
}

std::vector<ValueType> sizeOf(const Inference &op) { return {{op.indexDtype("dtype"), Shape()}}; }

std::vector<ValueType> rankOf(const Inference &) { return {{int32, Shape()}}; }

//===--- The same elements --------------------------------------------------------------------===//

/// The product of the extents that are known.
std::int64_t knownProduct(const Extents &extents) {
  return std::accumulate(extents.begin(), extents.end(), std::int64_t{1},
                         [](std::int64_t product, std::int64_t extent) {
                           return extent < 0 ? product : product * extent;
                         });
}

std::vector<ValueType> reshape(const Inference &op) {
  if (op.numOperands() == 2)
    op.requireRank(1, "shape", 1);
  const IntegerList wanted = op.integers("shape", 1);
  const DataType dtype = op.dtype(0);
  const Shape &from = op.shape(0);
  if (!wanted.values)
    return {{dtype, wanted.count ? unknownExtents(*wanted.count) : Shape::unknown_rank()}};

  Extents extents = *wanted.values;
  const std::string asked = fmt::format("[{}]", fmt::join(extents, ","));
  for (std::int64_t extent : extents)
    op.require(extent >= -1, "extents of 0 or more, or one -1", asked);
  const auto open = std::ranges::find(extents, -1);
  op.require(std::ranges::count(extents, -1) <= 1, "at most one extent of -1", asked);
  const std::int64_t product = knownProduct(extents);
  const std::string got = fmt::format("{} for {}", asked, from.to_string());
  if (open == extents.end()) {
    if (from.is_fully_known())
      op.require(from.num_elements() == product,
                 fmt::format("a shape of {} elements", from.num_elements()), got);
    else if (from.has_rank())
      // The unknown extents have to make up for the rest.
      op.require(knownProduct(from.extents()) == 0 ? product == 0
                                                   : product % knownProduct(from.extents()) == 0,
                 fmt::format("a multiple of {} elements", knownProduct(from.extents())), got);
  } else if (from.is_fully_known()) {
    op.require(product != 0, "no extent of 0 beside one of -1", got);
    op.require(from.num_elements() % product == 0,
               fmt::format("extents that divide {} elements", from.num_elements()), got);
    *open = from.num_elements() / product;
  }
  return {{dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> expandDims(const Inference &op) {
  const ValueType &x = op.operand(0);
  if (!x.shape.has_rank())
    return {x};
  Extents extents = x.shape.extents();
  extents.insert(extents.begin() + op.axis("axis", x, 1), 1);
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> squeeze(const Inference &op) {
  const ValueType &x = op.operand(0);
  if (!x.shape.has_rank())
    return {x};
  const Extents axes = op.axes("axes", x);
  // Without axes, an unknown extent may be a one or not.
  if (axes.empty() && !x.shape.is_fully_known())
    return {{x.dtype, Shape::unknown_rank()}};
  Extents extents;
  for (std::int64_t axis = 0; axis < x.shape.rank(); ++axis) {
    const std::int64_t extent = x.shape[axis];
    const bool named = std::ranges::binary_search(axes, axis);
    if (named)
      op.require(extent < 0 || extent == 1, fmt::format("the extent 1 at axis {}", axis),
                 x.to_string());
    if (!named && (!axes.empty() || extent != 1))
      extents.push_back(extent);
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> transpose(const Inference &op) {
  const ValueType &x = op.operand(0);
  const Extents &perm = op.attributes().get_ints("perm");
  Extents sorted = perm;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    op.require(sorted[i] == static_cast<std::int64_t>(i), "a permutation of the axes",
               fmt::format("[{}]", fmt::join(perm, ",")));
  if (!x.shape.has_rank())
    return {{x.dtype, unknownExtents(static_cast<std::int64_t>(perm.size()))}};
  op.require(x.shape.rank() == static_cast<std::int64_t>(perm.size()),
             fmt::format("a permutation of the {} axes of {}", x.shape.rank(), x.to_string()),
             fmt::format("[{}]", fmt::join(perm, ",")));
  Extents extents;
  for (std::int64_t axis : perm)
    extents.push_back(x.shape[axis]);
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> reverse(const Inference &op) {
  if (op.shape(0).has_rank())
    op.axes("axes", op.operand(0));
  return {op.operand(0)};
}

std::vector<ValueType> broadcastTo(const Inference &op) {
  const Shape wanted = op.shapeFrom("shape", 1);
  const std::optional<Shape> both = Shape::broadcast(op.shape(0), wanted);
  op.require(both && (!both->has_rank() || both->rank() == wanted.rank()) &&
                 both->is_compatible_with(wanted),
             fmt::format("a shape that {} broadcasts to", op.operand(0).to_string()),
             wanted.to_string());
  return {{op.dtype(0), wanted}};
}

constexpr ShapeRule rules[] = {
    {"constant", 0, 0, constant},
    {"fill", 1, 2, fill},
    {"range", 3, 3, range},
    {"one_hot", 3, 3, oneHot},
    {"shape", 1, 1, shapeOf},
    {"size", 1, 1, sizeOf},
    {"rank", 1, 1, rankOf},
    {"reshape", 1, 2, reshape},
    {"expand_dims", 1, 1, expandDims},
    {"squeeze", 1, 1, squeeze},
    {"transpose", 1, 1, transpose},
    {"reverse", 1, 1, reverse},
    {"broadcast_to", 1, 2, broadcastTo},
};

} // namespace

std::span<const ShapeRule> shapeRules() { return rules; }

} // namespace graphc::shapes
