// RUN: graphc-opt %s -split-input-file -graph-insert-gradients | FileCheck %s

// What does not lie between w and y has no gradient ops: x takes none.

// CHECK-LABEL: @only_between_xs_and_ys
// CHECK: %[[X:.*]] = graph.feed {index = 0
// CHECK: %[[W:.*]] = graph.feed {index = 1
// CHECK: %[[Y:.*]] = graph.matmul %[[X]], %[[W]]
// CHECK: %[[ONES:.*]] = graph.fill
// CHECK: %[[DW:.*]] = graph.matmul %[[X]], %[[ONES]] {transpose_a = true
// CHECK-NOT: graph.matmul
// CHECK: graph.fetch %[[DW]]
graph.program @only_between_xs_and_ys {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<3x4xf32>
  %y = graph.matmul %x, %w : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %dw = graph.gradients %y, %w {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  graph.fetch %dw {indices = array<i64: 0>} : tensor<3x4xf32>
}

// -----

// What was broadcast is summed back: the bias over the rows, the scale over everything.

// CHECK-LABEL: @sums_over_broadcast_axes
// CHECK: graph.reduce_sum %{{.*}} {axes = array<i64: 0>
// CHECK: graph.reduce_sum %{{.*}} {axes = array<i64: 0, 1>
// CHECK: graph.fetch
graph.program @sums_over_broadcast_axes {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x3xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<3xf32>
  %s = graph.feed {index = 2 : i64, name = "s:0"} : () -> tensor<f32>
  %scaled = graph.multiply %x, %s : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %y = graph.add %scaled, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %db, %ds = graph.gradients %y, %b, %s {num_xs = 2 : i64, num_ys = 1 : i64}
      : (tensor<2x3xf32>, tensor<3xf32>, tensor<f32>) -> (tensor<3xf32>, tensor<f32>)
  graph.fetch %db, %ds {indices = array<i64: 0, 1>} : tensor<3xf32>, tensor<f32>
}

// -----

// A value on three paths: its gradients are added by one op. floor lets none through.

// CHECK-LABEL: @adds_what_arrives_on_several_paths
// CHECK: %[[W:.*]] = graph.feed {index = 1
// CHECK: graph.floor
// CHECK: %[[SUM:.*]] = graph.add_n %[[W]], %[[W]], %{{.*}} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
// CHECK: graph.fetch %[[SUM]]
graph.program @adds_what_arrives_on_several_paths {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<3xf32>
  %e = graph.exp %x : (tensor<3xf32>) -> tensor<3xf32>
  %f = graph.floor %x : (tensor<3xf32>) -> tensor<3xf32>
  %y = graph.add_n %x, %e, %f, %x
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %dx = graph.gradients %y, %x, %w {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// CHECK-LABEL: @nothing_flows_to_x
// CHECK: %[[ZERO:.*]] = graph.constant {value = dense<0.0
// CHECK: %[[DX:.*]] = graph.fill %[[ZERO]] {dims = array<i64: 3>}
// CHECK: graph.fetch %[[DX]]
graph.program @nothing_flows_to_x {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %y = graph.stop_gradient %x : (tensor<3xf32>) -> tensor<3xf32>
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// h' = tanh(h u + x). The forward op gives no more than before: tanh is the output, and h before a step
// that of the step before. The backward body has one product, and, as u is said to be large, its gradient
// is one product over rows of all steps, to which the first step adds its own, with h0.

// CHECK-LABEL: @recurrence
// CHECK: %[[X:.*]] = graph.feed {index = 0
// CHECK: %[[H0:.*]] = graph.feed {index = 1
// CHECK: %[[U:.*]] = graph.feed {index = 2
// CHECK: %[[H:.*]]:2 = graph.static_rnn sequences(%[[X]] : {{.*}}) states(%[[H0]] : {{.*}}) captured(%[[U]] : {{.*}}) {{.*}} -> tensor<5x4x3xf32>, tensor<4x3xf32>
// CHECK-NOT: graph.static_rnn
// CHECK: %[[D:.*]]:2 = graph.static_rnn sequences(%{{.*}}, %[[H]]#0 : tensor<5x4x3xf32>, tensor<5x4x3xf32>)
// CHECK-SAME: reverse = true
// CHECK: graph.matmul
// CHECK-NOT: graph.matmul
// CHECK: graph.yield
// CHECK: }
// CHECK-DAG: %[[HROWS:.*]] = graph.reshape %[[H]]#0 {shape = array<i64: 20, 3>}
// CHECK-DAG: %[[DROWS:.*]] = graph.reshape %[[D]]#0 {shape = array<i64: 20, 3>}
// CHECK-DAG: %[[BEFORE:.*]] = graph.slice %[[HROWS]] {begin = array<i64: 0, 0>, size = array<i64: 16, 3>}
// CHECK-DAG: %[[LATER:.*]] = graph.slice %[[DROWS]] {begin = array<i64: 4, 0>, size = array<i64: 16, 3>}
// CHECK: %[[MOST:.*]] = graph.matmul %[[BEFORE]], %[[LATER]] {transpose_a = true
// CHECK: %[[FIRST:.*]] = graph.slice %[[DROWS]] {begin = array<i64: 0, 0>, size = array<i64: 4, 3>}
// CHECK: %[[REST:.*]] = graph.matmul %[[H0]], %[[FIRST]] {transpose_a = true
// CHECK: %[[DU:.*]] = graph.add %[[MOST]], %[[REST]]
// CHECK: graph.fetch %[[DU]], %[[D]]#0
graph.program @recurrence {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h0:0"} : () -> tensor<4x3xf32>
  %u = graph.feed {index = 2 : i64, name = "u:0"} : () -> tensor<3x3xf32>
  %all, %last = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%h0 : tensor<4x3xf32>)
      captured(%u : tensor<3x3xf32>) {cached_weights = false, steps = 5 : i64} -> tensor<5x4x3xf32>, tensor<4x3xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %h: tensor<4x3xf32>, %u_t: tensor<3x3xf32>):
    %p = graph.matmul %h, %u_t : (tensor<4x3xf32>, tensor<3x3xf32>) -> tensor<4x3xf32>
    %s = graph.add %p, %x_t : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %n = graph.tanh %s : (tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %n, %n : tensor<4x3xf32>, tensor<4x3xf32>
  }
  %du, %dx = graph.gradients %all, %u, %x {num_xs = 2 : i64, num_ys = 1 : i64}
      : (tensor<5x4x3xf32>, tensor<3x3xf32>, tensor<5x4x3xf32>) -> (tensor<3x3xf32>, tensor<5x4x3xf32>)
  graph.fetch %du, %dx {indices = array<i64: 0, 1>} : tensor<3x3xf32>, tensor<5x4x3xf32>
}

// -----

// With a small u its gradient is a further state, to which every step adds a product over the batch.

// CHECK-LABEL: @small_weights
// CHECK: %[[U:.*]] = graph.feed {index = 2
// CHECK: %[[D:.*]]:2 = graph.static_rnn sequences({{.*}}) states(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<3x3xf32>) captured(%[[U]] : {{.*}}) {reverse = true
// CHECK: ^bb0({{.*}}, %[[SUM:.*]]: tensor<3x3xf32>, %{{.*}}: tensor<3x3xf32>):
// CHECK: %[[TERM:.*]] = graph.matmul %{{.*}}, %{{.*}} {transpose_a = true
// CHECK: %[[NEXT:.*]] = graph.add %[[TERM]], %[[SUM]]
// CHECK: graph.yield %{{.*}}, %[[NEXT]]
// CHECK: graph.fetch %[[D]]#1
graph.program @small_weights {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h0:0"} : () -> tensor<4x3xf32>
  %u = graph.feed {index = 2 : i64, name = "u:0"} : () -> tensor<3x3xf32>
  %all, %last = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%h0 : tensor<4x3xf32>)
      captured(%u : tensor<3x3xf32>) {steps = 5 : i64} -> tensor<5x4x3xf32>, tensor<4x3xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %h: tensor<4x3xf32>, %u_t: tensor<3x3xf32>):
    %p = graph.matmul %h, %u_t : (tensor<4x3xf32>, tensor<3x3xf32>) -> tensor<4x3xf32>
    %s = graph.add %p, %x_t : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %n = graph.tanh %s : (tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %n, %n : tensor<4x3xf32>, tensor<4x3xf32>
  }
  %du = graph.gradients %last, %u {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<4x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  graph.fetch %du {indices = array<i64: 0>} : tensor<3x3xf32>
}

// -----

// A primitive that is differentiated is told to keep its workspace.

// CHECK-LABEL: @primitive
// CHECK: %[[L:.*]]:4 = graph.lstm {{.*}}training = true
// CHECK: %[[G:.*]]:6 = graph.lstm_gradient
// CHECK: graph.fetch %[[G]]#5
graph.program @primitive {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %wx = graph.feed {index = 2 : i64, name = "wx:0"} : () -> tensor<3x8xf32>
  %wh = graph.feed {index = 3 : i64, name = "wh:0"} : () -> tensor<2x8xf32>
  %b = graph.feed {index = 4 : i64, name = "b:0"} : () -> tensor<8xf32>
  %all, %hn, %cn, %ws = graph.lstm %x, %h, %h, %wx, %wh, %b
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<3x8xf32>, tensor<2x8xf32>, tensor<8xf32>)
      -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  %db = graph.gradients %hn, %b {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<4x2xf32>, tensor<8xf32>) -> tensor<8xf32>
  graph.fetch %db {indices = array<i64: 0>} : tensor<8xf32>
}
