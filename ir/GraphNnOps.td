// Softmax, the cross entropies that go with it, and normalizations.
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

//===--- Normalizations -----------------------------------------------------------------------===//
// `graph-fuse-normalization` makes these of the small ops that programs record. What they take the
// mean over is the last axis (layers) or all the others (batches); "groups" are what has a mean of
// its own: the rows, or the channels.

class Graph_NormalizationOp<string mnemonic, string what, string over, string groups,
                            string example> : Graph_PureOp<mnemonic, "nn"> {
  let summary = what;
  let description = [{`y = gamma * (x - mean) / sqrt(variance + epsilon) + beta` with `mean` the mean
    of `x` over }] # over # [{ and `variance` the mean of `(x - mean)^2` over the same; `gamma` and
    `beta` have an element for each channel, the last axis of `x`. `shape(x) = shape(y) = [batch...,
    channels]`, `shape(gamma) = shape(beta) = [channels]`, `shape(mean) = shape(variance) =
    }] # groups # [{`; all have one dtype, `epsilon` is 0 or more. Undefined where `x` has no element.

    %y, %mean, %variance = graph.}] # mnemonic # [{ %x, %gamma, %beta {epsilon = 1.0e-03 : f64}
        : (tensor<600x9xf32>, tensor<9xf32>, tensor<9xf32>)
        -> (tensor<600x9xf32>, }] # example # ", " # example # ")";
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$gamma, Graph_FloatTensor:$beta,
                       F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$y, Graph_FloatTensor:$mean, Graph_FloatTensor:$variance);
}

def Graph_LayerNormalizationOp
    : Graph_NormalizationOp<"layer_normalization", "Every row moved to mean 0 and variance 1",
                            "the last axis", "[batch...]", "tensor<600xf32>">;
def Graph_BatchNormalizationOp
    : Graph_NormalizationOp<"batch_normalization", "Every channel moved to mean 0 and variance 1",
                            "all axes but the last", "[channels]", "tensor<9xf32>">;

class Graph_NormalizationGradientOp<string forward, string example>
    : Graph_PureOp<forward # "_gradient", "nn"> {
  let summary = "Gradient of " # forward;
  let description = [{The gradients of `y, mean, variance = graph.}] # forward # [{ x, gamma, beta` by
    `x`, `gamma` and `beta`, given `dy`, that of `y`. With `s = 1 / sqrt(variance + epsilon)`,
    `x' = (x - mean) * s`, `g = gamma * dy` and `M` the mean over what `mean` is one of: `dx = s *
    (g - M(g) - x' * M(g * x'))`, `dgamma` is the sum of `dy * x'` and `dbeta` that of `dy` over all
    axes but the last. `shape(dy) = shape(dx) = shape(x)`, `shape(dgamma) = shape(dbeta) =
    shape(gamma)`.

    %dx, %dgamma, %dbeta = graph.}] # forward # [{_gradient %x, %gamma, %mean, %variance, %dy
        {epsilon = 1.0e-03 : f64}
        : (tensor<600x9xf32>, tensor<9xf32>, }] # example # ", " # example # [{, tensor<600x9xf32>)
        -> (tensor<600x9xf32>, tensor<9xf32>, tensor<9xf32>)
  }];
  let arguments = (ins Graph_FloatTensor:$x, Graph_FloatTensor:$gamma, Graph_FloatTensor:$mean,
                       Graph_FloatTensor:$variance, Graph_FloatTensor:$dy, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$dx, Graph_FloatTensor:$dgamma, Graph_FloatTensor:$dbeta);
}

def Graph_LayerNormalizationGradientOp
    : Graph_NormalizationGradientOp<"layer_normalization", "tensor<600xf32>">;
def Graph_BatchNormalizationGradientOp
    : Graph_NormalizationGradientOp<"batch_normalization", "tensor<9xf32>">;

#endif
