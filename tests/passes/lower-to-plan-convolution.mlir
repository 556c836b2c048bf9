// RUN: graphc-opt %s --split-input-file --graphc-lower-to-plan="threads=2" | FileCheck %s

// Convolution, pooling and another convolution: three primitives, no reorder between them, none of
// them oneDNN's reference loops. The relu, whose NaN oneDNN would lose, is a kernel of its own.
// CHECK-LABEL: plan.program @two_convolutions
// CHECK: plan.create_primitive "convolution" {{.*}}padding_after = array<i64: 0, 1>, padding_before = array<i64: 0, 0>{{.*}} implementation "{{(jit|brg|gemm)}}
// CHECK: plan.call_kernel
// CHECK: plan.create_primitive "max_pooling" {{.*}} implementation "jit
// CHECK: plan.create_primitive "convolution" {{.*}} implementation "{{(jit|brg|gemm)}}
// CHECK-NOT: "reorder"
// CHECK-NOT: plan.copy
graph.program @two_convolutions attributes {feed_names = ["x:0", "w:0", "b:0", "v:0"], feed_types = [tensor<4x1x16x8xf32>, tensor<1x2x8x16xf32>, tensor<16xf32>, tensor<1x2x16x8xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x16x8xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<1x2x8x16xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32>
  %v = graph.feed {index = 3 : i64, name = "v:0"} : () -> tensor<1x2x16x8xf32>
  %c = graph.fused_conv2d %x, %w, %b {activation = "relu", dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x16x8xf32>, tensor<1x2x8x16xf32>, tensor<16xf32>) -> tensor<4x1x16x16xf32>
  %p = graph.max_pool2d %c {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
      : (tensor<4x1x16x16xf32>) -> tensor<4x1x4x16xf32>
  %y = graph.conv2d %p, %v {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x4x16xf32>, tensor<1x2x16x8xf32>) -> tensor<4x1x4x8xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x1x4x8xf32>
}

// -----

// A filter that is a variable which the program leaves alone is packed once.
// CHECK-LABEL: plan.program @kept_filter
// CHECK: plan.buffer kept {variable = @w}
// CHECK: plan.create_primitive "convolution_pack"
// CHECK: plan.create_primitive "convolution" {{.*}}filter_extents = array<i64: 1, 2, 8, 16>
graph.variable @w : tensor<1x2x8x16xf32>
graph.program @kept_filter attributes {feed_names = ["x:0"], feed_types = [tensor<4x1x16x8xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x16x8xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<1x2x8x16xf32>
  %y = graph.conv2d %x, %w {dilations = array<i64: 1, 1>, padding = "SAME", strides = array<i64: 1, 1>}
      : (tensor<4x1x16x8xf32>, tensor<1x2x8x16xf32>) -> tensor<4x1x16x16xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x1x16x16xf32>
}

// -----

// oneDNN has no float64: the reference loops.
// CHECK-LABEL: plan.program @doubles
// CHECK: plan.call_host "max_pool2d"
graph.program @doubles attributes {feed_names = ["x:0"], feed_types = [tensor<4x1x16x8xf64>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x1x16x8xf64>
  %y = graph.max_pool2d %x {ksize = array<i64: 1, 4>, padding = "SAME", strides = array<i64: 1, 4>}
      : (tensor<4x1x16x8xf64>) -> tensor<4x1x4x8xf64>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x1x4x8xf64>
}
