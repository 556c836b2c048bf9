// RUN: not graphc-opt %s --split-input-file --graph-verify-stage=stage=clustered 2>&1 | FileCheck %s
// RUN: not graphc-opt %s --split-input-file --graph-verify-stage=stage=baked 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: unknown stage 'baked'

// CHECK: error: loc("x"): placeholder 'x' is left after stage 'clustered'
graph.program @placeholder attributes {fetch_names = []} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32> loc("x")
  graph.fetch {indices = array<i64>}
}

// -----

// CHECK: error: loc("train"): 'train' has control inputs after stage 'clustered'
graph.program @control_inputs attributes {fetch_names = []} {
  graph.no_op {control_inputs = ["x"]} loc("train")
  graph.fetch {indices = array<i64>}
}

// -----

// CHECK: error: loc("x"): 'x:0' has the type float32[?] after stage 'clustered'
graph.program @unknown_extent attributes {fetch_names = ["x:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?xf32> loc("x")
  graph.fetch %x {indices = array<i64: 0>} : tensor<?xf32>
}

// -----

// CHECK: error: loc("y"): reshape 'y' has parameters that are not constant after stage 'clustered'
graph.program @dynamic_parameter attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<1xi32>
  %y = graph.reshape %x, %s : (tensor<2xf32>, tensor<1xi32>) -> tensor<2xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<2xf32>
}

// -----

// CHECK: error: loc("d"): the request for gradients 'd' is left after stage 'clustered'
graph.program @request attributes {fetch_names = ["d:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %d = graph.gradients %x, %x {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc("d")
  graph.fetch %d {indices = array<i64: 0>} : tensor<2xf32>
}

// -----

// CHECK: error: loc("y"): tanh 'y' is in no cluster after stage 'clustered'
graph.program @no_cluster attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %y = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<2xf32>
}

// -----

// CHECK: error: loc("x"): the program does not end in its only fetch after stage 'clustered'
graph.program @no_fetch attributes {fetch_names = ["x:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32> loc("x")
}
