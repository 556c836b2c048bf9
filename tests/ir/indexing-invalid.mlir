// RUN: graphc-opt %s -split-input-file -verify-diagnostics

graph.program @same_axis_twice {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x5xf32>
  %l = graph.feed {index = 1 : i64, name = "l:0"} : () -> tensor<4xi32>
  // expected-error @+1 {{'graph.reverse_sequence' op expects seq_axis and batch_axis to differ, got axis 0 twice}}
  %y = graph.reverse_sequence %x, %l {seq_axis = 0 : i64} : (tensor<4x5xf32>, tensor<4xi32>) -> tensor<4x5xf32>
}

// -----

graph.program @more_than_there_are {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x5xf32>
  // expected-error @+1 {{'graph.top_k' op expects at least k = 6 elements along the last axis, got float32[?,5]}}
  %y:2 = graph.top_k %x {k = 6 : i64} : (tensor<?x5xf32>) -> (tensor<?x6xf32>, tensor<?x6xi32>)
}

// -----

graph.program @address_too_long {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x5xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<7x3xi32>
  // expected-error @+1 {{'graph.gather_nd' op expects at most as many indices in a row as params has axes, got 3 for [4,5]}}
  %y = graph.gather_nd %x, %i : (tensor<4x5xf32>, tensor<7x3xi32>) -> tensor<7xf32>
}
