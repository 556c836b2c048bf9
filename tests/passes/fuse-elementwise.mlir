// RUN: graphc-opt %s --split-input-file --graph-fuse-elementwise | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-fuse-elementwise=fuse=false | FileCheck %s --check-prefix=APART

// One kernel of a chain with a broadcast operand; the value that is fetched in between is an output.
// CHECK-LABEL: @chain
// CHECK: %[[C:.*]]:2 = graph.cluster %[[X:.*]], %[[B:.*]] : {{.*}} {
// CHECK-NEXT: ^bb0(%[[A0:.*]]: tensor<4x3xf32>, %[[A1:.*]]: tensor<3xf32>):
// CHECK-NEXT: %[[S:.*]] = graph.add %[[A0]], %[[A1]]
// CHECK-NEXT: %[[T:.*]] = graph.tanh %[[S]]
// CHECK-NEXT: %[[Q:.*]] = graph.square %[[T]]
// CHECK-NEXT: graph.yield %[[T]], %[[Q]]
// CHECK: graph.fetch %[[C]]#0, %[[C]]#1
// APART-LABEL: @chain
// APART-COUNT-3: graph.cluster
graph.program @chain {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<3xf32>
  %s = graph.add %x, %b : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %t = graph.tanh %s : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %q = graph.square %t : (tensor<4x3xf32>) -> tensor<4x3xf32>
  graph.fetch %t, %q {indices = array<i64: 0, 1>} : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// A product in the middle keeps the two sides apart, although both would be in one loop otherwise.
// CHECK-LABEL: @around_a_product
// CHECK: graph.cluster
// CHECK: graph.tanh
// CHECK: graph.matmul
// CHECK: graph.cluster
// CHECK: graph.add
graph.program @around_a_product {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x3xf32>
  %t = graph.tanh %x : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %p = graph.matmul %t, %x : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  %y = graph.add %t, %p : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<3x3xf32>
}

// -----

// What only the reduction needs is computed in its loop; random numbers are drawn where they are used.
// CHECK-LABEL: @reduction_and_mask
// CHECK: graph.cluster
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.random_uniform
// CHECK-NEXT: graph.multiply
// CHECK-NEXT: graph.reduce_sum
// CHECK-NEXT: graph.yield %{{.*}} : tensor<f32>
// CHECK-NEXT: }
// CHECK-NEXT: graph.fetch
graph.program @reduction_and_mask {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %r = graph.random_uniform {dtype = f32, shape = array<i64: 4, 3>, stream = 1 : i64} : () -> tensor<4x3xf32>
  %m = graph.multiply %x, %r : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %s = graph.reduce_sum %m {axes = array<i64: 0, 1>, keep_dims = false} : (tensor<4x3xf32>) -> tensor<f32>
  graph.fetch %s {indices = array<i64: 0>} : tensor<f32>
}

// -----

// Views stay outside, updates too.
// CHECK-LABEL: @views_and_updates
// CHECK: graph.reshape
// CHECK: graph.assign_add
// CHECK-NOT: graph.cluster
graph.variable @w : tensor<12xf32>
graph.program @views_and_updates {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %r = graph.reshape %x {shape = array<i64: 12>} : (tensor<4x3xf32>) -> tensor<12xf32>
  %a = graph.assign_add %r {variable = @w} : (tensor<12xf32>) -> tensor<12xf32>
  graph.fetch %a {indices = array<i64: 0>} : tensor<12xf32>
}
