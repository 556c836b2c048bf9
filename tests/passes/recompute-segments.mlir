// RUN: graphc-opt %s --split-input-file --graph-recompute-segments | FileCheck %s

// Two segments and their gradients. The first segment saves `p` for its gradient, which the second
// one's come in between: it runs again, and its first run gives the state alone. The second one's
// gradient follows right away.
// CHECK-LABEL: graph.program @two_segments
// CHECK: %[[S1:.*]] = graph.static_rnn sequences(%[[X:.*]] : tensor<3x4xf32>) states(%[[S0:.*]] : tensor<4xf32>) {first_step = 0 : i64, steps = 3 : i64} -> tensor<4xf32>
// CHECK: %[[B:.*]]:2 = graph.static_rnn sequences(%{{.*}} : tensor<2x4xf32>) states(%[[S1]] : tensor<4xf32>) {first_step = 3 : i64, steps = 2 : i64} -> tensor<2x4xf32>, tensor<4xf32>
// CHECK: graph.static_rnn sequences(%[[B]]#0 : tensor<2x4xf32>) {{.*}}segment_gradient
// CHECK: %[[P:.*]]:2 = graph.static_rnn sequences(%[[X]] : tensor<3x4xf32>) states(%[[S0]] : tensor<4xf32>) {first_step = 0 : i64, steps = 3 : i64} -> tensor<3x4xf32>
// CHECK: graph.static_rnn sequences(%[[P]]#0 : tensor<3x4xf32>) {{.*}}segment_gradient
graph.program @two_segments {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x4xf32>
  %y = graph.feed {index = 1 : i64, name = "y:0"} : () -> tensor<2x4xf32>
  %s0 = graph.feed {index = 2 : i64, name = "s:0"} : () -> tensor<4xf32>
  %p0, %s1 = graph.static_rnn sequences(%x : tensor<3x4xf32>) states(%s0 : tensor<4xf32>) {first_step = 0 : i64, steps = 3 : i64} -> tensor<3x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %s, %n : tensor<4xf32>, tensor<4xf32>
  }
  %p1, %s2 = graph.static_rnn sequences(%y : tensor<2x4xf32>) states(%s1 : tensor<4xf32>) {first_step = 3 : i64, steps = 2 : i64} -> tensor<2x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %s, %n : tensor<4xf32>, tensor<4xf32>
  }
  %d1 = graph.static_rnn sequences(%p1 : tensor<2x4xf32>) states(%s2 : tensor<4xf32>) {first_step = 3 : i64, reverse = true, segment_gradient, steps = 2 : i64} -> tensor<4xf32> {
  ^bb0(%p_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %p_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n : tensor<4xf32>
  }
  %d0 = graph.static_rnn sequences(%p0 : tensor<3x4xf32>) states(%d1 : tensor<4xf32>) {first_step = 0 : i64, reverse = true, segment_gradient, steps = 3 : i64} -> tensor<4xf32> {
  ^bb0(%p_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %p_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n : tensor<4xf32>
  }
  graph.fetch %d0, %s2 {indices = array<i64: 0, 1>} : tensor<4xf32>, tensor<4xf32>
}

// -----

// What only prepares a segment's sequence runs again with it; what others use, too, does not. What
// comes after the gradient takes the second run's values.
// CHECK-LABEL: graph.program @prepared
// CHECK: %[[T:.*]] = graph.tanh %{{.*}}
// CHECK: %[[E:.*]] = graph.exp %[[T]]
// CHECK: %[[A:.*]]:2 = graph.static_rnn sequences(%[[E]] : {{.*}}first_step = 0
// CHECK: graph.static_rnn {{.*}}first_step = 3
// CHECK-NOT: graph.tanh
// CHECK: %[[E2:.*]] = graph.exp %[[T]]
// CHECK: %[[A2:.*]]:2 = graph.static_rnn sequences(%[[E2]] : {{.*}}first_step = 0
// CHECK: graph.static_rnn sequences(%[[A2]]#0 : {{.*}}segment_gradient
// CHECK: %[[SUM:.*]] = graph.reduce_sum %[[A2]]#0
// CHECK: graph.fetch %{{.*}}, %{{.*}}, %[[T]], %[[SUM]]
graph.program @prepared {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x4xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<4xf32>
  %t = graph.tanh %x : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %e = graph.exp %t : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %p0, %s1 = graph.static_rnn sequences(%e : tensor<3x4xf32>) states(%s0 : tensor<4xf32>) {first_step = 0 : i64, steps = 3 : i64} -> tensor<3x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  %before = graph.reduce_max %p0 {axes = array<i64: 0>} : (tensor<3x4xf32>) -> tensor<4xf32>
  %s2 = graph.static_rnn states(%s1 : tensor<4xf32>) {first_step = 3 : i64, steps = 2 : i64} -> tensor<4xf32> {
  ^bb0(%s: tensor<4xf32>):
    %n = graph.square %s : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n : tensor<4xf32>
  }
  %d0 = graph.static_rnn sequences(%p0 : tensor<3x4xf32>) states(%s2 : tensor<4xf32>) {first_step = 0 : i64, reverse = true, segment_gradient, steps = 3 : i64} -> tensor<4xf32> {
  ^bb0(%p_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %p_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n : tensor<4xf32>
  }
  %after = graph.reduce_sum %p0 {axes = array<i64: 0>} : (tensor<3x4xf32>) -> tensor<4xf32>
  graph.fetch %d0, %before, %t, %after {indices = array<i64: 0, 1, 2, 3>} : tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>, tensor<4xf32>
}
