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
  std::string origin; ///< the node that made it
};

/// A list of `capacity` elements, all zeros; or, where it `grows`, of none with room for as many.
ImportedList reservedList(NodeContext &c, DataType dtype, Shape element, const Output &capacity,
                          bool grows);
ImportedList listOf(NodeContext &c, const Output &rows);

/// Gives the list rows, zeros, of the type of `row`.
void allocateRows(NodeContext &c, ImportedList &list, const Output &row);

/// Scalar int32.
Output lengthOf(NodeContext &c, const ImportedList &list);
/// The elements' shape, a vector of `dtype`.
Output elementShapeOf(NodeContext &c, const ImportedList &list, DataType dtype);

Output elementAt(NodeContext &c, const ImportedList &list, const Output &index);
/// All elements as the rows of a tensor.
Output allElements(NodeContext &c, const ImportedList &list);
ImportedList withElement(NodeContext &c, ImportedList list, const Output &index, const Output &row);
ImportedList pushed(NodeContext &c, ImportedList list, const Output &row);
/// The last element, which the list then no longer has.
Output popped(NodeContext &c, ImportedList &list);

} // namespace graphc::importing
