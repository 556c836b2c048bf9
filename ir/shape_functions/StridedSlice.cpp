#include "ir/shape_functions/StridedSlice.h"

#include <algorithm>

namespace graphc::shapes {

namespace {

struct Masks {
  std::int64_t begin, end, ellipsis, newAxis, shrink;
};

bool bit(std::int64_t mask, std::size_t entry) { return mask >> entry & 1; }

/// The number of elements of range(begin, end, stride) in an axis of `extent`, bounds moved into
/// it.
std::int64_t slicedExtent(std::int64_t extent, std::int64_t begin, bool noBegin, std::int64_t end,
                          bool noEnd, std::int64_t stride) {
  // The places a bound may have: for a negative stride, one before the first is "past the end".
  const std::int64_t lowest = stride > 0 ? 0 : -1;
  const std::int64_t highest = stride > 0 ? extent : extent - 1;
  auto place = [&](std::int64_t bound) {
    return std::clamp(bound < 0 ? bound + extent : bound, lowest, highest);
  };
  const std::int64_t from = noBegin ? (stride > 0 ? lowest : highest) : place(begin);
  const std::int64_t to = noEnd ? (stride > 0 ? highest : lowest) : place(end);
  const std::int64_t distance = stride > 0 ? to - from : from - to;
  const std::int64_t step = stride > 0 ? stride : -stride;
  return distance <= 0 ? 0 : (distance + step - 1) / step;
}

} // namespace

Shape stridedSliceShape(const Inference &op, const ValueType &x, const StridedBounds &bounds) {
  const Attributes &attributes = op.attributes();
  const Masks masks{attributes.int_or("begin_mask", 0), attributes.int_or("end_mask", 0),
                    attributes.int_or("ellipsis_mask", 0), attributes.int_or("new_axis_mask", 0),
                    attributes.int_or("shrink_axis_mask", 0)};
  const std::optional<std::int64_t> counts[] = {bounds.begin.count, bounds.end.count,
                                                bounds.strides.count};
  std::optional<std::int64_t> count;
  for (const auto &known : counts) {
    if (known && count)
      op.require(*known == *count, "begin, end and strides of one length",
                 fmt::format("{} and {}", *count, *known));
    count = known ? known : count;
  }
  if (!count)
    return Shape::unknown_rank();
  const auto entries = static_cast<std::size_t>(*count);
  op.require(entries < 63, "fewer than 63 entries", std::to_string(entries));
  if (bounds.strides.values)
    for (std::int64_t stride : *bounds.strides.values)
      op.require(stride != 0, "strides other than 0",
                 fmt::format("[{}]", fmt::join(*bounds.strides.values, ",")));

  // Which entries take an axis of x; an ellipsis takes the axes that are left.
  std::int64_t taken = 0;
  std::int64_t ellipses = 0;
  for (std::size_t i = 0; i < entries; ++i) {
    ellipses += bit(masks.ellipsis, i);
    taken += !bit(masks.ellipsis, i) && !bit(masks.newAxis, i);
  }
  op.require(ellipses <= 1, "at most one ellipsis", std::to_string(ellipses));
  if (!x.shape.has_rank())
    return Shape::unknown_rank();
  op.require(taken <= x.shape.rank(),
             fmt::format("no more entries than {} has axes", x.to_string()), std::to_string(taken));
  const std::int64_t left = x.shape.rank() - taken;

  Extents extents;
  std::int64_t axis = 0;
  auto takeWhole = [&] {
    for (std::int64_t i = 0; i < left; ++i)
      extents.push_back(x.shape[axis++]);
  };
  for (std::size_t i = 0; i < entries; ++i) {
    if (bit(masks.ellipsis, i)) {
      takeWhole();
      continue;
    }
    if (bit(masks.newAxis, i)) {
      extents.push_back(1);
      continue;
    }
    const std::int64_t extent = x.shape[axis++];
    const bool noBegin = bit(masks.begin, i);
    const bool noEnd = bit(masks.end, i);
    if (bit(masks.shrink, i)) {
      if (bounds.strides.values)
        op.require((*bounds.strides.values)[i] > 0, "a positive stride at a plain index",
                   std::to_string((*bounds.strides.values)[i]));
      if (bounds.begin.values && extent >= 0) { // whatever begin_mask says
        const std::int64_t index = (*bounds.begin.values)[i];
        op.require(index >= -extent && index < extent,
                   fmt::format("an index in [{}, {}) at axis {}", -extent, extent, axis - 1),
                   std::to_string(index));
      }
      continue;
    }
    const bool known = extent >= 0 && bounds.strides.values && (noBegin || bounds.begin.values) &&
                       (noEnd || bounds.end.values);
    extents.push_back(known ? slicedExtent(extent, noBegin ? 0 : (*bounds.begin.values)[i], noBegin,
                                           noEnd ? 0 : (*bounds.end.values)[i], noEnd,
                                           (*bounds.strides.values)[i])
                            : none);
  }
  if (ellipses == 0)
    takeWhole();
  return Shape(std::move(extents));
}

} // namespace graphc::shapes
