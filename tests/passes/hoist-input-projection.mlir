// RUN: graphc-opt %s --split-input-file --graph-hoist-input-projection | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-hoist-input-projection=everything | FileCheck %s --check-prefix=ALL
// RUN: graphc-opt %s --split-input-file --graph-hoist-input-projection=leave-cached | FileCheck %s --check-prefix=CACHED

// [x, h] W + b: the rows of W that meet x, one product of all 5 * 4 rows, and the bias go in front.
// CHECK-LABEL: @concatenated_input
// CHECK: %[[X:.*]] = graph.feed {{.*}}"x:0"
// CHECK: %[[WX:.*]] = graph.slice %[[W:.*]] {begin = array<i64: 0, 0>, size = array<i64: 3, 2>}
// CHECK: %[[WH:.*]] = graph.slice %[[W]] {begin = array<i64: 3, 0>, size = array<i64: 2, 2>}
// CHECK: %[[ROWS:.*]] = graph.reshape %[[X]] {shape = array<i64: 20, 3>}
// CHECK: %[[P:.*]] = graph.matmul %[[ROWS]], %[[WX]]
// CHECK: %[[STEPS:.*]] = graph.reshape %[[P]] {shape = array<i64: 5, 4, 2>}
// CHECK: %[[S:.*]] = graph.bias_add %[[STEPS]], %{{.*}}
// CHECK: graph.static_rnn sequences(%[[S]] : tensor<5x4x2xf32>)
// CHECK-NEXT: ^bb0(%[[S_T:.*]]: tensor<4x2xf32>, %[[H:.*]]: tensor<4x2xf32>, %[[U:.*]]: tensor<2x2xf32>):
// CHECK-NEXT: %[[Q:.*]] = graph.matmul %[[H]], %[[U]]
// CHECK-NEXT: %[[Z:.*]] = graph.add %[[S_T]], %[[Q]]
// CHECK-NEXT: %[[N:.*]] = graph.tanh %[[Z]]
// CHECK-NEXT: graph.yield %[[N]]
// CACHED-LABEL: @concatenated_input
// CACHED-NOT: graph.matmul
// CACHED: graph.static_rnn
// CACHED: graph.concat
// CACHED-NEXT: graph.matmul
graph.program @concatenated_input {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<5x2xf32>
  %b = graph.feed {index = 3 : i64, name = "b:0"} : () -> tensor<2xf32>
  %h = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%h0 : tensor<4x2xf32>) captured(%w, %b : tensor<5x2xf32>, tensor<2xf32>) {steps = 5 : i64} -> tensor<4x2xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %s: tensor<4x2xf32>, %1: tensor<5x2xf32>, %2: tensor<2xf32>):
    %c = graph.concat %x_t, %s {axis = 1 : i64} : (tensor<4x3xf32>, tensor<4x2xf32>) -> tensor<4x5xf32>
    %p = graph.matmul %c, %1 : (tensor<4x5xf32>, tensor<5x2xf32>) -> tensor<4x2xf32>
    %z = graph.bias_add %p, %2 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %n = graph.tanh %z : (tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %n : tensor<4x2xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4x2xf32>
}

// -----

// A mask that meets the state is as cheap inside. With `everything` it is drawn for all steps: rows are
// counted over time, so the shape with the time in front gives the same bits; a scalar of each step is
// a row of its own.
// CHECK-LABEL: @masks
// CHECK: ^bb0
// CHECK: graph.random_uniform {{.*}}shape = array<i64: 4, 2>
// CHECK: graph.random_uniform {{.*}}shape = array<i64>
// ALL-LABEL: @masks
// ALL: %[[M:.*]] = graph.random_uniform {{.*}}shape = array<i64: 5, 4, 2>
// ALL: %[[R:.*]] = graph.random_uniform {{.*}}shape = array<i64: 5, 1>
// ALL: %[[K:.*]] = graph.reshape %[[R]] {shape = array<i64: 5>}
// ALL: graph.reshape %[[K]] {shape = array<i64: 5, 1, 1>}
// ALL: graph.multiply
// ALL: graph.static_rnn
// ALL-NOT: graph.random_uniform
graph.program @masks {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %h = graph.static_rnn states(%h0 : tensor<4x2xf32>) {steps = 5 : i64} -> tensor<4x2xf32> {
  ^bb0(%s: tensor<4x2xf32>):
    %m = graph.random_uniform {dtype = f32, shape = array<i64: 4, 2>, stream = 1 : i64} : () -> tensor<4x2xf32>
    %r = graph.random_uniform {dtype = f32, shape = array<i64>, stream = 2 : i64} : () -> tensor<f32>
    %a = graph.multiply %m, %r : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
    %n = graph.multiply %a, %s : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %n : tensor<4x2xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4x2xf32>
}

// -----

// A product of the state has nothing to hoist.
// CHECK-LABEL: @state_only
// CHECK-NEXT: graph.feed
// CHECK-NEXT: graph.feed
// CHECK-NEXT: graph.static_rnn states
graph.program @state_only {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %h = graph.static_rnn states(%h0 : tensor<4x2xf32>) captured(%w : tensor<2x2xf32>) {steps = 5 : i64} -> tensor<4x2xf32> {
  ^bb0(%s: tensor<4x2xf32>, %1: tensor<2x2xf32>):
    %n = graph.matmul %s, %1 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    graph.yield %n : tensor<4x2xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4x2xf32>
}
