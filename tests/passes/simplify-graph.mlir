// RUN: graphc-opt %s --split-input-file --graph-simplify-graph | FileCheck %s

// What undoes each other or does nothing goes away; the fetch sees the feed.
// CHECK-LABEL: @pairs
// CHECK-NEXT: %[[X:.*]] = graph.feed
// CHECK-NEXT: graph.fetch %[[X]], %[[X]], %[[X]], %[[X]], %[[X]]
graph.program @pairs {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6xf32>
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %t = graph.transpose %x {perm = array<i64: 1, 0>} : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %a = graph.transpose %t {perm = array<i64: 1, 0>} : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %p:2 = graph.split %x {axis = 1 : i64, sizes = array<i64: 2, 4>} : (tensor<4x6xf32>) -> (tensor<4x2xf32>, tensor<4x4xf32>)
  %b = graph.concat %p#0, %p#1 {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x4xf32>) -> tensor<4x6xf32>
  %r = graph.reshape %x {shape = array<i64: 24>} : (tensor<4x6xf32>) -> tensor<24xf32>
  %c = graph.reshape %r {shape = array<i64: 4, 6>} : (tensor<24xf32>) -> tensor<4x6xf32>
  %n = graph.negative %x : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %d = graph.negative %n : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %e = graph.multiply %one, %x : (tensor<f32>, tensor<4x6xf32>) -> tensor<4x6xf32>
  graph.fetch %a, %b, %c, %d, %e {indices = array<i64: 0, 1, 2, 3, 4>}
      : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// What static_rnn records in front of itself: the parts of a split, stacked.
// CHECK-LABEL: @stack_of_split
// CHECK: %[[X:.*]] = graph.feed
// CHECK-NEXT: graph.reshape %[[X]] {shape = array<i64: 3, 2, 5>}
// CHECK-NEXT: graph.fetch
graph.program @stack_of_split {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x5xf32>
  %p:3 = graph.split %x {axis = 0 : i64, sizes = array<i64: 2, 2, 2>} : (tensor<6x5xf32>) -> (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>)
  %s = graph.stack %p#0, %p#1, %p#2 {axis = 0 : i64} : (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>) -> tensor<3x2x5xf32>
  graph.fetch %s {indices = array<i64: 0>} : tensor<3x2x5xf32>
}

// -----

// And behind itself: only the last output is used.
// CHECK-LABEL: @last_of_unstack
// CHECK: %[[X:.*]] = graph.feed
// CHECK-NEXT: %[[S:.*]] = graph.slice %[[X]] {begin = array<i64: 2, 0, 0>, size = array<i64: 1, 2, 5>}
// CHECK-NEXT: %[[L:.*]] = graph.reshape %[[S]] {shape = array<i64: 2, 5>}
// CHECK-NEXT: graph.fetch %[[L]]
graph.program @last_of_unstack {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2x5xf32>
  %p:3 = graph.unstack %x {axis = 0 : i64, num = 3 : i64} : (tensor<3x2x5xf32>) -> (tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>)
  graph.fetch %p#2 {indices = array<i64: 0>} : tensor<2x5xf32>
}

// -----

// CHECK-LABEL: @transposed_product
// CHECK: graph.matmul %[[X:.*]], %[[X]] {transpose_a = true
graph.program @transposed_product {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6xf32>
  %t = graph.transpose %x {perm = array<i64: 1, 0>} : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %y = graph.matmul %t, %x : (tensor<6x4xf32>, tensor<4x6xf32>) -> tensor<6x6xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<6x6xf32>
}

// -----

// Bits stay: x + 0 would turn -0 into 0, and a sum over a stretched operand is no sum over itself.
// CHECK-LABEL: @left_alone
// CHECK: graph.add
// CHECK: graph.multiply
graph.program @left_alone {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %zero = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %ones = graph.constant {value = dense<1.0> : tensor<2x3xf32>} : () -> tensor<2x3xf32>
  %a = graph.add %x, %zero : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %b = graph.multiply %x, %ones : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  graph.fetch %a, %b {indices = array<i64: 0, 1>} : tensor<3xf32>, tensor<2x3xf32>
}

// -----

// Gradients are asked for by the transposed value: it is not bypassed, and gradients end where the
// program says so.
// CHECK-LABEL: @gradient_target
// CHECK: graph.transpose %{{.*}} {gradient_target = 0 : i64
// CHECK: graph.transpose
// CHECK: graph.stop_gradient
graph.program @gradient_target {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x6xf32>
  %t = graph.transpose %x {gradient_target = 0 : i64, perm = array<i64: 1, 0>} : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %a = graph.transpose %t {perm = array<i64: 1, 0>} : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %b = graph.stop_gradient %a : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = graph.multiply %a, %b : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
  %d = graph.gradients %y, %t {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<4x6xf32>, tensor<6x4xf32>) -> tensor<6x4xf32>
  graph.fetch %d {indices = array<i64: 0>} : tensor<6x4xf32>
}

// -----

// The second state, its initial value, the unused output and the unused captured value go; the scalar
// moves into the body; %w is captured once.
// CHECK-LABEL: @ports_of_a_recurrence
// CHECK: graph.static_rnn sequences(%{{[^,]*}}) states(%{{[^,]*}}) captured(%{{[^,]*}}) {steps = 3 : i64} -> tensor<3x2xf32>, tensor<2xf32> {
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<2xf32>, %[[S:.*]]: tensor<2xf32>, %[[W:.*]]: tensor<2xf32>):
// CHECK-NEXT: graph.constant
// CHECK-NOT: graph.exp
// CHECK: graph.yield %[[N:.*]], %[[N]]
graph.program @ports_of_a_recurrence {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2xf32>
  %k = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %o:4 = graph.static_rnn sequences(%x : tensor<3x2xf32>) states(%s0, %s0 : tensor<2xf32>, tensor<2xf32>)
      captured(%w, %k, %w, %x : tensor<2xf32>, tensor<f32>, tensor<2xf32>, tensor<3x2xf32>) {steps = 3 : i64}
      -> tensor<3x2xf32>, tensor<3x2xf32>, tensor<2xf32>, tensor<2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %a: tensor<2xf32>, %b: tensor<2xf32>, %w1: tensor<2xf32>, %k1: tensor<f32>, %w2: tensor<2xf32>, %u: tensor<3x2xf32>):
    %e = graph.exp %b : (tensor<2xf32>) -> tensor<2xf32>
    %p = graph.multiply %a, %w1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %q = graph.multiply %p, %w2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %r = graph.multiply %q, %k1 : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    %n = graph.add %r, %x_t : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.yield %n, %e, %n, %e : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  graph.fetch %o#0, %o#2 {indices = array<i64: 0, 1>} : tensor<3x2xf32>, tensor<2xf32>
}
