// RUN: graphc-opt %s --split-input-file --graph-fuse-updates | FileCheck %s

// Two updates and the clipping that leads to one of them; the decayed gradient reads the variable that
// is written, and stays in front.
// CHECK-LABEL: @two_updates
// CHECK: %[[D:.*]] = graph.add %{{.*}}, %{{.*}}
// CHECK: graph.cluster %{{.*}}%[[D]]
// CHECK: ^bb0
// CHECK-NEXT: %[[C:.*]] = graph.clip_by_value
// CHECK-NEXT: graph.apply_gradient_descent %{{.*}}, %[[C]] {variable = @w}
// CHECK-NEXT: graph.apply_gradient_descent {{.*}} {variable = @b}
// CHECK-NEXT: graph.yield
// CHECK-NOT: graph.apply_gradient_descent
graph.variable @w : tensor<4x3xf32>
graph.variable @b : tensor<3xf32>
graph.program @two_updates {
  %dw = graph.feed {index = 0 : i64, name = "dw:0"} : () -> tensor<4x3xf32>
  %db = graph.feed {index = 1 : i64, name = "db:0"} : () -> tensor<3xf32>
  %lr = graph.feed {index = 2 : i64, name = "lr:0"} : () -> tensor<f32>
  %c = graph.clip_by_value %dw, %lr, %lr : (tensor<4x3xf32>, tensor<f32>, tensor<f32>) -> tensor<4x3xf32>
  graph.apply_gradient_descent %lr, %c {variable = @w} : (tensor<f32>, tensor<4x3xf32>) -> ()
  %b = graph.read_variable {variable = @b} : () -> tensor<3xf32>
  %d = graph.add %db, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.apply_gradient_descent %lr, %d {variable = @b} : (tensor<f32>, tensor<3xf32>) -> ()
  graph.fetch {indices = array<i64>}
}

// -----

// The read in between sees the first update: two groups of one, which stay as they are.
// CHECK-LABEL: @read_in_between
// CHECK-NOT: graph.cluster
graph.variable @w : tensor<3xf32>
graph.variable @b : tensor<3xf32>
graph.program @read_in_between {
  %dw = graph.feed {index = 0 : i64, name = "dw:0"} : () -> tensor<3xf32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  graph.apply_gradient_descent %lr, %dw {variable = @w} : (tensor<f32>, tensor<3xf32>) -> ()
  %w = graph.read_variable {variable = @w} : () -> tensor<3xf32>
  graph.apply_gradient_descent %lr, %w {variable = @b} : (tensor<f32>, tensor<3xf32>) -> ()
  graph.fetch {indices = array<i64>}
}
