#include "frontend/export/Rules.h"

namespace graphc::graphdef {

/// [height, width] as TensorFlow has it for images [batch, height, width, channels].
static std::vector<std::int64_t> ofImages(const std::vector<std::int64_t> &window) {
  return {1, window.at(0), window.at(1), 1};
}

static bool isExplicit(const OpNodes &op) {
  return op.attributes().get_string("padding") == "EXPLICIT";
}

static void setWindow(OpNodes &op, Node &node) {
  node.type("T", op.dtype(0))
      .integers("strides", ofImages(op.attributes().get_ints("strides")))
      .text("padding", op.attributes().get_string("padding"))
      .text("data_format", "NHWC");
  if (!isExplicit(op))
    return;
  // Ours are [top, bottom, left, right].
  const std::vector<std::int64_t> &p = op.attributes().get_ints("explicit_paddings");
  node.integers("explicit_paddings", {0, 0, p.at(0), p.at(1), p.at(2), p.at(3), 0, 0});
}

static void setConvolution(OpNodes &op, Node node) {
  const std::vector<std::int64_t> &strides = op.attributes().get_ints("strides");
  if (llvm::StringRef(node.def().op()).starts_with("Depthwise") && strides.at(0) != strides.at(1))
    op.refuse("TensorFlow's has the same stride along both axes");
  setWindow(op, node);
  node.integers("dilations", ofImages(op.attributes().get_ints("dilations")));
}

static void writeConvolution(OpNodes &op, llvm::StringRef type) {
  setConvolution(op, op.main(type, op.ins()));
}

static void writeInputGradient(OpNodes &op, llvm::StringRef type) {
  const Integers sizes = op.int32List("input_sizes", 2);
  setConvolution(op, op.main(type, {sizes.input, op.in(0), op.in(1)}));
}

static void writeFilterGradient(OpNodes &op, llvm::StringRef type) {
  const Integers sizes = op.int32List("filter_sizes", 2);
  setConvolution(op, op.main(type, {op.in(0), sizes.input, op.in(1)}));
}

static void setPooling(OpNodes &op, Node node) {
  const bool hasExplicit = node.def().op() == "MaxPool" || node.def().op() == "MaxPoolGrad";
  if (isExplicit(op) && !hasExplicit)
    op.refuse("TensorFlow's pads by SAME or VALID only");
  setWindow(op, node);
  node.integers("ksize", ofImages(op.attributes().get_ints("ksize")));
}

static void writePooling(OpNodes &op, llvm::StringRef type) {
  setPooling(op, op.main(type, op.ins()));
}

static void writeAverageGradient(OpNodes &op, llvm::StringRef type) {
  const Integers sizes = op.int32List("input_sizes", 1);
  setPooling(op, op.main(type, {sizes.input, op.in(0)}));
}

std::span<const Rule> convolutionRules() {
  static constexpr Rule rules[] = {
      {"avg_pool2d", "AvgPool", writePooling},
      {"avg_pool2d_gradient", "AvgPoolGrad", writeAverageGradient},
      {"conv2d", "Conv2D", writeConvolution},
      {"conv2d_backprop_filter", "Conv2DBackpropFilter", writeFilterGradient},
      {"conv2d_backprop_input", "Conv2DBackpropInput", writeInputGradient},
      {"depthwise_conv2d", "DepthwiseConv2dNative", writeConvolution},
      {"depthwise_conv2d_backprop_filter", "DepthwiseConv2dNativeBackpropFilter",
       writeFilterGradient},
      {"depthwise_conv2d_backprop_input", "DepthwiseConv2dNativeBackpropInput", writeInputGradient},
      {"max_pool2d", "MaxPool", writePooling},
      {"max_pool2d_gradient", "MaxPoolGrad", writePooling},
      {"max_pool2d_gradient_gradient", "MaxPoolGradGrad", writePooling},
  };
  return rules;
}

} // namespace graphc::graphdef
