// TensorFlow's tf.contrib.layers.layer_norm.
#pragma once

#include "frontend/layers/Layers.h"

namespace graphc::layers {

struct LayerNormOptions {
  bool center = true; ///< with a variable `beta`, zeros at first
  bool scale = true;  ///< with a variable `gamma`, ones at first
  Activation activation = {};
  bool reuse = false;
  bool trainable = true;
  /// Mean and variance are taken over the axes from this one on.
  std::int64_t begin_norm_axis = 1;
  /// beta and gamma have the extents of the axes from this one on, which must be known.
  std::int64_t begin_params_axis = -1;
  double epsilon = 1e-12; ///< added to the variance
  std::string scope = {};
};
/// activation((x - mean) / sqrt(variance + epsilon) * gamma + beta), mean and variance for each
/// sample (Ba, Kiros, Hinton, "Layer Normalization", 2016). Variables `<scope>/beta` and
/// `<scope>/gamma`; without a scope "LayerNorm", "LayerNorm_1", ...
Output layer_norm(const Output &inputs, const LayerNormOptions &options = {},
                  Where where = Where::current());

} // namespace graphc::layers
