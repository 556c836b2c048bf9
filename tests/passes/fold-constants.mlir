// RUN: graphc-opt %s --split-input-file --graph-fold-constants | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-fold-constants=max-bytes=8 | FileCheck %s --check-prefix=SMALL

// CHECK-LABEL: @chain
// CHECK: %[[C:.*]] = graph.constant {value = dense<9.000000e+00> : tensor<f32>}
// CHECK: graph.multiply %{{.*}}, %[[C]]
graph.program @chain {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %two = graph.constant {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %three = graph.add %two, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %nine = graph.square %three : (tensor<f32>) -> tensor<f32> // 3 * 3
  %y = graph.multiply %x, %nine : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// Random numbers are drawn anew in each run, and a target of gradients stays what it is.
// CHECK-LABEL: @left_alone
// CHECK: graph.random_uniform
// CHECK: graph.negative %{{.*}} {gradient_target = 0 : i64}
// CHECK: graph.exp
graph.program @left_alone {
  %low = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %r = graph.random_uniform {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32>
  %n = graph.negative %low {gradient_target = 0 : i64} : (tensor<f32>) -> tensor<f32>
  %e = graph.exp %n : (tensor<f32>) -> tensor<f32>
  graph.fetch %r, %e {indices = array<i64: 0, 1>} : tensor<2xf32>, tensor<f32>
}

// -----

// SMALL-LABEL: @limit_in_bytes
// SMALL: graph.constant {value = dense<[-0.000000e+00, -1.000000e+00]>
// SMALL: graph.negative %{{.*}} : (tensor<3xf32>)
graph.program @limit_in_bytes {
  %two = graph.constant {value = dense<[0.0, 1.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %three = graph.constant {value = dense<[0.0, 1.0, 2.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %a = graph.negative %two : (tensor<2xf32>) -> tensor<2xf32>     // 8 bytes
  %b = graph.negative %three : (tensor<3xf32>) -> tensor<3xf32>   // 12 bytes
  graph.fetch %a, %b {indices = array<i64: 0, 1>} : tensor<2xf32>, tensor<3xf32>
}
