// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Products, with and without transposition, batch and epilogue; factorisation.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x27xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<27x6xf32>
  %t = graph.feed {index = 2 : i64, name = "t:0"} : () -> tensor<6x27xf32>
  %p = graph.feed {index = 3 : i64, name = "p:0"} : () -> tensor<5x1x2x3xf32>
  %q = graph.feed {index = 4 : i64, name = "q:0"} : () -> tensor<4x3x7xf32>
  %b = graph.feed {index = 5 : i64, name = "b:0"} : () -> tensor<6xf32>
  // CHECK: graph.matmul %{{.*}} : (tensor<?x27xf32>, tensor<27x6xf32>) -> tensor<?x6xf32>
  %r0 = graph.matmul %x, %w : (tensor<?x27xf32>, tensor<27x6xf32>) -> tensor<?x6xf32>
  // CHECK: graph.matmul %{{.*}} {transpose_b = true} : (tensor<?x27xf32>, tensor<6x27xf32>) -> tensor<?x6xf32>
  %r1 = graph.matmul %x, %t {transpose_b = true} : (tensor<?x27xf32>, tensor<6x27xf32>) -> tensor<?x6xf32>
  // CHECK: graph.matmul %{{.*}} {transpose_a = true, transpose_b = true} : (tensor<6x27xf32>, tensor<27x6xf32>) -> tensor<27x27xf32>
  %r2 = graph.matmul %t, %w {transpose_a = true, transpose_b = true}
      : (tensor<6x27xf32>, tensor<27x6xf32>) -> tensor<27x27xf32>
  // CHECK: graph.matmul %{{.*}} : (tensor<5x1x2x3xf32>, tensor<4x3x7xf32>) -> tensor<5x4x2x7xf32>
  %r3 = graph.matmul %p, %q : (tensor<5x1x2x3xf32>, tensor<4x3x7xf32>) -> tensor<5x4x2x7xf32>
  // CHECK: graph.fused_matmul %{{.*}} {activation = "relu"} : (tensor<?x27xf32>, tensor<27x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %r4 = graph.fused_matmul %x, %w, %b {activation = "relu"}
      : (tensor<?x27xf32>, tensor<27x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  // CHECK: graph.fused_matmul %{{.*}} {transpose_b = true} : (tensor<?x27xf32>, tensor<6x27xf32>) -> tensor<?x6xf32>
  %r5 = graph.fused_matmul %x, %t {transpose_b = true} : (tensor<?x27xf32>, tensor<6x27xf32>) -> tensor<?x6xf32>
  // CHECK: graph.qr %{{.*}} : (tensor<27x6xf32>) -> (tensor<27x6xf32>, tensor<6x6xf32>)
  %r6:2 = graph.qr %w : (tensor<27x6xf32>) -> (tensor<27x6xf32>, tensor<6x6xf32>)
}
