// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Softmax, the cross entropies and normalizations.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x6xf32>
  %l = graph.feed {index = 1 : i64, name = "l:0"} : () -> tensor<?xi32>
  // CHECK: graph.softmax %{{.*}} {axis = 1 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %r0 = graph.softmax %x {axis = 1 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  // CHECK: graph.softmax %{{.*}} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %r1 = graph.softmax %x : (tensor<?x6xf32>) -> tensor<?x6xf32>
  // CHECK: graph.log_softmax %{{.*}} {axis = 0 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  %r2 = graph.log_softmax %x {axis = 0 : i64} : (tensor<?x6xf32>) -> tensor<?x6xf32>
  // CHECK: graph.softmax_cross_entropy_with_logits %{{.*}} : (tensor<?x6xf32>, tensor<?x6xf32>) -> (tensor<?xf32>, tensor<?x6xf32>)
  %r3:2 = graph.softmax_cross_entropy_with_logits %x, %x
      : (tensor<?x6xf32>, tensor<?x6xf32>) -> (tensor<?xf32>, tensor<?x6xf32>)
  // CHECK: graph.sparse_softmax_cross_entropy_with_logits %{{.*}} : (tensor<?x6xf32>, tensor<?xi32>) -> (tensor<?xf32>, tensor<?x6xf32>)
  %r4:2 = graph.sparse_softmax_cross_entropy_with_logits %x, %l
      : (tensor<?x6xf32>, tensor<?xi32>) -> (tensor<?xf32>, tensor<?x6xf32>)

  %c = graph.feed {index = 2 : i64, name = "c:0"} : () -> tensor<6xf32>
  // CHECK: graph.layer_normalization %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 1.000000e-03 : f64} : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<?xf32>, tensor<?xf32>)
  %r5:3 = graph.layer_normalization %x, %c, %c {epsilon = 1.0e-03 : f64}
      : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<?xf32>, tensor<?xf32>)
  // CHECK: graph.layer_normalization_gradient
  %r6:3 = graph.layer_normalization_gradient %x, %c, %r5#1, %r5#2, %x {epsilon = 1.0e-03 : f64}
      : (tensor<?x6xf32>, tensor<6xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
  // CHECK: graph.batch_normalization %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 1.000000e-03 : f64} : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
  %r7:3 = graph.batch_normalization %x, %c, %c {epsilon = 1.0e-03 : f64}
      : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
  // CHECK: graph.batch_normalization_gradient
  %r8:3 = graph.batch_normalization_gradient %x, %c, %r7#1, %r7#2, %x {epsilon = 1.0e-03 : f64}
      : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
}
