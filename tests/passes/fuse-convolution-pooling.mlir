// RUN: graphc-opt %s --split-input-file --graph-fuse-convolution-pooling | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-fuse-convolution-pooling=parts=3 | FileCheck %s --check-prefix PARTS

// A conv1d and a max_pooling1d, as the layers record them: one sees a row, the other a column. The
// windows are turned with the rows.
// CHECK-LABEL: @one_axis
// CHECK: %[[F:.*]]:2 = graph.pooled_conv2d %{{.*}}, %{{.*}}, %{{.*}} {activation = "relu", dilations = array<i64: 1, 1>, ksize = array<i64: 1, 4>, padding = "SAME", pool_paddings = array<i64: 0, 0, 1, 1>, pool_strides = array<i64: 1, 4>, strides = array<i64: 1, 1>}
// CHECK-SAME: (tensor<4x1x10x3xf32>, tensor<1x2x3x2xf32>, tensor<2xf32>) -> (tensor<4x1x3x2xf32>, tensor<4x1x3x2xui8>)
// CHECK-NEXT: %[[R:.*]] = graph.reshape %[[F]]#0 {shape = array<i64: 4, 3, 1, 2>}
// CHECK-NEXT: graph.fetch %[[R]]
graph.program @one_axis {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x10x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x3x2xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<2xf32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x10x3xf32>, tensor<1x2x3x2xf32>) -> tensor<4x1x10x2xf32>
  %s = graph.squeeze %c {axes = array<i64: 1>} : (tensor<4x1x10x2xf32>) -> tensor<4x10x2xf32>
  %a = graph.bias_add %s, %b : (tensor<4x10x2xf32>, tensor<2xf32>) -> tensor<4x10x2xf32>
  %e = graph.reshape %a {shape = array<i64: 4, 10, 1, 2>} : (tensor<4x10x2xf32>) -> tensor<4x10x1x2xf32>
  %p = graph.max_pool2d %e {ksize = array<i64: 4, 1>, padding = "SAME", strides = array<i64: 4, 1>}
      : (tensor<4x10x1x2xf32>) -> tensor<4x3x1x2xf32>
  %y = graph.relu %p : (tensor<4x3x1x2xf32>) -> tensor<4x3x1x2xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3x1x2xf32>
}

// -----

// Forward and backward: relu's mask becomes a part of the places, the sums of the parts take the
// gradients' places.
// CHECK-LABEL: @gradients
// CHECK: %[[F:.*]]:2 = graph.pooled_conv2d %[[X:.*]], %[[W:.*]], %{{.*}} {activation = "relu"
// CHECK: %[[SUMS:.*]]:2 = graph.pooled_conv2d_backprop_filter %[[X]], %[[F]]#1, %[[DY:.*]] {{.*}}filter_sizes = array<i64: 2, 2, 3, 5>, {{.*}}parts = 8 : i64
// CHECK: %[[DW:.*]] = graph.reduce_sum %[[SUMS]]#0 {axes = array<i64: 0>}
// CHECK: %[[DB:.*]] = graph.reduce_sum %[[SUMS]]#1 {axes = array<i64: 0>}
// CHECK: %[[DX:.*]] = graph.pooled_conv2d_backprop_input %[[W]], %[[F]]#1, %[[DY]] {{.*}}input_sizes = array<i64: 8, 6, 4, 3>
// CHECK-NOT: graph.max_pool2d_gradient
// CHECK-NOT: graph.where
// CHECK: graph.fetch %[[F]]#0, %[[DW]], %[[DB]], %[[DX]]
// PARTS-LABEL: @gradients
// PARTS: graph.pooled_conv2d_backprop_filter {{.*}}parts = 3 : i64
graph.program @gradients {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<5xf32>
  %dy = graph.feed {index = 3 : i64, name = "dy:0"} : () -> tensor<8x3x2x5xf32>
  %zero = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<8x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<8x6x4x5xf32>
  %a = graph.bias_add %c, %b : (tensor<8x6x4x5xf32>, tensor<5xf32>) -> tensor<8x6x4x5xf32>
  %p = graph.max_pool2d %a {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<8x6x4x5xf32>) -> tensor<8x3x2x5xf32>
  %y = graph.relu %p : (tensor<8x3x2x5xf32>) -> tensor<8x3x2x5xf32>
  %g = graph.greater %y, %zero : (tensor<8x3x2x5xf32>, tensor<f32>) -> tensor<8x3x2x5xi1>
  %dp = graph.where %g, %dy, %zero : (tensor<8x3x2x5xi1>, tensor<8x3x2x5xf32>, tensor<f32>) -> tensor<8x3x2x5xf32>
  %dz = graph.max_pool2d_gradient %a, %p, %dp {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<8x6x4x5xf32>, tensor<8x3x2x5xf32>, tensor<8x3x2x5xf32>) -> tensor<8x6x4x5xf32>
  %db = graph.reduce_sum %dz {axes = array<i64: 0, 1, 2>} : (tensor<8x6x4x5xf32>) -> tensor<5xf32>
  %dx = graph.conv2d_backprop_input %w, %dz {dilations = array<i64: 1, 1>, input_sizes = array<i64: 8, 6, 4, 3>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<2x2x3x5xf32>, tensor<8x6x4x5xf32>) -> tensor<8x6x4x3xf32>
  %dw = graph.conv2d_backprop_filter %x, %dz {dilations = array<i64: 1, 1>, filter_sizes = array<i64: 2, 2, 3, 5>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<8x6x4x3xf32>, tensor<8x6x4x5xf32>) -> tensor<2x2x3x5xf32>
  graph.fetch %y, %dw, %db, %dx {indices = array<i64: 0, 1, 2, 3>}
      : tensor<8x3x2x5xf32>, tensor<2x2x3x5xf32>, tensor<5xf32>, tensor<8x6x4x3xf32>
}

// -----

// The pooling's result is wanted beside relu's, and no bias: relu stays outside, and so does its
// mask.
// CHECK-LABEL: @activation_outside
// CHECK: %[[F:.*]]:2 = graph.pooled_conv2d %{{.*}}, %{{.*}} {dilations
// CHECK: %[[Y:.*]] = graph.relu %[[F]]#0
// CHECK: %[[DP:.*]] = graph.where
// CHECK: graph.pooled_conv2d_backprop_input %{{.*}}, %[[F]]#1, %[[DP]]
// CHECK-NOT: graph.pooled_conv2d_backprop_filter
// CHECK: graph.fetch %[[Y]], %[[F]]#0
graph.program @activation_outside {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x6x4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2x3x5xf32>
  %dy = graph.feed {index = 3 : i64, name = "dy:0"} : () -> tensor<8x3x2x5xf32>
  %zero = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %c = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<8x6x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<8x6x4x5xf32>
  %p = graph.max_pool2d %c {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<8x6x4x5xf32>) -> tensor<8x3x2x5xf32>
  %y = graph.relu %p : (tensor<8x3x2x5xf32>) -> tensor<8x3x2x5xf32>
  %g = graph.greater %y, %zero : (tensor<8x3x2x5xf32>, tensor<f32>) -> tensor<8x3x2x5xi1>
  %dp = graph.where %g, %dy, %zero : (tensor<8x3x2x5xi1>, tensor<8x3x2x5xf32>, tensor<f32>) -> tensor<8x3x2x5xf32>
  %dz = graph.max_pool2d_gradient %c, %p, %dp {ksize = array<i64: 2, 2>, padding = "VALID", strides = array<i64: 2, 2>}
      : (tensor<8x6x4x5xf32>, tensor<8x3x2x5xf32>, tensor<8x3x2x5xf32>) -> tensor<8x6x4x5xf32>
  %dx = graph.conv2d_backprop_input %w, %dz {dilations = array<i64: 1, 1>, input_sizes = array<i64: 8, 6, 4, 3>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<2x2x3x5xf32>, tensor<8x6x4x5xf32>) -> tensor<8x6x4x3xf32>
  graph.fetch %y, %p, %dx {indices = array<i64: 0, 1, 2>}
      : tensor<8x3x2x5xf32>, tensor<8x3x2x5xf32>, tensor<8x6x4x3xf32>
}
