// The constants of an op, named, without MLIR: what shape functions and reference kernels read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc {

/// The name of a variable, as opposed to any other string.
struct SymbolName {
  std::string name;
  bool operator==(const SymbolName &) const = default;
};

using AttributeValue = std::variant<bool, std::int64_t, double, std::string,
                                    std::vector<std::int64_t>, DataType, Tensor, SymbolName>;

/// A sorted dictionary. Getters throw Error (internal) where the name is missing or of another
/// kind, since the op's definition promises it.
class Attributes {
public:
  Attributes() = default;
  Attributes(std::initializer_list<std::pair<const std::string, AttributeValue>> entries)
      : entries_(entries) {}

  bool has(std::string_view name) const { return entries_.find(name) != entries_.end(); }
  void set(std::string name, AttributeValue value) { entries_[std::move(name)] = std::move(value); }

  bool get_bool(std::string_view name) const { return get<bool>(name); }
  std::int64_t get_int(std::string_view name) const { return get<std::int64_t>(name); }
  double get_double(std::string_view name) const { return get<double>(name); }
  const std::string &get_string(std::string_view name) const { return get<std::string>(name); }
  const std::vector<std::int64_t> &get_ints(std::string_view name) const {
    return get<std::vector<std::int64_t>>(name);
  }
  DataType get_dtype(std::string_view name) const { return get<DataType>(name); }
  const Tensor &get_tensor(std::string_view name) const { return get<Tensor>(name); }
  const std::string &get_symbol(std::string_view name) const { return get<SymbolName>(name).name; }

  bool bool_or(std::string_view name, bool otherwise) const {
    return has(name) ? get_bool(name) : otherwise;
  }
  std::int64_t int_or(std::string_view name, std::int64_t otherwise) const {
    return has(name) ? get_int(name) : otherwise;
  }

  const std::map<std::string, AttributeValue, std::less<>> &entries() const { return entries_; }

private:
  const AttributeValue &at(std::string_view name) const;
  [[noreturn]] static void wrong_kind(std::string_view name);
  template <typename T> const T &get(std::string_view name) const {
    const T *value = std::get_if<T>(&at(name));
    if (!value)
      wrong_kind(name);
    return *value;
  }

  std::map<std::string, AttributeValue, std::less<>> entries_;
};

} // namespace graphc
