// Convolutions of TensorFlow's tf.layers.
#pragma once

#include "frontend/layers/Layers.h"
#include "frontend/ops/Convolution.h"

namespace graphc::layers {

struct Conv1dOptions {
  std::int64_t strides = 1;
  std::string padding = "valid";
  std::int64_t dilation_rate = 1;
  Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = {}; ///< default: the variable scope's, else glorot_uniform
  Initializer bias_initializer = {};   ///< default: zeros
  bool trainable = true;
  std::string name = {};
  /// Takes the variables of an earlier layer of that name.
  bool reuse = false;
};
/// activation(conv1d(x, kernel) + bias): [batch, length, channels] -> [batch, length', filters],
/// with variables `<name>/kernel` [kernel_size, channels, filters] and `<name>/bias` [filters];
/// without a name "conv1d", "conv1d_1", ... The number of channels must be known.
Output conv1d(const Output &inputs, std::int64_t filters, std::int64_t kernel_size,
              const Conv1dOptions &options = {}, Where where = Where::current());

struct Conv2dOptions {
  nn::WindowSizes strides = 1;
  std::string padding = "valid";
  nn::WindowSizes dilation_rate = 1;
  Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = {}; ///< default: the variable scope's, else glorot_uniform
  Initializer bias_initializer = {};   ///< default: zeros
  bool trainable = true;
  std::string name = {};
  /// Takes the variables of an earlier layer of that name.
  bool reuse = false;
};
/// activation(conv2d(x, kernel) + bias): [batch, height, width, channels] -> [batch, height',
/// width', filters], with variables `<name>/kernel` [height, width, channels, filters] and
/// `<name>/bias` [filters]; without a name "conv2d", "conv2d_1", ... The number of channels must be
/// known.
Output conv2d(const Output &inputs, std::int64_t filters, const nn::WindowSizes &kernel_size,
              const Conv2dOptions &options = {}, Where where = Where::current());

} // namespace graphc::layers
