// RUN: graphc-opt %s --split-input-file --graph-unroll-static-rnn --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// Names and random numbers follow the step; the step's number is a constant.
// CHECK-LABEL: graph.program @two_steps
// CHECK: %[[X:.*]]:2 = graph.unstack %{{.*}} {axis = 0 : i64, num = 2 : i64}
// CHECK: %[[R0:.*]] = graph.random_uniform {{.*}}step = 0 : i64{{.*}} loc("cell/mask")
// CHECK: graph.constant {value = dense<0> : tensor<i32>}
// CHECK: %[[A0:.*]] = graph.add %[[X]]#0, %[[S0:.*]] : {{.*}} loc("cell/add")
// CHECK: %[[N0:.*]] = graph.multiply %[[A0]], %[[R0]]
// CHECK: %[[R1:.*]] = graph.random_uniform {{.*}}step = 1 : i64{{.*}} loc("cell/mask_1")
// CHECK: graph.constant {value = dense<1> : tensor<i32>}
// CHECK: %[[A1:.*]] = graph.add %[[X]]#1, %[[N0]] : {{.*}} loc("cell/add_1")
// CHECK: %[[N1:.*]] = graph.multiply %[[A1]], %[[R1]]
// CHECK: %[[O:.*]] = graph.stack %[[N0]], %[[N1]] {axis = 0 : i64}
// CHECK: graph.fetch %[[O]], %[[N1]]
graph.program @two_steps {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x4xf32> loc("x")
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<4xf32> loc("s")
  %o, %l = graph.static_rnn sequences(%x : tensor<2x4xf32>) states(%s0 : tensor<4xf32>) {steps = 2 : i64} -> tensor<2x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32> loc("x_t"), %s: tensor<4xf32> loc("s_t")):
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 4>, stream = 1 : i64} : () -> tensor<4xf32> loc("cell/mask")
    %t = graph.step_index : () -> tensor<i32> loc("cell/t")
    %a = graph.add %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("cell/add")
    %n = graph.multiply %a, %r : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("cell/mul")
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32> loc("cell")
  } loc("rnn")
  graph.fetch %o, %l {indices = array<i64: 0, 1>} : tensor<2x4xf32>, tensor<4xf32> loc("fetch")
} loc("main")

// -----

// From the last step to the first; outputs keep their places. Parts that were stacked are used as
// they are.
// CHECK-LABEL: graph.program @reverse
// CHECK-NOT: graph.unstack
// CHECK: %[[N1:.*]] = graph.add %[[B:.*]], %[[S0:.*]] :
// CHECK: %[[N0:.*]] = graph.add %[[A:.*]], %[[N1]] :
// CHECK: graph.stack %[[N0]], %[[N1]]
// CHECK: graph.fetch %{{.*}}, %[[N0]]
graph.program @reverse {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<4xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<4xf32>
  %s0 = graph.feed {index = 2 : i64, name = "s:0"} : () -> tensor<4xf32>
  %x = graph.stack %a, %b {axis = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<2x4xf32>) states(%s0 : tensor<4xf32>) {steps = 2 : i64, reverse = true} -> tensor<2x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.add %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  graph.fetch %o, %l {indices = array<i64: 0, 1>} : tensor<2x4xf32>, tensor<4xf32>
}
