// Element by element: arithmetic, comparisons, logic, activations and their gradients.
#include "frontend/import/ImportRules.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Transcendental.h"

namespace graphc::importing {

namespace {

/// An op of graphc that does the same; all inputs are its operands.
ImportRule same(const char *op, int inputs) {
  return {inputs, inputs, [op, inputs](NodeContext &c) {
            const std::vector<Output> operands = c.inputs(0, inputs);
            if (c.has("T") && c.dtype("T") != operands.front().dtype() &&
                !operands[0].is_poisoned())
              c.refuse("attribute 'T' is " + std::string(to_string(c.dtype("T"))) +
                       ", input 0 is " + std::string(to_string(operands.front().dtype())));
            c.result(c.record(op, operands));
          }};
}

/// A function of the frontend on one tensor, under the node's name.
ImportRule unary(Output (*function)(const Output &, std::string_view, Where)) {
  return {1, 1,
          [function](NodeContext &c) { c.result(function(c.input(0), c.exactName(), c.where())); }};
}

/// y and dy to dx, by `slope`, which is y's part of it.
using Slope = Output (*)(NodeContext &, const Output &y);
ImportRule gradient(Slope slope, int y, int dy) {
  return {2, 2, [slope, y, dy](NodeContext &c) {
            c.result(c.record("multiply", {c.input(dy), slope(c, c.input(y))}));
          }};
}

Output plus(NodeContext &c, const Output &x, double value) {
  return c.helper("add", {x, c.scalar(value, x.dtype())});
}
Output times(NodeContext &c, const Output &x, double value) {
  return c.helper("multiply", {x, c.scalar(value, x.dtype())});
}
Output one(NodeContext &c, const Output &like) { return c.scalar(1, like.dtype()); }
Output zero(NodeContext &c, const Output &like) { return c.scalar(0, like.dtype()); }

Output sigmoidSlope(NodeContext &c, const Output &y) {
  return c.helper("multiply", {y, c.helper("subtract", {one(c, y), y})});
}
Output tanhSlope(NodeContext &c, const Output &y) {
  return c.helper("subtract", {one(c, y), c.helper("square", {y})});
}
Output sqrtSlope(NodeContext &c, const Output &y) {
  return c.helper("divide", {c.scalar(0.5, y.dtype()), y});
}
Output rsqrtSlope(NodeContext &c, const Output &y) {
  return times(c, c.helper("multiply", {c.helper("square", {y}), y}), -0.5);
}
Output reciprocalSlope(NodeContext &c, const Output &y) {
  return c.helper("negative", {c.helper("square", {y})});
}
Output softplusSlope(NodeContext &c, const Output &x) { return c.helper("sigmoid", {x}); }
Output softsignSlope(NodeContext &c, const Output &x) {
  return c.helper("reciprocal", {c.helper("square", {plus(c, c.helper("abs", {x}), 1)})});
}
Output eluSlope(NodeContext &c, const Output &y) {
  return c.helper("where", {c.helper("less", {y, zero(c, y)}), plus(c, y, 1), one(c, y)});
}
Output seluSlope(NodeContext &c, const Output &y) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  return c.helper("where", {c.helper("less", {y, zero(c, y)}), plus(c, y, scale * alpha),
                            c.scalar(scale, y.dtype())});
}

void reluGrad(NodeContext &c) {
  const Output dy = c.input(0), x = c.input(1);
  c.result(c.record("where", {c.helper("greater", {x, zero(c, x)}), dy, zero(c, dy)}));
}
void relu6Grad(NodeContext &c) {
  const Output dy = c.input(0), x = c.input(1);
  const Output inside = c.helper("logical_and", {c.helper("greater", {x, zero(c, x)}),
                                                 c.helper("less", {x, c.scalar(6, x.dtype())})});
  c.result(c.record("where", {inside, dy, zero(c, dy)}));
}
void leakyReluGrad(NodeContext &c) {
  const Output dy = c.input(0), x = c.input(1);
  c.result(c.record(
      "where", {c.helper("greater", {x, zero(c, x)}), dy, times(c, dy, c.real("alpha", 0.2))}));
}

void leakyRelu(NodeContext &c) {
  c.result(c.record("leaky_relu", {c.input(0)}, {{"alpha", c.real("alpha", 0.2)}}));
}

void cast(NodeContext &c) {
  const Output x = c.input(0);
  const DataType to = c.dtype("DstT");
  if (c.has("SrcT") && c.dtype("SrcT") != x.dtype())
    c.refuse("attribute 'SrcT' is " + std::string(to_string(c.dtype("SrcT"))) + ", input 0 is " +
             std::string(to_string(x.dtype())));
  if (to == x.dtype())
    c.result(c.record("identity", {x}));
  else
    c.result(c.record("cast", {x}, {{"dtype", to}}));
}

/// The condition may be a vector that picks rows; SelectV2's broadcasts.
void select(NodeContext &c) {
  c.result(where(c.input(0), c.input(1), c.input(2), c.exactName(), c.where()));
}

void biasAdd(NodeContext &c) {
  const Output x = c.input(0);
  const std::string format = c.word("data_format", "NHWC");
  if (format == "NHWC" || format == "N...C")
    return c.result(c.record("bias_add", {x, c.input(1)}));
  if (!x.shape().has_rank())
    c.refuseUnknown("the rank of input 0 must be known for data_format " + format);
  // The channels are axis 1: ones behind them let the bias broadcast.
  std::vector<std::int64_t> extents(static_cast<std::size_t>(x.shape().rank()) - 1, 1);
  extents.front() = -1;
  c.result(c.record("add", {x, c.helper("reshape", {c.input(1)}, {{"shape", extents}})}));
}

void biasAddGrad(NodeContext &c) {
  const Output dy = c.input(0);
  if (!dy.shape().has_rank())
    c.refuseUnknown("the rank of input 0 must be known");
  const std::int64_t channels = c.word("data_format", "NHWC") == "NCHW" ? 1 : dy.shape().rank() - 1;
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < dy.shape().rank(); ++axis)
    if (axis != channels)
      axes.push_back(axis);
  c.result(c.record("reduce_sum", {dy}, {{"axes", axes}}));
}

void addAll(NodeContext &c) { c.result(c.record("add_n", c.inputs(0, c.numInputs()))); }

void divNoNan(NodeContext &c) {
  c.result(div_no_nan(c.input(0), c.input(1), c.exactName(), c.where()));
}

/// x * f(y), zero where x is.
template <Output (*function)(const Output &, std::string_view, Where)>
void whereNotZero(NodeContext &c) {
  const Output x = c.input(0), y = c.input(1);
  const Output isZero = c.helper("equal", {x, zero(c, x)});
  const Output safe = c.helper("where", {isZero, one(c, y), y});
  Output factor;
  {
    NameScope scope(c.graph(), c.state().prefix + c.node().name());
    factor = function(safe, {}, c.where());
  }
  c.result(c.record("where", {isZero, zero(c, x), c.helper("multiply", {x, factor})}));
}

void mulNoNan(NodeContext &c) {
  const Output x = c.input(0), y = c.input(1);
  c.result(c.record(
      "where", {c.helper("equal", {y, zero(c, y)}), zero(c, x), c.helper("multiply", {x, y})}));
}

/// The remainder with the dividend's sign.
void truncateMod(NodeContext &c) {
  const Output x = c.input(0), y = c.input(1);
  const Output magnitude = c.helper("floormod", {c.helper("abs", {x}), c.helper("abs", {y})});
  c.result(c.record("multiply", {magnitude, c.helper("sign", {x})}));
}

void approximateEqual(NodeContext &c) {
  const Output x = c.input(0);
  const Output distance = c.helper("abs", {c.helper("subtract", {x, c.input(1)})});
  c.result(c.record("less", {distance, c.scalar(c.real("tolerance", 1e-5), x.dtype())}));
}

void sinh(NodeContext &c) {
  const Output x = c.input(0);
  const Output both = c.helper(
      "subtract", {c.helper("expm1", {x}), c.helper("expm1", {c.helper("negative", {x})})});
  c.result(c.record("multiply", {both, c.scalar(0.5, x.dtype())}));
}
void cosh(NodeContext &c) {
  const Output x = c.input(0);
  const Output both =
      c.helper("add", {c.helper("exp", {x}), c.helper("exp", {c.helper("negative", {x})})});
  c.result(c.record("multiply", {both, c.scalar(0.5, x.dtype())}));
}
/// log(|x| + sqrt(x^2 + 1)) with x's sign, its digits kept near zero.
void asinh(NodeContext &c) {
  const Output x = c.input(0);
  const Output size = c.helper("abs", {x}), square = c.helper("square", {x});
  const Output root = c.helper("sqrt", {plus(c, square, 1)});
  const Output more = c.helper("divide", {square, plus(c, root, 1)});
  c.result(c.record("multiply",
                    {c.helper("sign", {x}), c.helper("log1p", {c.helper("add", {size, more})})}));
}
void acosh(NodeContext &c) {
  const Output x = c.input(0);
  const Output root = c.helper("sqrt", {plus(c, c.helper("square", {x}), -1)});
  c.result(c.record("log", {c.helper("add", {x, root})}));
}
void atanh(NodeContext &c) {
  const Output x = c.input(0);
  const Output both = c.helper(
      "subtract", {c.helper("log1p", {x}), c.helper("log1p", {c.helper("negative", {x})})});
  c.result(c.record("multiply", {both, c.scalar(0.5, x.dtype())}));
}
void erfc(NodeContext &c) {
  const Output x = c.input(0);
  c.result(c.record("subtract", {one(c, x), c.helper("erf", {x})}));
}

void clipByValue(NodeContext &c) {
  const std::vector<Output> operands = c.inputs(0, 3);
  if (operands[1].shape().is_compatible_with(Shape{}) &&
      operands[2].shape().is_compatible_with(Shape{}))
    return c.result(c.record("clip_by_value", operands));
  c.result(c.record("maximum", {c.helper("minimum", {operands[0], operands[2]}), operands[1]}));
}

} // namespace

void addElementwiseRules(ImportRules &rules) {
  const auto add = [&](std::string_view type, int inputs, void (*function)(NodeContext &)) {
    rules[type] = {inputs, inputs, function};
  };
  struct Row {
    const char *type, *op;
  };
  for (const auto &[type, op] : std::initializer_list<Row>{
           {"Add", "add"},
           {"AddV2", "add"},
           {"Sub", "subtract"},
           {"Mul", "multiply"},
           {"Div", "divide"}, // of integers, toward zero
           {"RealDiv", "divide"},
           {"TruncateDiv", "divide"},
           {"FloorDiv", "floordiv"},
           {"FloorMod", "floormod"},
           {"Maximum", "maximum"},
           {"Minimum", "minimum"},
           {"Pow", "pow"},
           {"SquaredDifference", "squared_difference"},
           {"Equal", "equal"},
           {"NotEqual", "not_equal"},
           {"Less", "less"},
           {"LessEqual", "less_equal"},
           {"Greater", "greater"},
           {"GreaterEqual", "greater_equal"},
           {"LogicalAnd", "logical_and"},
           {"LogicalOr", "logical_or"},
       })
    rules[type] = same(op, 2);
  for (const auto &[type, op] : std::initializer_list<Row>{
           {"LogicalNot", "logical_not"},
           {"Neg", "negative"},
           {"Abs", "abs"},
           {"Sign", "sign"},
           {"Square", "square"},
           {"Sqrt", "sqrt"},
           {"Rsqrt", "rsqrt"},
           {"Reciprocal", "reciprocal"},
           {"Inv", "reciprocal"},
           {"Exp", "exp"},
           {"Expm1", "expm1"},
           {"Log", "log"},
           {"Log1p", "log1p"},
           {"Sin", "sin"},
           {"Cos", "cos"},
           {"Tanh", "tanh"},
           {"Sigmoid", "sigmoid"},
           {"Erf", "erf"},
           {"Floor", "floor"},
           {"Ceil", "ceil"},
           {"Round", "round"},
           {"Rint", "round"},
           {"Relu", "relu"},
           {"Relu6", "relu6"},
           {"Elu", "elu"},
           {"Selu", "selu"},
           {"Softplus", "softplus"},
           {"ZerosLike", "zeros_like"},
           {"OnesLike", "ones_like"},
           {"StopGradient", "stop_gradient"},
           {"PreventGradient", "identity"},
           {"CheckNumerics", "identity"},
       })
    rules[type] = same(op, 1);
  rules["Tan"] = unary(tan);
  rules["Softsign"] = unary(nn::softsign);
  rules["IsFinite"] = unary(is_finite);
  rules["IsInf"] = unary(is_inf);
  rules["IsNan"] = unary(is_nan);
  add("Erfc", 1, erfc);
  add("Sinh", 1, sinh);
  add("Cosh", 1, cosh);
  add("Asinh", 1, asinh);
  add("Acosh", 1, acosh);
  add("Atanh", 1, atanh);
  add("LeakyRelu", 1, leakyRelu);
  add("Cast", 1, cast);
  add("Select", 3, select);
  rules["SelectV2"] = {3, 3, [](NodeContext &c) { c.result(c.record("where", c.inputs(0, 3))); }};
  add("ClipByValue", 3, clipByValue);
  rules["AddN"] = {1, -1, addAll};
  rules["AccumulateNV2"] = {1, -1, addAll};
  add("BiasAdd", 2, biasAdd);
  add("BiasAddV1", 2, biasAdd);
  add("DivNoNan", 2, divNoNan);
  add("MulNoNan", 2, mulNoNan);
  add("Xlogy", 2, whereNotZero<log>);
  add("Xlog1py", 2, whereNotZero<log1p>);
  add("Xdivy", 2, whereNotZero<reciprocal>);
  add("Mod", 2, truncateMod);
  add("TruncateMod", 2, truncateMod);
  add("ApproximateEqual", 2, approximateEqual);

  rules["SigmoidGrad"] = gradient(sigmoidSlope, 0, 1);
  rules["TanhGrad"] = gradient(tanhSlope, 0, 1);
  rules["SqrtGrad"] = gradient(sqrtSlope, 0, 1);
  rules["RsqrtGrad"] = gradient(rsqrtSlope, 0, 1);
  rules["ReciprocalGrad"] = gradient(reciprocalSlope, 0, 1);
  rules["InvGrad"] = gradient(reciprocalSlope, 0, 1);
  rules["SoftplusGrad"] = gradient(softplusSlope, 1, 0);
  rules["SoftsignGrad"] = gradient(softsignSlope, 1, 0);
  rules["EluGrad"] = gradient(eluSlope, 1, 0);
  rules["SeluGrad"] = gradient(seluSlope, 1, 0);
  add("ReluGrad", 2, reluGrad);
  add("Relu6Grad", 2, relu6Grad);
  add("LeakyReluGrad", 2, leakyReluGrad);
  add("BiasAddGrad", 1, biasAddGrad);
}

} // namespace graphc::importing
