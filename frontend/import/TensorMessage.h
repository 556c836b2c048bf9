// Tensors as TensorFlow writes them into graphs. For graphc itself.
#pragma once

#include <optional>
#include <string>

#include "runtime/Tensor.h"
#include "runtime/protos/types.pb.h"

namespace graphc::importing {

/// "float32"; TensorFlow's name for types that graphc does not have.
std::string dtypeName(proto::DataType type);
/// The type, or, of a reference type, the one it refers to; nothing for types that graphc has not.
std::optional<DataType> dtypeOf(proto::DataType type);

/// Throws Error (invalid_argument) for negative extents other than -1 and sizes past what memory
/// holds.
Shape shapeOf(const proto::TensorShape &message);

/// A tensor of many equal elements is the element and a shape; others have all their elements.
struct TensorMessage {
  Tensor elements;
  std::optional<Shape> filled; ///< the shape, where `elements` is the scalar that fills it
};

/// Throws Error (invalid_argument) where the content does not fit the shape or the dtype is not one
/// of graphc's. How much it allocates follows from what the message holds, but for some megabytes.
TensorMessage readTensor(const proto::TensorProto &message);

} // namespace graphc::importing
