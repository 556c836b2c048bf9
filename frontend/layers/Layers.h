// TensorFlow's tf.layers.
#pragma once

#include <functional>

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

/// A function of one tensor: `gc::tanh`, `gc::nn::relu`, a lambda. An empty one is the identity.
class Activation {
public:
  using Function = Output (*)(const Output &, std::string_view, Where);

  Activation() = default;
  Activation(Function function) // NOLINT: a function is an activation
      : function_([function](const Output &x, Where where) { return function(x, {}, where); }) {}
  template <typename F>
    requires(std::is_invocable_r_v<Output, F, const Output &> &&
             !std::is_convertible_v<F, Function>)
  Activation(F function) // NOLINT
      : function_([function](const Output &x, Where) { return function(x); }) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  Output operator()(const Output &x, Where where) const {
    return function_ ? function_(x, where) : x;
  }

private:
  std::function<Output(const Output &, Where)> function_;
};

namespace layers {

struct DenseOptions {
  Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = {}; ///< default: the variable scope's, else glorot_uniform
  Initializer bias_initializer = {};   ///< default: zeros
  bool trainable = true;
  std::string name = {};
  /// Takes the variables of an earlier layer of that name.
  bool reuse = false;
};
/// activation(x kernel + bias): [..., n] -> [..., units], with variables `<name>/kernel` [n, units]
/// and `<name>/bias` [units]; without a name "dense", "dense_1", ... The last extent of x must be
/// known.
Output dense(const Output &inputs, std::int64_t units, const DenseOptions &options = {},
             Where where = Where::current());

} // namespace layers
} // namespace graphc
