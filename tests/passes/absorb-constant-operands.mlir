// RUN: graphc-opt %s --split-input-file --graph-absorb-constant-operands | FileCheck %s

// CHECK-LABEL: @operands_become_attributes
graph.program @operands_become_attributes {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6xf32>
  %shape = graph.constant {value = dense<[-1, 3]> : tensor<2xi32>} : () -> tensor<2xi32>
  %begin = graph.constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
  %size = graph.constant {value = dense<[2, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  %pads = graph.constant {value = dense<[[1, 0], [0, 2]]> : tensor<2x2xi32>} : () -> tensor<2x2xi32>
  // -1 is resolved.
  // CHECK: graph.reshape %[[X:.*]] {shape = array<i64: 8, 3>} : (tensor<4x6xf32>)
  %a = graph.reshape %x, %shape : (tensor<4x6xf32>, tensor<2xi32>) -> tensor<8x3xf32>
  // CHECK: graph.slice %[[X]] {begin = array<i64: 1, 2>, size = array<i64: 2, 4>} : (tensor<4x6xf32>)
  %b = graph.slice %x, %begin, %size : (tensor<4x6xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x4xf32>
  // CHECK: graph.pad %[[X]] {paddings = array<i64: 1, 0, 0, 2>} : (tensor<4x6xf32>)
  %c = graph.pad %x, %pads : (tensor<4x6xf32>, tensor<2x2xi32>) -> tensor<5x8xf32>
  // Absent axes are all axes.
  // CHECK: graph.reduce_sum %[[X]] {axes = array<i64: 0, 1>
  %d = graph.reduce_sum %x : (tensor<4x6xf32>) -> tensor<f32>
  graph.fetch %a, %b, %c, %d {indices = array<i64: 0, 1, 2, 3>} : tensor<8x3xf32>, tensor<2x4xf32>, tensor<5x8xf32>, tensor<f32>
}

// -----

// What is not constant stays an operand, unless the result's type says the same.
// CHECK-LABEL: @not_constant
graph.program @not_constant {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6xf32>
  %p = graph.feed {index = 1 : i64, name = "p:0"} : () -> tensor<2xi32>
  // CHECK: graph.slice %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x6xf32>, tensor<2xi32>, tensor<2xi32>)
  %a = graph.slice %x, %p, %p : (tensor<4x6xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  // CHECK: graph.broadcast_to %{{.*}} {shape = array<i64: 4, 6>} : (tensor<4x6xf32>)
  %b = graph.broadcast_to %x, %p : (tensor<4x6xf32>, tensor<2xi32>) -> tensor<4x6xf32>
  graph.fetch %a, %b {indices = array<i64: 0, 1>} : tensor<?x?xf32>, tensor<4x6xf32>
}
