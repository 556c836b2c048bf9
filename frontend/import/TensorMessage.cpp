#include "frontend/import/TensorMessage.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include <fmt/format.h>

#include "runtime/Status.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc::importing {

namespace {

constexpr int kReference = 100; ///< what a reference type's number is greater by

/// Elements up to which a filled tensor is written out.
constexpr std::int64_t kWrittenOut = 4096;
/// Elements up to which the last one given may stand for any number of others.
constexpr std::int64_t kSpreadOut = std::int64_t{1} << 20;

[[noreturn]] void refuse(std::string message) {
  throw Error(Code::invalid_argument, std::move(message));
}

/// The elements given one by one, the last of which stands for all that are missing.
template <typename T, typename Values>
TensorMessage fromValues(const Values &values, const Shape &shape) {
  const std::int64_t count = shape.num_elements();
  if (values.size() > count)
    refuse(fmt::format("a tensor of shape {} has {} elements, {} are given", shape.to_string(),
                       count, values.size()));
  if (values.size() <= 1 && count > kWrittenOut) {
    Tensor scalar = Tensor::zeros(data_type_of<T>, Shape{});
    if (values.size() == 1)
      *scalar.data<T>() = static_cast<T>(values.Get(0));
    return {std::move(scalar), shape};
  }
  // Few are given and many wanted: a small file must not decide how much is allocated.
  if (count > kSpreadOut && count / 64 > values.size())
    refuse(fmt::format("a tensor of shape {} has {} elements, only {} are given", shape.to_string(),
                       count, values.size()));
  Tensor tensor = Tensor::zeros(data_type_of<T>, shape);
  T *data = tensor.data<T>();
  for (int i = 0; i < values.size(); ++i)
    data[i] = static_cast<T>(values.Get(i));
  if (values.size() > 0)
    std::fill(data + values.size(), data + count, data[values.size() - 1]);
  return {std::move(tensor), std::nullopt};
}

TensorMessage fromContent(const std::string &content, DataType dtype, const Shape &shape) {
  const std::size_t wanted = static_cast<std::size_t>(shape.num_elements()) * size_of(dtype);
  if (content.size() != wanted)
    refuse(fmt::format("a tensor {}{} has {} bytes, its content {}", to_string(dtype),
                       shape.to_string(), wanted, content.size()));
  Tensor tensor(dtype, shape);
  std::memcpy(tensor.raw_data(), content.data(), content.size());
  if (dtype == bool_) // any byte but zero is true
    for (std::size_t i = 0; i < content.size(); ++i)
      tensor.data<bool>()[i] = content[i] != 0;
  return {std::move(tensor), std::nullopt};
}

} // namespace

std::string dtypeName(proto::DataType type) {
  if (const std::optional<DataType> dtype = dtypeOf(type))
    return std::string(to_string(*dtype));
  std::string name = proto::DataType_Name(type);
  if (name.empty())
    return fmt::format("type number {}", static_cast<int>(type));
  name.erase(0, std::strlen("DT_"));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

std::optional<DataType> dtypeOf(proto::DataType type) {
  const int number = static_cast<int>(type);
  return from_tensorflow(
      static_cast<proto::DataType>(number > kReference ? number - kReference : number));
}

Shape shapeOf(const proto::TensorShape &message) {
  if (message.unknown_rank())
    return Shape::unknown_rank();
  constexpr int kMostAxes = 254; // TensorFlow's
  if (message.dim_size() > kMostAxes)
    refuse(fmt::format("a shape of {} axes", message.dim_size()));
  std::vector<std::int64_t> extents;
  std::int64_t product = 1;
  for (const auto &dim : message.dim()) {
    if (dim.size() < -1)
      refuse(fmt::format("a shape with the extent {}", dim.size()));
    constexpr std::int64_t kMostElements = std::int64_t{1} << 40;
    if (dim.size() > 0 && product > kMostElements / dim.size())
      refuse(fmt::format("a shape of more than {} elements", kMostElements));
    product *= std::max<std::int64_t>(dim.size(), 1);
    extents.push_back(dim.size());
  }
  return Shape(std::move(extents));
}

TensorMessage readTensor(const proto::TensorProto &message) {
  const std::optional<DataType> dtype = dtypeOf(message.dtype());
  if (!dtype)
    refuse(fmt::format("a tensor of dtype {}, which graphc does not have",
                       dtypeName(message.dtype())));
  const Shape shape = shapeOf(message.tensor_shape());
  if (!shape.is_fully_known())
    refuse(fmt::format("a tensor of the unknown shape {}", shape.to_string()));
  if (!message.tensor_content().empty())
    return fromContent(message.tensor_content(), *dtype, shape);
  switch (*dtype) {
  case DataType::float32: return fromValues<float>(message.float_val(), shape);
  case DataType::float64: return fromValues<double>(message.double_val(), shape);
  case DataType::int32: return fromValues<std::int32_t>(message.int_val(), shape);
  case DataType::int64: return fromValues<std::int64_t>(message.int64_val(), shape);
  case DataType::bool_: return fromValues<bool>(message.bool_val(), shape);
  case DataType::uint8: break;
  }
  return fromValues<std::uint8_t>(message.int_val(), shape);
}

} // namespace graphc::importing
