// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Convolutions, poolings and their gradients.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x1x128x9xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x9x18xf32>
  %n = graph.feed {index = 2 : i64, name = "n:0"} : () -> tensor<4xi32>
  // CHECK: graph.conv2d %{{.*}} {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>} : (tensor<?x1x128x9xf32>, tensor<1x2x9x18xf32>) -> tensor<?x1x128x18xf32>
  %y = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<?x1x128x9xf32>, tensor<1x2x9x18xf32>) -> tensor<?x1x128x18xf32>
  // CHECK: graph.conv2d_backprop_input {{.*}}input_sizes = array<i64: 8, 1, 128, 9>{{.*}} -> tensor<8x1x128x9xf32>
  %dx = graph.conv2d_backprop_input %w, %y {dilations = array<i64: 1, 1>, input_sizes = array<i64: 8, 1, 128, 9>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<1x2x9x18xf32>, tensor<?x1x128x18xf32>) -> tensor<8x1x128x9xf32>
  // CHECK: graph.conv2d_backprop_input %{{.*}}, %{{.*}}, %{{.*}} {{.*}} -> tensor<?x?x?x?xf32>
  %dz = graph.conv2d_backprop_input %w, %y, %n {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<1x2x9x18xf32>, tensor<?x1x128x18xf32>, tensor<4xi32>) -> tensor<?x?x?x?xf32>
  // CHECK: graph.conv2d_backprop_filter {{.*}} -> tensor<1x2x9x18xf32>
  %dw = graph.conv2d_backprop_filter %x, %y {dilations = array<i64: 1, 1>, filter_sizes = array<i64: 1, 2, 9, 18>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<?x1x128x9xf32>, tensor<?x1x128x18xf32>) -> tensor<1x2x9x18xf32>
  // CHECK: graph.depthwise_conv2d {{.*}}explicit_paddings = array<i64: 0, 0, 1, 0>, padding = "EXPLICIT"{{.*}} -> tensor<?x1x64x162xf32>
  %d = graph.depthwise_conv2d %x, %w {dilations = array<i64: 1, 1>, explicit_paddings = array<i64: 0, 0, 1, 0>, padding = "EXPLICIT", strides = array<i64: 1, 2>}
      : (tensor<?x1x128x9xf32>, tensor<1x2x9x18xf32>) -> tensor<?x1x64x162xf32>
  // CHECK: graph.max_pool2d %{{.*}} {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
  %p = graph.max_pool2d %x {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
      : (tensor<?x1x128x9xf32>) -> tensor<?x1x32x9xf32>
  // CHECK: graph.max_pool2d_gradient
  %q = graph.max_pool2d_gradient %x, %p, %p {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
      : (tensor<?x1x128x9xf32>, tensor<?x1x32x9xf32>, tensor<?x1x32x9xf32>) -> tensor<?x1x128x9xf32>
  // CHECK: graph.max_pool2d_gradient_gradient
  %r = graph.max_pool2d_gradient_gradient %x, %p, %q {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
      : (tensor<?x1x128x9xf32>, tensor<?x1x32x9xf32>, tensor<?x1x128x9xf32>) -> tensor<?x1x32x9xf32>
  // CHECK: graph.avg_pool2d
  %a = graph.avg_pool2d %x {ksize = array<i64: 1, 4>, padding = "VALID", strides = array<i64: 1, 4>}
      : (tensor<?x1x128x9xf32>) -> tensor<?x1x32x9xf32>
  // CHECK: graph.avg_pool2d_gradient
  %b = graph.avg_pool2d_gradient %a {input_sizes = array<i64: 8, 1, 128, 9>, ksize = array<i64: 1, 4>, padding = "VALID", strides = array<i64: 1, 4>}
      : (tensor<?x1x32x9xf32>) -> tensor<8x1x128x9xf32>
  // CHECK: graph.pooled_conv2d %{{.*}}, %{{.*}} {activation = "relu", {{.*}} -> (tensor<?x1x32x18xf32>, tensor<?x1x32x18xui8>)
  %e, %f = graph.pooled_conv2d %x, %w {activation = "relu", dilations = array<i64: 1, 1>, ksize = array<i64: 1, 4>, padding = "SAME", pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>, strides = array<i64: 1, 1>}
      : (tensor<?x1x128x9xf32>, tensor<1x2x9x18xf32>) -> (tensor<?x1x32x18xf32>, tensor<?x1x32x18xui8>)
  // CHECK: graph.pooled_conv2d_backprop_input {{.*}} -> tensor<8x1x128x9xf32>
  %g = graph.pooled_conv2d_backprop_input %w, %f, %e {dilations = array<i64: 1, 1>, input_sizes = array<i64: 8, 1, 128, 9>, ksize = array<i64: 1, 4>, padding = "SAME", pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>, strides = array<i64: 1, 1>}
      : (tensor<1x2x9x18xf32>, tensor<?x1x32x18xui8>, tensor<?x1x32x18xf32>) -> tensor<8x1x128x9xf32>
  // CHECK: graph.pooled_conv2d_backprop_filter {{.*}}parts = 4 : i64{{.*}} -> (tensor<4x1x2x9x18xf32>, tensor<4x18xf32>)
  %h, %i = graph.pooled_conv2d_backprop_filter %x, %f, %e {dilations = array<i64: 1, 1>, filter_sizes = array<i64: 1, 2, 9, 18>, ksize = array<i64: 1, 4>, padding = "SAME", parts = 4 : i64, pool_paddings = array<i64: 0, 0, 0, 0>, pool_strides = array<i64: 1, 4>, strides = array<i64: 1, 1>}
      : (tensor<?x1x128x9xf32>, tensor<?x1x32x18xui8>, tensor<?x1x32x18xf32>) -> (tensor<4x1x2x9x18xf32>, tensor<4x18xf32>)
}
