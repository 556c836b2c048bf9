// Tensors in TensorFlow's messages.
#pragma once

#include <cstring>

#include "runtime/Tensor.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc {

/// The tensor's bytes; those of one element only where all are the same, so that large zeros stay
/// small. `message` is empty.
inline void set_tensor(proto::TensorProto &message, const Tensor &tensor) {
  message.set_dtype(to_tensorflow(tensor.dtype()));
  set_shape(*message.mutable_tensor_shape(), tensor.shape());
  const char *bytes = static_cast<const char *>(tensor.raw_data());
  const std::size_t size = size_of(tensor.dtype());
  const bool all_the_same =
      tensor.num_elements() > 0 && std::memcmp(bytes, bytes + size, tensor.num_bytes() - size) == 0;
  if (!all_the_same) {
    message.set_tensor_content(bytes, tensor.num_bytes());
    return;
  }
  switch (tensor.dtype()) {
  case DataType::float32: message.add_float_val(tensor.data<float>()[0]); break;
  case DataType::float64: message.add_double_val(tensor.data<double>()[0]); break;
  case DataType::int32: message.add_int_val(tensor.data<std::int32_t>()[0]); break;
  case DataType::int64: message.add_int64_val(tensor.data<std::int64_t>()[0]); break;
  case DataType::bool_: message.add_bool_val(tensor.data<bool>()[0]); break;
  case DataType::uint8: message.add_int_val(tensor.data<std::uint8_t>()[0]); break;
  }
}

} // namespace graphc
