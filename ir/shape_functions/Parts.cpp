// Shapes of parts of tensors and of tensors put together.
#include <algorithm>
#include <numeric>

#include "ir/shape_functions/StridedSlice.h"

namespace graphc::shapes {

namespace {

//===--- Put together -------------------------------------------------------------------------===//

std::vector<ValueType> concat(const Inference &op) {
  op.requireOneDtype();
  Shape shape = Shape::unknown_rank();
  std::int64_t total = 0;
  for (std::size_t i = 0; i < op.numOperands(); ++i) {
    op.requireRankAtLeast(i, "xs", 1);
    if (!op.shape(i).has_rank()) {
      total = none;
      continue;
    }
    // What is common to all: the extents but that of the axis.
    const std::int64_t axis = op.axis("axis", op.operand(i));
    Extents extents = op.shape(i).extents();
    total = addExtents(total, extents[static_cast<std::size_t>(axis)]);
    extents[static_cast<std::size_t>(axis)] = none;
    const std::optional<Shape> both = Shape::merge(shape, Shape(std::move(extents)));
    if (!both)
      op.refuse(fmt::format("operands that agree but at axis {}", axis), op.operandsText());
    shape = *both;
  }
  if (!shape.has_rank())
    return {{op.dtype(0), shape}};
  Extents extents = shape.extents();
  extents[static_cast<std::size_t>(op.axis("axis", {op.dtype(0), shape}))] = total;
  return {{op.dtype(0), Shape(std::move(extents))}};
}

std::vector<ValueType> stack(const Inference &op) {
  op.requireOneDtype();
  Shape shape = op.shape(0);
  for (std::size_t i = 1; i < op.numOperands(); ++i) {
    const std::optional<Shape> both = Shape::merge(shape, op.shape(i));
    if (!both)
      op.refuse("operands of one shape", op.operandsText());
    shape = *both;
  }
  if (!shape.has_rank())
    return {{op.dtype(0), shape}};
  Extents extents = shape.extents();
  extents.insert(extents.begin() + op.axis("axis", {op.dtype(0), shape}, 1),
                 static_cast<std::int64_t>(op.numOperands()));
  return {{op.dtype(0), Shape(std::move(extents))}};
}

//===--- Taken apart --------------------------------------------------------------------------===//

/// The sizes of all parts: where some are -1, they share equally what the others leave of a known
/// extent.
Extents splitSizes(const Inference &op, const ValueType &x, std::int64_t axis, const Extents &sizes,
                   const std::string &got) {
  std::int64_t total = 0;
  std::int64_t open = 0;
  for (std::int64_t size : sizes) {
    op.require(size >= -1, "sizes of 0 or more, or -1", got);
    (size < 0 ? open : total) += size < 0 ? 1 : size;
  }
  const std::int64_t extent = x.shape[axis];
  if (extent < 0)
    return sizes;
  const std::string sum =
      fmt::format("sizes that add up to the {} of axis {} of {}", extent, axis, x.to_string());
  op.require(open > 0 || total == extent, sum, got);
  op.require(open == 0 || (total <= extent && (extent - total) % open == 0), sum, got);
  Extents known = sizes;
  for (std::int64_t &size : known)
    if (size < 0)
      size = (extent - total) / open;
  return known;
}

std::vector<ValueType> split(const Inference &op) {
  const ValueType &x = op.operand(0);
  const Extents &sizes = op.attributes().get_ints("sizes");
  const std::string got = fmt::format("[{}]", fmt::join(sizes, ","));
  op.require(!sizes.empty(), "one size or more", got);
  op.requireRankAtLeast(0, "x", 1);
  if (!x.shape.has_rank())
    return std::vector<ValueType>(sizes.size(), x);
  const std::int64_t axis = op.axis("axis", x);
  const Extents known = splitSizes(op, x, axis, sizes, got);
  std::vector<ValueType> parts;
  for (std::int64_t size : known) {
    Extents extents = x.shape.extents();
    extents[static_cast<std::size_t>(axis)] = size;
    parts.push_back({x.dtype, Shape(std::move(extents))});
  }
  return parts;
}

std::vector<ValueType> unstack(const Inference &op) {
  const ValueType &x = op.operand(0);
  const std::int64_t num = op.extent("num");
  op.requireRankAtLeast(0, "x", 1);
  ValueType part = x;
  if (x.shape.has_rank()) {
    const std::int64_t axis = op.axis("axis", x);
    op.require(x.shape[axis] < 0 || x.shape[axis] == num,
               fmt::format("the extent {} at axis {}", num, axis), x.to_string());
    Extents extents = x.shape.extents();
    extents.erase(extents.begin() + axis);
    part.shape = Shape(std::move(extents));
  }
  return std::vector<ValueType>(static_cast<std::size_t>(num), part);
}

std::vector<ValueType> slice(const Inference &op) {
  const ValueType &x = op.operand(0);
  op.require(op.numOperands() != 2, "begin and size as operands or as attributes", "one operand");
  const IntegerList begin = op.integers("begin", 1);
  const IntegerList size = op.integers("size", 2);
  for (const auto &[list, name] : {std::pair{&begin, "begin"}, {&size, "size"}})
    if (list->count && x.shape.has_rank())
      op.require(*list->count == x.shape.rank(),
                 fmt::format("{} to have an entry for each axis of {}", name, x.to_string()),
                 std::to_string(*list->count));
  std::int64_t rank = none;
  if (x.shape.has_rank())
    rank = x.shape.rank();
  else if (size.count || begin.count)
    rank = size.count ? *size.count : *begin.count;
  else
    return {{x.dtype, Shape::unknown_rank()}};
  if (begin.count && size.count)
    op.require(*begin.count == *size.count, "begin and size of one length",
               fmt::format("{} and {}", *begin.count, *size.count));

  Extents extents;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); ++axis) {
    const std::int64_t extent = x.shape.has_rank() ? x.shape.extents()[axis] : none;
    const std::int64_t from = begin.values ? (*begin.values)[axis] : none;
    const std::int64_t length = size.values ? (*size.values)[axis] : none;
    const std::string what = fmt::format("a slice inside axis {} of {}", axis, x.to_string());
    if (begin.values)
      op.require(from >= 0 && (extent < 0 || from <= extent), what, fmt::format("begin {}", from));
    if (size.values) {
      op.require(length >= -1, "sizes of 0 or more, or -1 for the rest", std::to_string(length));
      op.require(extent < 0 || length <= extent - std::max<std::int64_t>(from, 0), what,
                 fmt::format("begin {} and size {}", std::max<std::int64_t>(from, 0), length));
    }
    if (length >= 0)
      extents.push_back(length);
    else
      extents.push_back(size.values && begin.values && extent >= 0 ? extent - from : none);
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> stridedSlice(const Inference &op) {
  op.require(op.numOperands() == 1 || op.numOperands() == 4,
             "begin, end and strides as operands or as attributes",
             fmt::format("{} operands", op.numOperands()));
  const StridedBounds bounds{op.integers("begin", 1), op.integers("end", 2),
                             op.integers("strides", 3)};
  return {{op.dtype(0), stridedSliceShape(op, op.operand(0), bounds)}};
}

std::vector<ValueType> stridedSliceGrad(const Inference &op) {
  op.requireNumeric(0, "dy");
  auto list = [&](std::string_view name) -> IntegerList {
    const Extents &values = op.attributes().get_ints(name);
    return {values, static_cast<std::int64_t>(values.size())};
  };
  const ValueType dx{op.dtype(0), Shape(op.attributes().get_ints("shape"))};
  const ValueType dy{op.dtype(0),
                     stridedSliceShape(op, dx, {list("begin"), list("end"), list("strides")})};
  op.require(dy.shape.is_compatible_with(op.shape(0)),
             fmt::format("dy to be the slice {} of {}", dy.to_string(), dx.to_string()),
             op.operand(0).to_string());
  return {dx};
}

//===--- Enlarged -----------------------------------------------------------------------------===//

std::vector<ValueType> tile(const Inference &op) {
  const ValueType &x = op.operand(0);
  if (op.numOperands() == 2)
    op.requireRank(1, "multiples", 1);
  const IntegerList multiples = op.integers("multiples", 1);
  if (!x.shape.has_rank())
    return {{x.dtype, multiples.count ? unknownExtents(*multiples.count) : Shape::unknown_rank()}};
  op.require(!multiples.count || *multiples.count == x.shape.rank(),
             fmt::format("a multiple for each axis of {}", x.to_string()),
             std::to_string(multiples.count.value_or(0)));
  if (!multiples.values)
    return {{x.dtype, unknownExtents(x.shape.rank())}};
  Extents extents = x.shape.extents();
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    const std::int64_t multiple = (*multiples.values)[axis];
    op.require(multiple >= 0, "multiples of 0 or more", std::to_string(multiple));
    extents[axis] = multiplyExtents(extents[axis], multiple);
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> pad(const Inference &op) {
  const ValueType &x = op.operand(0);
  op.require(x.dtype != bool_, "x to be numbers", x.to_string());
  if (op.numOperands() == 2) {
    op.requireRank(1, "paddings", 2);
    op.require(op.shape(1).is_compatible_with(Shape{x.shape.has_rank() ? x.shape.rank() : none, 2}),
               fmt::format("a pair of paddings for each axis of {}", x.to_string()),
               op.operand(1).to_string());
  }
  const IntegerList paddings = op.integers("paddings", 1);
  if (!x.shape.has_rank())
    return {
        {x.dtype, paddings.count ? unknownExtents(*paddings.count / 2) : Shape::unknown_rank()}};
  if (!paddings.values)
    return {{x.dtype, unknownExtents(x.shape.rank())}};
  op.require(*paddings.count == 2 * x.shape.rank(),
             fmt::format("a pair of paddings for each axis of {}", x.to_string()),
             fmt::format("{} numbers", *paddings.count));
  Extents extents = x.shape.extents();
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    const std::int64_t before = (*paddings.values)[2 * axis];
    const std::int64_t after = (*paddings.values)[2 * axis + 1];
    op.require(before >= 0 && after >= 0, "paddings of 0 or more",
               fmt::format("{} and {}", before, after));
    extents[axis] = addExtents(extents[axis], addExtents(before, after));
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

//===--- Addressed ----------------------------------------------------------------------------===//

std::vector<ValueType> gather(const Inference &op) {
  const ValueType &params = op.operand(0);
  op.requireIndex(1, "indices");
  op.requireRankAtLeast(0, "params", 1);
  if (!params.shape.has_rank() || !op.shape(1).has_rank())
    return {{params.dtype, Shape::unknown_rank()}};
  const std::int64_t axis = op.attributes().has("axis") ? op.axis("axis", params) : 0;
  Extents extents = params.shape.extents();
  const Extents &indices = op.shape(1).extents();
  const auto place = extents.erase(extents.begin() + axis);
  extents.insert(place, indices.begin(), indices.end());
  return {{params.dtype, Shape(std::move(extents))}};
}

std::vector<ValueType> unsortedSegmentSum(const Inference &op) {
  const ValueType &data = op.operand(0);
  op.requireNumeric(0, "data");
  op.requireIndex(1, "segment_ids");
  const std::int64_t numSegments = op.extent("num_segments");
  const Shape &ids = op.shape(1);
  if (!data.shape.has_rank() || !ids.has_rank())
    return {{data.dtype, Shape::unknown_rank()}};
  const Extents &extents = data.shape.extents();
  op.require(
      ids.rank() <= data.shape.rank() &&
          ids.is_compatible_with(Shape(Extents(extents.begin(), extents.begin() + ids.rank()))),
      "the extents of segment_ids to start those of data", op.operandsText());
  Extents result(extents.begin() + ids.rank(), extents.end());
  result.insert(result.begin(), numSegments);
  return {{data.dtype, Shape(std::move(result))}};
}

constexpr ShapeRule rules[] = {
    {"concat", 1, anyNumber, concat},
    {"stack", 1, anyNumber, stack},
    {"split", 1, 1, split},
    {"unstack", 1, 1, unstack},
    {"slice", 1, 3, slice},
    {"strided_slice", 1, 4, stridedSlice},
    {"strided_slice_grad", 1, 1, stridedSliceGrad},
    {"tile", 1, 2, tile},
    {"pad", 1, 2, pad},
    {"gather", 2, 2, gather},
    {"unsorted_segment_sum", 2, 2, unsortedSegmentSum},
};

} // namespace

std::span<const ShapeRule> partRules() { return rules; }

} // namespace graphc::shapes
