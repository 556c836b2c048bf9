#include "frontend/import/TensorLists.h"

#include <fmt/format.h>

#include "frontend/KnownValues.h"
#include "frontend/import/NodeContext.h"
#include "frontend/ops/Array.h"

namespace graphc::importing {

namespace {

/// What is done with the list needs its room.
void expectRoom(NodeContext &c, const ImportedList &list) {
  if (!list.capacity)
    c.refuseUnknown(fmt::format("the list of node '{}' has no greatest length: expected its "
                                "max_num_elements to be given",
                                list.origin));
}

/// Nothing was ever written, and what would have been is unknown.
const Output &rowsOf(NodeContext &c, const ImportedList &list) {
  expectRoom(c, list);
  if (!list.rows)
    c.refuseUnknown(fmt::format("the list of node '{}' is read before an element is written, and "
                                "its elements' shape {} is not known",
                                list.origin, list.element.to_string()));
  return list.rows;
}

Output firstExtent(NodeContext &c, const Output &tensor) {
  const Shape shape = tensor.shape();
  if (shape.has_rank() && shape.rank() > 0 && shape[0] >= 0)
    return c.scalar(static_cast<double>(shape[0]), int32);
  return c.helper("strided_slice", {c.helper("shape", {tensor}, {{"dtype", int32}})},
                  {{"begin", std::vector<std::int64_t>{0}},
                   {"end", std::vector<std::int64_t>{1}},
                   {"strides", std::vector<std::int64_t>{1}},
                   {"shrink_axis_mask", std::int64_t{1}}});
}

Output zeros(NodeContext &c, const Dims &dims, DataType dtype) {
  const Output zero = c.scalar(0, dtype);
  NameScope scope(c.graph(), c.state().prefix + c.node().name());
  return graphc::fill(c.graph(), dims, zero, "rows", c.where());
}

} // namespace

ImportedList reservedList(NodeContext &c, DataType dtype, Shape element, const Output &capacity,
                          bool grows) {
  ImportedList list{.dtype = dtype, .element = std::move(element), .origin = c.node().name()};
  const std::optional<Tensor> known = knownValue(capacity);
  const std::int64_t count = known ? known->cast(int64).scalar<std::int64_t>() : -1;
  if (grows)
    list.length = c.scalar(0, int32);
  if (known && count < 0) {
    if (!grows)
      c.refuse(fmt::format("num_elements (input 1): expected 0 or more, got {}", count));
    return list;
  }
  list.capacity = capacity;
  if (list.element.is_fully_known() && known) {
    std::vector<std::int64_t> extents = list.element.extents();
    extents.insert(extents.begin(), count);
    list.rows = zeros(c, extents, dtype);
  }
  return list;
}

ImportedList listOf(NodeContext &c, const Output &rows) {
  const Shape shape = rows.shape();
  if (!shape.has_rank() || shape.rank() < 1)
    c.refuse(fmt::format("input 0: expected the elements as the rows of a tensor, got {}",
                         shape.to_string()));
  return {.dtype = rows.dtype(),
          .element =
              Shape(std::vector<std::int64_t>(shape.extents().begin() + 1, shape.extents().end())),
          .rows = rows,
          .capacity = firstExtent(c, rows),
          .origin = c.node().name()};
}

void allocateRows(NodeContext &c, ImportedList &list, const Output &row) {
  expectRoom(c, list);
  if (row.dtype() != list.dtype)
    c.refuse(fmt::format("expected an element of {} for the list of node '{}', got {}",
                         to_string(list.dtype), list.origin,
                         ValueType{row.dtype(), row.shape()}.to_string()));
  if (list.rows)
    return;
  const std::optional<Tensor> capacity = knownValue(list.capacity);
  if (capacity && row.shape().is_fully_known()) {
    std::vector<std::int64_t> extents = row.shape().extents();
    extents.insert(extents.begin(), capacity->cast(int64).scalar<std::int64_t>());
    list.rows = zeros(c, extents, list.dtype);
    return;
  }
  const Output count = c.helper("expand_dims", {list.capacity}, {{"axis", std::int64_t{0}}});
  const Output element = c.helper("shape", {row}, {{"dtype", int32}});
  list.rows =
      zeros(c, c.helper("concat", {count, element}, {{"axis", std::int64_t{0}}}), list.dtype);
}

Output lengthOf(NodeContext &c, const ImportedList &list) {
  if (list.length)
    return list.length;
  expectRoom(c, list);
  return list.capacity;
}

Output elementShapeOf(NodeContext &c, const ImportedList &list, DataType dtype) {
  if (!list.rows) {
    if (!list.element.has_rank())
      return c.scalar(-1, dtype);
    return c.vector(list.element.extents(), dtype);
  }
  return c.helper("strided_slice", {c.helper("shape", {list.rows}, {{"dtype", dtype}})},
                  {{"begin", std::vector<std::int64_t>{1}},
                   {"end", std::vector<std::int64_t>{0}},
                   {"strides", std::vector<std::int64_t>{1}},
                   {"end_mask", std::int64_t{1}}});
}

Output elementAt(NodeContext &c, const ImportedList &list, const Output &index) {
  return c.record("gather", {rowsOf(c, list), index}, {{"axis", std::int64_t{0}}});
}

Output allElements(NodeContext &c, const ImportedList &list) {
  const Output &rows = rowsOf(c, list);
  if (!list.length)
    return rows;
  const std::optional<Tensor> length = knownValue(list.length), room = knownValue(list.capacity);
  if (!length)
    c.refuseUnknown(fmt::format("how many elements the list of node '{}' has then is not known "
                                "while the graph is imported",
                                list.origin));
  const std::int64_t count = length->cast(int64).scalar<std::int64_t>();
  if (!rows.shape().has_rank())
    c.refuseUnknown(
        fmt::format("the elements of the list of node '{}' are of unknown rank", list.origin));
  if (room && room->cast(int64).scalar<std::int64_t>() == count)
    return rows;
  const auto rank = static_cast<std::size_t>(rows.shape().rank());
  std::vector<std::int64_t> size(rank, -1);
  size[0] = count;
  return c.helper("slice", {rows},
                  {{"begin", std::vector<std::int64_t>(rank, 0)}, {"size", std::move(size)}});
}

ImportedList withElement(NodeContext &c, ImportedList list, const Output &index,
                         const Output &row) {
  allocateRows(c, list, row);
  list.rows = c.helper("update_row", {list.rows, index, row});
  return list;
}

ImportedList pushed(NodeContext &c, ImportedList list, const Output &row) {
  if (!list.length)
    c.refuseUnknown(fmt::format("the list of node '{}' was made with all its elements: expected "
                                "one of EmptyTensorList to push an element back",
                                list.origin));
  if (!list.capacity)
    return list; // nothing will read it
  list = withElement(c, std::move(list), list.length, row);
  list.length = c.helper("add", {list.length, c.scalar(1, int32)});
  return list;
}

Output popped(NodeContext &c, ImportedList &list) {
  const Output &rows = rowsOf(c, list);
  const Output length = lengthOf(c, list);
  const Output last = c.helper("subtract", {length, c.scalar(1, int32)});
  list.length = last;
  return c.helper("gather", {rows, last}, {{"axis", std::int64_t{0}}});
}

} // namespace graphc::importing
