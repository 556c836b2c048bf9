// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Ops along an order, and addresses of several indices.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x5x6xf32>
  %l = graph.feed {index = 1 : i64, name = "l:0"} : () -> tensor<?xi32>
  %p = graph.feed {index = 2 : i64, name = "p:0"} : () -> tensor<?x6xf32>
  %i = graph.feed {index = 3 : i64, name = "i:0"} : () -> tensor<?x2xi32>
  // CHECK: graph.cumsum %{{.*}} {axis = 1 : i64, exclusive = true, reverse = true} : (tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  %r0 = graph.cumsum %x {axis = 1 : i64, exclusive = true, reverse = true} : (tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  // CHECK: graph.reverse_sequence %{{.*}}, %{{.*}} {seq_axis = 1 : i64} : (tensor<?x5x6xf32>, tensor<?xi32>) -> tensor<?x5x6xf32>
  %r1 = graph.reverse_sequence %x, %l {batch_axis = 0 : i64, seq_axis = 1 : i64}
      : (tensor<?x5x6xf32>, tensor<?xi32>) -> tensor<?x5x6xf32>
  // CHECK: graph.top_k %{{.*}} {k = 2 : i64} : (tensor<?x6xf32>) -> (tensor<?x2xf32>, tensor<?x2xi32>)
  %r2:2 = graph.top_k %p {k = 2 : i64} : (tensor<?x6xf32>) -> (tensor<?x2xf32>, tensor<?x2xi32>)
  // CHECK: graph.in_top_k %{{.*}}, %{{.*}} {k = 3 : i64} : (tensor<?x6xf32>, tensor<?xi32>) -> tensor<?xi1>
  %r3 = graph.in_top_k %p, %l {k = 3 : i64} : (tensor<?x6xf32>, tensor<?xi32>) -> tensor<?xi1>
  // CHECK: graph.gather_nd %{{.*}}, %{{.*}} : (tensor<?x5x6xf32>, tensor<?x2xi32>) -> tensor<?x6xf32>
  %r4 = graph.gather_nd %x, %i : (tensor<?x5x6xf32>, tensor<?x2xi32>) -> tensor<?x6xf32>
  // CHECK: graph.scatter_nd %{{.*}}, %{{.*}} {shape = array<i64: 4, 5, 6>} : (tensor<?x2xi32>, tensor<?x6xf32>) -> tensor<4x5x6xf32>
  %r5 = graph.scatter_nd %i, %p {shape = array<i64: 4, 5, 6>}
      : (tensor<?x2xi32>, tensor<?x6xf32>) -> tensor<4x5x6xf32>
}
