// Functions of one element that no finite number of sums and products gives. Their classes are named
// nowhere but in GraphElementwiseOps.cpp, which registers them with the elementwise ops.
#ifndef GRAPHC_IR_GRAPH_TRANSCENDENTAL_OPS
#define GRAPHC_IR_GRAPH_TRANSCENDENTAL_OPS

include "ir/GraphDialect.td"

class Graph_TranscendentalOp<string mnemonic, string what, string formula>
    : Graph_PureOp<mnemonic, "elementwise", [Graph_Elementwise]> {
  let summary = what;
  let description = "`y[i] = " # formula # "`; `y` has the dtype and the shape of `x`.";
  let arguments = (ins Graph_FloatTensor:$x);
  let results = (outs Graph_FloatTensor:$y);
}

def Graph_Expm1Op
    : Graph_TranscendentalOp<"expm1", "Exponential minus one",
                             "e ** x[i] - 1, with its digits kept near zero">;
def Graph_Log1pOp
    : Graph_TranscendentalOp<"log1p", "Natural logarithm of one plus the element",
                             "ln(1 + x[i]), with its digits kept near zero, NaN below -1">;
def Graph_SinOp : Graph_TranscendentalOp<"sin", "Sine", "sin(x[i])">;
def Graph_CosOp : Graph_TranscendentalOp<"cos", "Cosine", "cos(x[i])">;
def Graph_ErfOp
    : Graph_TranscendentalOp<"erf", "Error function",
                             "2 / sqrt(pi) * (integral from 0 to x[i] of exp(-t ** 2))">;

#endif
