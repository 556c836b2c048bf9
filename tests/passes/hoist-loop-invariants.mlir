// RUN: graphc-opt %s --graph-hoist-loop-invariants | FileCheck %s

// The concatenation and what scales it leave the body, with a copy of the constant; random numbers and
// what depends on the state stay.
// CHECK-LABEL: @concatenated_weights
// CHECK: %[[C:.*]] = graph.concat
// CHECK: %[[K:.*]] = graph.constant
// CHECK: %[[W:.*]] = graph.multiply %[[C]], %[[K]]
// CHECK: graph.static_rnn states({{.*}}) captured({{.*}}%[[W]] :
// CHECK: ^bb0
// CHECK-NOT: graph.concat
// CHECK: graph.random_uniform
// CHECK: graph.matmul
graph.program @concatenated_weights {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %wi = graph.feed {index = 1 : i64, name = "wi:0"} : () -> tensor<3x2xf32>
  %wf = graph.feed {index = 2 : i64, name = "wf:0"} : () -> tensor<3x1xf32>
  %h = graph.static_rnn states(%h0 : tensor<4x3xf32>) captured(%wi, %wf : tensor<3x2xf32>, tensor<3x1xf32>) {steps = 5 : i64} -> tensor<4x3xf32> {
  ^bb0(%s: tensor<4x3xf32>, %1: tensor<3x2xf32>, %2: tensor<3x1xf32>):
    %k = graph.constant {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
    %c = graph.concat %1, %2 {axis = 1 : i64} : (tensor<3x2xf32>, tensor<3x1xf32>) -> tensor<3x3xf32>
    %w = graph.multiply %c, %k : (tensor<3x3xf32>, tensor<f32>) -> tensor<3x3xf32>
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 4, 3>} : () -> tensor<4x3xf32>
    %p = graph.matmul %s, %w : (tensor<4x3xf32>, tensor<3x3xf32>) -> tensor<4x3xf32>
    %n = graph.multiply %p, %r : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %n : tensor<4x3xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4x3xf32>
}
