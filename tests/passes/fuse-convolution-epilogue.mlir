// RUN: graphc-opt %s --split-input-file --graph-fuse-convolution-epilogue | FileCheck %s

// The squeeze of a conv1d moves behind bias and activation; its expand_dims stays in front.
// CHECK-LABEL: @one_axis
// CHECK: %[[Y:.*]] = graph.fused_conv2d %{{.*}}, %{{.*}}, %{{.*}} {activation = "relu", dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
// CHECK-SAME: -> tensor<4x1x8x2xf32>
// CHECK-NEXT: %[[R:.*]] = graph.reshape %[[Y]]
// CHECK-NEXT: graph.fetch %[[R]]
graph.program @one_axis {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x8x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x3x2xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<2xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x8x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x8x2xf32>
  %s = graph.squeeze %c {axes = array<i64: 1>} : (tensor<4x1x8x2xf32>) -> tensor<4x8x2xf32>
  %a = graph.bias_add %s, %b : (tensor<4x8x2xf32>, tensor<2xf32>) -> tensor<4x8x2xf32>
  %y = graph.relu %a : (tensor<4x8x2xf32>) -> tensor<4x8x2xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x8x2xf32>
}

// -----

// Without a bias; explicit paddings are kept.
// CHECK-LABEL: @activation_alone
// CHECK: graph.fused_conv2d %{{.*}}, %{{.*}} {activation = "tanh", {{.*}}explicit_paddings = array<i64: 0, 0, 1, 0>, padding = "EXPLICIT"
// CHECK-NEXT: graph.fetch
graph.program @activation_alone {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x8x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x3x2xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, explicit_paddings = array<i64: 0, 0, 1, 0>, padding = "EXPLICIT", strides = array<i64: 1, 1>}
      : (tensor<4x1x8x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x8x2xf32>
  %y = graph.tanh %c : (tensor<4x1x8x2xf32>) -> tensor<4x1x8x2xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x1x8x2xf32>
}

// -----

// The sum is wanted too: the bias joins, the activation does not.
// CHECK-LABEL: @further_uses
// CHECK: graph.fused_conv2d %{{.*}}, %{{.*}}, %{{.*}} {dilations
// CHECK-NEXT: graph.relu
// A convolution whose own result is wanted stays as it is, and so does a depthwise one.
// CHECK: graph.conv2d
// CHECK-NEXT: graph.bias_add
// CHECK: graph.depthwise_conv2d
// CHECK-NEXT: graph.relu
graph.program @further_uses {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x8x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x3x2xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<2xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x8x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x8x2xf32>
  %a = graph.bias_add %c, %b : (tensor<4x1x8x2xf32>, tensor<2xf32>) -> tensor<4x1x8x2xf32>
  %y = graph.relu %a : (tensor<4x1x8x2xf32>) -> tensor<4x1x8x2xf32>
  %d = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x8x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x8x2xf32>
  %e = graph.bias_add %d, %b : (tensor<4x1x8x2xf32>, tensor<2xf32>) -> tensor<4x1x8x2xf32>
  %f = graph.depthwise_conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x8x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x8x6xf32>
  %g = graph.relu %f : (tensor<4x1x8x6xf32>) -> tensor<4x1x8x6xf32>
  graph.fetch %y, %a, %d, %e, %g {indices = array<i64: 0, 1, 2, 3, 4>}
      : tensor<4x1x8x2xf32>, tensor<4x1x8x2xf32>, tensor<4x1x8x2xf32>, tensor<4x1x8x2xf32>, tensor<4x1x8x6xf32>
}
