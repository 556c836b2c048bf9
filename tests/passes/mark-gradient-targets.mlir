// RUN: graphc-opt %s --split-input-file --graph-mark-gradient-targets | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-mark-gradient-targets --cse | FileCheck %s --check-prefix=CSE

// Each op with a result among the xs gets a number of its own, so that equal ops stay two.
// CHECK-LABEL: @two_equal_targets
// CHECK: graph.tanh %{{.*}} {gradient_target = 0 : i64}
// CHECK: graph.tanh %{{.*}} {gradient_target = 1 : i64}
// CHECK: graph.add %{{[^{]*}} :
// CSE-LABEL: @two_equal_targets
// CSE-COUNT-2: graph.tanh
graph.program @two_equal_targets {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %a = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
  %b = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
  %y = graph.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %d:2 = graph.gradients %y, %a, %b {num_ys = 1 : i64, num_xs = 2 : i64}
      : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  graph.fetch %d#0, %d#1 {indices = array<i64: 0, 1>} : tensor<2xf32>, tensor<2xf32>
}

// -----

// Once the request is gone, so is the mark.
// CHECK-LABEL: @no_request_left
// CHECK-NOT: gradient_target
graph.program @no_request_left {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %a = graph.tanh %x {gradient_target = 7 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  graph.fetch %a {indices = array<i64: 0>} : tensor<2xf32>
}
