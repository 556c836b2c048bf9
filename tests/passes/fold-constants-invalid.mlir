// RUN: not graphc-opt %s --graph-fold-constants 2>&1 | FileCheck %s

// What would be an error of every run is one of compilation.
// CHECK: error: loc("row"): gather expects indices in [0,3), got 7
graph.program @index_out_of_range {
  %table = graph.constant {value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %index = graph.constant {value = dense<7> : tensor<i32>} : () -> tensor<i32>
  %y = graph.gather %table, %index {axis = 0 : i64} : (tensor<3xf32>, tensor<i32>) -> tensor<f32> loc("row")
  graph.fetch %y {indices = array<i64: 0>} : tensor<f32>
}
