// RUN: graphc-opt %s --split-input-file --graphc-lower-to-plan="threads=1" | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graphc-lower-to-plan="threads=1" --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Forwards and backwards: the moments go from one to the other.
// REMARK: form primitive: oneDNN's layer_normalization,
// REMARK: form primitive: oneDNN's layer_normalization_gradient,
// CHECK-LABEL: plan.program @layers
// CHECK: %[[FORWARD:.*]] = plan.create_primitive "layer_normalization" {{.*}}epsilon = 1.000000e-03 : f64{{.*}} -> (memref<600x36xf32>, memref<600xf32>, memref<600xf32>)
// CHECK: plan.run_primitive %[[FORWARD]] inputs({{.*}}) outputs(%{{.*}}, %[[M:.*]], %[[V:.*]] : 
// CHECK: %[[BACK:.*]] = plan.create_primitive "layer_normalization_gradient"
// CHECK: plan.run_primitive %[[BACK]] inputs(%{{.*}}, %{{.*}}, %[[M]], %[[V]],
graph.program @layers attributes {feed_names = ["x:0", "g:0", "b:0", "dy:0"], feed_types = [tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>, tensor<600x36xf32>], fetch_names = ["y:0", "dx:0", "dg:0", "db:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x36xf32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<36xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<36xf32>
  %dy = graph.feed {index = 3 : i64, name = "dy:0"} : () -> tensor<600x36xf32>
  %y:3 = graph.layer_normalization %x, %g, %b {epsilon = 1.0e-03 : f64}
      : (tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>) -> (tensor<600x36xf32>, tensor<600xf32>, tensor<600xf32>)
  %d:3 = graph.layer_normalization_gradient %x, %g, %y#1, %y#2, %dy {epsilon = 1.0e-03 : f64}
      : (tensor<600x36xf32>, tensor<36xf32>, tensor<600xf32>, tensor<600xf32>, tensor<600x36xf32>) -> (tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>)
  graph.fetch %y#0, %d#0, %d#1, %d#2 {indices = array<i64: 0, 1, 2, 3>} : tensor<600x36xf32>, tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>
}

// -----

// Moments that nobody asks for are not written.
// CHECK-LABEL: plan.program @inference
// CHECK: plan.create_primitive "layer_normalization" {{.*}} -> memref<600x36xf32>
graph.program @inference attributes {feed_names = ["x:0", "g:0", "b:0"], feed_types = [tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x36xf32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<36xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<36xf32>
  %y:3 = graph.layer_normalization %x, %g, %b {epsilon = 1.0e-03 : f64}
      : (tensor<600x36xf32>, tensor<36xf32>, tensor<36xf32>) -> (tensor<600x36xf32>, tensor<600xf32>, tensor<600xf32>)
  graph.fetch %y#0 {indices = array<i64: 0>} : tensor<600x36xf32>
}

// -----

// oneDNN has no float64: the reference loops.
// CHECK-LABEL: plan.program @doubles
// CHECK: plan.call_host "batch_normalization"
graph.program @doubles attributes {feed_names = ["x:0", "g:0"], feed_types = [tensor<600x36xf64>, tensor<36xf64>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x36xf64>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<36xf64>
  %y:3 = graph.batch_normalization %x, %g, %g {epsilon = 1.0e-03 : f64}
      : (tensor<600x36xf64>, tensor<36xf64>, tensor<36xf64>) -> (tensor<600x36xf64>, tensor<36xf64>, tensor<36xf64>)
  graph.fetch %y#0 {indices = array<i64: 0>} : tensor<600x36xf64>
}
