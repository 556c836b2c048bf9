// Elements chosen by indices, and ops that follow an order along an axis.
#include <fmt/format.h>

#include "frontend/import/ImportRules.h"
#include "frontend/ops/Indexing.h"

namespace graphc::importing {

namespace {

using Extents = std::vector<std::int64_t>;

/// With `batch` axes in common: each index is joined by its place along them, as an address.
void gatherInBatches(NodeContext &c, const Output &params, const Output &indices,
                     std::int64_t batch, std::int64_t axis) {
  if (!indices.shape().has_rank() || axis != batch)
    c.refuseUnknown(fmt::format("attribute 'batch_dims' {} with axis {}", batch, axis));
  const std::int64_t rank = indices.shape().rank();
  if (batch < 0 || batch > rank)
    c.refuse(fmt::format("attribute 'batch_dims': expected 0 to {}, got {}", rank, batch));
  const DataType dtype = indices.dtype();
  const Output extents = c.helper("shape", {indices}, {{"dtype", dtype}});
  std::vector<Output> address;
  for (std::int64_t d = 0; d < batch; ++d) {
    const Output extent = c.helper("strided_slice", {extents},
                                   {{"begin", Extents{d}},
                                    {"end", Extents{d + 1}},
                                    {"strides", Extents{1}},
                                    {"shrink_axis_mask", std::int64_t{1}}});
    const Output places = c.helper("range", {c.scalar(0, dtype), extent, c.scalar(1, dtype)});
    Extents along(static_cast<std::size_t>(rank), 1);
    along[static_cast<std::size_t>(d)] = -1;
    const Output spread = c.helper("reshape", {places}, {{"shape", along}});
    address.push_back(c.helper("add", {spread, c.helper("zeros_like", {indices})}));
  }
  address.push_back(indices);
  c.result(c.record("gather_nd", {params, c.helper("stack", address, {{"axis", rank}})}));
}

void gather(NodeContext &c) {
  const Output params = c.input(0), indices = c.input(1);
  const std::int64_t axis = c.numInputs() == 3 ? c.axis(c.knownInteger(2, "axis"), params) : 0;
  std::int64_t batch = c.integer("batch_dims", 0);
  if (batch < 0 && indices.shape().has_rank())
    batch += indices.shape().rank();
  if (batch != 0)
    return gatherInBatches(c, params, indices, batch, axis);
  c.result(c.record("gather", {params, indices}, {{"axis", axis}}));
}

void gatherNd(NodeContext &c) { c.result(c.record("gather_nd", c.inputs(0, 2))); }

void scatterNd(NodeContext &c) {
  c.result(graphc::scatter_nd(c.input(0), c.input(1), c.dims(2), c.exactName(), c.where()));
}

void unsortedSegmentSum(NodeContext &c) {
  c.result(c.record("unsorted_segment_sum", c.inputs(0, 2),
                    {{"num_segments", c.knownInteger(2, "num_segments")}}));
}

/// The number of elements is an attribute of TopK, an input of TopKV2.
void topK(NodeContext &c) {
  const std::int64_t k = c.numInputs() == 2 ? c.knownInteger(1, "k") : c.integer("k");
  c.results(c.recordMany("top_k", {c.input(0)}, {{"k", k}, {"sorted", c.flag("sorted", true)}}));
}
void inTopK(NodeContext &c) {
  const std::int64_t k = c.numInputs() == 3 ? c.knownInteger(2, "k") : c.integer("k");
  c.result(c.record("in_top_k", c.inputs(0, 2), {{"k", k}}));
}

void cumsum(NodeContext &c) {
  const Output x = c.input(0);
  c.result(c.record("cumsum", {x},
                    {{"axis", c.axis(c.knownInteger(1, "axis"), x)},
                     {"exclusive", c.flag("exclusive", false)},
                     {"reverse", c.flag("reverse", false)}}));
}

void reverseSequence(NodeContext &c) {
  const Output x = c.input(0);
  c.result(c.record("reverse_sequence", {x, c.input(1)},
                    {{"seq_axis", c.axis(c.integer("seq_dim"), x)},
                     {"batch_axis", c.axis(c.integer("batch_dim", 0), x)}}));
}

} // namespace

void addIndexingRules(ImportRules &rules) {
  rules["Gather"] = {2, 2, gather};
  rules["GatherV2"] = {3, 3, gather};
  rules["ResourceGather"] = {2, 2, gather};
  rules["GatherNd"] = {2, 2, gatherNd};
  rules["ScatterNd"] = {3, 3, scatterNd};
  rules["UnsortedSegmentSum"] = {3, 3, unsortedSegmentSum};
  rules["TopK"] = {1, 1, topK};
  rules["TopKV2"] = {2, 2, topK};
  rules["InTopK"] = {2, 2, inTopK};
  rules["InTopKV2"] = {3, 3, inTopK};
  rules["Cumsum"] = {2, 2, cumsum};
  rules["ReverseSequence"] = {2, 2, reverseSequence};
}

} // namespace graphc::importing
