// Updates of the rows of a variable that a step met: what optimizers do with the gradient of
// embedding_lookup, TensorFlow's IndexedSlices.
#ifndef GRAPHC_IR_GRAPH_SPARSE_OPS
#define GRAPHC_IR_GRAPH_SPARSE_OPS

include "ir/GraphVariableUses.td"

// `grad` holds n rows of the variable, [n, ...]; `indices` [n] says which. Rows that are named more
// than once have their gradients added up first, rows outside of the variable are left out, and
// rows that are not named keep their values, those of the slots too.
class Graph_SparseApplyOp<string mnemonic, string what, string formula>
    : Graph_ApplyOp<mnemonic, what> {
  let description = [{
    For every row r of the variable that `indices` names, with `g` the sum of the rows of `grad` that
    belong to it: }] # formula # [{ on row r. All other rows of the variable and of its slots stay as
    they are.

    `grad` is `[n, ...]` with the extents of the variable behind its first, `indices` i32 or i64
    `[n]`; an index outside of the variable's rows is passed over. The other operands are scalars of
    the variable's dtype.

    graph.}] # mnemonic # [{ %lr, ..., %grad, %indices {variable = @embedding, ...}
        : (tensor<f32>, ..., tensor<40x50xf32>, tensor<40xi64>) -> ()
  }];
}

def Graph_SparseApplyGradientDescentOp
    : Graph_SparseApplyOp<"sparse_apply_gradient_descent", "Gradient descent of some rows",
                          "`variable -= lr * g`"> {
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad, Graph_IndexTensor:$indices,
                       FlatSymbolRefAttr:$variable);
}

def Graph_SparseApplyMomentumOp
    : Graph_SparseApplyOp<"sparse_apply_momentum", "Gradient descent with momentum of some rows",
                          "what `apply_momentum` does"> {
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad, Graph_FloatTensor:$momentum,
                       Graph_IndexTensor:$indices, FlatSymbolRefAttr:$variable,
                       FlatSymbolRefAttr:$accumulator, Graph_Flag:$use_nesterov);
}

def Graph_SparseApplyAdagradOp
    : Graph_SparseApplyOp<"sparse_apply_adagrad", "Adagrad of some rows",
                          "what `apply_adagrad` does"> {
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$grad, Graph_IndexTensor:$indices,
                       FlatSymbolRefAttr:$variable, FlatSymbolRefAttr:$accumulator);
}

def Graph_SparseApplyRmsPropOp
    : Graph_SparseApplyOp<"sparse_apply_rms_prop", "RMSProp of some rows",
                          "what `apply_rms_prop` does"> {
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$decay, Graph_FloatTensor:$momentum,
                       Graph_FloatTensor:$epsilon, Graph_FloatTensor:$grad,
                       Graph_IndexTensor:$indices, FlatSymbolRefAttr:$variable,
                       FlatSymbolRefAttr:$mean_square, FlatSymbolRefAttr:$momentum_slot);
}

def Graph_SparseApplyCenteredRmsPropOp
    : Graph_SparseApplyOp<"sparse_apply_centered_rms_prop", "RMSProp with the variance of some rows",
                          "what `apply_centered_rms_prop` does"> {
  let arguments = (ins Graph_FloatTensor:$lr, Graph_FloatTensor:$decay, Graph_FloatTensor:$momentum,
                       Graph_FloatTensor:$epsilon, Graph_FloatTensor:$grad,
                       Graph_IndexTensor:$indices, FlatSymbolRefAttr:$variable,
                       FlatSymbolRefAttr:$mean_gradient, FlatSymbolRefAttr:$mean_square,
                       FlatSymbolRefAttr:$momentum_slot);
}

#endif
