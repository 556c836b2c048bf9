// Sums, extrema and their positions along axes.
#ifndef GRAPHC_IR_GRAPH_REDUCTION_OPS
#define GRAPHC_IR_GRAPH_REDUCTION_OPS

include "ir/GraphDialect.td"

class Graph_ReduceOp<string mnemonic, Type type, string what, string formula>
    : Graph_PureOp<mnemonic, "reduction"> {
  let summary = what;
  let description = [{`y` is }] # formula # [{ over `axes` of `x`. Without the attribute all are
    reduced, with an empty one none. The reduced extents become one where `keep_dims` is set and
    vanish otherwise; `y` has `x`'s dtype. The order of the operation is undefined.

    %y = graph.}] # mnemonic # [{ %x {axes = array<i64: 0>} : (}] #
    !if(!eq(type, Graph_BoolTensor), "tensor<?x6xi1>) -> tensor<6xi1>",
        "tensor<?x6xf32>) -> tensor<6xf32>");
  let arguments = (ins type:$x, OptionalAttr<DenseI64ArrayAttr>:$axes, Graph_Flag:$keep_dims);
  let results = (outs type:$y);
}

def Graph_ReduceSumOp
    : Graph_ReduceOp<"reduce_sum", Graph_NumericTensor, "Sum over axes",
                     "the sum, 0 of no elements,">;
def Graph_ReduceMeanOp
    : Graph_ReduceOp<"reduce_mean", Graph_NumericTensor, "Mean over axes",
                     "the sum divided by the number of elements, NaN of no elements,">;
def Graph_ReduceMaxOp
    : Graph_ReduceOp<"reduce_max", Graph_NumericTensor, "Greatest element over axes",
                     "the greatest element, the least value of the dtype of no elements,">;
def Graph_ReduceMinOp
    : Graph_ReduceOp<"reduce_min", Graph_NumericTensor, "Least element over axes",
                     "the least element, the greatest value of the dtype of no elements,">;
def Graph_ReduceProdOp
    : Graph_ReduceOp<"reduce_prod", Graph_NumericTensor, "Product over axes",
                     "the product, 1 of no elements,">;
def Graph_ReduceAllOp
    : Graph_ReduceOp<"reduce_all", Graph_BoolTensor, "Whether all elements over axes are true",
                     "the conjunction, true of no elements,">;
def Graph_ReduceAnyOp
    : Graph_ReduceOp<"reduce_any", Graph_BoolTensor, "Whether any element over axes is true",
                     "the disjunction, false of no elements,">;

class Graph_ArgOp<string mnemonic, string what, string which>
    : Graph_PureOp<mnemonic, "reduction"> {
  let summary = what;
  let description = [{`y[...]` is the index along `axis` of the }] # which # [{ element of `x`, the
    first of equal ones; `shape(y)` is `shape(x)` without `axis`, `dtype` i32 or i64. Undefined if
    an element is NaN.

    %y = graph.}] # mnemonic # [{ %x {axis = 0 : i64, dtype = i64} : (tensor<6xf32>) -> tensor<i64>
  }];
  let arguments = (ins Graph_NumericTensor:$x, Graph_Int:$axis, TypeAttr:$dtype);
  let results = (outs Graph_IndexTensor:$y);
}

def Graph_ArgmaxOp : Graph_ArgOp<"argmax", "Position of the greatest element", "greatest">;
def Graph_ArgminOp : Graph_ArgOp<"argmin", "Position of the least element", "least">;

def Graph_L2LossOp : Graph_PureOp<"l2_loss", "reduction"> {
  let summary = "Half the sum of squares";
  let description = [{
    `y = sum over i of x[i] * x[i] / 2`, a scalar of `x`'s dtype.

    %y = graph.l2_loss %w : (tensor<9x27xf32>) -> tensor<f32>
  }];
  let arguments = (ins Graph_FloatTensor:$x);
  let results = (outs Graph_FloatTensor:$y);
}

#endif
