// Convolutions and poolings of TensorFlow's tf.nn. Images are [batch, height, width, channels],
// sequences [batch, length, channels] (TensorFlow's "NHWC" and "NWC"; other data formats are
// refused). Every op throws Error (invalid_argument), naming itself and the user's line, for
// shapes, dtypes and windows that do not fit.
#pragma once

#include "frontend/Output.h"

namespace graphc::nn {

/// Sizes along the axes of an image, written as TensorFlow takes them: one number for both,
/// [height, width], or with ones around them, [1, height, width, 1].
class WindowSizes {
public:
  WindowSizes(std::int64_t both) : sizes_{both} {}                           // NOLINT
  WindowSizes(int both) : WindowSizes(std::int64_t{both}) {}                 // NOLINT
  WindowSizes(std::initializer_list<std::int64_t> sizes) : sizes_(sizes) {}  // NOLINT
  WindowSizes(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {} // NOLINT
  const std::vector<std::int64_t> &sizes() const { return sizes_; }

private:
  std::vector<std::int64_t> sizes_;
};

/// "SAME", "VALID" (in any case), or {before, after} for each axis, as gc::pad takes it.
class Padding {
public:
  Padding(const char *scheme) : scheme_(scheme) {}                 // NOLINT: written as a word
  Padding(std::string_view scheme) : scheme_(scheme) {}            // NOLINT
  Padding(const std::string &scheme) : scheme_(scheme) {}          // NOLINT
  Padding(std::vector<std::pair<std::int64_t, std::int64_t>> axes) // NOLINT
      : scheme_("EXPLICIT"), axes_(std::move(axes)) {}
  const std::string &scheme() const { return scheme_; }
  const std::vector<std::pair<std::int64_t, std::int64_t>> &axes() const { return axes_; }

private:
  std::string scheme_;
  std::vector<std::pair<std::int64_t, std::int64_t>> axes_;
};

struct ConvolutionOptions {
  std::string_view data_format = {};
  WindowSizes dilations = 1; ///< between two elements of the filter
  std::string_view name = {};
};

/// y[n, i, j, k] = sum over a, b, c of x[n, i * stride + a * dilation - top, ..., c] *
/// filter[a, b, c, k], zero outside of x: input [batch, height, width, channels], filter [height,
/// width, channels, outputs] -> [batch, height', width', outputs], where height' is
/// ceil(height / stride) for "SAME" and floor((height + padding - reach) / stride) + 1 else.
Output conv2d(const Output &input, const Output &filter, const WindowSizes &strides,
              const Padding &padding, const ConvolutionOptions &options = {},
              Where where = Where::current());
/// The same along one axis: value [batch, length, channels], filters [width, channels, outputs].
Output conv1d(const Output &value, const Output &filters, std::int64_t stride,
              const Padding &padding, const ConvolutionOptions &options = {},
              Where where = Where::current());
/// Every channel by itself: filter [height, width, channels, multiplier] -> channels * multiplier
/// outputs, those of one channel side by side. TensorFlow's `rate` is `dilations`.
Output depthwise_conv2d(const Output &input, const Output &filter, const WindowSizes &strides,
                        const Padding &padding, const ConvolutionOptions &options = {},
                        Where where = Where::current());
/// The gradient of conv2d by its input, used by itself: value [batch, height', width', outputs],
/// filter [height, width, channels, outputs] -> `output_shape`, [batch, height, width, channels].
Output conv2d_transpose(const Output &value, const Output &filter, const Dims &output_shape,
                        const WindowSizes &strides, const Padding &padding = "SAME",
                        const ConvolutionOptions &options = {}, Where where = Where::current());

struct PoolOptions {
  std::string_view data_format = {};
  std::string_view name = {};
};

/// The greatest element of every window of `ksize`: [batch, height, width, channels] -> [batch,
/// height', width', channels]. The gradient goes to the first of equal elements.
Output max_pool(const Output &value, const WindowSizes &ksize, const WindowSizes &strides,
                const Padding &padding, const PoolOptions &options = {},
                Where where = Where::current());
/// The mean of every window; padding does not count.
Output avg_pool(const Output &value, const WindowSizes &ksize, const WindowSizes &strides,
                const Padding &padding, const PoolOptions &options = {},
                Where where = Where::current());
/// The same ops under the names "MaxPool2d" and "AvgPool2D".
Output max_pool2d(const Output &input, const WindowSizes &ksize, const WindowSizes &strides,
                  const Padding &padding, const PoolOptions &options = {},
                  Where where = Where::current());
Output avg_pool2d(const Output &input, const WindowSizes &ksize, const WindowSizes &strides,
                  const Padding &padding, const PoolOptions &options = {},
                  Where where = Where::current());
/// Along one axis: [batch, length, channels] -> [batch, length', channels].
Output max_pool1d(const Output &input, std::int64_t ksize, std::int64_t strides,
                  const Padding &padding, const PoolOptions &options = {},
                  Where where = Where::current());
Output avg_pool1d(const Output &input, std::int64_t ksize, std::int64_t strides,
                  const Padding &padding, const PoolOptions &options = {},
                  Where where = Where::current());

} // namespace graphc::nn
