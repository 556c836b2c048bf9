// Ops that write down what TensorBoard shows. Their results are bytes.
#ifndef GRAPHC_IR_GRAPH_SUMMARY_OPS
#define GRAPHC_IR_GRAPH_SUMMARY_OPS

include "ir/GraphDialect.td"

def Graph_ScalarSummaryOp : Graph_PureOp<"scalar_summary", "summary"> {
  let summary = "A number with its tag, for TensorBoard";
  let description = [{
    `bytes` are a serialized Summary message with the value of `value`, as float32, under `tag`.
    `value` has one element. `shape(bytes) = [n]`, where n follows from the tag.

    %s = graph.scalar_summary %loss {tag = "loss"} : (tensor<f32>) -> tensor<13xui8>
  }];
  let arguments = (ins Graph_NumericTensor:$value, StrAttr:$tag);
  let results = (outs Graph_BytesTensor:$bytes);
}

def Graph_HistogramSummaryOp : Graph_PureOp<"histogram_summary", "summary"> {
  let summary = "How values are distributed, with a tag, for TensorBoard";
  let description = [{
    `bytes` are a serialized Summary message under `tag`: number, extremes, sum and sum of squares of
    all elements of `values`, and how many lie in each of TensorFlow's buckets, whose limits grow by a
    tenth from one to the next. A run with a value that is not finite is an error. `shape(bytes) =
    [n]`, where n follows from the tag and the number of elements: what the buckets met do not fill
    is padding, which writing to a file removes.

    %s = graph.histogram_summary %w {tag = "w"} : (tensor<3xf32>) -> tensor<177xui8>
  }];
  let arguments = (ins Graph_NumericTensor:$values, StrAttr:$tag);
  let results = (outs Graph_BytesTensor:$bytes);
}

def Graph_MergeSummaryOp : Graph_PureOp<"merge_summary", "summary"> {
  let summary = "Several summaries in one";
  let description = [{
    `bytes` holds the values of all of `inputs`, in order: serialized messages one behind the other
    are their union. `shape(bytes) = [sum of the inputs' extents]`.

    %s = graph.merge_summary %a, %b : (tensor<13xui8>, tensor<177xui8>) -> tensor<190xui8>
  }];
  let arguments = (ins Variadic<Graph_BytesTensor>:$inputs);
  let results = (outs Graph_BytesTensor:$bytes);
}

#endif
