// RUN: graphc-opt %s --split-input-file --graph-raise-recurrences --cse | FileCheck %s

// BasicLSTMCell: columns i, j, f, o of the kernel become i, f, j, o; the forget bias is added to the
// part of f. I = 3, H = 2.
// CHECK-LABEL: @basic_lstm
// CHECK-DAG: %[[X:.*]] = graph.feed {{.*}}"x:0"
// CHECK-DAG: %[[C0:.*]] = graph.feed {{.*}}"c:0"
// CHECK-DAG: %[[H0:.*]] = graph.feed {{.*}}"h:0"
// CHECK-DAG: %[[W:.*]] = graph.feed {{.*}}"w:0"
// CHECK-DAG: %[[B:.*]] = graph.feed {{.*}}"b:0"
// CHECK: %[[XI:.*]] = graph.slice %[[W]] {begin = array<i64: 0, 0>, size = array<i64: 3, 2>}
// CHECK: %[[XF:.*]] = graph.slice %[[W]] {begin = array<i64: 0, 4>, size = array<i64: 3, 2>}
// CHECK: %[[XJ:.*]] = graph.slice %[[W]] {begin = array<i64: 0, 2>, size = array<i64: 3, 2>}
// CHECK: %[[XO:.*]] = graph.slice %[[W]] {begin = array<i64: 0, 6>, size = array<i64: 3, 2>}
// CHECK: %[[WX:.*]] = graph.concat %[[XI]], %[[XF]], %[[XJ]], %[[XO]] {axis = 1 : i64}
// CHECK: %[[HI:.*]] = graph.slice %[[W]] {begin = array<i64: 3, 0>, size = array<i64: 2, 2>}
// CHECK: %[[WH:.*]] = graph.concat %[[HI]], %{{.*}}, %{{.*}}, %{{.*}} {axis = 1 : i64}
// CHECK: %[[BF:.*]] = graph.slice %[[B]] {begin = array<i64: 4>, size = array<i64: 2>}
// CHECK: %[[BF1:.*]] = graph.add %[[BF]], %{{.*}} : (tensor<2xf32>, tensor<f32>)
// CHECK: %[[BIAS:.*]] = graph.concat %{{.*}}, %[[BF1]], %{{.*}}, %{{.*}} {axis = 0 : i64}
// CHECK: %[[L:.*]]:4 = graph.lstm %[[X]], %[[H0]], %[[C0]], %[[WX]], %[[WH]], %[[BIAS]]
// CHECK-NOT: graph.static_rnn
// CHECK: graph.fetch %[[L]]#0, %[[L]]#2
graph.program @basic_lstm {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %c0 = graph.feed {index = 1 : i64, name = "c:0"} : () -> tensor<4x2xf32>
  %h0 = graph.feed {index = 2 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %w = graph.feed {index = 3 : i64, name = "w:0"} : () -> tensor<5x8xf32>
  %b = graph.feed {index = 4 : i64, name = "b:0"} : () -> tensor<8xf32>
  %r:3 = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%c0, %h0 : tensor<4x2xf32>, tensor<4x2xf32>)
      captured(%w, %b : tensor<5x8xf32>, tensor<8xf32>) {steps = 5 : i64} -> tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %c: tensor<4x2xf32>, %h: tensor<4x2xf32>, %1: tensor<5x8xf32>, %2: tensor<8xf32>):
    %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %xh = graph.concat %x_t, %h {axis = 1 : i64} : (tensor<4x3xf32>, tensor<4x2xf32>) -> tensor<4x5xf32>
    %p = graph.matmul %xh, %1 : (tensor<4x5xf32>, tensor<5x8xf32>) -> tensor<4x8xf32>
    %z = graph.bias_add %p, %2 : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
    %g:4 = graph.split %z {axis = 1 : i64, sizes = array<i64: 2, 2, 2, 2>} : (tensor<4x8xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>)
    %f1 = graph.add %g#2, %one : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
    %f = graph.sigmoid %f1 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %i = graph.sigmoid %g#0 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %j = graph.tanh %g#1 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %o = graph.sigmoid %g#3 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %keep = graph.multiply %c, %f : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %new = graph.multiply %i, %j : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %c1 = graph.add %keep, %new : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %t = graph.tanh %c1 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %h1 = graph.multiply %t, %o : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %h1, %c1, %h1 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
  }
  graph.fetch %r#0, %r#1 {indices = array<i64: 0, 1>} : tensor<5x4x2xf32>, tensor<4x2xf32>
}

// -----

// Two layers, the output of the first scaled on its way: two recurrences, the scaling on the whole
// sequence between them. Backwards in time, the input and the outputs are turned around.
// CHECK-LABEL: @two_layers_reversed
// CHECK: %[[R:.*]] = graph.reverse %{{.*}} {axes = array<i64: 0>}
// CHECK: %[[O1:.*]]:3 = graph.vanilla_rnn %[[R]],
// CHECK-NOT: activation
// CHECK: %[[B1:.*]] = graph.reverse %[[O1]]#0
// CHECK: %[[S:.*]] = graph.multiply %[[B1]], %{{.*}} : (tensor<5x4x2xf32>, tensor<f32>) -> tensor<5x4x2xf32>
// CHECK: %[[R2:.*]] = graph.reverse %[[S]]
// CHECK: graph.vanilla_rnn %[[R2]], %{{.*}} {activation = "relu"
// CHECK-NOT: graph.static_rnn
graph.program @two_layers_reversed {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x2xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x2xf32>
  %k = graph.feed {index = 3 : i64, name = "k:0"} : () -> tensor<f32>
  %r:3 = graph.static_rnn sequences(%x : tensor<5x4x2xf32>) states(%h0, %h0 : tensor<4x2xf32>, tensor<4x2xf32>)
      captured(%w, %k : tensor<4x2xf32>, tensor<f32>) {reverse = true, steps = 5 : i64} -> tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32> {
  ^bb0(%x_t: tensor<4x2xf32>, %a: tensor<4x2xf32>, %b: tensor<4x2xf32>, %1: tensor<4x2xf32>, %2: tensor<f32>):
    %xa = graph.concat %x_t, %a {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
    %p = graph.matmul %xa, %1 : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %a1 = graph.tanh %p : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %s = graph.multiply %a1, %2 : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
    %sb = graph.concat %s, %b {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
    %q = graph.matmul %sb, %1 : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %b1 = graph.relu %q : (tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %b1, %a1, %b1 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
  }
  graph.fetch %r#0, %r#1, %r#2 {indices = array<i64: 0, 1, 2>} : tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// GRUCell: r, u of the gates become u, r, and the candidate comes last.
// CHECK-LABEL: @gru
// CHECK: %[[U:.*]] = graph.slice %[[G:.*]] {begin = array<i64: 0, 2>, size = array<i64: 3, 2>}
// CHECK: %[[R:.*]] = graph.slice %[[G]] {begin = array<i64: 0, 0>, size = array<i64: 3, 2>}
// CHECK: %[[C:.*]] = graph.slice %[[K:.*]] {begin = array<i64: 0, 0>, size = array<i64: 3, 2>}
// CHECK: graph.concat %[[U]], %[[R]], %[[C]] {axis = 1 : i64}
// CHECK: graph.gru
// CHECK-NOT: graph.static_rnn
graph.program @gru {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %wg = graph.feed {index = 2 : i64, name = "wg:0"} : () -> tensor<5x4xf32>
  %wc = graph.feed {index = 3 : i64, name = "wc:0"} : () -> tensor<5x2xf32>
  %r = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%h0 : tensor<4x2xf32>)
      captured(%wg, %wc : tensor<5x4xf32>, tensor<5x2xf32>) {steps = 5 : i64} -> tensor<4x2xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %h: tensor<4x2xf32>, %1: tensor<5x4xf32>, %2: tensor<5x2xf32>):
    %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %xh = graph.concat %x_t, %h {axis = 1 : i64} : (tensor<4x3xf32>, tensor<4x2xf32>) -> tensor<4x5xf32>
    %p = graph.matmul %xh, %1 : (tensor<4x5xf32>, tensor<5x4xf32>) -> tensor<4x4xf32>
    %s = graph.sigmoid %p : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %ru:2 = graph.split %s {axis = 1 : i64, sizes = array<i64: 2, 2>} : (tensor<4x4xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>)
    %rh = graph.multiply %ru#0, %h : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %xr = graph.concat %x_t, %rh {axis = 1 : i64} : (tensor<4x3xf32>, tensor<4x2xf32>) -> tensor<4x5xf32>
    %q = graph.matmul %xr, %2 : (tensor<4x5xf32>, tensor<5x2xf32>) -> tensor<4x2xf32>
    %c = graph.tanh %q : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %uh = graph.multiply %ru#1, %h : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %v = graph.subtract %one, %ru#1 : (tensor<f32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %vc = graph.multiply %v, %c : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %n = graph.add %uh, %vc : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %n : tensor<4x2xf32>
  }
  graph.fetch %r {indices = array<i64: 0>} : tensor<4x2xf32>
}
