// TensorFlow's lists of tensors (TensorList, TensorArray) as tensors whose rows are the elements.
// For graphc itself; knows no op type.
#pragma once

#include <string>

#include "frontend/Output.h"

namespace graphc::importing {

class NodeContext;

/// A list whose elements are of one type, as a value: what changes it makes a new one.
struct ImportedList {
  DataType dtype = float32;
  Shape element = Shape::unknown_rank(); ///< as far as it is known without any element
  /// [capacity, element...]; empty until an element, or the whole of `element`, is known.
  Output rows = {};
  /// Scalar int32: for how many elements there is room; empty where nobody says: then the list can
  /// be passed on, not used.
  Output capacity = {};
  /// Scalar int32; empty where the list is always full.
  Output length = {};
  /// No greatest length was given: room is made where it is known how much is needed.
  bool grows = false;
  std::string origin; ///< the node that made it
};

/// A list of `capacity` elements, all zeros; or, where it is `empty`, of none with room for as
/// many, which grows where `capacity` is known to be negative.
ImportedList reservedList(NodeContext &c, DataType dtype, Shape element, const Output &capacity,
                          bool empty);
ImportedList listOf(NodeContext &c, const Output &rows);
/// Refuses more elements than int32 counts.
void expectCountable(NodeContext &c, std::int64_t count);
/// With room for `count` elements, those behind the others zeros.
ImportedList withRoom(NodeContext &c, ImportedList list, std::int64_t count);
/// With `count` elements, the first ones kept.
ImportedList resized(NodeContext &c, ImportedList list, std::int64_t count);

/// Gives the list rows, zeros, of the type of `row`.
void allocateRows(NodeContext &c, ImportedList &list, const Output &row);

/// Scalar int32.
Output lengthOf(NodeContext &c, const ImportedList &list);
/// The elements' shape, a vector of `dtype`.
Output elementShapeOf(NodeContext &c, const ImportedList &list, DataType dtype);

Output elementAt(NodeContext &c, const ImportedList &list, const Output &index);
/// All elements as the rows of a tensor.
Output allElements(NodeContext &c, const ImportedList &list);
/// A list that grows has element `index` then.
ImportedList withElement(NodeContext &c, ImportedList list, const Output &index, const Output &row,
                         bool grow = true);
/// With the rows of `tensor` as the elements of the numbers `indices`, in this order.
ImportedList withElements(NodeContext &c, ImportedList list, const Output &indices,
                          const Output &tensor);
ImportedList pushed(NodeContext &c, ImportedList list, const Output &row);
/// The last element, which the list then no longer has.
Output popped(NodeContext &c, ImportedList &list);

} // namespace graphc::importing
