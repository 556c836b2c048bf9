// The element types of tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace graphc {

enum class DataType : std::uint8_t { float32, float64, int32, int64, bool_, uint8 };

inline constexpr DataType float32 = DataType::float32;
inline constexpr DataType float64 = DataType::float64;
inline constexpr DataType int32 = DataType::int32;
inline constexpr DataType int64 = DataType::int64;
inline constexpr DataType bool_ = DataType::bool_;
inline constexpr DataType uint8 = DataType::uint8;

/// Bytes of one element.
std::size_t size_of(DataType dtype);

/// TensorFlow's name of the type: "float32", "bool", ...
std::string_view to_string(DataType dtype);

/// The inverse of to_string; nothing for an unknown name.
std::optional<DataType> data_type_from_string(std::string_view name);

inline bool is_floating(DataType dtype) { return dtype == float32 || dtype == float64; }
inline bool is_integer(DataType dtype) {
  return dtype == int32 || dtype == int64 || dtype == uint8;
}
/// Numbers, that is everything but bool.
inline bool is_numeric(DataType dtype) { return dtype != bool_; }

/// The DataType of a C++ element type.
template <typename T> struct DataTypeOf;
template <> struct DataTypeOf<float> {
  static constexpr DataType value = float32;
};
template <> struct DataTypeOf<double> {
  static constexpr DataType value = float64;
};
template <> struct DataTypeOf<std::int32_t> {
  static constexpr DataType value = int32;
};
template <> struct DataTypeOf<std::int64_t> {
  static constexpr DataType value = int64;
};
template <> struct DataTypeOf<bool> {
  static constexpr DataType value = bool_;
};
template <> struct DataTypeOf<std::uint8_t> {
  static constexpr DataType value = uint8;
};
template <typename T> inline constexpr DataType data_type_of = DataTypeOf<T>::value;

/// Calls `function` with a value of the C++ element type of `dtype`:
/// `dispatch(dtype, [&](auto zero) { using T = decltype(zero); ... })`.
template <typename Function> decltype(auto) dispatch(DataType dtype, Function &&function) {
  switch (dtype) {
  case DataType::float32: return function(float{});
  case DataType::float64: return function(double{});
  case DataType::int32: return function(std::int32_t{});
  case DataType::int64: return function(std::int64_t{});
  case DataType::bool_: return function(bool{});
  case DataType::uint8: break;
  }
  return function(std::uint8_t{});
}

} // namespace graphc
