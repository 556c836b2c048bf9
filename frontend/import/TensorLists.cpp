#include "frontend/import/TensorLists.h"

#include <limits>

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
                                "max_num_elements to be given, or a counter to end the loop that "
                                "writes it",
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

std::optional<std::int64_t> knownCount(const Output &scalar) {
  const std::optional<Tensor> known = knownValue(scalar);
  return known && known->num_elements() == 1
             ? std::optional(known->cast(int64).values<std::int64_t>()[0])
             : std::nullopt;
}

/// Rows [0, count) of `rows`.
Output firstRows(NodeContext &c, const ImportedList &list, std::int64_t count) {
  if (!list.rows.shape().has_rank())
    c.refuseUnknown(
        fmt::format("the elements of the list of node '{}' are of unknown rank", list.origin));
  const auto rank = static_cast<std::size_t>(list.rows.shape().rank());
  std::vector<std::int64_t> size(rank, -1);
  size[0] = count;
  return c.helper("slice", {list.rows},
                  {{"begin", std::vector<std::int64_t>(rank, 0)}, {"size", std::move(size)}});
}

Output zeros(NodeContext &c, const Dims &dims, DataType dtype) {
  const Output zero = c.scalar(0, dtype);
  NameScope scope(c.graph(), c.state().prefix + c.node().name());
  return graphc::fill(c.graph(), dims, zero, "rows", c.where());
}

} // namespace

ImportedList reservedList(NodeContext &c, DataType dtype, Shape element, const Output &capacity,
                          bool empty) {
  ImportedList list{.dtype = dtype, .element = std::move(element), .origin = c.node().name()};
  const std::int64_t count = knownCount(capacity).value_or(-1);
  const bool known = knownCount(capacity).has_value();
  if (empty)
    list.length = c.scalar(0, int32);
  if (known && count < 0) {
    if (!empty)
      c.refuse(fmt::format("num_elements (input 1): expected 0 or more, got {}", count));
    list.grows = true;
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
  if (!list.grows)
    expectRoom(c, list);
  return list.length ? list.length : list.capacity;
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
  const std::optional<std::int64_t> length = knownCount(list.length);
  if (!length)
    c.refuseUnknown(fmt::format("how many elements the list of node '{}' has then is not known "
                                "while the graph is imported",
                                list.origin));
  return knownCount(list.capacity) == length ? rows : firstRows(c, list, *length);
}

void expectCountable(NodeContext &c, std::int64_t count) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (count > kMost)
    c.refuseUnknown(fmt::format("a list of {} elements: expected no more than {}", count, kMost));
}

ImportedList withRoom(NodeContext &c, ImportedList list, std::int64_t count) {
  expectCountable(c, count);
  const std::int64_t before = list.capacity ? knownCount(list.capacity).value_or(count) : -1;
  if (before >= count)
    return list;
  if (!list.rows) {
    list.capacity = c.scalar(static_cast<double>(count), int32);
    return list;
  }
  const Output more = c.vector({count - before}, int32);
  const Output element = elementShapeOf(c, list, int32);
  const Output behind =
      zeros(c, c.helper("concat", {more, element}, {{"axis", std::int64_t{0}}}), list.dtype);
  list.rows = c.helper("concat", {list.rows, behind}, {{"axis", std::int64_t{0}}});
  list.capacity = c.scalar(static_cast<double>(count), int32);
  return list;
}

ImportedList resized(NodeContext &c, ImportedList list, std::int64_t count) {
  const std::optional<std::int64_t> before = list.length     ? knownCount(list.length)
                                             : list.capacity ? knownCount(list.capacity)
                                                             : std::nullopt;
  if (!before)
    c.refuseUnknown(fmt::format("how many elements the list of node '{}' has then is not known "
                                "while the graph is imported",
                                list.origin));
  // What was taken off the end must not come back.
  if (const std::int64_t kept = std::min(*before, count);
      list.rows && kept < knownCount(list.capacity).value_or(kept + 1)) {
    list.rows = firstRows(c, list, kept);
    list.capacity = c.scalar(static_cast<double>(kept), int32);
  }
  list = withRoom(c, std::move(list), count);
  if (list.length)
    list.length = c.scalar(static_cast<double>(count), int32);
  return list;
}

/// Sees to it that a list that grows has element `index`; false where nobody can use the list.
static bool growTo(NodeContext &c, ImportedList &list, const Output &index) {
  if (!list.grows)
    return list.capacity || !list.length;
  const std::optional<std::int64_t> at = knownCount(index), length = knownCount(list.length);
  if (at && length) {
    expectCountable(c, *at);
    const std::int64_t count = std::max(*at + 1, *length);
    list = withRoom(c, std::move(list), count);
    list.length = c.scalar(static_cast<double>(count), int32);
    return true;
  }
  if (!list.capacity)
    return false;
  const Output end = c.helper("add", {index, c.scalar(1, index.dtype())});
  list.length = c.helper("maximum", {list.length, c.helper("cast", {end}, {{"dtype", int32}})});
  return true;
}

ImportedList withElement(NodeContext &c, ImportedList list, const Output &index, const Output &row,
                         bool grow) {
  if (grow && !growTo(c, list, index))
    return list; // nothing will read it
  allocateRows(c, list, row);
  list.rows = c.helper("update_row", {list.rows, index, row});
  return list;
}

ImportedList withElements(NodeContext &c, ImportedList list, const Output &indices,
                          const Output &tensor) {
  const Shape shape = tensor.shape(), numbers = indices.shape();
  if (!shape.has_rank() || shape.rank() < 1 || shape[0] < 0 || !numbers.has_rank() ||
      numbers.rank() != 1 || numbers[0] != shape[0])
    c.refuseUnknown(fmt::format("expected elements and their numbers of one known count, got {} "
                                "and {}",
                                shape.to_string(), numbers.to_string()));
  constexpr std::int64_t kMost = 256; // an op each
  if (shape[0] > kMost)
    c.refuseUnknown(fmt::format("more than {} elements at chosen places, one op each: got {}",
                                kMost, shape[0]));
  for (std::int64_t k = 0; k < shape[0]; ++k) {
    const Output number = c.scalar(static_cast<double>(k), int32);
    const Output index = c.helper("gather", {indices, number}, {{"axis", std::int64_t{0}}});
    const Output row = c.helper("gather", {tensor, number}, {{"axis", std::int64_t{0}}});
    list = withElement(c, std::move(list), index, row);
  }
  return list;
}

ImportedList pushed(NodeContext &c, ImportedList list, const Output &row) {
  if (!list.length)
    c.refuseUnknown(fmt::format("the list of node '{}' was made with all its elements: expected "
                                "one of EmptyTensorList to push an element back",
                                list.origin));
  if (!list.grows && !list.capacity)
    return list; // nothing will read it
  const Output index = list.length;
  list = withElement(c, std::move(list), index, row);
  if (!list.grows)
    list.length = c.helper("add", {index, c.scalar(1, int32)});
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
