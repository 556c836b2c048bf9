// Shapes of convolutions, poolings and their gradients: images are [batch, height, width,
// channels].
#include <algorithm>

#include "ir/shape_functions/Inference.h"
#include "runtime/Windows.h"

namespace graphc::shapes {

namespace {

enum Axis { batch, height, width, channels };

/// The extents of an image; unknown ones where the rank is unknown.
Extents imageOf(const Shape &shape) {
  return shape.has_rank() ? shape.extents() : unknownExtents(4).extents();
}

void requireCounts(const Inference &op, std::string_view attribute, std::size_t count,
                   std::int64_t least) {
  const Extents &values = op.attributes().get_ints(attribute);
  const bool holds = values.size() == count &&
                     std::ranges::all_of(values, [&](std::int64_t v) { return v >= least; });
  op.require(holds, fmt::format("{} to be {} integers of {} or more", attribute, count, least),
             fmt::format("[{}]", fmt::join(values, ",")));
}

/// The windows over an image, their attributes and extents checked.
WindowAxes windowsOver(const Inference &op, const Extents &image, const Extents &window) {
  requireCounts(op, "strides", 2, 1);
  if (op.attributes().has("dilations"))
    requireCounts(op, "dilations", 2, 1);
  const std::string &padding = op.attributes().get_string("padding");
  op.require(padding == "SAME" || padding == "VALID" || padding == "EXPLICIT",
             "padding to be SAME, VALID or EXPLICIT", padding);
  const bool isExplicit = padding == "EXPLICIT";
  op.require(isExplicit == op.attributes().has("explicit_paddings"),
             "explicit_paddings with padding EXPLICIT and not else", padding);
  if (isExplicit)
    requireCounts(op, "explicit_paddings", 4, 0);
  const WindowAxes axes =
      windowAxes(op.attributes(), {image[height], image[width]}, {window[0], window[1]});
  for (const WindowAxis &axis : axes)
    op.require(axis.fits(), "windows that fit into the padded input",
               fmt::format("windows over {} elements in {}", axis.reach(), axis.padded()));
  return axes;
}

/// The shape of conv2d's or depthwise_conv2d's result.
Shape convolved(const Inference &op, const Extents &x, const Extents &filter, bool depthwise,
                const std::string &got) {
  for (std::int64_t extent : filter)
    op.require(extent != 0, "a filter without extents of 0", got);
  op.require(x[channels] < 0 || filter[2] < 0 || x[channels] == filter[2],
             "a filter for as many channels as the input has", got);
  const WindowAxes axes = windowsOver(op, x, filter);
  std::int64_t outputs = filter[3];
  if (depthwise)
    outputs = multiplyExtents(std::max(x[channels], filter[2]), filter[3]);
  return Shape{x[batch], axes[0].output, axes[1].output, outputs};
}

template <bool depthwise> std::vector<ValueType> convolution(const Inference &op) {
  op.requireFloating(0, "input");
  op.requireOneDtype();
  op.requireRank(0, "input", 4);
  op.requireRank(1, "filter", 4);
  return {{op.dtype(0), convolved(op, imageOf(op.shape(0)), imageOf(op.shape(1)), depthwise,
                                  op.operandsText())}};
}

std::vector<ValueType> fusedConv2d(const Inference &op) {
  std::vector<ValueType> result = convolution<false>(op);
  if (op.numOperands() == 3) {
    op.requireRank(2, "bias", 1);
    const std::int64_t outputs = result[0].shape[channels];
    if (op.shape(2).has_rank())
      op.require(op.shape(2).is_compatible_with(Shape{outputs}),
                 fmt::format("bias to have {} elements", outputs), op.operand(2).to_string());
  }
  const std::string activation =
      op.attributes().has("activation") ? op.attributes().get_string("activation") : "none";
  static constexpr std::string_view activations[] = {"none", "relu", "tanh", "sigmoid"};
  op.require(std::ranges::find(activations, activation) != std::end(activations),
             "activation to be none, relu, tanh or sigmoid", activation);
  return result;
}

/// The image or the filter that a gradient is for: given with the op or by operand 2.
Shape sizesGiven(const Inference &op, std::string_view attribute, std::size_t index) {
  const Shape given = op.shapeFrom(attribute, index);
  op.require(!given.has_rank() || given.rank() == 4,
             fmt::format("{} to have 4 elements", attribute), given.to_string());
  return given.has_rank() ? given : unknownExtents(4);
}

/// Checks dy against the shape that the forward op would have given.
void requireGradientOf(const Inference &op, std::size_t index, const Shape &forward) {
  op.requireRank(index, "dy", 4);
  op.require(op.shape(index).is_compatible_with(forward),
             fmt::format("dy of shape {}", forward.to_string()), op.operand(index).to_string());
}

void requireTwoOfOneDtype(const Inference &op, std::string_view first) {
  op.requireFloating(0, first);
  op.require(op.dtype(0) == op.dtype(1), "operands of one dtype", op.operandsText());
}

template <bool depthwise> std::vector<ValueType> backpropInput(const Inference &op) {
  requireTwoOfOneDtype(op, "filter");
  op.requireRank(0, "filter", 4);
  const Shape x = sizesGiven(op, "input_sizes", 2);
  const std::string got = fmt::format("{} and {}", x.to_string(), op.operand(0).to_string());
  requireGradientOf(op, 1, convolved(op, x.extents(), imageOf(op.shape(0)), depthwise, got));
  return {{op.dtype(0), x}};
}

template <bool depthwise> std::vector<ValueType> backpropFilter(const Inference &op) {
  requireTwoOfOneDtype(op, "input");
  op.requireRank(0, "input", 4);
  const Shape filter = sizesGiven(op, "filter_sizes", 2);
  const std::string got = fmt::format("{} and {}", op.operand(0).to_string(), filter.to_string());
  requireGradientOf(op, 1, convolved(op, imageOf(op.shape(0)), filter.extents(), depthwise, got));
  return {{op.dtype(0), filter}};
}

/// The shape of the pooled image, given the windows over an image of extents `x`.
Shape pooledBy(const Inference &op, const WindowAxes &axes, const Extents &x) {
  // A window that lay in the padding alone would have no elements.
  for (const WindowAxis &axis : axes)
    op.require(std::max(axis.before, axis.after) < axis.size,
               "less padding than the window has elements",
               fmt::format("{} and {} for {}", axis.before, axis.after, axis.size));
  return Shape{x[batch], axes[0].output, axes[1].output, x[channels]};
}

Shape pooled(const Inference &op, const Extents &x) {
  requireCounts(op, "ksize", 2, 1);
  return pooledBy(op, windowsOver(op, x, op.attributes().get_ints("ksize")), x);
}

std::vector<ValueType> maxPool2d(const Inference &op) {
  op.requireNumeric(0, "input");
  op.requireRank(0, "input", 4);
  return {{op.dtype(0), pooled(op, imageOf(op.shape(0)))}};
}

std::vector<ValueType> avgPool2d(const Inference &op) {
  op.requireFloating(0, "input");
  return maxPool2d(op);
}

/// The shapes of x and of y = max_pool2d(x), the operands 0 and 1.
std::pair<Shape, Shape> maxPooling(const Inference &op) {
  op.requireFloating(0, "x");
  op.requireOneDtype();
  op.requireRank(0, "x", 4);
  op.requireRank(1, "y", 4);
  const Shape y = pooled(op, imageOf(op.shape(0)));
  op.require(op.shape(1).is_compatible_with(y), fmt::format("y of shape {}", y.to_string()),
             op.operand(1).to_string());
  return {Shape(imageOf(op.shape(0))), y};
}

std::vector<ValueType> maxPool2dGradient(const Inference &op) {
  const auto [x, y] = maxPooling(op);
  requireGradientOf(op, 2, y);
  return {{op.dtype(0), x}};
}

std::vector<ValueType> maxPool2dGradientGradient(const Inference &op) {
  const auto [x, y] = maxPooling(op);
  op.require(op.shape(2).is_compatible_with(x), fmt::format("g of shape {}", x.to_string()),
             op.operand(2).to_string());
  return {{op.dtype(0), y}};
}

std::vector<ValueType> avgPool2dGradient(const Inference &op) {
  op.requireFloating(0, "dy");
  const Shape x = sizesGiven(op, "input_sizes", 1);
  requireGradientOf(op, 0, pooled(op, x.extents()));
  return {{op.dtype(0), x}};
}

/// The shape of pooled_conv2d's result, given that of the convolution's.
Shape convolvedAndPooled(const Inference &op, const Shape &convolution) {
  requireCounts(op, "ksize", 2, 1);
  requireCounts(op, "pool_strides", 2, 1);
  requireCounts(op, "pool_paddings", 4, 0);
  const Extents &sizes = op.attributes().get_ints("ksize");
  const Extents &strides = op.attributes().get_ints("pool_strides");
  for (std::size_t i = 0; i < 2; ++i)
    op.require(strides[i] >= sizes[i], "pool_strides of ksize or more",
               fmt::format("[{}] for [{}]", fmt::join(strides, ","), fmt::join(sizes, ",")));
  op.require(sizes[0] * sizes[1] <= 255, "windows of 255 elements at most",
             fmt::format("{}", sizes[0] * sizes[1]));
  const Extents &z = convolution.extents();
  const WindowAxes axes =
      windowAxes(poolingOf(op.attributes()), {z[height], z[width]}, {sizes[0], sizes[1]});
  return pooledBy(op, axes, z);
}

std::vector<ValueType> pooledConv2d(const Inference &op) {
  const std::vector<ValueType> z = fusedConv2d(op);
  if (op.attributes().has("activation")) {
    const std::string &activation = op.attributes().get_string("activation");
    op.require(activation == "none" || activation == "relu", "activation to be none or relu",
               activation);
  }
  const Shape y = convolvedAndPooled(op, z[0].shape);
  return {{z[0].dtype, y}, {uint8, y}};
}

/// Checks places and dy, operands 1 and 2, against the shape that the forward op would have given.
void requirePooledGradientOf(const Inference &op, const Shape &y) {
  op.requireFloating(0, "operand 0");
  op.requireDtype(1, "places", uint8);
  op.require(op.dtype(0) == op.dtype(2), "dy of operand 0's dtype", op.operandsText());
  op.require(op.shape(1).is_compatible_with(y), fmt::format("places of shape {}", y.to_string()),
             op.operand(1).to_string());
  requireGradientOf(op, 2, y);
}

std::vector<ValueType> pooledBackpropInput(const Inference &op) {
  op.requireRank(0, "filter", 4);
  const Shape x = sizesGiven(op, "input_sizes", anyNumber);
  const Shape z = convolved(op, x.extents(), imageOf(op.shape(0)), false, op.operandsText());
  requirePooledGradientOf(op, convolvedAndPooled(op, z));
  return {{op.dtype(0), x}};
}

std::vector<ValueType> pooledBackpropFilter(const Inference &op) {
  op.requireRank(0, "input", 4);
  const Shape filter = sizesGiven(op, "filter_sizes", anyNumber);
  const Shape z = convolved(op, imageOf(op.shape(0)), filter.extents(), false, op.operandsText());
  requirePooledGradientOf(op, convolvedAndPooled(op, z));
  const std::int64_t parts = op.attributes().get_int("parts");
  op.require(parts > 0, "parts to be 1 or more", fmt::format("{}", parts));
  Extents sums{parts};
  sums.insert(sums.end(), filter.extents().begin(), filter.extents().end());
  return {{op.dtype(0), Shape(sums)}, {op.dtype(0), Shape{parts, filter[channels]}}};
}

constexpr ShapeRule rules[] = {
    {"conv2d", 2, 2, convolution<false>},
    {"conv2d_backprop_input", 2, 3, backpropInput<false>},
    {"conv2d_backprop_filter", 2, 3, backpropFilter<false>},
    {"depthwise_conv2d", 2, 2, convolution<true>},
    {"depthwise_conv2d_backprop_input", 2, 3, backpropInput<true>},
    {"depthwise_conv2d_backprop_filter", 2, 3, backpropFilter<true>},
    {"fused_conv2d", 2, 3, fusedConv2d},
    {"pooled_conv2d", 2, 3, pooledConv2d},
    {"pooled_conv2d_backprop_input", 3, 3, pooledBackpropInput},
    {"pooled_conv2d_backprop_filter", 3, 3, pooledBackpropFilter},
    {"max_pool2d", 1, 1, maxPool2d},
    {"max_pool2d_gradient", 3, 3, maxPool2dGradient},
    {"max_pool2d_gradient_gradient", 3, 3, maxPool2dGradientGradient},
    {"avg_pool2d", 1, 1, avgPool2d},
    {"avg_pool2d_gradient", 1, 2, avgPool2dGradient},
};

} // namespace

std::span<const ShapeRule> convolutionRules() { return rules; }

} // namespace graphc::shapes
