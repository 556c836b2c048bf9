#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> convolutionCases() {
  return {
      {R"(%y = graph.conv2d %image, %filter {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<3x3x3x5xf32>) -> tensor<2x4x4x5xf32> loc("y"))",
       R"(
y = Conv2D(image, filter) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d %image, %filter {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "EXPLICIT", explicit_paddings = array<i64: 0, 1, 2, 3>} : (tensor<2x8x8x3xf32>, tensor<3x3x3x5xf32>) -> tensor<2x4x6x5xf32> loc("y"))",
       R"(
y = Conv2D(image, filter) T=float32 data_format=NHWC dilations=[1,1,1,1] explicit_paddings=[0,0,0,1,2,3,0,0] padding=EXPLICIT strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d_backprop_input %filter, %dy {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<3x3x3x5xf32>, tensor<2x4x4x5xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = Conv2DBackpropInput(y/input_sizes, filter, dy) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.conv2d_backprop_filter %image, %dy {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", filter_sizes = array<i64: 3, 3, 3, 5>} : (tensor<2x8x8x3xf32>, tensor<2x4x4x5xf32>) -> tensor<3x3x3x5xf32> loc("y"))",
       R"(
y/filter_sizes = Const() int32[4]{3,3,3,5}
y = Conv2DBackpropFilter(image, y/filter_sizes, dy) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d %image, %deep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<3x3x3x2xf32>) -> tensor<2x4x4x6xf32> loc("y"))",
       R"(
y = DepthwiseConv2dNative(image, deep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d_backprop_input %deep, %ddeep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<3x3x3x2xf32>, tensor<2x4x4x6xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = DepthwiseConv2dNativeBackpropInput(y/input_sizes, deep, ddeep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.depthwise_conv2d_backprop_filter %image, %ddeep {dilations = array<i64: 1, 1>, strides = array<i64: 2, 2>, padding = "SAME", filter_sizes = array<i64: 3, 3, 3, 2>} : (tensor<2x8x8x3xf32>, tensor<2x4x4x6xf32>) -> tensor<3x3x3x2xf32> loc("y"))",
       R"(
y/filter_sizes = Const() int32[4]{3,3,3,2}
y = DepthwiseConv2dNativeBackpropFilter(image, y/filter_sizes, ddeep) T=float32 data_format=NHWC dilations=[1,1,1,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = MaxPool(image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.avg_pool2d %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = AvgPool(image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d_gradient %image, %half, %half {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<2x4x4x3xf32>, tensor<2x4x4x3xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y = MaxPoolGrad(image, half, half) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.max_pool2d_gradient_gradient %image, %half, %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME"} : (tensor<2x8x8x3xf32>, tensor<2x4x4x3xf32>, tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))",
       R"(
y = MaxPoolGradGrad(image, half, image) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
      {R"(%y = graph.avg_pool2d_gradient %half {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "SAME", input_sizes = array<i64: 2, 8, 8, 3>} : (tensor<2x4x4x3xf32>) -> tensor<2x8x8x3xf32> loc("y"))",
       R"(
y/input_sizes = Const() int32[4]{2,8,8,3}
y = AvgPoolGrad(y/input_sizes, half) T=float32 data_format=NHWC ksize=[1,2,2,1] padding=SAME strides=[1,2,2,1]
)"},
  };
}

} // namespace graphc::test
