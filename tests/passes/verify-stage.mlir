// RUN: graphc-opt %s --graph-verify-stage=stage=clustered | FileCheck %s

// Keeps all promises; changes nothing.
// CHECK: graph.program @all_promises_kept
// CHECK: graph.cluster
graph.program @all_promises_kept attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
  %y = graph.cluster %x : (tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%a: tensor<2xf32>):
    %t = graph.tanh %a : (tensor<2xf32>) -> tensor<2xf32>
    graph.yield %t : tensor<2xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<2xf32>
}
