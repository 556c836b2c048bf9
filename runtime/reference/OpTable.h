// What each family of ops contributes to the reference: a table of names and functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/Status.h"
#include "runtime/reference/Reference.h"

namespace graphc::reference {

using Evaluate = std::vector<Tensor> (*)(const OpCall &call);

struct Entry {
  std::string_view name;
  Evaluate evaluate;
};

std::span<const Entry> convolutionOps();
std::span<const Entry> elementwiseOps();
std::span<const Entry> indexingOps();
std::span<const Entry> linalgOps();
std::span<const Entry> matmulOps();
std::span<const Entry> nnOps();
std::span<const Entry> normalizationOps();
std::span<const Entry> pooledConvolutionOps();
std::span<const Entry> poolingOps();
std::span<const Entry> randomOps();
std::span<const Entry> recurrentOps();
std::span<const Entry> reductionOps();
std::span<const Entry> shapeOps();
std::span<const Entry> sliceOps();
std::span<const Entry> summaryOps();

/// A wrong value: "gather expects indices in [0,5), got 7", where `what` is all but the op's name.
[[noreturn]] inline void invalid(const OpCall &call, const std::string &what) {
  throw Error(Code::invalid_argument, std::string(call.name) + " " + what);
}

/// `dispatch` for ops on numbers: a bool here is a defect of whoever made the call.
template <typename Function>
decltype(auto) dispatchNumeric(const OpCall &call, DataType dtype, Function &&function) {
  switch (dtype) {
  case DataType::float32: return function(float{});
  case DataType::float64: return function(double{});
  case DataType::int32: return function(std::int32_t{});
  case DataType::int64: return function(std::int64_t{});
  case DataType::uint8: return function(std::uint8_t{});
  case DataType::bool_: break;
  }
  invalid(call, "expects numbers, got " + std::string(to_string(dtype)));
}

/// `dispatch` for ops on floating-point numbers.
template <typename Function>
decltype(auto) dispatchFloating(const OpCall &call, DataType dtype, Function &&function) {
  switch (dtype) {
  case DataType::float32: return function(float{});
  case DataType::float64: return function(double{});
  default: break;
  }
  invalid(call, "expects float32 or float64, got " + std::string(to_string(dtype)));
}

/// Integer arithmetic that wraps around, as TensorFlow's does, is done in this type; sums of
/// floating-point numbers are carried in double.
template <typename T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

} // namespace graphc::reference
