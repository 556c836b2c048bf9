// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Variables and the optimizers' updates.
graph.variable @w : tensor<27xf32> {trainable = true}
graph.variable @slot : tensor<27xf32>
graph.variable @slot_1 : tensor<27xf32>
graph.variable @slot_2 : tensor<27xf32>

graph.variable @table : tensor<10x4xf32>
graph.variable @table_slot : tensor<10x4xf32>

graph.program @main {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<27xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<f32>
  // CHECK: graph.read_variable {variable = @w} : () -> tensor<27xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<27xf32>
  // CHECK: graph.assign %{{.*}} {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  %0 = graph.assign %g {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  // CHECK: graph.assign_add %{{.*}} {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  %1 = graph.assign_add %g {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  // CHECK: graph.assign_sub %{{.*}} {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  %2 = graph.assign_sub %g {variable = @w} : (tensor<27xf32>) -> tensor<27xf32>
  // CHECK: graph.apply_gradient_descent %[[S:.*]], %[[G:.*]] {variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
  graph.apply_gradient_descent %s, %g {variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
  // CHECK: graph.apply_momentum %[[S]], %[[G]], %[[S]] {accumulator = @slot, use_nesterov = true, variable = @w}
  graph.apply_momentum %s, %g, %s {accumulator = @slot, use_nesterov = true, variable = @w}
      : (tensor<f32>, tensor<27xf32>, tensor<f32>) -> ()
  // CHECK: graph.apply_adagrad %[[S]], %[[G]] {accumulator = @slot, variable = @w}
  graph.apply_adagrad %s, %g {accumulator = @slot, variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
  // CHECK: graph.apply_rms_prop {{.*}} {mean_square = @slot, momentum_slot = @slot_1, variable = @w}
  graph.apply_rms_prop %s, %s, %s, %s, %g {mean_square = @slot, momentum_slot = @slot_1, variable = @w}
      : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<27xf32>) -> ()
  // CHECK: graph.apply_rms_prop {{.*}} {mean_square = @slot, variable = @w}
  graph.apply_rms_prop %s, %s, %s, %s, %g {mean_square = @slot, variable = @w}
      : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<27xf32>) -> ()
  // CHECK: graph.apply_centered_rms_prop {{.*}} {mean_gradient = @slot_2, mean_square = @slot, momentum_slot = @slot_1, variable = @w}
  graph.apply_centered_rms_prop %s, %s, %s, %s, %g
      {mean_gradient = @slot_2, mean_square = @slot, momentum_slot = @slot_1, variable = @w}
      : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<27xf32>) -> ()
  %r = graph.feed {index = 2 : i64, name = "r:0"} : () -> tensor<?x4xf32>
  %i = graph.feed {index = 3 : i64, name = "i:0"} : () -> tensor<?xi64>
  // CHECK: graph.sparse_apply_gradient_descent %[[S]], %[[R:.*]], %[[I:.*]] {variable = @table} : (tensor<f32>, tensor<?x4xf32>, tensor<?xi64>) -> ()
  graph.sparse_apply_gradient_descent %s, %r, %i {variable = @table} : (tensor<f32>, tensor<?x4xf32>, tensor<?xi64>) -> ()
  // CHECK: graph.sparse_apply_momentum %[[S]], %[[R]], %[[S]], %[[I]] {accumulator = @table_slot, variable = @table}
  graph.sparse_apply_momentum %s, %r, %s, %i {accumulator = @table_slot, variable = @table}
      : (tensor<f32>, tensor<?x4xf32>, tensor<f32>, tensor<?xi64>) -> ()
  // CHECK: graph.apply_adam {{.*}} {m = @slot, v = @slot_1, variable = @w}
  graph.apply_adam %s, %s, %s, %s, %s, %s, %g {m = @slot, v = @slot_1, variable = @w}
      : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<27xf32>) -> ()
}
