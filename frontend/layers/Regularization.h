// Layers of TensorFlow's tf.layers that behave otherwise in training than after it.
#pragma once

#include <optional>
#include <variant>

#include "frontend/layers/Layers.h"

namespace graphc::layers {

/// Whether a layer is trained: known when the graph is built, or a scalar bool tensor, fed for
/// example.
class Training {
public:
  Training(bool known) : known_(known) {}    // NOLINT: a bool says it
  Training(const Output &fed) : fed_(fed) {} // NOLINT
  bool is_output() const { return static_cast<bool>(fed_); }
  bool known() const { return known_; }
  const Output &output() const { return fed_; }

private:
  bool known_ = false;
  Output fed_;
};

struct DropoutLayerOptions {
  double rate = 0.5; ///< the share of elements that are dropped
  std::optional<std::vector<std::int64_t>> noise_shape = {};
  std::optional<std::int64_t> seed = {};
  Training training = false;
  std::string name = {};
};
/// In training, nn::dropout with keep_prob 1 - rate; else the inputs as they are.
Output dropout(const Output &inputs, const DropoutLayerOptions &options = {},
               Where where = Where::current());

struct BatchNormalizationOptions {
  std::int64_t axis = -1;             ///< the axis of what is normalised by itself, the channels
  double momentum = 0.99;             ///< of the moving averages
  double epsilon = 1e-3;              ///< added to the variance
  bool center = true;                 ///< add `beta`
  bool scale = true;                  ///< multiply by `gamma`
  Initializer beta_initializer = {};  ///< default: zeros
  Initializer gamma_initializer = {}; ///< default: ones
  Initializer moving_mean_initializer = {};     ///< default: zeros
  Initializer moving_variance_initializer = {}; ///< default: ones
  Training training = false;
  bool trainable = true;
  std::string name = {};
  /// Takes the variables of an earlier layer of that name.
  bool reuse = false;
};
/// gamma * (x - mean) / sqrt(variance + epsilon) + beta (Ioffe and Szegedy, ICML 2015), with
/// variables `<name>/gamma`, `/beta`, `/moving_mean`, `/moving_variance` of the extent of `axis`.
/// In training, mean and variance are those of the batch; else the moving averages, which the ops
/// in Graph::update_ops() bring up to date: run them with the training step, as with TensorFlow's
/// UPDATE_OPS. As TensorFlow's fused op, the moving variance of images (rank 4) takes the unbiased
/// variance of the batch, others the biased one.
Output batch_normalization(const Output &inputs, const BatchNormalizationOptions &options = {},
                           Where where = Where::current());

} // namespace graphc::layers
