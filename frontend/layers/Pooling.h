// Poolings of TensorFlow's tf.layers and of Keras, and what makes vectors of images.
#pragma once

#include "frontend/ops/Convolution.h"

namespace graphc::layers {

struct PoolingOptions {
  std::string padding = "valid";
  std::string name = {};
};
/// The greatest element (the mean) of every `pool_size` steps, one window every `strides` steps:
/// [batch, length, channels] -> [batch, length', channels].
Output max_pooling1d(const Output &inputs, std::int64_t pool_size, std::int64_t strides,
                     const PoolingOptions &options = {}, Where where = Where::current());
Output average_pooling1d(const Output &inputs, std::int64_t pool_size, std::int64_t strides,
                         const PoolingOptions &options = {}, Where where = Where::current());
/// Of every window of an image: [batch, height, width, channels] -> [batch, height', width',
/// channels].
Output max_pooling2d(const Output &inputs, const nn::WindowSizes &pool_size,
                     const nn::WindowSizes &strides, const PoolingOptions &options = {},
                     Where where = Where::current());
Output average_pooling2d(const Output &inputs, const nn::WindowSizes &pool_size,
                         const nn::WindowSizes &strides, const PoolingOptions &options = {},
                         Where where = Where::current());

/// Keras's global poolings: the greatest element (the mean) of each channel over the whole
/// sequence, [batch, length, channels] -> [batch, channels], however long it turns out to be when
/// it is fed; of an empty one -infinity (NaN).
Output global_max_pooling1d(const Output &inputs, std::string_view name = {},
                            Where where = Where::current());
Output global_average_pooling1d(const Output &inputs, std::string_view name = {},
                                Where where = Where::current());
/// Of a whole image: [batch, height, width, channels] -> [batch, channels].
Output global_max_pooling2d(const Output &inputs, std::string_view name = {},
                            Where where = Where::current());
Output global_average_pooling2d(const Output &inputs, std::string_view name = {},
                                Where where = Where::current());

/// All axes but the first as one: [batch, ...] -> [batch, n].
Output flatten(const Output &inputs, std::string_view name = {}, Where where = Where::current());

} // namespace graphc::layers
