// Windows that slide over images: convolutions and poolings, and their gradients.
#ifndef GRAPHC_IR_GRAPH_CONVOLUTION_OPS
#define GRAPHC_IR_GRAPH_CONVOLUTION_OPS

include "ir/GraphDialect.td"

/// How windows slide, [height, width] each. `padding`: "SAME" (as many outputs as strides fit into
/// the input; odd padding has the greater half at the end), "VALID" (none) or "EXPLICIT", with
/// `explicit_paddings` [top, bottom, left, right]. See runtime/Windows.h for the arithmetic.
defvar Graph_WindowAttributes =
    (ins DenseI64ArrayAttr:$strides, StrAttr:$padding,
         OptionalAttr<DenseI64ArrayAttr>:$explicit_paddings);
defvar Graph_ConvolutionAttributes =
    !con((ins DenseI64ArrayAttr:$dilations), Graph_WindowAttributes);
defvar Graph_PoolingAttributes = !con((ins DenseI64ArrayAttr:$ksize), Graph_WindowAttributes);

class Graph_WindowOp<string mnemonic> : Graph_PureOp<mnemonic, "convolution">;

//===--- Convolutions -------------------------------------------------------------------------===//

class Graph_ConvolutionOp<string mnemonic, string what, string formula, string filterShape,
                          string outputShape> : Graph_WindowOp<mnemonic> {
  let summary = what;
  let description = "`y[n, i, j, k] = " # formula # [{`, where `r = i * strides[0] + a *
    dilations[0] - top`, `s = j * strides[1] + b * dilations[1] - left`, and what lies outside of
    `x` counts as zero. `shape(x) = [batch, height, width, channels]`, `shape(filter) = }] #
    filterShape # "`, `shape(y) = " # outputShape # [{`; one dtype. With `padding` "SAME" `height' =
    ceil(height / strides[0])`, else `height' = floor((height + top + bottom - (filter height - 1) *
    dilations[0] - 1) / strides[0]) + 1`; `top` and `left` are the paddings at the start.

    %y = graph.}] # mnemonic # [{ %x, %filter
        {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
        : (tensor<?x1x128x9xf32>, tensor<1x2x9x18xf32>) -> tensor<?x1x128x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$filter),
                       Graph_ConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$y);
}

class Graph_ConvolutionInputGradientOp<string mnemonic, string forward>
    : Graph_WindowOp<mnemonic> {
  let summary = "Gradient of " # forward # " by its input";
  let description = "`dx = sum over n, i, j, k of dy[n, i, j, k] * d y[n, i, j, k] / d x` for `y = "
                    "graph." # forward # [{ x, filter` with the same attributes; `shape(dx)`, `[batch, height, width,
    channels]`, is the attribute `input_sizes` or the vector operand of that name. Other extents
    than `shape(y)` would have are refused for `dy`.

    %dx = graph.}] # mnemonic # [{ %filter, %dy {dilations = array<i64: 1, 1>,
        input_sizes = array<i64: 8, 1, 128, 9>, padding = "SAME", strides = array<i64: 1, 1>}
        : (tensor<1x2x9x18xf32>, tensor<8x1x128x18xf32>) -> tensor<8x1x128x9xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$filter, Graph_FloatTensor:$dy,
                            Optional<Graph_IndexTensor>:$input_sizes_operand,
                            OptionalAttr<DenseI64ArrayAttr>:$input_sizes),
                       Graph_ConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$dx);
}

class Graph_ConvolutionFilterGradientOp<string mnemonic, string forward>
    : Graph_WindowOp<mnemonic> {
  let summary = "Gradient of " # forward # " by its filter";
  let description = "`dfilter = sum over n, i, j, k of dy[n, i, j, k] * d y[n, i, j, k] / d "
                    "filter` for `y = graph." # forward # [{ x, filter` with the same attributes; `shape(dfilter)` is the attribute
    `filter_sizes` or the vector operand of that name. Other extents than `shape(y)` would have are
    refused for `dy`.

    %dfilter = graph.}] # mnemonic # [{ %x, %dy {dilations = array<i64: 1, 1>,
        filter_sizes = array<i64: 1, 2, 9, 18>, padding = "SAME", strides = array<i64: 1, 1>}
        : (tensor<8x1x128x9xf32>, tensor<8x1x128x18xf32>) -> tensor<1x2x9x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$dy,
                            Optional<Graph_IndexTensor>:$filter_sizes_operand,
                            OptionalAttr<DenseI64ArrayAttr>:$filter_sizes),
                       Graph_ConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$dfilter);
}

def Graph_Conv2dOp
    : Graph_ConvolutionOp<"conv2d", "Convolution of images with a filter",
                          "sum over a, b, c of x[n, r, s, c] * filter[a, b, c, k]",
                          "[filter height, filter width, channels, outputs]",
                          "[batch, height', width', outputs]">;
def Graph_Conv2dBackpropInputOp
    : Graph_ConvolutionInputGradientOp<"conv2d_backprop_input", "conv2d">;
def Graph_Conv2dBackpropFilterOp
    : Graph_ConvolutionFilterGradientOp<"conv2d_backprop_filter", "conv2d">;

def Graph_DepthwiseConv2dOp
    : Graph_ConvolutionOp<"depthwise_conv2d", "Convolution of every channel by itself",
                          "sum over a, b of x[n, r, s, c] * filter[a, b, c, m] with k = c * "
                          "multiplier + m",
                          "[filter height, filter width, channels, multiplier]",
                          "[batch, height', width', channels * multiplier]">;
def Graph_DepthwiseConv2dBackpropInputOp
    : Graph_ConvolutionInputGradientOp<"depthwise_conv2d_backprop_input", "depthwise_conv2d">;
def Graph_DepthwiseConv2dBackpropFilterOp
    : Graph_ConvolutionFilterGradientOp<"depthwise_conv2d_backprop_filter", "depthwise_conv2d">;

def Graph_FusedConv2dOp : Graph_WindowOp<"fused_conv2d"> {
  let summary = "Convolution with bias and activation";
  let description = [{
    `y = activation(conv2d(x, filter) + bias)`; `activation` is "none", "relu", "tanh" or "sigmoid",
    `bias` has the extent of `y`'s last axis and may be left out. Passes make it of a `conv2d` and
    what follows it.

    %y = graph.fused_conv2d %x, %filter, %bias {activation = "relu", dilations = array<i64: 1, 1>,
        padding = "SAME", strides = array<i64: 1, 1>}
        : (tensor<8x1x128x9xf32>, tensor<1x2x9x18xf32>, tensor<18xf32>) -> tensor<8x1x128x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$filter,
                            Optional<Graph_FloatTensor>:$bias,
                            DefaultValuedAttr<StrAttr, "\"none\"">:$activation),
                       Graph_ConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$y);
}

//===--- Poolings -----------------------------------------------------------------------------===//

class Graph_PoolingOp<string mnemonic, Type type, string what, string formula>
    : Graph_WindowOp<mnemonic> {
  let summary = what;
  let description = "`y[n, i, j, c] = " # formula # [{ of x[n, r, s, c]` over the window `i *
    strides[0] - top <= r < i * strides[0] - top + ksize[0]`, `j * strides[1] - left <= s < j *
    strides[1] - left + ksize[1]`, as far as it lies inside of `x`: padding is left out.
    `shape(x) = [batch, height, width, channels]`, `shape(y) = [batch, height', width', channels]`
    with the extents that `graph.conv2d` would give. Undefined for windows with a NaN.

    %y = graph.}] # mnemonic # [{ %x
        {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
        : (tensor<?x1x128x18xf32>) -> tensor<?x1x32x18xf32>
  }];
  let arguments = !con((ins type:$x), Graph_PoolingAttributes);
  let results = (outs type:$y);
}

def Graph_MaxPool2dOp
    : Graph_PoolingOp<"max_pool2d", Graph_NumericTensor, "Greatest element of every window",
                      "maximum">;
def Graph_AvgPool2dOp
    : Graph_PoolingOp<"avg_pool2d", Graph_FloatTensor, "Mean of every window", "mean">;

def Graph_MaxPool2dGradientOp : Graph_WindowOp<"max_pool2d_gradient"> {
  let summary = "Gradient of max_pool2d";
  let description = [{
    `dx[n, r, s, c]` is the sum of `dy[n, i, j, c]` over the windows of `y = graph.max_pool2d x`
    whose greatest element stands at `r, s`; among equal ones it is the first, row by row.
    `shape(dx) = shape(x)`.

    %dx = graph.max_pool2d_gradient %x, %y, %dy
        {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
        : (tensor<8x1x128x18xf32>, tensor<8x1x32x18xf32>, tensor<8x1x32x18xf32>)
        -> tensor<8x1x128x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$y, Graph_FloatTensor:$dy),
                       Graph_PoolingAttributes);
  let results = (outs Graph_FloatTensor:$dx);
}

def Graph_MaxPool2dGradientGradientOp : Graph_WindowOp<"max_pool2d_gradient_gradient"> {
  let summary = "Gradient of max_pool2d_gradient by dy";
  let description = [{
    `dz[n, i, j, c] = g[n, r, s, c]` where `x[n, r, s, c]` is the greatest element of window `i, j`
    of `y = graph.max_pool2d x`, the first of equal ones. `shape(g) = shape(x)`, `shape(dz) =
    shape(y)`.

    %dz = graph.max_pool2d_gradient_gradient %x, %y, %g
        {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
        : (tensor<8x1x128x18xf32>, tensor<8x1x32x18xf32>, tensor<8x1x128x18xf32>)
        -> tensor<8x1x32x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$y, Graph_FloatTensor:$g),
                       Graph_PoolingAttributes);
  let results = (outs Graph_FloatTensor:$dz);
}

def Graph_AvgPool2dGradientOp : Graph_WindowOp<"avg_pool2d_gradient"> {
  let summary = "Gradient of avg_pool2d";
  let description = [{
    `dx[n, r, s, c]` is the sum of `dy[n, i, j, c] / m[i, j]` over the windows of `graph.avg_pool2d`
    that `r, s` lies in, `m` being how many elements of `x` they have. `shape(dx)`, `[batch, height,
    width, channels]`, is the attribute `input_sizes` or the vector operand of that name.

    %dx = graph.avg_pool2d_gradient %dy {input_sizes = array<i64: 8, 1, 128, 18>,
        ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
        : (tensor<8x1x32x18xf32>) -> tensor<8x1x128x18xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$dy,
                            Optional<Graph_IndexTensor>:$input_sizes_operand,
                            OptionalAttr<DenseI64ArrayAttr>:$input_sizes),
                       Graph_PoolingAttributes);
  let results = (outs Graph_FloatTensor:$dx);
}

//===--- Convolutions whose results are pooled at once ----------------------------------------===//

/// The windows of the pooling: `ksize` and `pool_strides` [height, width], `pool_paddings` [top,
/// bottom, left, right]. No two windows overlap: no stride is less than the window.
defvar Graph_PooledConvolutionAttributes =
    !con((ins DenseI64ArrayAttr:$ksize, DenseI64ArrayAttr:$pool_strides,
              DenseI64ArrayAttr:$pool_paddings),
         Graph_ConvolutionAttributes);

def Graph_PooledConv2dOp : Graph_WindowOp<"pooled_conv2d"> {
  let summary = "Convolution, bias, max pooling and activation in one";
  let description = [{
    `y = activation(max_pool2d(conv2d(x, filter) + bias))` with windows that do not overlap;
    `activation` is "none" or "relu", `bias` may be left out. `places`, of `y`'s shape, says which
    element of its window `y` is, counted row by row (the padding, too), the first of equal ones:
    what the gradient needs to know. It is 255 where the activation lets no gradient pass, so that
    windows have 255 elements at most. `shape(y)` is that of `graph.max_pool2d`. Passes make it of a
    `conv2d` and what follows it.

    %y, %places = graph.pooled_conv2d %x, %filter, %bias {activation = "relu",
        dilations = array<i64: 1, 1>, ksize = array<i64: 1, 4>, padding = "SAME",
        pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>,
        strides = array<i64: 1, 1>}
        : (tensor<8x1x128x9xf32>, tensor<1x2x9x18xf32>, tensor<18xf32>)
        -> (tensor<8x1x32x18xf32>, tensor<8x1x32x18xui8>)
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_FloatTensor:$filter,
                            Optional<Graph_FloatTensor>:$bias,
                            DefaultValuedAttr<StrAttr, "\"none\"">:$activation),
                       Graph_PooledConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$y, Graph_BytesTensor:$places);
}

def Graph_PooledConv2dBackpropInputOp : Graph_WindowOp<"pooled_conv2d_backprop_input"> {
  let summary = "Gradient of pooled_conv2d by its input";
  let description = [{
    `dx = conv2d_backprop_input(filter, dz)`, where `dz[n, i, j, k]` is the element of `dy` whose
    window has its place there, by `places` of `graph.pooled_conv2d` with the same attributes, and 0
    elsewhere. `shape(dx) = input_sizes`.

    %dx = graph.pooled_conv2d_backprop_input %filter, %places, %dy {dilations = array<i64: 1, 1>,
        input_sizes = array<i64: 8, 1, 128, 9>, ksize = array<i64: 1, 4>, padding = "SAME",
        pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>,
        strides = array<i64: 1, 1>}
        : (tensor<1x2x9x18xf32>, tensor<8x1x32x18xui8>, tensor<8x1x32x18xf32>)
        -> tensor<8x1x128x9xf32>
  }];
  let arguments = !con((ins Graph_FloatTensor:$filter, Graph_BytesTensor:$places,
                            Graph_FloatTensor:$dy, DenseI64ArrayAttr:$input_sizes),
                       Graph_PooledConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$dx);
}

def Graph_PooledConv2dBackpropFilterOp : Graph_WindowOp<"pooled_conv2d_backprop_filter"> {
  let summary = "Gradient of pooled_conv2d by its filter and its bias, in parts of the batch";
  let description = [{
    `dfilter[p] = conv2d_backprop_filter(x, dz)` and `dbias[p] = sum over n, i, j of dz[n, i, j]`,
    each of the images `batch * p / parts <= n < batch * (p + 1) / parts`, with `dz` as for
    `graph.pooled_conv2d_backprop_input`. The gradients are the sums over `p`: parts are what
    threads can share, and their number does not depend on that of the threads, so that the bits do
    not, either. `shape(dfilter) = [parts] + filter_sizes`, `shape(dbias) = [parts, outputs]`.

    %dfilter, %dbias = graph.pooled_conv2d_backprop_filter %x, %places, %dy
        {dilations = array<i64: 1, 1>, filter_sizes = array<i64: 1, 2, 9, 18>,
        ksize = array<i64: 1, 4>, padding = "SAME", parts = 4 : i64,
        pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>,
        strides = array<i64: 1, 1>}
        : (tensor<8x1x128x9xf32>, tensor<8x1x32x18xui8>, tensor<8x1x32x18xf32>)
        -> (tensor<4x1x2x9x18xf32>, tensor<4x18xf32>)
  }];
  let arguments = !con((ins Graph_FloatTensor:$x, Graph_BytesTensor:$places,
                            Graph_FloatTensor:$dy, DenseI64ArrayAttr:$filter_sizes,
                            I64Attr:$parts),
                       Graph_PooledConvolutionAttributes);
  let results = (outs Graph_FloatTensor:$dfilter, Graph_FloatTensor:$dbias);
}

#endif
