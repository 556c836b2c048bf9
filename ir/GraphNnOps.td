// Softmax and the cross entropies that go with it.
#ifndef GRAPHC_IR_GRAPH_NN_OPS
#define GRAPHC_IR_GRAPH_NN_OPS

include "ir/GraphDialect.td"

class Graph_SoftmaxBase<string mnemonic, string what, string formula>
    : Graph_PureOp<mnemonic, "nn"> {
  let summary = what;
  let description = "`y[i] = " # formula # [{`, sums along `axis`; the greatest element is taken off
    first, so that nothing overflows. `shape(y) = shape(x)`.

    %y = graph.}] # mnemonic # [{ %x {axis = 1 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  }];
  let arguments = (ins Graph_FloatTensor:$x, DefaultValuedAttr<Graph_Int, "-1">:$axis);
  let results = (outs Graph_FloatTensor:$y);
}

def Graph_SoftmaxOp
    : Graph_SoftmaxBase<"softmax", "Exponentials that sum to one", "exp(x[i]) / sum of exp(x)">;
def Graph_LogSoftmaxOp
    : Graph_SoftmaxBase<"log_softmax", "Logarithm of softmax", "x[i] - ln(sum of exp(x))">;

def Graph_SoftmaxCrossEntropyWithLogitsOp
    : Graph_PureOp<"softmax_cross_entropy_with_logits", "nn"> {
  let summary = "Cross entropy of the softmax of logits with given distributions";
  let description = [{
    `loss[b] = -sum over c of labels[b, c] * log_softmax(logits)[b, c]` and `backprop[b, c] =
    softmax(logits)[b, c] - labels[b, c]`, its gradient by `logits` where the labels of `b` sum to
    one. Both operands have one shape `[batch..., classes]` and one dtype; `shape(loss) =
    [batch...]`, `shape(backprop) = shape(logits)`.

    %loss, %backprop = graph.softmax_cross_entropy_with_logits %logits, %labels
        : (tensor<?x6xf32>, tensor<?x6xf32>) -> (tensor<?xf32>, tensor<?x6xf32>)
  }];
  let arguments = (ins Graph_FloatTensor:$logits, Graph_FloatTensor:$labels);
  let results = (outs Graph_FloatTensor:$loss, Graph_FloatTensor:$backprop);
}

def Graph_SparseSoftmaxCrossEntropyWithLogitsOp
    : Graph_PureOp<"sparse_softmax_cross_entropy_with_logits", "nn"> {
  let summary = "Cross entropy of the softmax of logits with given classes";
  let description = [{
    As `graph.softmax_cross_entropy_with_logits` with labels that are one at `labels[b]` and zero
    elsewhere: `shape(labels) = [batch...]`, i32 or i64. Undefined where a label is not in
    `[0, classes)`.

    %loss, %backprop = graph.sparse_softmax_cross_entropy_with_logits %logits, %labels
        : (tensor<?x6xf32>, tensor<?xi64>) -> (tensor<?xf32>, tensor<?x6xf32>)
  }];
  let arguments = (ins Graph_FloatTensor:$logits, Graph_IndexTensor:$labels);
  let results = (outs Graph_FloatTensor:$loss, Graph_FloatTensor:$backprop);
}

#endif
