// A tensor that keeps its value from run to run.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "frontend/Output.h"

namespace graphc {

/// TensorFlow's ref variable. A cheap handle; reading it is converting it to an Output.
///
/// The ops of a variable "v" are named as TensorFlow names them: "v" itself, "v/Assign",
/// "v/read", and "v/Initializer/..." or "v/initial_value". Ops run in the order in which they were
/// recorded: "v/read" sees the value before all assignments of the same run but the initializer.
class Variable {
public:
  Variable() = default;
  explicit operator bool() const { return data_ != nullptr; }

  /// "dense/kernel:0".
  std::string name() const;
  /// "dense/kernel": the name in checkpoints.
  const std::string &op_name() const;
  DataType dtype() const;
  const Shape &shape() const;
  bool trainable() const;
  Graph &graph() const;
  /// The variable op.
  Operation op() const;

  /// The value that "v/read" gave.
  operator Output() const { return value(); } // NOLINT: a variable stands for its value
  Output value() const;
  /// A read of its own, here in the order of ops: sees assignments recorded before it.
  Output read_value(Where where = Where::current()) const;
  /// The op that gives the variable its initial value.
  Operation initializer() const;
  Output initial_value() const;

  /// The assigned value. `value` has the variable's dtype and shape.
  Output assign(const Input &value, std::string_view name = {},
                Where where = Where::current()) const;
  Output assign_add(const Input &delta, std::string_view name = {},
                    Where where = Where::current()) const;
  Output assign_sub(const Input &delta, std::string_view name = {},
                    Where where = Where::current()) const;

  friend bool operator==(const Variable &a, const Variable &b) { return a.data_ == b.data_; }

  struct Data; // in frontend/Variables.cpp's header, for graphc itself
  explicit Variable(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data &data() const { return *data_; }

private:
  std::shared_ptr<const Data> data_;
};

/// Makes the initial value of a variable as graph ops: called with the shape and dtype wanted,
/// inside the name scope "<variable>/Initializer".
class Initializer {
public:
  using Function = std::function<Output(Graph &graph, const Shape &shape, DataType dtype)>;

  Initializer() = default;
  template <typename F>
    requires std::is_invocable_r_v<Output, F, Graph &, const Shape &, DataType>
  Initializer(F function) : function_(std::move(function)) {} // NOLINT: any such function
  /// A given value: get_variable then takes the shape from it.
  Initializer(const Output &value) : value_(value) {}  // NOLINT
  Initializer(const Tensor &value) : tensor_(value) {} // NOLINT

  explicit operator bool() const { return function_ || value_ || tensor_; }
  const Function &function() const { return function_; }
  const Output &value() const { return value_; }
  const Tensor &tensor() const { return tensor_; }

private:
  Function function_;
  Output value_;
  Tensor tensor_;
};

} // namespace graphc
