// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Summaries for TensorBoard.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<?x3xf32>
  // CHECK: graph.scalar_summary %{{.*}} {tag = "loss"} : (tensor<f32>) -> tensor<13xui8>
  %r0 = graph.scalar_summary %x {tag = "loss"} : (tensor<f32>) -> tensor<13xui8>
  // CHECK: graph.histogram_summary %{{.*}} {tag = "w"} : (tensor<?x3xf32>) -> tensor<?xui8>
  %r1 = graph.histogram_summary %w {tag = "w"} : (tensor<?x3xf32>) -> tensor<?xui8>
  // CHECK: graph.merge_summary %{{.*}}, %{{.*}} : (tensor<13xui8>, tensor<?xui8>) -> tensor<?xui8>
  %r2 = graph.merge_summary %r0, %r1 : (tensor<13xui8>, tensor<?xui8>) -> tensor<?xui8>
}
