// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Random numbers, of a shape known or computed.
graph.program @main {
  %s = graph.feed {index = 0 : i64, name = "s:0"} : () -> tensor<2xi32>
  %n = graph.feed {index = 1 : i64, name = "n:0"} : () -> tensor<i64>
  // CHECK: graph.random_uniform {dtype = f32, shape = array<i64: 600, 27>, stream = 3 : i64} : () -> tensor<600x27xf32>
  %r0 = graph.random_uniform {dtype = f32, shape = array<i64: 600, 27>, stream = 3 : i64} : () -> tensor<600x27xf32>
  // CHECK: graph.random_uniform %{{.*}} {dtype = f32, seed = 1 : i64, seed2 = 2 : i64} : (tensor<2xi32>) -> tensor<?x?xf32>
  %r1 = graph.random_uniform %s {dtype = f32, seed = 1 : i64, seed2 = 2 : i64} : (tensor<2xi32>) -> tensor<?x?xf32>
  // CHECK: graph.random_normal {dtype = f64, shape = array<i64>, step = 5 : i64} : () -> tensor<f64>
  %r2 = graph.random_normal {dtype = f64, shape = array<i64>, step = 5 : i64} : () -> tensor<f64>
  // CHECK: graph.truncated_normal %{{.*}} {dtype = f32} : (tensor<2xi32>) -> tensor<?x?xf32>
  %r3 = graph.truncated_normal %s {dtype = f32} : (tensor<2xi32>) -> tensor<?x?xf32>
  // CHECK: graph.random_uniform_int %{{.*}} {shape = array<i64: 4>} : (tensor<i64>, tensor<i64>) -> tensor<4xi64>
  %r4 = graph.random_uniform_int %n, %n {shape = array<i64: 4>} : (tensor<i64>, tensor<i64>) -> tensor<4xi64>
  // CHECK: graph.random_uniform_int %{{.*}} {dtype = i64} : (tensor<i64>, tensor<i64>, tensor<2xi32>) -> tensor<?x?xi64>
  %r5 = graph.random_uniform_int %n, %n, %s {dtype = i64}
      : (tensor<i64>, tensor<i64>, tensor<2xi32>) -> tensor<?x?xi64>
}
