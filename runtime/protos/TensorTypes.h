// Dtypes and shapes in TensorFlow's messages.
#pragma once

#include <optional>

#include "runtime/DataType.h"
#include "runtime/Shape.h"
#include "runtime/protos/types.pb.h"

namespace graphc {

inline proto::DataType to_tensorflow(DataType dtype) {
  switch (dtype) {
  case DataType::float32: return proto::DT_FLOAT;
  case DataType::float64: return proto::DT_DOUBLE;
  case DataType::int32: return proto::DT_INT32;
  case DataType::int64: return proto::DT_INT64;
  case DataType::bool_: return proto::DT_BOOL;
  case DataType::uint8: return proto::DT_UINT8;
  }
  return proto::DT_INVALID;
}

/// Nothing for TensorFlow's other types.
inline std::optional<DataType> from_tensorflow(proto::DataType type) {
  for (DataType dtype : {float32, float64, int32, int64, bool_, uint8})
    if (to_tensorflow(dtype) == type)
      return dtype;
  return std::nullopt;
}

inline void set_shape(proto::TensorShape &message, const Shape &shape) {
  message.set_unknown_rank(!shape.has_rank());
  for (std::int64_t extent : shape.extents())
    message.add_dim()->set_size(extent);
}

} // namespace graphc
