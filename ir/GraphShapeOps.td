// Ops that move elements without computing with them, and constants.
//
// A parameter that may be known late (the shape of a reshape, the bounds of a slice) is either an
// attribute or an operand, never both.
#ifndef GRAPHC_IR_GRAPH_SHAPE_OPS
#define GRAPHC_IR_GRAPH_SHAPE_OPS

include "ir/GraphDialect.td"

class Graph_ShapeFamilyOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, "shape", traits>;

//===--- Constants and generators -------------------------------------------------------------===//

def Graph_ConstantOp : Graph_ShapeFamilyOp<"constant", [ConstantLike]> {
  let summary = "A value known when the graph is built";
  let description = [{
    `output = value`, of the type of `value`.

    %c = graph.constant {value = dense<1.0> : tensor<27xf32>} : () -> tensor<27xf32>
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$output);
  let hasFolder = 1;
}

def Graph_FillOp : Graph_ShapeFamilyOp<"fill"> {
  let summary = "One value everywhere";
  let description = [{
    `y[i] = value`, a scalar; `shape(y)` is the attribute `dims` or the vector operand
    `dims_operand`.

    %y = graph.fill %zero {dims = array<i64: 600, 27>} : (tensor<f32>) -> tensor<600x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$value, Optional<Graph_IndexTensor>:$dims_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$dims);
  let results = (outs Graph_Tensor:$y);
}

def Graph_RangeOp : Graph_ShapeFamilyOp<"range"> {
  let summary = "An arithmetic sequence";
  let description = [{
    `y[i] = start + i * delta` while below `limit` (above it, for a negative `delta`): a vector of
    `max(0, ceil((limit - start) / delta))` elements. Scalars of one dtype; `delta` is not 0.

    %y = graph.range %zero, %n, %one : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  }];
  let arguments = (ins Graph_NumericTensor:$start, Graph_NumericTensor:$limit,
                       Graph_NumericTensor:$delta);
  let results = (outs Graph_NumericTensor:$y);
}

def Graph_OneHotOp : Graph_ShapeFamilyOp<"one_hot"> {
  let summary = "Rows that are `on` at one place and `off` elsewhere";
  let description = [{
    `y[..., c, ...] = indices[...] == c ? on : off`, `c` along the new axis `axis` of `depth`;
    an index outside `[0, depth)` gives a row of `off`. `on` and `off` are scalars of `y`'s dtype.

    %y = graph.one_hot %i, %on, %off {axis = 1 : i64, depth = 6 : i64}
        : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32>
  }];
  let arguments = (ins Graph_IntegerTensor:$indices, Graph_Tensor:$on, Graph_Tensor:$off,
                       Graph_Int:$depth, DefaultValuedAttr<Graph_Int, "-1">:$axis);
  let results = (outs Graph_Tensor:$y);
}

//===--- Questions about a shape --------------------------------------------------------------===//

def Graph_ShapeOp : Graph_ShapeFamilyOp<"shape"> {
  let summary = "The extents of a tensor";
  let description = [{
    `y[d]` is the extent of `x` along axis `d`; `dtype` is i32 or i64.

    %y = graph.shape %x {dtype = i32} : (tensor<?x128x9xf32>) -> tensor<3xi32>
  }];
  let arguments = (ins Graph_Tensor:$x, TypeAttr:$dtype);
  let results = (outs Graph_IndexTensor:$y);
}

def Graph_SizeOp : Graph_ShapeFamilyOp<"size"> {
  let summary = "The number of elements of a tensor";
  let description = "`y` is the product of `x`'s extents, a scalar of `dtype`, i32 or i64.";
  let arguments = (ins Graph_Tensor:$x, TypeAttr:$dtype);
  let results = (outs Graph_IndexTensor:$y);
}

def Graph_RankOp : Graph_ShapeFamilyOp<"rank"> {
  let summary = "The number of axes of a tensor";
  let description = "`y` is the rank of `x`, an i32 scalar.";
  let arguments = (ins Graph_Tensor:$x);
  let results = (outs TensorOf<[I32]>:$y);
}

//===--- The same elements under another shape ------------------------------------------------===//

def Graph_ReshapeOp : Graph_ShapeFamilyOp<"reshape"> {
  let summary = "The same elements, row by row, under another shape";
  let description = [{
    `y` has the elements of `x` in row-major order and the extents of the attribute `shape` or the
    vector operand `shape_operand`; one of them may be -1 and follows from the number of elements.

    %y = graph.reshape %x {shape = array<i64: -1, 9>} : (tensor<128x?x9xf32>) -> tensor<?x9xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Optional<Graph_IndexTensor>:$shape_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$shape);
  let results = (outs Graph_Tensor:$y);
}

def Graph_ExpandDimsOp : Graph_ShapeFamilyOp<"expand_dims"> {
  let summary = "A new axis of extent one";
  let description = [{
    `y` has `x`'s elements; `shape(y)` is `shape(x)` with a one put in before `axis`, which lies in
    `[-rank(x) - 1, rank(x)]`.

    %y = graph.expand_dims %x {axis = 0 : i64} : (tensor<?x27xf32>) -> tensor<1x?x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_Int:$axis);
  let results = (outs Graph_Tensor:$y);
}

def Graph_SqueezeOp : Graph_ShapeFamilyOp<"squeeze"> {
  let summary = "Axes of extent one removed";
  let description = [{
    `y` has `x`'s elements; `shape(y)` is `shape(x)` without `axes`, all of extent 1. An empty list
    means every axis of extent one.

    %y = graph.squeeze %x {axes = array<i64: 1>} : (tensor<?x1x27xf32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Graph_Tensor:$y);
}

//===--- Order, parts and wholes --------------------------------------------------------------===//

def Graph_TransposeOp : Graph_ShapeFamilyOp<"transpose"> {
  let summary = "Axes in another order";
  let description = [{
    Axis `d` of `y` is axis `perm[d]` of `x`; `shape(y)[d] = shape(x)[perm[d]]`, `perm` an ordering
    of `0 .. rank(x) - 1`.

    %y = graph.transpose %x {perm = array<i64: 1, 0, 2>}
        : (tensor<?x128x9xf32>) -> tensor<128x?x9xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$perm);
  let results = (outs Graph_Tensor:$y);
}

def Graph_ConcatOp : Graph_ShapeFamilyOp<"concat"> {
  let summary = "Tensors one after the other along an axis";
  let description = [{
    `y` is `xs[0]`, `xs[1]`, ... along `axis`: its extent there is the sum of theirs, the other
    extents, the rank and the dtype are common to all.

    %y = graph.concat %x, %h {axis = 1 : i64}
        : (tensor<?x9xf32>, tensor<?x27xf32>) -> tensor<?x36xf32>
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$xs, Graph_Int:$axis);
  let results = (outs Graph_Tensor:$y);
}

def Graph_SplitOp : Graph_ShapeFamilyOp<"split"> {
  let summary = "Consecutive parts along an axis";
  let description = [{
    `parts[k]` holds the `sizes[k]` elements of `x` along `axis` that follow those of the parts
    before it; the sizes add up to `x`'s extent. While that extent is unknown, sizes may be -1: such
    parts share equally what the others leave.

    %i, %j = graph.split %x {axis = 1 : i64, sizes = array<i64: 27, 27>}
        : (tensor<?x54xf32>) -> (tensor<?x27xf32>, tensor<?x27xf32>)
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_Int:$axis, DenseI64ArrayAttr:$sizes);
  let results = (outs Variadic<Graph_Tensor>:$parts);
}

def Graph_StackOp : Graph_ShapeFamilyOp<"stack"> {
  let summary = "Tensors along a new axis";
  let description = [{
    `y[..., k, ...] = xs[k][...]`, `k` along the new axis `axis` in `[-rank - 1, rank]`; all of one
    shape and dtype.

    %y = graph.stack %a, %b {axis = 0 : i64}
        : (tensor<?x9xf32>, tensor<?x9xf32>) -> tensor<2x?x9xf32>
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$xs, Graph_Int:$axis);
  let results = (outs Graph_Tensor:$y);
}

def Graph_UnstackOp : Graph_ShapeFamilyOp<"unstack"> {
  let summary = "The slices along an axis, each by itself";
  let description = [{
    `parts[k] = x[..., k, ...]`, `k` along `axis`, whose extent is `num`; the axis vanishes.

    %a, %b = graph.unstack %x {axis = 0 : i64, num = 2 : i64}
        : (tensor<2x?x9xf32>) -> (tensor<?x9xf32>, tensor<?x9xf32>)
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_Int:$axis, Graph_Int:$num);
  let results = (outs Variadic<Graph_Tensor>:$parts);
}

def Graph_SliceOp : Graph_ShapeFamilyOp<"slice"> {
  let summary = "A box of elements";
  let description = [{
    `y[i] = x[i + begin]`, `shape(y) = size`, where a size of -1 is all that is left after `begin`.
    `begin` and `size` have an entry for each axis; they are two attributes or two vector operands
    (`bounds`).

    %y = graph.slice %x {begin = array<i64: 0, 1>, size = array<i64: -1, 8>}
        : (tensor<?x9xf32>) -> tensor<?x8xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Variadic<Graph_IndexTensor>:$bounds,
                       OptionalAttr<DenseI64ArrayAttr>:$begin,
                       OptionalAttr<DenseI64ArrayAttr>:$size);
  let results = (outs Graph_Tensor:$y);
}

def Graph_StridedSliceOp : Graph_ShapeFamilyOp<"strided_slice"> {
  let summary = "Elements at regular distances, as Python's x[begin:end:stride, ...]";
  let description = [{
    Entry `d` of `begin`, `end` and `strides` is one item of Python's index expression; negative
    bounds count from the end, bounds beyond it are moved to it. Bit `d` of `begin_mask` and
    `end_mask` leaves the bound out, of `shrink_axis_mask` makes it the one index `begin[d]`, whose
    axis vanishes, of `new_axis_mask` inserts an extent of one, of `ellipsis_mask` (at most one bit)
    stands for all axes that the others leave. Axes without one are taken whole. The three lists
    are attributes or three vector operands (`bounds`).

    %y = graph.strided_slice %x {begin = array<i64: 0, -1>, end = array<i64: 0, 0>,
                                 strides = array<i64: 1, 1>, begin_mask = 1 : i64,
                                 end_mask = 1 : i64, shrink_axis_mask = 2 : i64}
        : (tensor<?x128x9xf32>) -> tensor<?x9xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Variadic<Graph_IndexTensor>:$bounds,
                       OptionalAttr<DenseI64ArrayAttr>:$begin,
                       OptionalAttr<DenseI64ArrayAttr>:$end,
                       OptionalAttr<DenseI64ArrayAttr>:$strides, Graph_Mask:$begin_mask,
                       Graph_Mask:$end_mask, Graph_Mask:$ellipsis_mask, Graph_Mask:$new_axis_mask,
                       Graph_Mask:$shrink_axis_mask);
  let results = (outs Graph_Tensor:$y);
}

def Graph_StridedSliceGradOp : Graph_ShapeFamilyOp<"strided_slice_grad"> {
  let summary = "Elements put back where a strided slice took them, zeros elsewhere";
  let description = [{
    `dx` has the extents `shape`; `strided_slice(dx) = dy` with the same bounds and masks, and every
    element of `dx` that the slice does not see is zero.
  }];
  let arguments = (ins Graph_NumericTensor:$dy, DenseI64ArrayAttr:$shape, DenseI64ArrayAttr:$begin,
                       DenseI64ArrayAttr:$end, DenseI64ArrayAttr:$strides, Graph_Mask:$begin_mask,
                       Graph_Mask:$end_mask, Graph_Mask:$ellipsis_mask, Graph_Mask:$new_axis_mask,
                       Graph_Mask:$shrink_axis_mask);
  let results = (outs Graph_NumericTensor:$dx);
}

def Graph_TileOp : Graph_ShapeFamilyOp<"tile"> {
  let summary = "A tensor repeated along its axes";
  let description = [{
    `y[i] = x[i mod shape(x)]`; `shape(y)[d] = shape(x)[d] * multiples[d]`, attribute or
    vector operand `multiples_operand`.

    %y = graph.tile %x {multiples = array<i64: 600, 1>} : (tensor<1x27xf32>) -> tensor<600x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Optional<Graph_IndexTensor>:$multiples_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$multiples);
  let results = (outs Graph_Tensor:$y);
}

def Graph_PadOp : Graph_ShapeFamilyOp<"pad"> {
  let summary = "A margin around a tensor";
  let description = [{
    `y` is `x` with `before` elements of `value` before it and `after` behind it along each axis;
    `shape(y)[d] = before[d] + shape(x)[d] + after[d]`. The attribute `paddings` lists `before[0],
    after[0], before[1], ...`; the operand `paddings_operand` is that list as a matrix `[rank, 2]`.

    %y = graph.pad %x {paddings = array<i64: 0, 0, 2, 3>, value = 0.0 : f64}
        : (tensor<?x128xf32>) -> tensor<?x133xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Optional<Graph_IndexTensor>:$paddings_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$paddings,
                       DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Graph_Tensor:$y);
}

def Graph_BroadcastToOp : Graph_ShapeFamilyOp<"broadcast_to"> {
  let summary = "A tensor stretched to a shape";
  let description = [{
    `y[i]` is the element of `x` that meets `i` when `x` is broadcast to `shape`, attribute or
    vector operand `shape_operand`; `broadcast(shape(x), shape) = shape`.

    %y = graph.broadcast_to %x {shape = array<i64: 60, 27>} : (tensor<27xf32>) -> tensor<60x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Optional<Graph_IndexTensor>:$shape_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$shape);
  let results = (outs Graph_Tensor:$y);
}

def Graph_ReverseOp : Graph_ShapeFamilyOp<"reverse"> {
  let summary = "Axes run through backwards";
  let description = [{
    `y[i] = x[j]` with `j[d] = shape(x)[d] - 1 - i[d]` for every `d` in `axes` and `j[d] = i[d]`
    otherwise; `shape(y) = shape(x)`.

    %y = graph.reverse %x {axes = array<i64: 0>} : (tensor<128x?x9xf32>) -> tensor<128x?x9xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Graph_Tensor:$y);
}

//===--- Addressed elements -------------------------------------------------------------------===//

def Graph_GatherOp : Graph_ShapeFamilyOp<"gather"> {
  let summary = "Slices chosen by index";
  let description = [{
    `y[a..., i..., b...] = params[a..., indices[i...], b...]`, the index along `axis`; `shape(y)` is
    `shape(params)` with the extent of `axis` replaced by `shape(indices)`. An index outside of it
    is an error of the run.

    %y = graph.gather %params, %indices {axis = 0 : i64}
        : (tensor<100x27xf32>, tensor<?xi32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$params, Graph_IndexTensor:$indices,
                       DefaultValuedAttr<Graph_Int, "0">:$axis);
  let results = (outs Graph_Tensor:$y);
}

def Graph_UnsortedSegmentSumOp : Graph_ShapeFamilyOp<"unsorted_segment_sum"> {
  let summary = "Sums of the slices that share a number";
  let description = [{
    `y[s, b...] = sum of data[i..., b...] where segment_ids[i...] == s`; `shape(segment_ids)`
    starts `shape(data)`, the rest of which follows `num_segments` in `shape(y)`. Slices with a
    negative number are left out.

    %y = graph.unsorted_segment_sum %dy, %indices {num_segments = 100 : i64}
        : (tensor<?x27xf32>, tensor<?xi32>) -> tensor<100x27xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$data, Graph_IndexTensor:$segment_ids,
                       Graph_Int:$num_segments);
  let results = (outs Graph_NumericTensor:$y);
}

#endif
