// Handles to what a graph holds: a tensor that an op makes, and the op.
#pragma once

#include <initializer_list>
#include <source_location>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "runtime/DataType.h"
#include "runtime/Shape.h"
#include "runtime/Tensor.h"

namespace graphc {

class Graph;
class Operation;
class Variable;

/// The user's line: the last parameter of every op, filled in by the compiler.
using Where = std::source_location;

/// One result of one op: TensorFlow's symbolic `Tensor`. A cheap handle that must not outlive its
/// graph. A default-constructed Output is TensorFlow's `None`: what `gradients` gives where no
/// gradient reaches. With deferred errors, what a wrong op "made" is a poisoned Output: ops that
/// take it do nothing.
class Output {
public:
  Output() = default;

  /// False for an empty Output.
  explicit operator bool() const { return graph_ != nullptr; }
  bool is_poisoned() const { return graph_ != nullptr && value_ == nullptr; }

  /// "scope/MatMul:0".
  std::string name() const;
  DataType dtype() const;
  /// What is known of the shape while the graph is built.
  Shape shape() const;
  /// The op whose result this is; empty for the arguments of a recurrence's body.
  Operation op() const;
  /// Which result of op().
  int index() const;
  /// The graph; throws Error (invalid_argument) for an empty Output.
  Graph &graph() const;

  /// The same result of the same op, as in TensorFlow 1; gc::equal compares elements.
  friend bool operator==(const Output &a, const Output &b) {
    return a.graph_ == b.graph_ && a.value_ == b.value_;
  }

  /// For graphc itself: an MLIR value, or null for a poisoned one.
  static Output from_opaque(Graph &graph, void *value) { return Output(&graph, value); }
  void *opaque() const { return value_; }

private:
  Output(Graph *graph, void *value) : graph_(graph), value_(value) {}

  Graph *graph_ = nullptr;
  void *value_ = nullptr;
};

/// One op of a graph, TensorFlow's `Operation`: what is fetched for its effect, or depended on.
class Operation {
public:
  Operation() = default;
  explicit operator bool() const { return graph_ != nullptr; }
  bool is_poisoned() const { return graph_ != nullptr && op_ == nullptr; }

  /// "scope/MatMul".
  std::string name() const;
  /// The op's name in the graph dialect: "matmul".
  std::string type() const;
  int num_outputs() const;
  /// Throws Error (invalid_argument) where there is no such output.
  Output output(int index) const;
  std::vector<Output> outputs() const;
  std::vector<Output> inputs() const;
  Graph &graph() const;

  friend bool operator==(const Operation &a, const Operation &b) {
    return a.graph_ == b.graph_ && a.op_ == b.op_;
  }

  static Operation from_opaque(Graph &graph, void *op) { return Operation(&graph, op); }
  void *opaque() const { return op_; }

private:
  Operation(Graph *graph, void *op) : graph_(graph), op_(op) {}

  Graph *graph_ = nullptr;
  void *op_ = nullptr;
};

template <typename T>
concept Number = std::is_arithmetic_v<T>;

/// What an op takes where TensorFlow would convert: an Output, a Variable (read), a number, which
/// becomes a constant of the other operands' dtype, or a Tensor, which becomes a constant.
class Input {
public:
  Input(const Output &output, Where where = Where::current()) // NOLINT: operands convert
      : value_(output), where_(where) {}
  Input(const Variable &variable, Where where = Where::current()); // NOLINT
  Input(const Tensor &tensor, Where where = Where::current())      // NOLINT
      : value_(tensor), where_(where) {}
  /// Anything that stands for a tensor, as a cell's state does.
  template <typename T>
    requires(std::is_convertible_v<const T &, const Output &> && !std::is_same_v<T, Output>)
  Input(const T &value, Where where = Where::current()) // NOLINT
      : Input(static_cast<const Output &>(value), where) {}
  template <Number T>
  Input(T number, Where where = Where::current()) // NOLINT
      : value_(scalar(number)), where_(where) {}

  bool is_output() const { return std::holds_alternative<Output>(value_); }
  /// Requires is_output().
  const Output &output() const { return std::get<Output>(value_); }
  bool is_tensor() const { return std::holds_alternative<Tensor>(value_); }
  const Tensor &tensor() const { return std::get<Tensor>(value_); }
  /// A number as it was written: bool, int64 or double.
  using Scalar = std::variant<bool, std::int64_t, double>;
  bool is_number() const { return std::holds_alternative<Scalar>(value_); }
  const Scalar &number() const { return std::get<Scalar>(value_); }
  /// The user's line.
  const Where &where() const { return where_; }

private:
  template <Number T> static Scalar scalar(T number) {
    if constexpr (std::is_same_v<T, bool>)
      return Scalar(std::in_place_type<bool>, number);
    else if constexpr (std::is_integral_v<T>)
      return Scalar(std::in_place_type<std::int64_t>, static_cast<std::int64_t>(number));
    else
      return Scalar(std::in_place_type<double>, static_cast<double>(number));
  }

  std::variant<Output, Tensor, Scalar> value_;
  Where where_;
};

/// Extents, sizes or positions: known numbers, or a one-dimensional integer tensor.
class Dims {
public:
  Dims() = default;
  Dims(std::initializer_list<std::int64_t> extents) : extents_(extents) {}
  Dims(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {} // NOLINT
  Dims(const Shape &shape) : extents_(shape.extents()) {}                   // NOLINT
  Dims(const Output &tensor) : tensor_(tensor) {}                           // NOLINT

  bool is_output() const { return static_cast<bool>(tensor_); }
  const Output &output() const { return tensor_; }
  const std::vector<std::int64_t> &extents() const { return extents_; }

private:
  std::vector<std::int64_t> extents_;
  Output tensor_;
};

/// The axes of a reduction: all of them, one, or several; negative ones count from the end.
class Axes {
public:
  Axes() = default;
  Axes(std::int64_t axis) : axes_{axis}, all_(false) {} // NOLINT
  Axes(int axis) : Axes(std::int64_t{axis}) {}          // NOLINT
  Axes(std::initializer_list<std::int64_t> axes) : axes_(axes), all_(false) {}
  Axes(std::vector<std::int64_t> axes) : axes_(std::move(axes)), all_(false) {} // NOLINT
  bool all() const { return all_; }
  const std::vector<std::int64_t> &axes() const { return axes_; }

private:
  std::vector<std::int64_t> axes_;
  bool all_ = true;
};

} // namespace graphc
