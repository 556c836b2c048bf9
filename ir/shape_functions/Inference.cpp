#include "ir/shape_functions/Inference.h"

#include <algorithm>

namespace graphc::shapes {

std::string Inference::operandsText() const {
  std::string text;
  for (std::size_t i = 0; i < numOperands(); ++i) {
    if (i)
      text += i + 1 == numOperands() ? " and " : ", ";
    text += operand(i).to_string();
  }
  return text;
}

void Inference::refuse(std::string_view expected, std::string_view got) const {
  throw Refusal{fmt::format("{} expects {}, got {}", signature_.name, expected, got)};
}

//===--- Operands -----------------------------------------------------------------------------===//

void Inference::requireFloating(std::size_t index, std::string_view name) const {
  require(is_floating(dtype(index)), fmt::format("{} to be float32 or float64", name),
          operand(index).to_string());
}

void Inference::requireNumeric(std::size_t index, std::string_view name) const {
  require(is_numeric(dtype(index)), fmt::format("{} to be numbers", name),
          operand(index).to_string());
}

void Inference::requireInteger(std::size_t index, std::string_view name) const {
  require(is_integer(dtype(index)), fmt::format("{} to be integers", name),
          operand(index).to_string());
}

void Inference::requireIndex(std::size_t index, std::string_view name) const {
  require(dtype(index) == int32 || dtype(index) == int64,
          fmt::format("{} to be int32 or int64", name), operand(index).to_string());
}

void Inference::requireBool(std::size_t index, std::string_view name) const {
  requireDtype(index, name, bool_);
}

void Inference::requireDtype(std::size_t index, std::string_view name, DataType wanted) const {
  require(dtype(index) == wanted, fmt::format("{} to be {}", name, to_string(wanted)),
          operand(index).to_string());
}

void Inference::requireRank(std::size_t index, std::string_view name, std::int64_t rank) const {
  require(!shape(index).has_rank() || shape(index).rank() == rank,
          rank == 0   ? fmt::format("{} to be a scalar", name)
          : rank == 1 ? fmt::format("{} to be a vector", name)
                      : fmt::format("{} to have rank {}", name, rank),
          operand(index).to_string());
}

void Inference::requireRankAtLeast(std::size_t index, std::string_view name,
                                   std::int64_t rank) const {
  require(!shape(index).has_rank() || shape(index).rank() >= rank,
          fmt::format("{} to have rank {} or more", name, rank), operand(index).to_string());
}

void Inference::requireScalar(std::size_t index, std::string_view name) const {
  requireRank(index, name, 0);
}

void Inference::requireOneDtype(std::size_t first) const {
  for (std::size_t i = first + 1; i < numOperands(); ++i)
    if (dtype(i) != dtype(first)) // before the text, which is as long as there are operands
      refuse("operands of one dtype", operandsText());
}

//===--- Attributes ---------------------------------------------------------------------------===//

DataType Inference::floatingDtype(std::string_view attribute) const {
  const DataType dtype = attributes().get_dtype(attribute);
  require(is_floating(dtype), fmt::format("{} to be float32 or float64", attribute),
          to_string(dtype));
  return dtype;
}

DataType Inference::indexDtype(std::string_view attribute) const {
  const DataType dtype = attributes().get_dtype(attribute);
  require(dtype == int32 || dtype == int64, fmt::format("{} to be int32 or int64", attribute),
          to_string(dtype));
  return dtype;
}

std::int64_t Inference::extent(std::string_view attribute) const {
  const std::int64_t value = attributes().get_int(attribute);
  require(value >= 0, fmt::format("{} to be 0 or more", attribute), std::to_string(value));
  return value;
}

static std::int64_t axisOf(const Inference &op, std::int64_t axis, const ValueType &type,
                           std::int64_t newAxes) {
  const std::int64_t rank = type.shape.rank() + newAxes;
  op.require(axis >= -rank && axis < rank,
             fmt::format("an axis in [{}, {}) for {}", -rank, rank, type.to_string()),
             std::to_string(axis));
  return axis < 0 ? axis + rank : axis;
}

std::int64_t Inference::axis(std::string_view attribute, const ValueType &type,
                             std::int64_t newAxes) const {
  return axisOf(*this, attributes().get_int(attribute), type, newAxes);
}

Extents Inference::axes(std::string_view attribute, const ValueType &type) const {
  Extents axes = attributes().get_ints(attribute);
  for (std::int64_t &axis : axes)
    axis = axisOf(*this, axis, type, 0);
  std::ranges::sort(axes);
  const auto repeated = std::ranges::adjacent_find(axes);
  if (repeated != axes.end())
    refuse("every axis at most once", fmt::format("axis {} twice", *repeated));
  return axes;
}

Extents Inference::readVector(std::size_t index) const {
  const Tensor cast = value(index)->cast(int64);
  return {cast.values<std::int64_t>().begin(), cast.values<std::int64_t>().end()};
}

IntegerList Inference::integers(std::string_view attribute, std::size_t index) const {
  const bool given = attributes().has(attribute);
  const bool computed = index < numOperands();
  require(given != computed, fmt::format("{} as an attribute or as an operand", attribute),
          given ? "both" : "neither");
  IntegerList list;
  if (given) {
    list.values = attributes().get_ints(attribute);
  } else {
    requireIndex(index, attribute);
    requireRankAtLeast(index, attribute, 1);
    if (value(index))
      list.values = readVector(index);
    else if (shape(index).is_fully_known())
      list.count = shape(index).num_elements();
  }
  if (list.values)
    list.count = static_cast<std::int64_t>(list.values->size());
  return list;
}

Shape Inference::shapeFrom(std::string_view attribute, std::size_t index) const {
  if (index < numOperands())
    requireRank(index, attribute, 1);
  const IntegerList extents = integers(attribute, index);
  if (!extents.values)
    return extents.count ? unknownExtents(*extents.count) : Shape::unknown_rank();
  for (std::int64_t extent : *extents.values)
    require(extent >= 0, "extents of 0 or more",
            fmt::format("[{}]", fmt::join(*extents.values, ",")));
  return Shape(*extents.values);
}

Shape unknownExtents(std::int64_t rank) {
  return Shape(Extents(static_cast<std::size_t>(rank), none));
}

} // namespace graphc::shapes
