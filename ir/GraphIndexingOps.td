// Ops that follow an order along an axis (running sums, the largest elements) or an address made of
// several indices.
#ifndef GRAPHC_IR_GRAPH_INDEXING_OPS
#define GRAPHC_IR_GRAPH_INDEXING_OPS

include "ir/GraphDialect.td"

class Graph_IndexingFamilyOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, "indexing", traits>;

//===--- Along an axis ------------------------------------------------------------------------===//

def Graph_CumsumOp : Graph_IndexingFamilyOp<"cumsum"> {
  let summary = "Running sums along an axis";
  let description = [{
    `y[..., i, ...] = sum of x[..., j, ...] over j <= i`, `i` and `j` along `axis`; with `exclusive`
    over `j < i`, with `reverse` over `j >= i`, with both over `j > i`. A sum of no elements is 0.
    `shape(y) = shape(x)`, of `x`'s dtype; integers wrap around.

    %y = graph.cumsum %x {axis = 1 : i64, exclusive = true}
        : (tensor<?x6xf32>) -> tensor<?x6xf32>
  }];
  let arguments = (ins Graph_NumericTensor:$x, DefaultValuedAttr<Graph_Int, "0">:$axis,
                       Graph_Flag:$exclusive, Graph_Flag:$reverse);
  let results = (outs Graph_NumericTensor:$y);
}

def Graph_ReverseSequenceOp : Graph_IndexingFamilyOp<"reverse_sequence"> {
  let summary = "The first elements of each sequence backwards, the rest as they are";
  let description = [{
    `y[..., t, ...] = x[..., lengths[b] - 1 - t, ...]` where `t < lengths[b]`, and `x[..., t, ...]`
    elsewhere; `t` is the index along `seq_axis`, `b` the one along `batch_axis`, another axis.
    `shape(y) = shape(x)`, `shape(lengths) = [shape(x)[batch_axis]]`. Lengths lie in
    `[0, shape(x)[seq_axis]]`; the reference refuses others, a kernel takes the nearest that does.

    %y = graph.reverse_sequence %x, %lengths {seq_axis = 1 : i64, batch_axis = 0 : i64}
        : (tensor<?x128x9xf32>, tensor<?xi32>) -> tensor<?x128x9xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_IndexTensor:$lengths, Graph_Int:$seq_axis,
                       DefaultValuedAttr<Graph_Int, "0">:$batch_axis);
  let results = (outs Graph_Tensor:$y);
}

def Graph_TopKOp : Graph_IndexingFamilyOp<"top_k"> {
  let summary = "The largest elements along the last axis, and where they stand";
  let description = [{
    `values[..., 0 .. k)` are the `k` largest elements along the last axis of `x`, in descending
    order, `indices` (i32) their places there; of equal ones the first comes first, a NaN is smaller
    than every number. `shape(values) = shape(indices)` is `shape(x)` with `k`, which is no larger,
    for the last extent. With `sorted = false` the order is nobody's promise.

    %values, %indices = graph.top_k %x {k = 3 : i64}
        : (tensor<?x6xf32>) -> (tensor<?x3xf32>, tensor<?x3xi32>)
  }];
  let arguments = (ins Graph_NumericTensor:$x, Graph_Int:$k,
                       DefaultValuedAttr<BoolAttr, "true">:$sorted);
  let results = (outs Graph_NumericTensor:$values, TensorOf<[I32]>:$indices);
}

def Graph_InTopKOp : Graph_IndexingFamilyOp<"in_top_k"> {
  let summary = "Whether the target is among the largest predictions";
  let description = [{
    `y[b]` holds where fewer than `k` elements of the row `predictions[b, :]` are larger than the
    target's, `predictions[b, targets[b]]`: ties count as in. False where the target is no class or
    a prediction of the row is not finite. `shape(predictions) = [batch, classes]`, `shape(y) =
    shape(targets) = [batch]`.

    %y = graph.in_top_k %predictions, %targets {k = 5 : i64}
        : (tensor<?x1000xf32>, tensor<?xi32>) -> tensor<?xi1>
  }];
  let arguments = (ins Graph_FloatTensor:$predictions, Graph_IndexTensor:$targets, Graph_Int:$k);
  let results = (outs Graph_BoolTensor:$y);
}

//===--- Addresses of several indices ---------------------------------------------------------===//

def Graph_GatherNdOp : Graph_IndexingFamilyOp<"gather_nd"> {
  let summary = "Slices chosen by tuples of indices";
  let description = [{
    `y[i..., b...] = params[indices[i..., 0], ..., indices[i..., n - 1], b...]`: the last axis of
    `indices`, of extent `n <= rank(params)`, is an address in the first `n` axes of `params`.
    `shape(y)` is `shape(indices)` without its last extent and then `shape(params)` without its
    first `n`. An index outside of its axis is an error of the run.

    %y = graph.gather_nd %params, %indices
        : (tensor<4x5x27xf32>, tensor<?x2xi32>) -> tensor<?x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$params, Graph_IndexTensor:$indices);
  let results = (outs Graph_Tensor:$y);
}

def Graph_ScatterNdOp : Graph_IndexingFamilyOp<"scatter_nd"> {
  let summary = "Slices added up at tuples of indices, zeros elsewhere";
  let description = [{
    `y` is zero but for `y[indices[i..., :], b...] += updates[i..., b...]`: the last axis of
    `indices`, of extent `n`, is an address in the first `n` axes of `y`, whose extents are the
    attribute `shape` or the vector operand `shape_operand`. `shape(updates)` is `shape(indices)`
    without its last extent and then `shape(y)` without its first `n`. An index outside of its axis
    is an error of the run.

    %y = graph.scatter_nd %indices, %updates {shape = array<i64: 4, 5, 27>}
        : (tensor<?x2xi32>, tensor<?x27xf32>) -> tensor<4x5x27xf32>
  }];
  let arguments = (ins Graph_IndexTensor:$indices, Graph_NumericTensor:$updates,
                       Optional<Graph_IndexTensor>:$shape_operand,
                       OptionalAttr<DenseI64ArrayAttr>:$shape);
  let results = (outs Graph_NumericTensor:$y);
}

def Graph_UpdateRowOp : Graph_IndexingFamilyOp<"update_row"> {
  let summary = "A tensor with one row replaced";
  let description = [{
    `y[index] = row`, and `y[i] = x[i]` for every other `i` along axis 0: TensorFlow's
    `TensorArrayWrite` and `TensorListSetItem` as a function of values. `index` is a scalar,
    `shape(y) = shape(x)`, `shape(row)` is `shape(x)` without its first extent; all of `x`'s dtype.
    An index outside of `[0, shape(x)[0])` is an error of the run.

    %y = graph.update_row %x, %index, %row
        : (tensor<128x?x27xf32>, tensor<i32>, tensor<?x27xf32>) -> tensor<128x?x27xf32>
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_IndexTensor:$index, Graph_Tensor:$row);
  let results = (outs Graph_Tensor:$y);
}

#endif
