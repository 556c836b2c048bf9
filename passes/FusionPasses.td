// Ops that are computed together.

def FuseNormalizationPass : Graph_Pass<"graph-fuse-normalization"> {
  let summary = "Find layer and batch normalization in their small ops";
  let description = [{
    Means, squared differences, a reciprocal root, products and sums that together are
    `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, with mean and variance those of `x` over
    its last axis or over all others, become `graph.layer_normalization` or
    `graph.batch_normalization`, which oneDNN has primitives for; so does, by its rule, their
    gradient. It runs before gradients are inserted.

    Before (`tf.nn.moments`, `tf.nn.batch_normalization`):

        %m = graph.reduce_mean %x;  %d = graph.squared_difference %x, (graph.stop_gradient %m)
        %v = graph.reduce_mean %d;  %r = graph.rsqrt (%v + 0.001);  %k = graph.multiply %r, %gamma
        %y = graph.add (%x * %k), (%beta - %m * %k)

    After:

        %y, %m, %v = graph.layer_normalization %x, %gamma, %beta {epsilon = 0.001}

    Found in the order of the terms and factors that comes; with `(x - mean)^2` as a square or as a
    product, `(x - mean) * k + beta`, a division by the root; with gamma or beta left out; with axes
    of extent one around the mean and the variance. Left in small ops, with a missed remark that says
    why: other axes; gamma or beta along other axes; other dtypes than f32; a value in the middle that
    something else uses; gradients by one of the values in the middle; the gradient of a gradient where
    `stop_gradient` stands before the mean, as it would not stop the second one any more; the bodies of
    recurrences; and, unless `always` is set, shapes for which the fused loops of the small ops are
    faster (docs/Normalization.md).
  }];
  let options = [
    Option<"always", "always", "bool", "false",
           "Also where the fused loops of the small ops are faster">,
  ];
  let statistics = [
    Statistic<"numLayers", "layers-found", "Layer normalizations found">,
    Statistic<"numBatches", "batches-found", "Batch normalizations found">,
    Statistic<"numDeclined", "normalizations-declined", "Normalizations left in small ops">,
  ];
}

def FuseMatmulEpiloguePass : Graph_Pass<"graph-fuse-matmul-epilogue"> {
  let summary = "Let a product add its bias and apply its activation";
  let description = [{
    `matmul`, a `bias_add` (or an `add` of a vector over the last axis) that alone uses it, and a
    `relu`, `tanh` or `sigmoid` that alone uses that become one `graph.fused_matmul`.

    Before:

        %p = graph.matmul %x, %w;  %s = graph.bias_add %p, %b;  %y = graph.relu %s

    After:

        %y = graph.fused_matmul %x, %w, %b {activation = "relu"}

    A change of shape in between that keeps the last axis moves behind it. Left alone: values with
    further uses (a gradient that needs the value before the activation), and the bodies of
    recurrences, which become kernels as a whole.
  }];
  let statistics = [
    Statistic<"numFused", "products-fused", "Products that took over a bias or an activation">,
    Statistic<"numMissed", "products-missed", "Products whose sum has further uses">,
  ];
}

def FuseConvolutionEpiloguePass : Graph_Pass<"graph-fuse-convolution-epilogue"> {
  let summary = "Let a convolution add its bias and apply its activation";
  let description = [{
    `conv2d`, a `bias_add` (or an `add` of a vector over the last axis) that alone uses it, and a
    `relu`, `tanh` or `sigmoid` that alone uses that become one `graph.fused_conv2d`.

    Before:

        %p = graph.conv2d %x, %w;  %q = graph.squeeze %p;  %s = graph.bias_add %q, %b

    After:

        %s4 = graph.fused_conv2d %x, %w, %b {activation = "none"};  %s = graph.reshape %s4

    A change of shape in between that keeps the last axis moves behind it. Left alone: values with
    further uses, and depthwise convolutions.
  }];
  let statistics = [
    Statistic<"numFused", "convolutions-fused",
              "Convolutions that took over a bias or an activation">,
    Statistic<"numMissed", "convolutions-missed", "Convolutions whose sum has further uses">,
  ];
}

def FuseConvolutionPoolingPass : Graph_Pass<"graph-fuse-convolution-pooling"> {
  let summary = "Let a convolution pool its result, forward and backward";
  let description = [{
    `conv2d`, a `bias_add` that alone uses it, a `max_pool2d` of windows that do not overlap, and a
    `relu` that alone uses that become one `graph.pooled_conv2d`, a kernel that writes the greatest
    element of every window and its place in it. The gradients of these ops follow it: with places
    known, the gradient of the convolution's result is made window by window where filter and input
    take it up, and it is never in memory as a whole, nor is the result itself.

    Before:

        %z = graph.conv2d %x, %w;  %s = graph.bias_add %z, %b;  %p = graph.max_pool2d %s
        %y = graph.relu %p
        %c = graph.greater %y, %zero;  %dp = graph.where %c, %dy, %zero
        %dz = graph.max_pool2d_gradient %s, %p, %dp
        %dw = graph.conv2d_backprop_filter %x, %dz;  %dx = graph.conv2d_backprop_input %w, %dz
        %db = graph.reduce_sum %dz {axes = array<i64: 0, 1, 2>}

    After:

        %y, %places = graph.pooled_conv2d %x, %w, %b {activation = "relu"}
        %dws, %dbs = graph.pooled_conv2d_backprop_filter %x, %places, %dy {parts = 16}
        %dw = graph.reduce_sum %dws {axes = array<i64: 0>}
        %db = graph.reduce_sum %dbs {axes = array<i64: 0>}
        %dx = graph.pooled_conv2d_backprop_input %w, %places, %dy

    Changes of shape in between are looked through where they keep rows, columns and channels. Left
    alone: float64; values in between with further uses (a fetch, a gradient that needs them); windows
    that overlap or have more than 16 elements; filters of more than 24 KB and images of more than 64 KB
    an example, whose products are large enough for oneDNN's primitives to be as fast; and gradients
    that another op gets to see.
  }];
  let options = [
    Option<"filterBytes", "filter-bytes", "int64_t", "24576", "Largest filter">,
    Option<"imageBytes", "image-bytes", "int64_t", "65536", "Largest image">,
    Option<"windowElements", "window-elements", "int64_t", "16", "Largest window">,
    Option<"parts", "parts", "int64_t", "16", "Parts of the batch that filters' gradients are summed in">,
  ];
  let statistics = [
    Statistic<"numFused", "convolutions-fused", "Convolutions that pool their result">,
    Statistic<"numGradients", "gradients-fused", "Gradients of such convolutions">,
    Statistic<"numMissed", "convolutions-missed", "Pooled convolutions left in several ops">,
  ];
}

def SplitSumsPass : Graph_Pass<"graph-split-sums"> {
  let summary = "Add up many tensors some at a time";
  let description = [{
    An `add_n` of more than `max-terms` tensors becomes several, each of which goes on from the sum of
    the one before; they come as soon as their terms are there. Kernels and their compilation then do
    not grow with the number of terms, parts of one size share a kernel, and terms need not wait for
    the last one in memory. The terms are added in their order, so that the sum has the same bits.

    Before, with `max-terms=3`:

        %s = graph.add_n %a, %b, %c, %d

    After:

        %p = graph.add_n %a, %b, %c
        %s = graph.add_n %p, %d
  }];
  let options = [
    Option<"maxTerms", "max-terms", "unsigned", "32", "Most operands of one sum">,
  ];
  let statistics = [
    Statistic<"numSplit", "sums-split", "Sums in several parts">,
  ];
}

def FuseElementwisePass : Graph_Pass<"graph-fuse-elementwise"> {
  let summary = "Group elementwise ops and reductions into kernels";
  let description = [{
    Puts every op that a kernel can compute into a `graph.cluster`, as few clusters as the following
    rules give. Elementwise ops of one iteration shape join their producers and consumers; operands
    that are broadcast come along. A reduction may end a cluster: its elementwise producers are
    computed in the same loop. Ops that only move elements (slices, pads, concatenations) or make them
    of nothing (random numbers) join what reads them, so that their results are never written. Ops on
    scalars join one another. Nothing is computed twice. A value used outside of its cluster is an
    output of it.

    Before:

        %a = graph.multiply %x, %y;  %b = graph.tanh %a

    After:

        %b = graph.cluster %x, %y : ... {
        ^bb0(%0: tensor<600x27xf32>, %1: tensor<600x27xf32>):
          %a = graph.multiply %0, %1
          %b = graph.tanh %a
          graph.yield %b
        }

    Left outside: renames (`reshape`, `expand_dims`, `squeeze`, `identity`), which are views of memory;
    products and what else a oneDNN primitive computes; recurrences; updates of variables; ops without
    a kernel, which run on the host. A sum of 32 tensors or more is a cluster by itself. With
    `fuse=false` each op has a cluster of its own.
  }];
  let options = [
    Option<"fuse", "fuse", "bool", "true", "Let a cluster have more than one op">,
    Option<"maxOps", "max-ops", "unsigned", "64", "Most ops in one cluster">,
  ];
  let statistics = [
    Statistic<"numClusters", "clusters", "Clusters made">,
    Statistic<"numClustered", "ops-clustered", "Ops inside of clusters">,
    Statistic<"numHost", "ops-for-host", "Ops that have no kernel">,
    Statistic<"numTooLarge", "joins-missed", "Fusions not done for the size of a cluster">,
  ];
}
