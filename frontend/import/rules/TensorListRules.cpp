// Lists of tensors: TensorList, as TensorFlow 2's control flow uses them, and TensorFlow 1's
// TensorArray, whose state is its flow.
#include <fmt/format.h>

#include "frontend/import/ImportRules.h"
#include "frontend/import/TensorMessage.h"

namespace graphc::importing {

namespace {

using Extents = std::vector<std::int64_t>;

NodeValue valueOf(ImportedList list) { return {.list = std::move(list)}; }

/// From now on what is written behind its end makes the list longer.
void makeGrow(NodeContext &c, ImportedList &list) {
  list.length = lengthOf(c, list);
  list.grows = true;
}

//===--- TensorList ---------------------------------------------------------------------------===//

/// What input `index` says of the elements' shape: -1 alone, or -1 for an extent, is unknown.
Shape elementShape(NodeContext &c, int index) {
  const std::optional<Tensor> known = c.knownOrNot(index);
  if (!known || known->shape().rank() != 1)
    return Shape::unknown_rank();
  Extents extents = c.knownIntegers(index, "element_shape");
  for (std::int64_t &extent : extents)
    extent = std::max<std::int64_t>(extent, -1);
  return Shape(std::move(extents));
}

/// max_num_elements or num_elements.
template <bool empty> void reserve(NodeContext &c) {
  // Lists of lists serve TensorFlow's gradients of loops in loops alone: nobody reads them.
  const auto type = c.node().def->attr().find("element_dtype");
  if (type != c.node().def->attr().end() && type->second.type() == proto::DT_VARIANT)
    return c.give({valueOf({.origin = c.node().name()})});
  ImportedList list =
      reservedList(c, c.dtype("element_dtype"), elementShape(c, 0), c.input(1), empty);
  if (c.state().lists_grow && !empty)
    makeGrow(c, list);
  c.give({valueOf(std::move(list))});
}
void fromTensor(NodeContext &c) { c.give({valueOf(listOf(c, c.input(0)))}); }

void length(NodeContext &c) { c.result(c.record("identity", {lengthOf(c, c.list(0))})); }
void shapeOfElement(NodeContext &c) {
  c.result(c.record("identity", {elementShapeOf(c, c.list(0), c.dtype("shape_type", int32))}));
}
/// What was never written is zeros of the shape that the reader asks for.
void getItem(NodeContext &c) {
  ImportedList list = c.list(0);
  const Shape element = elementShape(c, 2);
  if (!list.rows && list.capacity && element.is_fully_known())
    return c.result(c.record("fill", {c.scalar(0, list.dtype)}, {{"dims", element.extents()}}));
  c.result(elementAt(c, list, c.input(1)));
}
void setItem(NodeContext &c) {
  const bool grow = c.flag("resize_if_index_out_of_bounds", false);
  c.give({valueOf(withElement(c, c.list(0), c.input(1), c.input(2), grow))});
}
void pushBack(NodeContext &c) {
  if (c.given(1).list)
    return c.give({c.given(0)});
  c.give({valueOf(pushed(c, c.list(0), c.input(1)))});
}
void popBack(NodeContext &c) {
  ImportedList list = c.list(0);
  const Output last = popped(c, list);
  c.give({valueOf(std::move(list)), NodeValue{.tensor = last}});
}
void stack(NodeContext &c) { c.result(c.record("identity", {allElements(c, c.list(0))})); }
void chosenElements(NodeContext &c) {
  c.result(
      c.record("gather", {allElements(c, c.list(0)), c.input(1)}, {{"axis", std::int64_t{0}}}));
}

void resize(NodeContext &c) {
  const std::int64_t count = c.knownInteger(1, "the number of elements");
  if (count < 0)
    c.refuse(fmt::format("the number of elements (input 1): expected 0 or more, got {}", count));
  c.give({valueOf(resized(c, c.list(0), count))});
}

/// The rows of input 0 as the elements of the numbers in input 1, in a list of `count` elements, or
/// of as many as are needed.
void scatter(NodeContext &c) {
  const Output tensor = c.input(0);
  const Extents indices = c.knownIntegers(1, "the elements' numbers");
  std::int64_t count = c.numInputs() > 3 ? c.knownInteger(3, "the number of elements") : -1;
  if (count < 0 && !indices.empty()) {
    expectCountable(c, std::ranges::max(indices));
    count = std::ranges::max(indices) + 1;
  }
  count = std::max<std::int64_t>(count, 0);
  expectCountable(c, count);
  for (std::int64_t index : indices)
    if (index < 0 || index >= count)
      c.refuse(fmt::format("the elements' numbers (input 1): expected numbers in [0, {}), got {}",
                           count, index));
  const Output room = c.scalar(static_cast<double>(count), int32);
  ImportedList list = reservedList(c, tensor.dtype(), elementShape(c, 2), room, /*empty=*/false);
  c.give({valueOf(withElements(c, std::move(list), c.input(1), tensor))});
}
void scatterInto(NodeContext &c) {
  c.give({valueOf(withElements(c, c.list(0), c.input(2), c.input(1)))});
}

/// Parts of the tensor, of one length, as the elements.
ImportedList split(NodeContext &c, const Output &tensor, int lengthsInput) {
  const Extents lengths = c.knownIntegers(lengthsInput, "the elements' lengths");
  const Shape shape = tensor.shape();
  if (!shape.has_rank() || shape.rank() < 1)
    c.refuse(
        fmt::format("expected a tensor of one axis or more to split, got {}", shape.to_string()));
  if (lengths.empty() || lengths[0] < 0)
    c.refuse(fmt::format("the elements' lengths (input {}): expected one or more", lengthsInput));
  expectCountable(c, lengths[0]);
  for (std::int64_t length : lengths)
    if (length != lengths[0])
      c.refuseUnknown(fmt::format("elements of the lengths {} and {}: expected all of one length",
                                  lengths[0], length));
  const auto count = static_cast<std::int64_t>(lengths.size());
  if (shape[0] >= 0 && shape[0] != count * lengths[0])
    c.refuse(fmt::format("the elements' lengths (input {}): expected them to add up to {}, got {} "
                         "of {}",
                         lengthsInput, shape[0], count, lengths[0]));
  Extents rows{count, lengths[0]};
  for (std::int64_t axis = 1; axis < shape.rank(); ++axis)
    rows.push_back(shape[axis]);
  if (std::ranges::count(rows, -1) > 1)
    c.refuseUnknown(fmt::format("parts of a tensor of {}: expected no more than one extent that is "
                                "not known",
                                shape.to_string()));
  return listOf(c, c.helper("reshape", {tensor}, {{"shape", rows}}));
}

/// The elements of the second list behind those of the first.
void joined(NodeContext &c) {
  const Output first = allElements(c, c.list(0)), second = allElements(c, c.list(1));
  c.give({valueOf(listOf(c, c.helper("concat", {first, second}, {{"axis", std::int64_t{0}}})))});
}

/// All elements one after the other along their first axis, and the length of each.
void concatenated(NodeContext &c, const ImportedList &list) {
  const Output rows = allElements(c, list);
  const Shape shape = rows.shape();
  if (!shape.has_rank() || shape.rank() < 2)
    c.refuse(
        fmt::format("input 0: expected elements of one axis or more, got {}", shape.to_string()));
  Extents joined{-1};
  bool known = true;
  for (std::int64_t axis = 2; axis < shape.rank(); ++axis) {
    joined.push_back(shape[axis]);
    known &= shape[axis] >= 0;
  }
  constexpr std::int64_t kMost = 1 << 20;
  if (!known || shape[0] < 0 || shape[1] < 0 || shape[0] > kMost)
    c.refuseUnknown(fmt::format("elements of {} one after the other", shape.to_string()));
  const Output all = c.helper("reshape", {rows}, {{"shape", joined}});
  c.results({all, c.vector(Extents(static_cast<std::size_t>(shape[0]), shape[1]), int64)});
}

//===--- TensorArray --------------------------------------------------------------------------===//

Shape arrayElementShape(const NodeContext &c) {
  return c.has("element_shape") ? c.shape("element_shape") : Shape::unknown_rank();
}
void array(NodeContext &c) {
  ImportedList list =
      reservedList(c, c.dtype("dtype"), arrayElementShape(c), c.input(0), /*empty=*/false);
  if (c.flag("dynamic_size", false))
    makeGrow(c, list);
  c.give({valueOf(list), valueOf(list)});
}
void arrayWrite(NodeContext &c) {
  c.give({valueOf(withElement(c, c.list(3), c.input(1), c.input(2)))});
}
void arrayRead(NodeContext &c) { c.result(elementAt(c, c.list(2), c.input(1))); }

/// Whether input `index` is 0, 1, ...: what stack and unstack give.
bool isAll(NodeContext &c, int index) {
  const NodeOutput from = c.node().inputs[static_cast<std::size_t>(index)];
  const Node &node = c.state().nodes[from.node];
  if (const std::optional<Tensor> known = c.knownOrNot(index)) {
    const Extents numbers = c.knownIntegers(index, "indices");
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i] != static_cast<std::int64_t>(i))
        return false;
    return true;
  }
  return node.type() == "Range";
}
void arrayGather(NodeContext &c) {
  const Output rows = allElements(c, c.list(2));
  if (isAll(c, 1))
    return c.result(c.record("identity", {rows}));
  c.result(c.record("gather", {rows, c.input(1)}, {{"axis", std::int64_t{0}}}));
}
void arrayScatter(NodeContext &c) {
  if (!isAll(c, 1))
    return c.give({valueOf(withElements(c, c.list(3), c.input(1), c.input(2)))});
  ImportedList list = listOf(c, c.input(2));
  if (c.list(3).grows)
    makeGrow(c, list);
  c.give({valueOf(std::move(list))});
}
void arraySplit(NodeContext &c) { c.give({valueOf(split(c, c.input(1), 2))}); }
void arraySize(NodeContext &c) { c.result(c.record("identity", {lengthOf(c, c.list(1))})); }
void arrayClose(NodeContext &c) { c.results({}); }

} // namespace

void addTensorListRules(ImportRules &rules) {
  rules["EmptyTensorList"] = {2, 2, reserve<true>};
  rules["TensorListReserve"] = {2, 2, reserve<false>};
  rules["TensorListFromTensor"] = {2, 2, fromTensor};
  rules["TensorListLength"] = {1, 1, length};
  rules["TensorListElementShape"] = {1, 1, shapeOfElement};
  rules["TensorListGetItem"] = {3, 3, getItem};
  rules["TensorListSetItem"] = {3, 3, setItem};
  rules["TensorListPushBack"] = {2, 2, pushBack};
  rules["TensorListPopBack"] = {2, 2, popBack};
  rules["TensorListStack"] = {2, 2, stack};
  rules["TensorListGather"] = {3, 3, chosenElements};
  rules["TensorListResize"] = {2, 2, resize};
  rules["TensorListScatter"] = {3, 3, scatter};
  rules["TensorListScatterV2"] = {4, 4, scatter};
  rules["TensorListScatterIntoExistingList"] = {3, 3, scatterInto};
  rules["TensorListSplit"] = {3, 3,
                              [](NodeContext &c) { c.give({valueOf(split(c, c.input(0), 2))}); }};
  rules["TensorListConcatLists"] = {2, 2, joined};
  rules["TensorListConcat"] = {1, 1, [](NodeContext &c) { concatenated(c, c.list(0)); }};
  rules["TensorListConcatV2"] = {3, 3, [](NodeContext &c) { concatenated(c, c.list(0)); }};
  rules["TensorArrayV3"] = {1, 1, array};
  rules["TensorArrayWriteV3"] = {4, 4, arrayWrite};
  rules["TensorArrayReadV3"] = {3, 3, arrayRead};
  rules["TensorArrayGatherV3"] = {3, 3, arrayGather};
  rules["TensorArrayScatterV3"] = {4, 4, arrayScatter};
  rules["TensorArraySplitV3"] = {4, 4, arraySplit};
  rules["TensorArrayConcatV3"] = {2, 2, [](NodeContext &c) { concatenated(c, c.list(1)); }};
  rules["TensorArraySizeV3"] = {2, 2, arraySize};
  rules["TensorArrayCloseV3"] = {1, 1, arrayClose};
}

} // namespace graphc::importing
