// Matrix products and factorisations.
#ifndef GRAPHC_IR_GRAPH_MATMUL_OPS
#define GRAPHC_IR_GRAPH_MATMUL_OPS

include "ir/GraphDialect.td"

def Graph_MatmulOp : Graph_PureOp<"matmul", "matmul"> {
  let summary = "Product of two matrices, or of batches of them";
  let description = [{
    `c[..., m, n] = sum over k of a[..., m, k] * b[..., k, n]`, where `transpose_a` reads `a` as
    `[..., k, m]` and `transpose_b` reads `b` as `[..., n, k]`. Both have rank 2 or more and one
    dtype; the leading extents broadcast. The order of the summation is undefined.

    %c = graph.matmul %x, %w {transpose_b = true}
        : (tensor<?x27xf32>, tensor<108x27xf32>) -> tensor<?x108xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$a, Graph_NumericTensor:$b, Graph_Flag:$transpose_a,
                       Graph_Flag:$transpose_b);
  let results = (outs Graph_NumericTensor:$c);
}

def Graph_FusedMatmulOp : Graph_PureOp<"fused_matmul", "matmul"> {
  let summary = "Matrix product with its bias and activation";
  let description = [{
    `c = activation(matmul(a, b) + bias)`, `matmul` and the transpose flags as in `graph.matmul`,
    `bias` a vector over the last axis. `activation` is `none`, `relu`, `tanh` or `sigmoid`, each as
    the op of that name. Passes make it; programs do not record it.

    %c = graph.fused_matmul %x, %w, %b {activation = "relu"}
        : (tensor<600x27xf32>, tensor<27x6xf32>, tensor<6xf32>) -> tensor<600x6xf32>
  }];
  let arguments = (ins Graph_FloatTensor:$a, Graph_FloatTensor:$b,
                       Optional<Graph_FloatTensor>:$bias, Graph_Flag:$transpose_a,
                       Graph_Flag:$transpose_b, DefaultValuedAttr<StrAttr, "\"none\"">:$activation);
  let results = (outs Graph_FloatTensor:$c);
}

def Graph_QrOp : Graph_PureOp<"qr", "matmul"> {
  let summary = "Reduced QR factorisation";
  let description = [{
    `x = q r`, the columns of `q` orthonormal, `r` upper triangular. With `x` of shape
    `[..., m, n]` and `k = min(m, n)`: `shape(q) = [..., m, k]`, `shape(r) = [..., k, n]`. The signs
    are those of Householder's method. It runs on the host, without a compiled kernel.

    %q, %r = graph.qr %x : (tensor<108x27xf32>) -> (tensor<108x27xf32>, tensor<27x27xf32>)
  }];
  let arguments = (ins Graph_FloatTensor:$x);
  let results = (outs Graph_FloatTensor:$q, Graph_FloatTensor:$r);
}

#endif
