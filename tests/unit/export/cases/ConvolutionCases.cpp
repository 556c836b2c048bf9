#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

/// With a stride of two; `window` and `shown` are what else the op and its node say of the window.
static RuleCase striding(const std::string &op, const std::string &window, const std::string &shown,
                         const std::string &result, std::vector<std::string> nodes) {
  nodes.back() += " T=float32 data_format=NHWC " + shown + " padding=SAME strides=[1,2,2,1]";
  return oneOp(op + " {" + window + R"(, strides = array<i64: 2, 2>, padding = "SAME"})", {result},
               nodes);
}

static RuleCase convolution(const std::string &op, const std::string &result,
                            const std::vector<std::string> &nodes, const std::string &sizes = "") {
  return striding(op, sizes + "dilations = array<i64: 1, 1>", "dilations=[1,1,1,1]", result, nodes);
}

static RuleCase pooling(const std::string &op, const std::string &result,
                        const std::vector<std::string> &nodes, const std::string &sizes = "") {
  return striding(op, sizes + "ksize = array<i64: 2, 2>", "ksize=[1,2,2,1]", result, nodes);
}

std::vector<RuleCase> convolutionCases() {
  const std::string inputs = "input_sizes = array<i64: 2, 8, 8, 3>, ";
  const std::string inputSizes = "y/input_sizes = Const() int32[4]{2,8,8,3}";
  return {
      convolution("conv2d %image, %filter", "2x4x4x5xf32", {"y = Conv2D(image, filter)"}),
      oneOp("conv2d %image, %filter {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, "
            "padding = \"EXPLICIT\", explicit_paddings = array<i64: 0, 1, 2, 3>}",
            {"2x4x6x5xf32"},
            {"y = Conv2D(image, filter) T=float32 data_format=NHWC dilations=[1,1,1,1] "
             "explicit_paddings=[0,0,0,1,2,3,0,0] padding=EXPLICIT strides=[1,2,2,1]"}),
      convolution("conv2d_backprop_input %filter, %dy", "2x8x8x3xf32",
                  {inputSizes, "y = Conv2DBackpropInput(y/input_sizes, filter, dy)"}, inputs),
      convolution("conv2d_backprop_filter %image, %dy", "3x3x3x5xf32",
                  {"y/filter_sizes = Const() int32[4]{3,3,3,5}",
                   "y = Conv2DBackpropFilter(image, y/filter_sizes, dy)"},
                  "filter_sizes = array<i64: 3, 3, 3, 5>, "),
      convolution("depthwise_conv2d %image, %deep", "2x4x4x6xf32",
                  {"y = DepthwiseConv2dNative(image, deep)"}),
      convolution(
          "depthwise_conv2d_backprop_input %deep, %ddeep", "2x8x8x3xf32",
          {inputSizes, "y = DepthwiseConv2dNativeBackpropInput(y/input_sizes, deep, ddeep)"},
          inputs),
      convolution("depthwise_conv2d_backprop_filter %image, %ddeep", "3x3x3x2xf32",
                  {"y/filter_sizes = Const() int32[4]{3,3,3,2}",
                   "y = DepthwiseConv2dNativeBackpropFilter(image, y/filter_sizes, ddeep)"},
                  "filter_sizes = array<i64: 3, 3, 3, 2>, "),
      pooling("max_pool2d %image", "2x4x4x3xf32", {"y = MaxPool(image)"}),
      pooling("avg_pool2d %image", "2x4x4x3xf32", {"y = AvgPool(image)"}),
      pooling("max_pool2d_gradient %image, %half, %half", "2x8x8x3xf32",
              {"y = MaxPoolGrad(image, half, half)"}),
      pooling("max_pool2d_gradient_gradient %image, %half, %image", "2x4x4x3xf32",
              {"y = MaxPoolGradGrad(image, half, image)"}),
      pooling("avg_pool2d_gradient %half", "2x8x8x3xf32",
              {inputSizes, "y = AvgPoolGrad(y/input_sizes, half)"}, inputs),
  };
}

} // namespace graphc::test
