#include "frontend/ops/Indexing.h"

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Axis.h"
#include "frontend/ops/Math.h"

namespace graphc {

Output cumsum(const Output &x, std::int64_t axis, const CumsumOptions &options, Where where) {
  Graph &graph = graphOf(x, "cumsum", where);
  const std::string_view name = nameOr(options.name, "Cumsum");
  const std::optional<std::int64_t> front = axisOf(graph, x, axis, name, where);
  if (!front)
    return Output::from_opaque(graph, nullptr);
  return recordOne(
      graph, "cumsum", {x},
      {{"axis", *front}, {"exclusive", options.exclusive}, {"reverse", options.reverse}}, name,
      where);
}

Output reverse_sequence(const Output &x, const Input &seq_lengths, std::int64_t seq_axis,
                        std::int64_t batch_axis, std::string_view name, Where where) {
  Graph &graph = graphOf(x, "reverse_sequence", where);
  name = nameOr(name, "ReverseSequence");
  const Output lengths = toOutput(graph, seq_lengths, int32, "seq_lengths", where);
  const std::optional<std::int64_t> sequence = axisOf(graph, x, seq_axis, name, where);
  const std::optional<std::int64_t> batch = axisOf(graph, x, batch_axis, name, where);
  if (!sequence || !batch)
    return Output::from_opaque(graph, nullptr);
  return recordOne(graph, "reverse_sequence", {x, lengths},
                   {{"seq_axis", *sequence}, {"batch_axis", *batch}}, name, where);
}

Output sequence_mask(const Output &lengths, const Input &maxlen, DataType dtype,
                     std::string_view name, Where where) {
  Graph &graph = graphOf(lengths, "sequence_mask", where);
  OpScope scope(graph, name, "SequenceMask");
  if (lengths.is_poisoned())
    return lengths;
  const DataType own = maxlen.is_number() ? lengths.dtype() : ownDtype(maxlen);
  const Output limit = toOutput(graph, maxlen, own, "maxlen", where);
  const Output zero = toOutput(graph, 0, own, "Const", where);
  const Output one = toOutput(graph, 1, own, "Const", where);
  const Output places = recordOne(graph, "range", {zero, limit, one}, {}, "Range", where);
  const Output column = cast(expand_dims(lengths, -1, {}, where), own, {}, where);
  return cast(less(places, column, {}, where), dtype, {}, where);
}

Output gather_nd(const Output &params, const Input &indices, std::string_view name, Where where) {
  Graph &graph = graphOf(params, "gather_nd", where);
  const Output addresses = toOutput(graph, indices, int32, "indices", where);
  return recordOne(graph, "gather_nd", {params, addresses}, {}, nameOr(name, "GatherNd"), where);
}

Output scatter_nd(const Output &indices, const Input &updates, const Dims &shape,
                  std::string_view name, Where where) {
  Graph &graph = graphOf(indices, "scatter_nd", where);
  std::vector<Output> operands{indices,
                               toOutput(graph, updates, ownDtype(updates), "updates", where)};
  Attributes attributes;
  if (shape.is_output())
    operands.push_back(shape.output());
  else
    attributes.set("shape", shape.extents());
  return record(graph, "scatter_nd", operands, attributes,
                {.name = nameOr(name, "ScatterNd"), .where = where})
      .front();
}

Output update_row(const Output &x, const Input &index, const Input &row, std::string_view name,
                  Where where) {
  Graph &graph = graphOf(x, "update_row", where);
  OpScope scope(graph, name, "UpdateRow");
  return recordOne(graph, "update_row",
                   {x, toOutput(graph, index, int32, "index", where),
                    toOutput(graph, row, x.dtype(), "row", where)},
                   {}, scope.name(), where);
}

namespace nn {

TopK top_k(const Output &input, std::int64_t k, bool sorted, std::string_view name, Where where) {
  const std::vector<Output> results =
      record(graphOf(input, "top_k", where), "top_k", {{input}}, {{"k", k}, {"sorted", sorted}},
             {.name = nameOr(name, "TopKV2"), .where = where, .results = 2});
  return {results[0], results[1]};
}

Output in_top_k(const Output &predictions, const Input &targets, std::int64_t k,
                std::string_view name, Where where) {
  Graph &graph = graphOf(predictions, "in_top_k", where);
  OpScope scope(graph, name, "in_top_k");
  const Output classes = toOutput(graph, targets, int32, "targets", where);
  return recordOne(graph, "in_top_k", {predictions, classes}, {{"k", k}},
                   name.empty() ? std::string_view("InTopKV2") : std::string_view(scope.name()),
                   where);
}

} // namespace nn
} // namespace graphc
