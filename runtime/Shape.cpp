#include "runtime/Shape.h"

#include <algorithm>

namespace graphc {

Shape Shape::unknown_rank() {
  Shape shape;
  shape.has_rank_ = false;
  return shape;
}

bool Shape::is_fully_known() const {
  return has_rank_ && std::ranges::none_of(extents_, [](std::int64_t e) { return e < 0; });
}

std::int64_t Shape::num_elements() const {
  std::int64_t count = 1;
  for (std::int64_t extent : extents_)
    count *= extent;
  return count;
}

bool Shape::is_compatible_with(const Shape &other) const { return merge(*this, other).has_value(); }

std::optional<Shape> Shape::merge(const Shape &a, const Shape &b) {
  if (!a.has_rank_)
    return b;
  if (!b.has_rank_)
    return a;
  if (a.rank() != b.rank())
    return std::nullopt;
  std::vector<std::int64_t> extents;
  for (std::int64_t axis = 0; axis < a.rank(); ++axis) {
    if (a[axis] >= 0 && b[axis] >= 0 && a[axis] != b[axis])
      return std::nullopt;
    extents.push_back(a[axis] >= 0 ? a[axis] : b[axis]);
  }
  return Shape(std::move(extents));
}

std::optional<Shape> Shape::broadcast(const Shape &a, const Shape &b) {
  if (!a.has_rank_ || !b.has_rank_)
    return unknown_rank();
  const std::int64_t rank = std::max(a.rank(), b.rank());
  std::vector<std::int64_t> extents(static_cast<std::size_t>(rank));
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    const std::int64_t in_a = axis - (rank - a.rank());
    const std::int64_t in_b = axis - (rank - b.rank());
    const std::int64_t x = in_a < 0 ? 1 : a[in_a];
    const std::int64_t y = in_b < 0 ? 1 : b[in_b];
    std::int64_t &extent = extents[static_cast<std::size_t>(axis)];
    if (x == 1)
      extent = y;
    else if (y == 1 || x == y)
      extent = x;
    else if (x < 0 || y < 0)
      extent = std::max(x, y); // the known side is above one, so the unknown one is it or one
    else
      return std::nullopt;
  }
  return Shape(std::move(extents));
}

std::string Shape::to_string() const {
  if (!has_rank_)
    return "<unknown>";
  std::string text = "[";
  for (std::int64_t axis = 0; axis < rank(); ++axis) {
    if (axis)
      text += ',';
    text += (*this)[axis] < 0 ? std::string("?") : std::to_string((*this)[axis]);
  }
  return text + "]";
}

} // namespace graphc
