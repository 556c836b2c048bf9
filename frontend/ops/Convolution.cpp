#include "frontend/ops/Convolution.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"

namespace graphc::nn {

namespace {

using Extents = std::vector<std::int64_t>;

/// Reads the ways in which TensorFlow says how windows slide; the first thing wrong is kept, and
/// told when the op would be recorded.
class WindowReader {
public:
  WindowReader(std::string_view dataFormat, std::string_view expected) {
    if (!dataFormat.empty() && dataFormat != expected)
      refuse(fmt::format("expected data_format {}, got {}", expected, dataFormat));
  }

  void set(std::string_view attribute, const WindowSizes &given) {
    const Extents &sizes = given.sizes();
    Extents pair = sizes;
    if (sizes.size() == 1)
      pair = {sizes[0], sizes[0]};
    else if (sizes.size() == 4 && sizes[0] == 1 && sizes[3] == 1)
      pair = {sizes[1], sizes[2]};
    else if (sizes.size() != 2)
      refuse(fmt::format("expected {} as one number, [height, width] or [1, height, width, 1], got "
                         "[{}]",
                         attribute, fmt::join(sizes, ", ")));
    attributes_.set(std::string(attribute), pair);
  }

  void setPadding(const Padding &padding) {
    std::string scheme = padding.scheme();
    std::ranges::transform(scheme, scheme.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    attributes_.set("padding", scheme);
    if (scheme != "EXPLICIT")
      return;
    constexpr std::pair<std::int64_t, std::int64_t> nothing{0, 0};
    const auto &axes = padding.axes();
    if (axes.size() != 4 || axes[0] != nothing || axes[3] != nothing)
      return refuse("expected explicit padding for four axes, none of it along the batch and the "
                    "channels");
    attributes_.set("explicit_paddings",
                    Extents{axes[1].first, axes[1].second, axes[2].first, axes[2].second});
  }

  void set(std::string attribute, Extents values) {
    attributes_.set(std::move(attribute), std::move(values));
  }

  Output record(std::string_view op, std::span<const Output> operands, std::string_view name,
                Where where) const {
    Graph &graph = graphOf(operands, op, where);
    if (!error_.empty())
      return fail(graph, Code::invalid_argument, error_, name, where);
    return graphc::record(graph, op, operands, attributes_, {.name = name, .where = where}).front();
  }

private:
  void refuse(std::string message) {
    if (error_.empty())
      error_ = std::move(message);
  }

  Attributes attributes_;
  std::string error_;
};

WindowReader convolutionWindows(const WindowSizes &strides, const Padding &padding,
                                const ConvolutionOptions &options,
                                std::string_view dataFormat = "NHWC") {
  WindowReader windows(options.data_format, dataFormat);
  windows.set("strides", strides);
  windows.set("dilations", options.dilations);
  windows.setPadding(padding);
  return windows;
}

/// Explicit padding along one axis as along the second of an image.
Padding alongOneAxis(const Padding &padding) {
  auto axes = padding.axes();
  if (axes.size() != 3)
    return padding;
  axes.insert(axes.begin() + 1, {0, 0});
  return Padding(axes);
}

/// One number for the only axis of a sequence, as sizes of an image of height 1.
WindowSizes alongOneAxis(const WindowSizes &sizes) {
  return sizes.sizes().size() == 1 ? WindowSizes{1, sizes.sizes()[0]} : sizes;
}

Output pool(std::string_view op, const Output &value, const WindowSizes &ksize,
            const WindowSizes &strides, const Padding &padding, std::string_view dataFormat,
            std::string_view name, Where where, std::string_view expectedFormat = "NHWC") {
  WindowReader windows(dataFormat, expectedFormat);
  windows.set("ksize", ksize);
  windows.set("strides", strides);
  windows.setPadding(padding);
  return windows.record(op, {{value}}, name, where);
}

Output pool1d(std::string_view op, const Output &input, std::int64_t ksize, std::int64_t strides,
              const Padding &padding, const PoolOptions &options, std::string_view defaultName,
              Where where) {
  OpScope scope(graphOf(input, op, where), options.name, defaultName);
  const Output image = expand_dims(input, 1, {}, where);
  const Output pooled =
      pool(op, image, WindowSizes{1, ksize}, WindowSizes{1, strides}, alongOneAxis(padding),
           options.data_format, scope.name(), where, "NWC");
  return squeeze(pooled, 1, {}, where);
}

} // namespace

Output conv2d(const Output &input, const Output &filter, const WindowSizes &strides,
              const Padding &padding, const ConvolutionOptions &options, Where where) {
  return convolutionWindows(strides, padding, options)
      .record("conv2d", {{input, filter}}, nameOr(options.name, "Conv2D"), where);
}

Output conv1d(const Output &value, const Output &filters, std::int64_t stride,
              const Padding &padding, const ConvolutionOptions &options, Where where) {
  OpScope scope(graphOf(value, "conv1d", where), options.name, "conv1d");
  const Output image = expand_dims(value, 1, {}, where);
  const Output filter = expand_dims(filters, 0, {}, where);
  ConvolutionOptions inner = options;
  inner.dilations = alongOneAxis(options.dilations);
  const Output convolved =
      convolutionWindows(WindowSizes{1, stride}, alongOneAxis(padding), inner, "NWC")
          .record("conv2d", {{image, filter}}, scope.name(), where);
  return squeeze(convolved, 1, {}, where);
}

Output depthwise_conv2d(const Output &input, const Output &filter, const WindowSizes &strides,
                        const Padding &padding, const ConvolutionOptions &options, Where where) {
  return convolutionWindows(strides, padding, options)
      .record("depthwise_conv2d", {{input, filter}}, nameOr(options.name, "depthwise"), where);
}

Output conv2d_transpose(const Output &value, const Output &filter, const Dims &output_shape,
                        const WindowSizes &strides, const Padding &padding,
                        const ConvolutionOptions &options, Where where) {
  OpScope scope(graphOf(value, "conv2d_transpose", where), options.name, "conv2d_transpose");
  WindowReader windows = convolutionWindows(strides, padding, options);
  if (output_shape.is_output())
    return windows.record("conv2d_backprop_input", {{filter, value, output_shape.output()}},
                          scope.name(), where);
  windows.set("input_sizes", output_shape.extents());
  return windows.record("conv2d_backprop_input", {{filter, value}}, scope.name(), where);
}

Output max_pool(const Output &value, const WindowSizes &ksize, const WindowSizes &strides,
                const Padding &padding, const PoolOptions &options, Where where) {
  return pool("max_pool2d", value, ksize, strides, padding, options.data_format,
              nameOr(options.name, "MaxPool"), where);
}
Output avg_pool(const Output &value, const WindowSizes &ksize, const WindowSizes &strides,
                const Padding &padding, const PoolOptions &options, Where where) {
  return pool("avg_pool2d", value, ksize, strides, padding, options.data_format,
              nameOr(options.name, "AvgPool"), where);
}
Output max_pool2d(const Output &input, const WindowSizes &ksize, const WindowSizes &strides,
                  const Padding &padding, const PoolOptions &options, Where where) {
  return pool("max_pool2d", input, ksize, strides, padding, options.data_format,
              nameOr(options.name, "MaxPool2d"), where);
}
Output avg_pool2d(const Output &input, const WindowSizes &ksize, const WindowSizes &strides,
                  const Padding &padding, const PoolOptions &options, Where where) {
  return pool("avg_pool2d", input, ksize, strides, padding, options.data_format,
              nameOr(options.name, "AvgPool2D"), where);
}
Output max_pool1d(const Output &input, std::int64_t ksize, std::int64_t strides,
                  const Padding &padding, const PoolOptions &options, Where where) {
  return pool1d("max_pool2d", input, ksize, strides, padding, options, "MaxPool1d", where);
}
Output avg_pool1d(const Output &input, std::int64_t ksize, std::int64_t strides,
                  const Padding &padding, const PoolOptions &options, Where where) {
  return pool1d("avg_pool2d", input, ksize, strides, padding, options, "AvgPool1D", where);
}

} // namespace graphc::nn
