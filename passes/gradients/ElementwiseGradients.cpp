// Gradients of elementwise ops, with the corner cases that TensorFlow's have: where a formula has a
// choice, its name is said.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

/// Sets the gradient of an operand that may have been broadcast.
void setSummed(Context &c, unsigned operand, Value gradient) {
  c.set(operand, c.sumTo(gradient, shapeOf(c.operand(operand))));
}

void add(Context &c) {
  for (unsigned i : {0u, 1u})
    if (c.wants(i))
      setSummed(c, i, c.gradient());
}

void subtract(Context &c) {
  if (c.wants(0))
    setSummed(c, 0, c.gradient());
  if (c.wants(1))
    setSummed(c, 1, c.negative(c.gradient()));
}

void multiply(Context &c) {
  for (unsigned i : {0u, 1u})
    if (c.wants(i))
      setSummed(c, i, c.multiply(c.gradient(), c.operand(1 - i)));
}

// d/dy (x / y) = -(x / y) / y; the quotient is the result.
void divide(Context &c) {
  if (!c.wants(0) && !c.wants(1))
    return;
  Value scaled = c.divide(c.gradient(), c.operand(1));
  if (c.wants(0))
    setSummed(c, 0, scaled);
  if (c.wants(1))
    setSummed(c, 1, c.negative(c.multiply(scaled, c.result())));
}

// x - floor(x / y) * y
void floormod(Context &c) {
  if (c.wants(0))
    setSummed(c, 0, c.gradient());
  if (c.wants(1)) {
    Value quotient = c.binary("floordiv", c.operand(0), c.operand(1));
    setSummed(c, 1, c.negative(c.multiply(c.gradient(), quotient)));
  }
}

// Ties go to x.
void extremum(Context &c, StringRef comparison) {
  Value ofX = c.binary(comparison, c.operand(0), c.operand(1));
  Value zero = c.scalarLike(0, c.gradient());
  if (c.wants(0))
    setSummed(c, 0, c.where(ofX, c.gradient(), zero));
  if (c.wants(1))
    setSummed(c, 1, c.where(ofX, zero, c.gradient()));
}
void maximum(Context &c) { extremum(c, "greater_equal"); }
void minimum(Context &c) { extremum(c, "less_equal"); }

// dx = y * x^(y-1); dy = x^y * log(x), taken as zero where x <= 0.
void pow(Context &c) {
  Value x = c.operand(0), y = c.operand(1);
  if (c.wants(0)) {
    Value power = c.binary("pow", x, c.subtract(y, c.scalarLike(1, y)));
    setSummed(c, 0, c.multiply(c.gradient(), c.multiply(y, power)));
  }
  if (c.wants(1)) {
    Value positive = c.binary("greater", x, c.scalarLike(0, x));
    Value safe = c.where(positive, x, c.scalarLike(1, x));
    Value log = c.unary("log", safe); // log(1) = 0 where x is not positive
    setSummed(c, 1, c.multiply(c.gradient(), c.multiply(c.result(), log)));
  }
}

void squaredDifference(Context &c) {
  Value difference = c.subtract(c.operand(0), c.operand(1));
  Value gradient = c.multiply(c.gradient(), c.scaled(difference, 2));
  if (c.wants(0))
    setSummed(c, 0, gradient);
  if (c.wants(1))
    setSummed(c, 1, c.negative(gradient));
}

void negative(Context &c) { c.set(0, c.negative(c.gradient())); }
void abs(Context &c) { c.set(0, c.multiply(c.gradient(), c.unary("sign", c.operand(0)))); }
/// Zero everywhere: nothing is added.
void sign(Context &) {}
void square(Context &c) { c.set(0, c.multiply(c.gradient(), c.scaled(c.operand(0), 2))); }
void sqrt(Context &c) { c.set(0, c.divide(c.scaled(c.gradient(), 0.5), c.result())); }
// -1/2 * y^3
void rsqrt(Context &c) {
  Value cube = c.multiply(c.square(c.result()), c.result());
  c.set(0, c.multiply(c.gradient(), c.scaled(cube, -0.5)));
}
void reciprocal(Context &c) {
  c.set(0, c.negative(c.multiply(c.gradient(), c.square(c.result()))));
}
void exp(Context &c) { c.set(0, c.multiply(c.gradient(), c.result())); }
void log(Context &c) { c.set(0, c.divide(c.gradient(), c.operand(0))); }
// exp(x) = y + 1
void expm1(Context &c) {
  Value y = c.result();
  c.set(0, c.multiply(c.gradient(), c.add(y, c.scalarLike(1, y))));
}
void log1p(Context &c) {
  Value x = c.operand(0);
  c.set(0, c.divide(c.gradient(), c.add(x, c.scalarLike(1, x))));
}
void sin(Context &c) { c.set(0, c.multiply(c.gradient(), c.unary("cos", c.operand(0)))); }
void cos(Context &c) {
  c.set(0, c.negative(c.multiply(c.gradient(), c.unary("sin", c.operand(0)))));
}
// 2 / sqrt(pi) * exp(-x^2)
void erf(Context &c) {
  Value density = c.unary("exp", c.negative(c.square(c.operand(0))));
  c.set(0, c.multiply(c.gradient(), c.scaled(density, 1.1283791670955126)));
}
void tanh(Context &c) {
  Value y = c.result();
  c.set(0, c.multiply(c.gradient(), c.subtract(c.scalarLike(1, y), c.square(y))));
}
void sigmoid(Context &c) {
  Value y = c.result();
  c.set(0, c.multiply(c.gradient(), c.multiply(y, c.subtract(c.scalarLike(1, y), y))));
}
// Zero at zero.
void relu(Context &c) {
  Value zero = c.scalarLike(0, c.gradient());
  c.set(0, c.where(c.binary("greater", c.result(), zero), c.gradient(), zero));
}
// Zero at zero and at six.
void relu6(Context &c) {
  Value y = c.result(), zero = c.scalarLike(0, c.gradient());
  Value inside = c.binary("logical_and", c.binary("greater", y, c.scalarLike(0, y)),
                          c.binary("less", y, c.scalarLike(6, y)));
  c.set(0, c.where(inside, c.gradient(), zero));
}
// Below zero exp(x) = y + 1.
void elu(Context &c) {
  Value y = c.result();
  Value below = c.binary("less", y, c.scalarLike(0, y));
  Value slope = c.add(y, c.scalarLike(1, y));
  c.set(0, c.where(below, c.multiply(c.gradient(), slope), c.gradient()));
}
// Below zero scale * alpha * exp(x) = y + scale * alpha.
void selu(Context &c) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  Value y = c.result();
  Value below = c.binary("less", y, c.scalarLike(0, y));
  Value slope = c.add(y, c.scalarLike(scale * alpha, y));
  c.set(0, c.multiply(c.gradient(), c.where(below, slope, c.scalarLike(scale, y))));
}
// The slope below zero at zero.
void leakyRelu(Context &c) {
  const double alpha = c.op()->getAttrOfType<FloatAttr>("alpha").getValueAsDouble();
  Value x = c.operand(0);
  Value above = c.binary("greater", x, c.scalarLike(0, x));
  c.set(0, c.where(above, c.gradient(), c.scaled(c.gradient(), alpha)));
}
void softplus(Context &c) { c.set(0, c.multiply(c.gradient(), c.unary("sigmoid", c.operand(0)))); }
void identity(Context &c) { c.set(0, c.gradient()); }
void cast(Context &c) { c.set(0, c.cast(c.gradient(), dtypeOf(c.operand(0)))); }

void where(Context &c) {
  Value zero = c.scalarLike(0, c.gradient());
  if (c.wants(1))
    setSummed(c, 1, c.where(c.operand(0), c.gradient(), zero));
  if (c.wants(2))
    setSummed(c, 2, c.where(c.operand(0), zero, c.gradient()));
}

// The ends belong to the inside, and so does a NaN.
void clipByValue(Context &c) {
  Value zero = c.scalarLike(0, c.gradient());
  Value below = c.binary("less", c.operand(0), c.operand(1));
  Value above = c.binary("greater", c.operand(0), c.operand(2));
  if (c.wants(0))
    c.set(0, c.where(c.binary("logical_or", below, above), zero, c.gradient()));
  if (c.wants(1))
    setSummed(c, 1, c.where(below, c.gradient(), zero));
  if (c.wants(2))
    setSummed(c, 2, c.where(above, c.gradient(), zero));
}

void addN(Context &c) {
  for (unsigned i = 0; i < c.numOperands(); ++i)
    if (c.wants(i))
      c.set(i, c.gradient());
}

void biasAdd(Context &c) {
  if (c.wants(0))
    c.set(0, c.gradient());
  if (c.wants(1))
    setSummed(c, 1, c.gradient());
}

void l2Loss(Context &c) { c.set(0, c.multiply(c.operand(0), c.gradient())); }

} // namespace

void addElementwiseRules(GradientRules &rules) {
  rules.add("add", add);
  rules.add("subtract", subtract);
  rules.add("multiply", multiply);
  rules.add("divide", divide);
  rules.add("floormod", floormod);
  rules.add("maximum", maximum);
  rules.add("minimum", minimum);
  rules.add("pow", pow);
  rules.add("squared_difference", squaredDifference);
  rules.add("negative", negative);
  rules.add("abs", abs);
  rules.add("sign", sign);
  rules.add("square", square);
  rules.add("sqrt", sqrt);
  rules.add("rsqrt", rsqrt);
  rules.add("reciprocal", reciprocal);
  rules.add("exp", exp);
  rules.add("log", log);
  rules.add("expm1", expm1);
  rules.add("log1p", log1p);
  rules.add("sin", sin);
  rules.add("cos", cos);
  rules.add("erf", erf);
  rules.add("tanh", tanh);
  rules.add("sigmoid", sigmoid);
  rules.add("relu", relu);
  rules.add("relu6", relu6);
  rules.add("elu", elu);
  rules.add("selu", selu);
  rules.add("leaky_relu", leakyRelu);
  rules.add("softplus", softplus);
  rules.add("identity", identity);
  rules.add("cast", cast);
  rules.add("where", where);
  rules.add("clip_by_value", clipByValue);
  rules.add("add_n", addN);
  rules.add("bias_add", biasAdd);
  rules.add("l2_loss", l2Loss);
}

} // namespace graphc
