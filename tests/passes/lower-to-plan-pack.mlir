// RUN: graphc-opt %s --graphc-lower-to-plan="threads=2 always-pack=true" | FileCheck %s

graph.variable @w : tensor<9x27xf32> {trainable = true}

// Weights that the program does not change are kept in oneDNN's own layout.
// CHECK-LABEL: plan.program @inference
// CHECK: %[[W:.*]] = plan.buffer variable {variable = @w} : memref<9x27xf32>
// CHECK: %[[KEPT:.*]] = plan.buffer kept {variable = @w} : memref<{{[0-9]+}}xui8>
// CHECK: %[[PACK:.*]] = plan.create_primitive "matmul_pack" {a_extents = array<i64: 4, 9>, a_strides = array<i64: 9, 1>, activation = "none", bias = false}
// CHECK: plan.run_primitive %[[PACK]] inputs(%[[W]] : memref<9x27xf32>) outputs(%[[KEPT]]
// CHECK: %[[P:.*]] = plan.create_primitive "matmul" {activation = "none", b_extents = array<i64: 9, 27>}
// CHECK: plan.run_primitive %[[P]] inputs(%{{.*}}, %[[KEPT]] :
graph.program @inference attributes {feed_names = ["x:0"], feed_types = [tensor<4x9xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x9xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
  %y = graph.matmul %x, %w : (tensor<4x9xf32>, tensor<9x27xf32>) -> tensor<4x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x27xf32>
}

// Those that it does change are not.
// CHECK-LABEL: plan.program @training
// CHECK-NOT: plan.buffer kept
graph.program @training attributes {feed_names = ["x:0", "g:0"], feed_types = [tensor<4x9xf32>, tensor<9x27xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x9xf32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<9x27xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
  %y = graph.matmul %x, %w : (tensor<4x9xf32>, tensor<9x27xf32>) -> tensor<4x27xf32>
  %new = graph.assign_sub %g {variable = @w} : (tensor<9x27xf32>) -> tensor<9x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x27xf32>
}
