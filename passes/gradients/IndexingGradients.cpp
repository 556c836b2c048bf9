// Gradients of ops that pick elements by strides or by indices.
#include "passes/gradients/GradientRules.h"

namespace graphc {

using namespace mlir;

namespace {

using Context = GradientContext;

Attributes stridedAttributes(Context &c) {
  Attributes attributes;
  for (const char *name : {"begin", "end", "strides"})
    attributes.set(name, c.integers(name));
  for (const char *name :
       {"begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"})
    attributes.set(name, c.integer(name));
  return attributes;
}

void stridedSlice(Context &c) {
  Attributes attributes = stridedAttributes(c);
  attributes.set("shape", shapeOf(c.operand(0)));
  c.set(0, c.graph().create("strided_slice_grad", {c.gradient()}, attributes));
}

void stridedSliceGrad(Context &c) {
  c.set(0, c.graph().create("strided_slice", {c.gradient()}, stridedAttributes(c)));
}

Extents axisRange(int64_t begin, int64_t end) {
  Extents axes;
  for (int64_t axis = begin; axis < end; ++axis)
    axes.push_back(axis);
  return axes;
}

Extents joined(std::initializer_list<Extents> parts) {
  Extents all;
  for (const Extents &part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The result's axes are params' before `axis`, the indices', and params' after it. The segment sum
// wants the indices' first, and gives the gathered axis first.
void gather(Context &c) {
  Value params = c.operand(0), indices = c.operand(1);
  const int64_t rank = rankOf(params), indexRank = rankOf(indices);
  const int64_t axis = normalAxis(c.integer("axis"), rank);
  Value rows =
      c.transpose(c.gradient(), joined({axisRange(axis, axis + indexRank), axisRange(0, axis),
                                        axisRange(axis + indexRank, rank - 1 + indexRank)}));
  Value summed = c.graph().create("unsorted_segment_sum", {rows, indices},
                                  {{"num_segments", shapeOf(params)[static_cast<size_t>(axis)]}});
  c.set(0, c.transpose(summed, joined({axisRange(1, axis + 1), {0}, axisRange(axis + 1, rank)})));
}

// Rows with a negative id are dropped, so their gradient is zero.
void unsortedSegmentSum(Context &c) {
  Value ids = c.operand(1);
  Value zero = c.scalarLike(0, ids);
  Value rows = c.graph().create("gather", {c.gradient(), c.binary("maximum", ids, zero)},
                                {{"axis", int64_t{0}}});
  Value kept = c.binary("greater_equal", ids, zero);
  Extents keptShape = shapeOf(kept);
  keptShape.resize(static_cast<size_t>(rankOf(rows)), 1);
  c.set(0, c.where(c.reshape(kept, keptShape), rows, c.scalarLike(0, rows)));
}

// The row that is replaced has no part in the result.
void updateRow(Context &c) {
  Value index = c.operand(1), row = c.operand(2);
  // The row is read first: its gradient can then be written where that of all rows lies.
  if (c.wants(2))
    c.set(2, c.graph().create("gather", {c.gradient(), index}, {{"axis", int64_t{0}}}));
  if (c.wants(0))
    c.set(0, c.graph().create("update_row", {c.gradient(), index, c.zeros(row.getType())}));
}

} // namespace

void addIndexingRules(GradientRules &rules) {
  rules.add("strided_slice", stridedSlice);
  rules.add("strided_slice_grad", stridedSliceGrad);
  rules.add("gather", gather);
  rules.add("unsorted_segment_sum", unsortedSegmentSum);
  rules.add("update_row", updateRow);
}

} // namespace graphc
