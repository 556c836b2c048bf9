// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Sums, extrema and their positions.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x6xf32>
  %c = graph.feed {index = 1 : i64, name = "c:0"} : () -> tensor<?x6xi1>
  %u = graph.feed {index = 2 : i64, name = "u:0"} : () -> tensor<*xf32>
  // CHECK: graph.reduce_sum %{{.*}} {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %r0 = graph.reduce_sum %x {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  // CHECK: graph.reduce_mean %{{.*}} {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %r1 = graph.reduce_mean %x {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  // CHECK: graph.reduce_max %{{.*}} {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %r2 = graph.reduce_max %x {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  // CHECK: graph.reduce_min %{{.*}} {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %r3 = graph.reduce_min %x {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  // CHECK: graph.reduce_prod %{{.*}} {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  %r4 = graph.reduce_prod %x {axes = array<i64: 0>} : (tensor<?x6xf32>) -> tensor<6xf32>
  // CHECK: graph.reduce_sum %{{.*}} : (tensor<?x6xf32>) -> tensor<f32>
  %r5 = graph.reduce_sum %x : (tensor<?x6xf32>) -> tensor<f32>
  // CHECK: graph.reduce_sum %{{.*}} {axes = array<i64: 0, 1>, keep_dims = true} : (tensor<?x6xf32>) -> tensor<1x1xf32>
  %r6 = graph.reduce_sum %x {axes = array<i64: 0, 1>, keep_dims = true} : (tensor<?x6xf32>) -> tensor<1x1xf32>
  // CHECK: graph.reduce_mean %{{.*}} {axes = array<i64: -1>} : (tensor<*xf32>) -> tensor<*xf32>
  %r7 = graph.reduce_mean %u {axes = array<i64: -1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: graph.reduce_all %{{.*}} {axes = array<i64: 1>} : (tensor<?x6xi1>) -> tensor<?xi1>
  %r8 = graph.reduce_all %c {axes = array<i64: 1>} : (tensor<?x6xi1>) -> tensor<?xi1>
  // CHECK: graph.reduce_any %{{.*}} : (tensor<?x6xi1>) -> tensor<i1>
  %r9 = graph.reduce_any %c : (tensor<?x6xi1>) -> tensor<i1>
  // CHECK: graph.argmax %{{.*}} {axis = 1 : i64, dtype = i64} : (tensor<?x6xf32>) -> tensor<?xi64>
  %r10 = graph.argmax %x {axis = 1 : i64, dtype = i64} : (tensor<?x6xf32>) -> tensor<?xi64>
  // CHECK: graph.argmin %{{.*}} {axis = 0 : i64, dtype = i32} : (tensor<?x6xf32>) -> tensor<6xi32>
  %r11 = graph.argmin %x {axis = 0 : i64, dtype = i32} : (tensor<?x6xf32>) -> tensor<6xi32>
  // CHECK: graph.l2_loss %{{.*}} : (tensor<?x6xf32>) -> tensor<f32>
  %r12 = graph.l2_loss %x : (tensor<?x6xf32>) -> tensor<f32>
}
