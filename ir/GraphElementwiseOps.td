// One element in, one element out: arithmetic, comparisons, logic, activations, selection.
#ifndef GRAPHC_IR_GRAPH_ELEMENTWISE_OPS
#define GRAPHC_IR_GRAPH_ELEMENTWISE_OPS

include "ir/GraphDialect.td"

class Graph_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, "elementwise", !listconcat([Graph_Elementwise], traits)>;

//===--- Binary -------------------------------------------------------------------------------===//

class Graph_BinaryOp<string mnemonic, string what, string formula, list<Trait> traits = []>
    : Graph_ElementwiseOp<mnemonic, traits> {
  let summary = what;
  let description = "`z[i] = " # formula # [{`; `x` and `y` have the same dtype and broadcast as in
    NumPy: shapes are aligned at their ends, an extent of one stretches.
    `shape(z) = broadcast(shape(x), shape(y))`.

    %z = graph.}] # mnemonic # [{ %x, %y : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$x, Graph_NumericTensor:$y);
  let results = (outs Graph_NumericTensor:$z);
}

def Graph_AddOp : Graph_BinaryOp<"add", "Sum of two tensors", "x[i] + y[i]", [Commutative]>;
def Graph_SubtractOp : Graph_BinaryOp<"subtract", "Difference of two tensors", "x[i] - y[i]">;
def Graph_MultiplyOp
    : Graph_BinaryOp<"multiply", "Product of two tensors", "x[i] * y[i]", [Commutative]>;
def Graph_DivideOp
    : Graph_BinaryOp<"divide", "Quotient; of integers, truncated toward zero",
                     "x[i] / y[i], undefined for integers where y[i] == 0">;
def Graph_FloorDivOp
    : Graph_BinaryOp<"floordiv", "Quotient rounded toward minus infinity",
                     "floor(x[i] / y[i]), undefined for integers where y[i] == 0">;
def Graph_FloorModOp
    : Graph_BinaryOp<"floormod", "Remainder with the sign of the divisor",
                     "x[i] - floor(x[i] / y[i]) * y[i], undefined for integers where y[i] == 0">;
def Graph_MaximumOp
    : Graph_BinaryOp<"maximum", "The greater of two elements",
                     "x[i] > y[i] ? x[i] : y[i], a NaN on either side gives NaN", [Commutative]>;
def Graph_MinimumOp
    : Graph_BinaryOp<"minimum", "The lesser of two elements",
                     "x[i] < y[i] ? x[i] : y[i], a NaN on either side gives NaN", [Commutative]>;
def Graph_PowOp
    : Graph_BinaryOp<"pow", "Power",
                     "x[i] ** y[i], undefined for integers where y[i] < 0">;
def Graph_SquaredDifferenceOp
    : Graph_BinaryOp<"squared_difference", "Square of the difference",
                     "(x[i] - y[i]) * (x[i] - y[i])", [Commutative]>;

//===--- Comparisons and logic ----------------------------------------------------------------===//

class Graph_CompareOp<string mnemonic, string what, string formula, Type operand,
                      list<Trait> traits = []> : Graph_ElementwiseOp<mnemonic, traits> {
  let summary = what;
  let description = "`z[i] = " # formula # [{`, a bool; `x` and `y` have one dtype and broadcast.
    A comparison with NaN is false, but for `not_equal`.

    %z = graph.}] # mnemonic # [{ %x, %y : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  }];
  let arguments = (ins operand:$x, operand:$y);
  let results = (outs Graph_BoolTensor:$z);
}

def Graph_EqualOp
    : Graph_CompareOp<"equal", "True where equal", "x[i] == y[i]", Graph_Tensor, [Commutative]>;
def Graph_NotEqualOp
    : Graph_CompareOp<"not_equal", "True where different", "x[i] != y[i]", Graph_Tensor,
                      [Commutative]>;
def Graph_LessOp
    : Graph_CompareOp<"less", "True where below", "x[i] < y[i]", Graph_NumericTensor>;
def Graph_LessEqualOp
    : Graph_CompareOp<"less_equal", "True where not above", "x[i] <= y[i]", Graph_NumericTensor>;
def Graph_GreaterOp
    : Graph_CompareOp<"greater", "True where above", "x[i] > y[i]", Graph_NumericTensor>;
def Graph_GreaterEqualOp
    : Graph_CompareOp<"greater_equal", "True where not below", "x[i] >= y[i]",
                      Graph_NumericTensor>;

class Graph_LogicalOp<string mnemonic, string what, string formula>
    : Graph_ElementwiseOp<mnemonic, [Commutative]> {
  let summary = what;
  let description = "`z[i] = " # formula # "` of two bool tensors that broadcast.";
  let arguments = (ins Graph_BoolTensor:$x, Graph_BoolTensor:$y);
  let results = (outs Graph_BoolTensor:$z);
}

def Graph_LogicalAndOp : Graph_LogicalOp<"logical_and", "True where both are", "x[i] && y[i]">;
def Graph_LogicalOrOp : Graph_LogicalOp<"logical_or", "True where either is", "x[i] || y[i]">;
def Graph_LogicalXorOp : Graph_LogicalOp<"logical_xor", "True where one is", "x[i] != y[i]">;

def Graph_LogicalNotOp : Graph_ElementwiseOp<"logical_not"> {
  let summary = "True where the operand is false";
  let description = "`y[i] = !x[i]`; `shape(y) = shape(x)`.";
  let arguments = (ins Graph_BoolTensor:$x);
  let results = (outs Graph_BoolTensor:$y);
}

//===--- Unary --------------------------------------------------------------------------------===//

class Graph_UnaryOp<string mnemonic, Type type, string what, string formula>
    : Graph_ElementwiseOp<mnemonic> {
  let summary = what;
  let description = "`y[i] = " # formula # "`; `y` has the dtype and the shape of `x`.";
  let arguments = (ins type:$x);
  let results = (outs type:$y);
}

def Graph_NegativeOp : Graph_UnaryOp<"negative", Graph_NumericTensor, "Negation", "-x[i]">;
def Graph_AbsOp : Graph_UnaryOp<"abs", Graph_NumericTensor, "Magnitude", "|x[i]|">;
def Graph_SignOp
    : Graph_UnaryOp<"sign", Graph_NumericTensor, "-1, 0 or 1",
                    "(x[i] > 0) - (x[i] < 0), NaN stays NaN">;
def Graph_SquareOp : Graph_UnaryOp<"square", Graph_NumericTensor, "Square", "x[i] * x[i]">;
def Graph_SqrtOp
    : Graph_UnaryOp<"sqrt", Graph_FloatTensor, "Square root", "sqrt(x[i]), NaN below zero">;
def Graph_RsqrtOp
    : Graph_UnaryOp<"rsqrt", Graph_FloatTensor, "One over the square root", "1 / sqrt(x[i])">;
def Graph_ReciprocalOp
    : Graph_UnaryOp<"reciprocal", Graph_FloatTensor, "One over the element", "1 / x[i]">;
def Graph_ExpOp : Graph_UnaryOp<"exp", Graph_FloatTensor, "Exponential", "e ** x[i]">;
def Graph_LogOp
    : Graph_UnaryOp<"log", Graph_FloatTensor, "Natural logarithm", "ln(x[i]), NaN below zero">;
def Graph_TanhOp : Graph_UnaryOp<"tanh", Graph_FloatTensor, "Hyperbolic tangent", "tanh(x[i])">;
def Graph_SigmoidOp
    : Graph_UnaryOp<"sigmoid", Graph_FloatTensor, "Logistic function", "1 / (1 + exp(-x[i]))">;
def Graph_ReluOp
    : Graph_UnaryOp<"relu", Graph_NumericTensor, "Rectifier", "max(x[i], 0), NaN stays NaN">;
def Graph_SoftplusOp
    : Graph_UnaryOp<"softplus", Graph_FloatTensor, "Smooth rectifier",
                    "ln(1 + exp(x[i])), x[i] where that overflows">;
def Graph_Relu6Op
    : Graph_UnaryOp<"relu6", Graph_NumericTensor, "Rectifier that stops at six",
                    "min(max(x[i], 0), 6), NaN stays NaN">;
def Graph_EluOp
    : Graph_UnaryOp<"elu", Graph_FloatTensor, "Exponential linear unit",
                    "x[i] < 0 ? exp(x[i]) - 1 : x[i]">;
def Graph_SeluOp
    : Graph_UnaryOp<"selu", Graph_FloatTensor, "Scaled exponential linear unit",
                    "x[i] < 0 ? scale * alpha * (exp(x[i]) - 1) : scale * x[i], with alpha = "
                    "1.6732632423543772 and scale = 1.0507009873554805">;
def Graph_LeakyReluOp : Graph_ElementwiseOp<"leaky_relu"> {
  let summary = "Rectifier with a slope below zero";
  let description = [{
    `y[i] = x[i] > 0 ? x[i] : alpha * x[i]`; `y` has the dtype and the shape of `x`.

    %y = graph.leaky_relu %x {alpha = 0.2 : f64} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_FloatTensor:$x, F64Attr:$alpha);
  let results = (outs Graph_FloatTensor:$y);
}
def Graph_FloorOp
    : Graph_UnaryOp<"floor", Graph_NumericTensor, "Rounding toward minus infinity", "floor(x[i])">;
def Graph_CeilOp
    : Graph_UnaryOp<"ceil", Graph_NumericTensor, "Rounding toward infinity", "ceil(x[i])">;
def Graph_RoundOp
    : Graph_UnaryOp<"round", Graph_NumericTensor, "Rounding to the nearest, halves to even",
                    "round(x[i])">;
def Graph_IdentityOp : Graph_UnaryOp<"identity", Graph_Tensor, "The operand itself", "x[i]">;
def Graph_StopGradientOp
    : Graph_UnaryOp<"stop_gradient", Graph_Tensor, "The operand, without a gradient", "x[i]">;
def Graph_ZerosLikeOp
    : Graph_UnaryOp<"zeros_like", Graph_Tensor, "Zeros of the operand's type", "0">;
def Graph_OnesLikeOp : Graph_UnaryOp<"ones_like", Graph_Tensor, "Ones of the operand's type", "1">;

def Graph_CastOp : Graph_ElementwiseOp<"cast"> {
  let summary = "Conversion to another dtype";
  let description = [{
    `y[i]` is `x[i]` as `dtype`; `shape(y) = shape(x)`. Floats become integers by truncation toward
    zero, undefined where the value does not fit; to bool, everything but zero is true.

    %y = graph.cast %x {dtype = f32} : (tensor<?x6xi32>) -> tensor<?x6xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, TypeAttr:$dtype);
  let results = (outs Graph_Tensor:$y);
}

//===--- Others -------------------------------------------------------------------------------===//

def Graph_WhereOp : Graph_ElementwiseOp<"where"> {
  let summary = "Elements of one tensor or the other";
  let description = [{
    `z[i] = condition[i] ? x[i] : y[i]`; `condition` is bool, `x` and `y` have the same dtype, all
    three broadcast. Nothing of the side not chosen is seen, NaN included.

    %z = graph.where %live, %new, %old
        : (tensor<?x1xi1>, tensor<?x27xf32>, tensor<?x27xf32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$x, Graph_Tensor:$y);
  let results = (outs Graph_Tensor:$z);
}

def Graph_ClipByValueOp : Graph_ElementwiseOp<"clip_by_value"> {
  let summary = "Every element limited to a closed interval";
  let description = [{
    `y[i] = min(max(x[i], low), high)`; `low` and `high` are scalars of `x`'s dtype; undefined when
    `low > high`. A NaN in `x` stays a NaN. The gradient passes where `low <= x[i] <= high`, ends
    included.

    %y = graph.clip_by_value %grad, %low, %high
        : (tensor<27x108xf32>, tensor<f32>, tensor<f32>) -> tensor<27x108xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$x, Graph_NumericTensor:$low,
                       Graph_NumericTensor:$high);
  let results = (outs Graph_NumericTensor:$y);
}

def Graph_AddNOp : Graph_ElementwiseOp<"add_n"> {
  let summary = "Sum of any number of tensors";
  let description = [{
    `y[i] = xs[0][i] + xs[1][i] + ...`, from left to right; all of one dtype and one shape (no
    broadcasting), at least one.

    %y = graph.add_n %a, %b, %c
        : (tensor<27xf32>, tensor<27xf32>, tensor<27xf32>) -> tensor<27xf32>
  }];
  let arguments = (ins Variadic<Graph_NumericTensor>:$xs);
  let results = (outs Graph_NumericTensor:$y);
}

def Graph_BiasAddOp : Graph_ElementwiseOp<"bias_add"> {
  let summary = "A vector added along the last axis";
  let description = [{
    `y[..., c] = x[..., c] + bias[c]`; `x` has rank 2 or more, `bias` rank 1 and the extent of `x`'s
    last axis; one dtype. `shape(y) = shape(x)`.

    %y = graph.bias_add %x, %b : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$x, Graph_NumericTensor:$bias);
  let results = (outs Graph_NumericTensor:$y);
}

#endif
