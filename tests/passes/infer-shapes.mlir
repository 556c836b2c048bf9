// RUN: graphc-opt %s --split-input-file --graph-infer-shapes | FileCheck %s

// The batch extent goes through op after op.
// CHECK-LABEL: @batch_extent
// CHECK: graph.matmul {{.*}} -> tensor<600x27xf32>
// CHECK: graph.tanh {{.*}} -> tensor<600x27xf32>
graph.variable @w : tensor<9x27xf32>
graph.program @batch_extent attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x9xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
  %p = graph.matmul %x, %w : (tensor<600x9xf32>, tensor<9x27xf32>) -> tensor<?x27xf32>
  %y = graph.tanh %p : (tensor<?x27xf32>) -> tensor<?x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x27xf32>
}

// -----

// Arithmetic on extents is computed, so that the reshape becomes static: [600 / 2, 2 * 9].
// CHECK-LABEL: @reshape_by_computed_extents
// CHECK: graph.constant {value = dense<[300, 18]> : tensor<2xi32>}
// CHECK: graph.reshape {{.*}} -> tensor<300x18xf32>
graph.program @reshape_by_computed_extents attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x9xf32>
  %s = graph.shape %x {dtype = i32} : (tensor<600x9xf32>) -> tensor<2xi32>
  %rows, %columns = graph.unstack %s {axis = 0 : i64, num = 2 : i64} : (tensor<2xi32>) -> (tensor<i32>, tensor<i32>)
  %two = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %half = graph.floordiv %rows, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %twice = graph.multiply %columns, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %to = graph.stack %half, %twice {axis = 0 : i64} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %y = graph.reshape %x, %to : (tensor<600x9xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x?xf32>
}

// -----

// Into the body and out of it again; a request for gradients has the types of its xs.
// CHECK-LABEL: @recurrence_and_request
// CHECK: graph.static_rnn {{.*}} -> tensor<5x4x3xf32>, tensor<4x3xf32>
// CHECK: ^bb0(%{{.*}}: tensor<4x3xf32>, %{{.*}}: tensor<4x3xf32>)
// CHECK: graph.add {{.*}} -> tensor<4x3xf32>
// CHECK: graph.gradients {{.*}} -> tensor<5x4x3xf32>
graph.program @recurrence_and_request attributes {fetch_names = ["y:0"]} {
  %f = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %g = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %x = graph.identity %f : (tensor<5x4x3xf32>) -> tensor<5x?x3xf32>
  %h = graph.identity %g : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<5x?x3xf32>) states(%h : tensor<?x3xf32>) {steps = 5 : i64}
      -> tensor<5x?x3xf32>, tensor<?x3xf32> {
  ^bb0(%x_t: tensor<?x3xf32>, %s: tensor<?x3xf32>):
    %n = graph.add %x_t, %s : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    graph.yield %n, %n : tensor<?x3xf32>, tensor<?x3xf32>
  }
  %d = graph.gradients %l, %x {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<?x3xf32>, tensor<5x?x3xf32>) -> tensor<5x?x3xf32>
  graph.fetch %d {indices = array<i64: 0>} : tensor<5x?x3xf32>
}

// -----

// How many steps there are follows from what is fed.
// CHECK-LABEL: @steps_of_what_is_fed
// CHECK: graph.static_rnn {{.*}}steps = 7 : i64} -> tensor<7x4x3xf32>, tensor<4x3xf32>
graph.program @steps_of_what_is_fed attributes {fetch_names = ["y:0"]} {
  %f = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<7x4x3xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %x = graph.identity %f : (tensor<7x4x3xf32>) -> tensor<?x4x3xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<?x4x3xf32>) states(%h : tensor<4x3xf32>) {steps = -1 : i64}
      -> tensor<?x4x3xf32>, tensor<4x3xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %s: tensor<4x3xf32>):
    %n = graph.add %x_t, %s : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %n, %n : tensor<4x3xf32>, tensor<4x3xf32>
  }
  graph.fetch %o {indices = array<i64: 0>} : tensor<?x4x3xf32>
}
