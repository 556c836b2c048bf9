// RUN: graphc-opt %s --split-input-file --graph-simplify-graph | FileCheck %s

// The relu moves below the pooling, through the change of shape that a pooling along one axis makes.
// CHECK-LABEL: @relu_in_front_of_max_pooling
// CHECK: %[[X:.*]] = graph.feed
// CHECK-NEXT: %[[R:.*]] = graph.reshape %[[X]] {shape = array<i64: 2, 8, 1, 3>}
// CHECK-NEXT: %[[P:.*]] = graph.max_pool2d %[[R]] {ksize = array<i64: 4, 1>, padding = "VALID", strides = array<i64: 4, 1>}
// CHECK-NEXT: %[[Y:.*]] = graph.relu %[[P]]
// CHECK-NEXT: graph.fetch %[[Y]]
graph.program @relu_in_front_of_max_pooling {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x8x3xf32>
  %r = graph.relu %x : (tensor<2x8x3xf32>) -> tensor<2x8x3xf32>
  %e = graph.expand_dims %r {axis = 2 : i64} : (tensor<2x8x3xf32>) -> tensor<2x8x1x3xf32>
  %p = graph.max_pool2d %e {ksize = array<i64: 4, 1>, padding = "VALID", strides = array<i64: 4, 1>}
      : (tensor<2x8x1x3xf32>) -> tensor<2x2x1x3xf32>
  graph.fetch %p {indices = array<i64: 0>} : tensor<2x2x1x3xf32>
}

// -----

// Means of rectified values are not rectified means, and a relu with further uses is needed as it is.
// CHECK-LABEL: @relu_that_stays
// CHECK: graph.relu
// CHECK-NEXT: graph.avg_pool2d
// CHECK-NEXT: graph.relu
// CHECK-NEXT: graph.max_pool2d
// CHECK-NEXT: graph.fetch
graph.program @relu_that_stays {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x8x1x3xf32>
  %z = graph.feed {index = 1 : i64, name = "z:0"} : () -> tensor<2x8x1x3xf32>
  %r = graph.relu %x : (tensor<2x8x1x3xf32>) -> tensor<2x8x1x3xf32>
  %a = graph.avg_pool2d %r {ksize = array<i64: 4, 1>, padding = "VALID", strides = array<i64: 4, 1>}
      : (tensor<2x8x1x3xf32>) -> tensor<2x2x1x3xf32>
  %s = graph.relu %z : (tensor<2x8x1x3xf32>) -> tensor<2x8x1x3xf32>
  %p = graph.max_pool2d %s {ksize = array<i64: 4, 1>, padding = "VALID", strides = array<i64: 4, 1>}
      : (tensor<2x8x1x3xf32>) -> tensor<2x2x1x3xf32>
  graph.fetch %a, %s, %p {indices = array<i64: 0, 1, 2>} : tensor<2x2x1x3xf32>, tensor<2x8x1x3xf32>, tensor<2x2x1x3xf32>
}
