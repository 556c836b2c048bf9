// RUN: graphc-opt %s | FileCheck %s

// Printed values are called what the user's ops are.
graph.program @main {
  // CHECK: %dense.MatMul_1 = graph.placeholder
  %0 = graph.placeholder {dtype = f32, shape = array<i64: 4>} : () -> tensor<4xf32> loc("dense/MatMul_1"("har.cpp":12:0))
  // CHECK: %[[PARTS:split]]:2 = graph.split %dense.MatMul_1
  %1, %2 = graph.split %0 {axis = 0 : i64, sizes = array<i64: 1, 3>} : (tensor<4xf32>) -> (tensor<1xf32>, tensor<3xf32>) loc("split"("har.cpp":13:0))
  // CHECK: graph.tanh %split#1
  %3 = graph.tanh %2 : (tensor<3xf32>) -> tensor<3xf32> loc("har.cpp":14:0)
}
