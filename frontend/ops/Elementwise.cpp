#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"

namespace graphc {

/// Both operands, numbers in the other's dtype, as constants "x" and "y" in the open scope.
static std::pair<Output, Output> operandsOf(Graph &graph, const Input &x, const Input &y,
                                            Where where) {
  const DataType dtype = ownDtype(x.is_number() ? y : x);
  const Output first = toOutput(graph, x, dtype, "x", where);
  return {first, toOutput(graph, y, dtype, "y", where)};
}

static Output binary(std::string_view op, const Input &x, const Input &y, std::string_view name,
                     std::string_view otherwise, Where where) {
  Graph &graph = graphOf({&x, &y}, op);
  OpScope scope(graph, name, otherwise);
  const auto [a, b] = operandsOf(graph, x, y, where);
  return recordOne(graph, op, {a, b}, {}, scope.name(), where);
}

static Output unary(std::string_view op, const Output &x, std::string_view name,
                    std::string_view otherwise, Where where) {
  return recordOne(graphOf(x, op, where), op, {x}, {}, nameOr(name, otherwise), where);
}

static Output trueDivision(const Input &x, const Input &y, std::string_view name, Where where) {
  Graph &graph = graphOf({&x, &y}, "divide");
  OpScope scope(graph, name, "truediv");
  auto [a, b] = operandsOf(graph, x, y, where);
  if (a && b && !a.is_poisoned() && !b.is_poisoned() && a.dtype() == b.dtype() &&
      is_integer(a.dtype())) {
    const DataType wide = a.dtype() == uint8 ? float32 : float64;
    a = cast(a, wide, {}, where);
    b = cast(b, wide, {}, where);
  }
  return recordOne(graph, "divide", {a, b}, {}, scope.name(), where);
}

Output add(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("add", x, y, name, "Add", where);
}
Output subtract(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("subtract", x, y, name, "Sub", where);
}
Output multiply(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("multiply", x, y, name, "Mul", where);
}
Output divide(const Input &x, const Input &y, std::string_view name, Where where) {
  return trueDivision(x, y, name, where);
}
Output truediv(const Input &x, const Input &y, std::string_view name, Where where) {
  return trueDivision(x, y, name, where);
}
Output div(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("divide", x, y, name, "div", where);
}
Output floordiv(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("floordiv", x, y, name, "floordiv", where);
}
Output floormod(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("floormod", x, y, name, "FloorMod", where);
}
Output maximum(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("maximum", x, y, name, "Maximum", where);
}
Output minimum(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("minimum", x, y, name, "Minimum", where);
}
Output pow(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("pow", x, y, name, "Pow", where);
}
Output squared_difference(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("squared_difference", x, y, name, "SquaredDifference", where);
}
Output equal(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("equal", x, y, name, "Equal", where);
}
Output not_equal(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("not_equal", x, y, name, "NotEqual", where);
}
Output less(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("less", x, y, name, "Less", where);
}
Output less_equal(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("less_equal", x, y, name, "LessEqual", where);
}
Output greater(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("greater", x, y, name, "Greater", where);
}
Output greater_equal(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("greater_equal", x, y, name, "GreaterEqual", where);
}
Output logical_and(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("logical_and", x, y, name, "LogicalAnd", where);
}
Output logical_or(const Input &x, const Input &y, std::string_view name, Where where) {
  return binary("logical_or", x, y, name, "LogicalOr", where);
}
Output logical_xor(const Input &x, const Input &y, std::string_view name, Where where) {
  // TensorFlow composes it of three more ops in the outer scope: their names are taken.
  NameTable &names = graphOf({&x, &y}, "logical_xor").state().names;
  for (const char *taken : {"LogicalOr", "LogicalAnd", "LogicalNot"})
    names.unique_name(taken);
  return binary("logical_xor", x, y, name, "LogicalXor", where);
}
Output logical_not(const Output &x, std::string_view name, Where where) {
  return unary("logical_not", x, name, "LogicalNot", where);
}

Output operator+(const Input &x, const Input &y) { return add(x, y, "add", x.where()); }
Output operator-(const Input &x, const Input &y) { return subtract(x, y, "sub", x.where()); }
Output operator*(const Input &x, const Input &y) { return multiply(x, y, "mul", x.where()); }
Output operator/(const Input &x, const Input &y) { return divide(x, y, "truediv", x.where()); }
Output operator%(const Input &x, const Input &y) { return floormod(x, y, "mod", x.where()); }
Output operator<(const Input &x, const Input &y) { return less(x, y, {}, x.where()); }
Output operator<=(const Input &x, const Input &y) { return less_equal(x, y, {}, x.where()); }
Output operator>(const Input &x, const Input &y) { return greater(x, y, {}, x.where()); }
Output operator>=(const Input &x, const Input &y) { return greater_equal(x, y, {}, x.where()); }
Output operator-(const Input &x) {
  Graph &graph = graphOf({&x}, "negative");
  return negative(toOutput(graph, x, ownDtype(x), "x", x.where()), {}, x.where());
}

Output negative(const Output &x, std::string_view name, Where where) {
  return unary("negative", x, name, "Neg", where);
}
Output abs(const Output &x, std::string_view name, Where where) {
  return unary("abs", x, name, "Abs", where);
}
Output sign(const Output &x, std::string_view name, Where where) {
  return unary("sign", x, name, "Sign", where);
}
Output square(const Output &x, std::string_view name, Where where) {
  return unary("square", x, name, "Square", where);
}
Output sqrt(const Output &x, std::string_view name, Where where) {
  return unary("sqrt", x, name, "Sqrt", where);
}
Output rsqrt(const Output &x, std::string_view name, Where where) {
  return unary("rsqrt", x, name, "Rsqrt", where);
}
Output reciprocal(const Output &x, std::string_view name, Where where) {
  return unary("reciprocal", x, name, "Reciprocal", where);
}
Output exp(const Output &x, std::string_view name, Where where) {
  return unary("exp", x, name, "Exp", where);
}
Output log(const Output &x, std::string_view name, Where where) {
  return unary("log", x, name, "Log", where);
}
Output tanh(const Output &x, std::string_view name, Where where) {
  return unary("tanh", x, name, "Tanh", where);
}
Output sigmoid(const Output &x, std::string_view name, Where where) {
  return unary("sigmoid", x, name, "Sigmoid", where);
}
Output floor(const Output &x, std::string_view name, Where where) {
  return unary("floor", x, name, "Floor", where);
}
Output ceil(const Output &x, std::string_view name, Where where) {
  return unary("ceil", x, name, "Ceil", where);
}
Output round(const Output &x, std::string_view name, Where where) {
  if (x && is_integer(x.dtype()) && !x.is_poisoned())
    return x;
  return unary("round", x, name, "Round", where);
}
Output identity(const Output &x, std::string_view name, Where where) {
  return unary("identity", x, name, "Identity", where);
}
Output stop_gradient(const Output &x, std::string_view name, Where where) {
  return unary("stop_gradient", x, name, "StopGradient", where);
}

Output is_nan(const Output &x, std::string_view name, Where where) {
  return not_equal(x, x, nameOr(name, "IsNan"), where);
}

Output is_finite(const Output &x, std::string_view name, Where where) {
  OpScope scope(graphOf(x, "is_finite", where), name, "IsFinite");
  // Only a number taken from itself leaves 0.
  return graphc::equal(subtract(x, x, "sub", where), 0, scope.name(), where);
}

Output is_inf(const Output &x, std::string_view name, Where where) {
  OpScope scope(graphOf(x, "is_inf", where), name, "IsInf");
  return logical_and(is_nan(subtract(x, x, "sub", where), {}, where),
                     graphc::equal(x, x, {}, where), scope.name(), where);
}

Output div_no_nan(const Input &x, const Input &y, std::string_view name, Where where) {
  Graph &graph = graphOf({&x, &y}, "div_no_nan");
  OpScope scope(graph, name, "div_no_nan");
  const auto [a, b] = operandsOf(graph, x, y, where);
  const Output isZero = graphc::equal(b, 0, {}, where);
  // The quotient is taken with 1 there, so that no gradient becomes infinite.
  const Output divisor = graphc::where(isZero, ones_like(b, {}, where), b, {}, where);
  const Output quotient = divide(a, divisor, {}, where);
  return graphc::where(isZero, zeros_like(quotient, {}, where), quotient, scope.name(), where);
}

Output cast(const Output &x, DataType dtype, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "cast", where);
  OpScope scope(graph, name, "Cast");
  if (!x.is_poisoned() && x.dtype() == dtype)
    return x;
  return recordOne(graph, "cast", {x}, {{"dtype", dtype}}, scope.name(), where);
}

Output where(const Output &condition, const Input &x, const Input &y, std::string_view name,
             Where where) {
  Graph &graph = graphOf(condition, "where", where);
  OpScope scope(graph, name, "Select");
  const auto [a, b] = operandsOf(graph, x, y, where);
  Output chosen = condition;
  if (a && !condition.is_poisoned() && !a.is_poisoned()) {
    const Shape flags = condition.shape();
    const Shape rows = a.shape();
    if (flags.has_rank() && rows.has_rank() && flags.rank() == 1 && rows.rank() > 1) {
      // A vector picks rows: give it axes of extent 1 to broadcast along.
      for (std::int64_t axis = 1; axis < rows.rank(); ++axis)
        chosen = recordOne(graph, "expand_dims", {chosen}, {{"axis", axis}}, "ExpandDims", where);
    }
  }
  return recordOne(graph, "where", {chosen, a, b}, {}, scope.name(), where);
}

Output add_n(const std::vector<Output> &inputs, std::string_view name, Where where) {
  Graph &graph = graphOf(inputs, "add_n", where);
  if (inputs.size() == 1 && name.empty())
    return inputs.front();
  if (inputs.size() == 1)
    return identity(inputs.front(), name, where);
  return record(graph, "add_n", inputs, {}, {.name = nameOr(name, "AddN"), .where = where}).front();
}

Output matmul(const Output &a, const Output &b, const MatmulOptions &options, Where where) {
  const Output operands[] = {a, b};
  return recordOne(graphOf(operands, "matmul", where), "matmul", {a, b},
                   {{"transpose_a", options.transpose_a}, {"transpose_b", options.transpose_b}},
                   nameOr(options.name, "MatMul"), where);
}

} // namespace graphc
