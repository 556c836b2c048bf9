// RUN: graphc-opt %s --split-input-file --graph-segment-recurrences=every=2 --verify-diagnostics
// RUN: not graphc-opt %s --split-input-file --graph-segment-recurrences=every=-1 2>&1 | FileCheck %s

// CHECK: expected every to be a number of steps, or 0 to cut nothing, got -1

// How many segments there are has to be known.
graph.program @unknown_steps {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<f32>
  // expected-error @+1 {{cannot be cut into segments: its number of steps is not known}}
  %l = graph.static_rnn sequences(%x : tensor<?xf32>) states(%s0 : tensor<f32>) {steps = -1 : i64} -> tensor<f32> {
  ^bb0(%x_t: tensor<f32>, %s: tensor<f32>):
    %n = graph.multiply %x_t, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %n : tensor<f32>
  }
  %d = graph.gradients %l, %s0 {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  graph.fetch %d {indices = array<i64: 0>} : tensor<f32>
}
