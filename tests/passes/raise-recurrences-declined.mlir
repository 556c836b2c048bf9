// RUN: graphc-opt %s --split-input-file --graph-raise-recurrences --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-raise-recurrences | FileCheck %s

// REMARK: its state is no activation of x W + h U + b
// CHECK-LABEL: @softplus_cell
// CHECK: graph.static_rnn
graph.program @softplus_cell {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x2xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x2xf32>
  %r = graph.static_rnn sequences(%x : tensor<5x4x2xf32>) states(%h0 : tensor<4x2xf32>) captured(%w : tensor<4x2xf32>) {steps = 5 : i64} -> tensor<4x2xf32> {
  ^bb0(%x_t: tensor<4x2xf32>, %a: tensor<4x2xf32>, %1: tensor<4x2xf32>):
    %xa = graph.concat %x_t, %a {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
    %p = graph.matmul %xa, %1 : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %n = graph.softplus %p : (tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %n : tensor<4x2xf32>
  }
  graph.fetch %r {indices = array<i64: 0>} : tensor<4x2xf32>
}

// -----

// REMARK: oneDNN's recurrent primitives compute in float32 only
// CHECK-LABEL: @double_precision
// CHECK: graph.static_rnn
graph.program @double_precision {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x2xf64>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf64>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x2xf64>
  %r = graph.static_rnn sequences(%x : tensor<5x4x2xf64>) states(%h0 : tensor<4x2xf64>) captured(%w : tensor<4x2xf64>) {steps = 5 : i64} -> tensor<4x2xf64> {
  ^bb0(%x_t: tensor<4x2xf64>, %a: tensor<4x2xf64>, %1: tensor<4x2xf64>):
    %xa = graph.concat %x_t, %a {axis = 1 : i64} : (tensor<4x2xf64>, tensor<4x2xf64>) -> tensor<4x4xf64>
    %p = graph.matmul %xa, %1 : (tensor<4x4xf64>, tensor<4x2xf64>) -> tensor<4x2xf64>
    %n = graph.tanh %p : (tensor<4x2xf64>) -> tensor<4x2xf64>
    graph.yield %n : tensor<4x2xf64>
  }
  graph.fetch %r {indices = array<i64: 0>} : tensor<4x2xf64>
}
