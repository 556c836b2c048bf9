// Shapes of ops that compute each element by itself.
#include "ir/shape_functions/Inference.h"

namespace graphc::shapes {

namespace {

Shape broadcastOperands(const Inference &op) {
  Shape shape = op.shape(0);
  for (std::size_t i = 1; i < op.numOperands(); ++i) {
    const std::optional<Shape> both = Shape::broadcast(shape, op.shape(i));
    if (!both)
      op.refuse("shapes that broadcast", op.operandsText());
    shape = *both;
  }
  return shape;
}

std::vector<ValueType> arithmetic(const Inference &op) {
  op.requireNumeric(0, "x");
  op.requireOneDtype();
  return {{op.dtype(0), broadcastOperands(op)}};
}

std::vector<ValueType> equality(const Inference &op) {
  op.requireOneDtype();
  return {{bool_, broadcastOperands(op)}};
}

std::vector<ValueType> order(const Inference &op) {
  op.requireNumeric(0, "x");
  return equality(op);
}

std::vector<ValueType> logic(const Inference &op) {
  op.requireBool(0, "x");
  op.requireBool(1, "y");
  return {{bool_, broadcastOperands(op)}};
}

std::vector<ValueType> logicalNot(const Inference &op) {
  op.requireBool(0, "x");
  return {op.operand(0)};
}

std::vector<ValueType> any(const Inference &op) { return {op.operand(0)}; }

std::vector<ValueType> numeric(const Inference &op) {
  op.requireNumeric(0, "x");
  return {op.operand(0)};
}

std::vector<ValueType> floating(const Inference &op) {
  op.requireFloating(0, "x");
  return {op.operand(0)};
}

std::vector<ValueType> cast(const Inference &op) {
  return {{op.attributes().get_dtype("dtype"), op.shape(0)}};
}

std::vector<ValueType> where(const Inference &op) {
  op.requireBool(0, "condition");
  op.require(op.dtype(1) == op.dtype(2), "x and y of one dtype",
             op.operand(1).to_string() + " and " + op.operand(2).to_string());
  return {{op.dtype(1), broadcastOperands(op)}};
}

std::vector<ValueType> clipByValue(const Inference &op) {
  op.requireNumeric(0, "x");
  op.requireOneDtype();
  op.requireScalar(1, "low");
  op.requireScalar(2, "high");
  return {op.operand(0)};
}

std::vector<ValueType> addN(const Inference &op) {
  op.requireNumeric(0, "xs");
  op.requireOneDtype();
  Shape shape = op.shape(0);
  for (std::size_t i = 1; i < op.numOperands(); ++i) {
    const std::optional<Shape> both = Shape::merge(shape, op.shape(i));
    if (!both)
      op.refuse("operands of one shape", op.operandsText());
    shape = *both;
  }
  return {{op.dtype(0), shape}};
}

std::vector<ValueType> biasAdd(const Inference &op) {
  op.requireNumeric(0, "x");
  op.requireOneDtype();
  op.requireRankAtLeast(0, "x", 2);
  op.requireRank(1, "bias", 1);
  if (!op.shape(0).has_rank() || !op.shape(1).has_rank())
    return {op.operand(0)};
  Extents extents = op.shape(0).extents();
  const std::int64_t bias = op.shape(1)[0];
  op.require(extents.back() < 0 || bias < 0 || extents.back() == bias,
             "bias to have the extent of the last axis of x", op.operandsText());
  if (extents.back() < 0)
    extents.back() = bias;
  return {{op.dtype(0), Shape(std::move(extents))}};
}

constexpr ShapeRule rules[] = {
    {"add", 2, 2, arithmetic},      {"subtract", 2, 2, arithmetic},
    {"multiply", 2, 2, arithmetic}, {"divide", 2, 2, arithmetic},
    {"floordiv", 2, 2, arithmetic}, {"floormod", 2, 2, arithmetic},
    {"maximum", 2, 2, arithmetic},  {"minimum", 2, 2, arithmetic},
    {"pow", 2, 2, arithmetic},      {"squared_difference", 2, 2, arithmetic},
    {"equal", 2, 2, equality},      {"not_equal", 2, 2, equality},
    {"less", 2, 2, order},          {"less_equal", 2, 2, order},
    {"greater", 2, 2, order},       {"greater_equal", 2, 2, order},
    {"logical_and", 2, 2, logic},   {"logical_or", 2, 2, logic},
    {"logical_xor", 2, 2, logic},   {"logical_not", 1, 1, logicalNot},
    {"identity", 1, 1, any},        {"stop_gradient", 1, 1, any},
    {"zeros_like", 1, 1, any},      {"ones_like", 1, 1, any},
    {"negative", 1, 1, numeric},    {"abs", 1, 1, numeric},
    {"sign", 1, 1, numeric},        {"square", 1, 1, numeric},
    {"relu", 1, 1, numeric},        {"relu6", 1, 1, numeric},
    {"floor", 1, 1, numeric},       {"ceil", 1, 1, numeric},
    {"round", 1, 1, numeric},       {"sqrt", 1, 1, floating},
    {"rsqrt", 1, 1, floating},      {"reciprocal", 1, 1, floating},
    {"exp", 1, 1, floating},        {"log", 1, 1, floating},
    {"expm1", 1, 1, floating},      {"log1p", 1, 1, floating},
    {"sin", 1, 1, floating},        {"cos", 1, 1, floating},
    {"erf", 1, 1, floating},        {"tanh", 1, 1, floating},
    {"sigmoid", 1, 1, floating},    {"softplus", 1, 1, floating},
    {"elu", 1, 1, floating},        {"selu", 1, 1, floating},
    {"leaky_relu", 1, 1, floating}, {"cast", 1, 1, cast},
    {"where", 3, 3, where},         {"clip_by_value", 3, 3, clipByValue},
    {"add_n", 1, anyNumber, addN},  {"bias_add", 2, 2, biasAdd},
};

} // namespace

std::span<const ShapeRule> elementwiseRules() { return rules; }

} // namespace graphc::shapes
