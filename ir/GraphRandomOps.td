// Counter-based random numbers.
#ifndef GRAPHC_IR_GRAPH_RANDOM_OPS
#define GRAPHC_IR_GRAPH_RANDOM_OPS

include "ir/GraphDialect.td"

// The numbers depend on key, run and place only, so that these ops are pure: two with equal
// attributes give equal numbers. Ops recorded apart have different streams or seeds.
class Graph_RandomOp<string mnemonic, string what, string distribution>
    : Graph_PureOp<mnemonic, "random"> {
  let summary = what;
  let description = "`y[i]` is drawn from " # distribution # [{, independent of all others. `y` has
    `dtype` and the shape that the attribute `shape` or the operand gives. The bits are those of
    Philox4x32-10 (runtime/RandomGenerator.h) keyed by `seed` and `seed2`, or by the session's seed
    and `stream` where both are zero, and counted by the run and the element's place. In the body of
    a `graph.static_rnn`, rows of step t follow those of step t-1; an op taken out of one says its
    step in `step`.

    %y = graph.}] # mnemonic # [{ {dtype = f32, shape = array<i64: 600, 27>, stream = 3 : i64}
        : () -> tensor<600x27xf32>
  }];
  let arguments = (ins Optional<Graph_IndexTensor>:$shape_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$shape, TypeAttr:$dtype, Graph_Seed:$seed,
                       Graph_Seed:$seed2, Graph_Seed:$stream, OptionalAttr<Graph_Int>:$step);
  let results = (outs Graph_FloatTensor:$y);
}

def Graph_RandomUniformOp
    : Graph_RandomOp<"random_uniform", "Uniform random numbers in [0, 1)",
                     "the uniform distribution over `[0, 1)`">;
def Graph_RandomNormalOp
    : Graph_RandomOp<"random_normal", "Normal random numbers", "the standard normal distribution">;
def Graph_TruncatedNormalOp
    : Graph_RandomOp<"truncated_normal", "Normal random numbers within two sigma",
                     "the standard normal distribution, redrawn while beyond 2 in magnitude">;

def Graph_RandomUniformIntOp : Graph_PureOp<"random_uniform_int", "random"> {
  let summary = "Uniform random integers";
  let description = [{
    `y[i]` is drawn from the integers in `[minval, maxval)`, scalars of `y`'s dtype (i32 or i64);
    undefined where the interval is empty. Shape, seeds and `step` as in `graph.random_uniform`.

    %y = graph.random_uniform_int %low, %high {shape = array<i64: 600>, stream = 4 : i64}
        : (tensor<i32>, tensor<i32>) -> tensor<600xi32>
  }];
  let arguments = (ins Graph_IndexTensor:$minval, Graph_IndexTensor:$maxval,
                       Optional<Graph_IndexTensor>:$shape_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$shape, OptionalAttr<TypeAttr>:$dtype,
                       Graph_Seed:$seed, Graph_Seed:$seed2, Graph_Seed:$stream,
                       OptionalAttr<Graph_Int>:$step);
  let results = (outs Graph_IndexTensor:$y);
}

#endif
