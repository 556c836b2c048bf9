// Types of a program's entries, exits and requests.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

std::vector<ValueType> nothing(const Inference &) { return {}; }

std::vector<ValueType> placeholder(const Inference &op) {
  const DataType dtype = op.attributes().get_dtype("dtype");
  if (op.attributes().bool_or("unknown_rank", false))
    return {{dtype, Shape::unknown_rank()}};
  const Extents &extents = op.attributes().get_ints("shape");
  for (std::int64_t extent : extents)
    op.require(extent >= -1, "extents of 0 or more, or -1 where unknown",
               fmt::format("[{}]", fmt::join(extents, ",")));
  return {{dtype, Shape(extents)}};
}

std::vector<ValueType> gradients(const Inference &op) {
  const std::int64_t ys = op.extent("num_ys");
  const std::int64_t xs = op.extent("num_xs");
  const auto operands = static_cast<std::int64_t>(op.numOperands());
  op.require(ys > 0, "one y or more", std::to_string(ys));
  op.require(operands == ys + xs || operands == ys + xs + ys,
             fmt::format("{} ys, {} xs and a weight for each y or none", ys, xs),
             fmt::format("{} operands", operands));
  std::vector<ValueType> results;
  for (std::int64_t i = 0; i < ys + xs; ++i) {
    const auto index = static_cast<std::size_t>(i);
    op.requireFloating(index, i < ys ? "ys" : "xs");
    if (i >= ys)
      results.push_back(op.operand(index));
  }
  for (std::int64_t i = ys + xs; i < operands; ++i) {
    const ValueType &weight = op.operand(static_cast<std::size_t>(i));
    const ValueType &y = op.operand(static_cast<std::size_t>(i - ys - xs));
    op.require(weight.dtype == y.dtype && weight.shape.is_compatible_with(y.shape),
               fmt::format("the weight of y {} to be {}", i - ys - xs, y.to_string()),
               weight.to_string());
  }
  return results;
}

constexpr ShapeRule rules[] = {
    {"placeholder", 0, 0, placeholder},     {"no_op", 0, 0, nothing},
    {"fetch", 0, anyNumber, nothing},       {"yield", 0, anyNumber, nothing},
    {"gradients", 1, anyNumber, gradients},
};

} // namespace

std::span<const ShapeRule> controlRules() { return rules; }

} // namespace graphc::shapes
