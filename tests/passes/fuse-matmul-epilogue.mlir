// RUN: graphc-opt %s --split-input-file --graph-fuse-matmul-epilogue | FileCheck %s

// CHECK-LABEL: @bias_and_activation
// CHECK: graph.fused_matmul %[[X:.*]], %[[W:.*]], %[[B:.*]] {activation = "relu"}
// CHECK-NEXT: graph.fused_matmul %[[X]], %[[W]], %[[B]] :
// CHECK-NEXT: graph.fused_matmul %[[X]], %[[W]] {activation = "tanh"
// CHECK-NEXT: graph.fetch
graph.program @bias_and_activation {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<3x2xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<2xf32>
  %p = graph.matmul %x, %w : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %s = graph.bias_add %p, %b : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %y = graph.relu %s : (tensor<4x2xf32>) -> tensor<4x2xf32>
  %q = graph.matmul %x, %w : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %r = graph.add %b, %q : (tensor<2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %u = graph.matmul %x, %w : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %v = graph.tanh %u : (tensor<4x2xf32>) -> tensor<4x2xf32>
  graph.fetch %y, %r, %v {indices = array<i64: 0, 1, 2>} : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// The gradient needs the value before the activation; a full matrix is no bias.
// CHECK-LABEL: @further_uses
// CHECK: graph.fused_matmul %{{.*}}, %{{.*}}, %{{.*}} :
// CHECK: graph.relu
// CHECK: graph.matmul
// CHECK-NEXT: graph.add
graph.program @further_uses {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x2xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<2xf32>
  %p = graph.matmul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %s = graph.bias_add %p, %b : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %y = graph.relu %s : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %q = graph.matmul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %r = graph.add %q, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  graph.fetch %s, %y, %r {indices = array<i64: 0, 1, 2>} : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
