#include "runtime/DataType.h"

#include <array>
#include <utility>

namespace graphc {
namespace {
constexpr std::array<std::pair<DataType, std::string_view>, 6> kNames = {{
    {float32, "float32"},
    {float64, "float64"},
    {int32, "int32"},
    {int64, "int64"},
    {bool_, "bool"},
    {uint8, "uint8"},
}};
} // namespace

std::size_t size_of(DataType dtype) {
  return dispatch(dtype, [](auto zero) { return sizeof(zero); });
}

std::string_view to_string(DataType dtype) {
  for (auto [type, name] : kNames)
    if (type == dtype)
      return name;
  return "invalid";
}

std::optional<DataType> data_type_from_string(std::string_view wanted) {
  for (auto [type, name] : kNames)
    if (name == wanted)
      return type;
  return std::nullopt;
}

} // namespace graphc
