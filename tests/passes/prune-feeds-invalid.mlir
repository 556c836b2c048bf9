// RUN: not graphc-opt %s --graph-prune --split-input-file 2>&1 | FileCheck %s

// Errors at ops come with the op's name, from its location.

// CHECK: error: loc("inputs"): placeholder 'inputs' (float32[?,128,9]) must be fed
graph.program @missing_feed attributes {fetch_names = ["y:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 128, 9>} : () -> tensor<?x128x9xf32> loc("inputs")
  %y = graph.tanh %x : (tensor<?x128x9xf32>) -> tensor<?x128x9xf32> loc("y")
}

// -----

// CHECK: error: loc("x"): feed 'x:0' is float32[600,3], the tensor is float32[?,128,9]
graph.program @wrong_shape attributes {feed_names = ["x:0"], feed_types = [tensor<600x3xf32>], fetch_names = ["x:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 128, 9>} : () -> tensor<?x128x9xf32> loc("x")
}

// -----

// CHECK: error: loc("x"): feed 'x:0' is int32[2], the tensor is float32[2]
graph.program @wrong_dtype attributes {feed_names = ["x:0"], feed_types = [tensor<2xi32>], fetch_names = ["x:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32> loc("x")
}
