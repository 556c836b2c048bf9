// RUN: graphc-opt %s --split-input-file --graph-segment-recurrences=every=3 | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-segment-recurrences | FileCheck %s --check-prefix=OFF

// Five steps in segments of three: the last one has two. States are handed on, outputs put together,
// and each segment says where it begins, so that what is drawn stays what it was.
// CHECK-LABEL: graph.program @forwards
// CHECK: %[[X:.*]]:2 = graph.split %{{.*}} {axis = 0 : i64, sizes = array<i64: 3, 2>}
// CHECK: %[[A:.*]]:2 = graph.static_rnn sequences(%[[X]]#0 : tensor<3x4xf32>) states(%[[S:.*]] : tensor<4xf32>) captured(%[[W:.*]] : tensor<4xf32>) {first_step = 0 : i64, steps = 3 : i64} -> tensor<3x4xf32>, tensor<4xf32>
// CHECK: graph.random_uniform
// CHECK: %[[B:.*]]:2 = graph.static_rnn sequences(%[[X]]#1 : tensor<2x4xf32>) states(%[[A]]#1 : tensor<4xf32>) captured(%[[W]] : tensor<4xf32>) {first_step = 3 : i64, steps = 2 : i64} -> tensor<2x4xf32>, tensor<4xf32>
// CHECK: graph.random_uniform
// CHECK: %[[O:.*]] = graph.concat %[[A]]#0, %[[B]]#0 {axis = 0 : i64}
// CHECK: graph.gradients %[[O]], %[[B]]#1,
// CHECK-NOT: steps = 5
// OFF-LABEL: graph.program @forwards
// OFF-NOT: graph.split
// OFF: steps = 5
graph.program @forwards {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<4xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<5x4xf32>) states(%s0 : tensor<4xf32>) captured(%w : tensor<4xf32>) {steps = 5 : i64} -> tensor<5x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>, %w_t: tensor<4xf32>):
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 4>, stream = 1 : i64} : () -> tensor<4xf32>
    %a = graph.add %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %b = graph.multiply %a, %w_t : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %n = graph.multiply %b, %r : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  %dw = graph.gradients %o, %l, %w {num_ys = 2 : i64, num_xs = 1 : i64} : (tensor<5x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %dw {indices = array<i64: 0>} : tensor<4xf32>
}

// -----

// In reverse the chain begins with the last steps; a segment's place in time stays what it was.
// CHECK-LABEL: graph.program @backwards
// CHECK: %[[X:.*]]:2 = graph.split
// CHECK: %[[B:.*]]:2 = graph.static_rnn sequences(%[[X]]#1 : {{.*}}) states(%[[S:.*]] : tensor<4xf32>) {first_step = 3 : i64, reverse = true, steps = 2 : i64}
// CHECK: %[[A:.*]]:2 = graph.static_rnn sequences(%[[X]]#0 : {{.*}}) states(%[[B]]#1 : tensor<4xf32>) {first_step = 0 : i64, reverse = true, steps = 3 : i64}
// CHECK: graph.concat %[[A]]#0, %[[B]]#0
// CHECK: graph.gradients %{{.*}}, %[[A]]#1,
graph.program @backwards {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<4xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<5x4xf32>) states(%s0 : tensor<4xf32>) {steps = 5 : i64, reverse = true} -> tensor<5x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  %dx = graph.gradients %o, %l, %x {num_ys = 2 : i64, num_xs = 1 : i64} : (tensor<5x4xf32>, tensor<4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<5x4xf32>
}

// -----

// Of the outputs only step 4 is used: the last segment's second.
// CHECK-LABEL: graph.program @last_output
// CHECK: %[[A:.*]]:2 = graph.static_rnn {{.*}}first_step = 0
// CHECK: %[[B:.*]]:2 = graph.static_rnn {{.*}}first_step = 3
// CHECK-NOT: graph.concat
// CHECK: graph.slice %[[B]]#0 {begin = array<i64: 1, 0>, size = array<i64: 1, 4>} : (tensor<2x4xf32>) -> tensor<1x4xf32>
graph.program @last_output {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4xf32>
  %s0 = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<4xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<5x4xf32>) states(%s0 : tensor<4xf32>) {steps = 5 : i64} -> tensor<5x4xf32>, tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
    %n = graph.multiply %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  %last = graph.slice %o {begin = array<i64: 4, 0>, size = array<i64: 1, 4>} : (tensor<5x4xf32>) -> tensor<1x4xf32>
  %dx = graph.gradients %last, %x {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<1x4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<5x4xf32>
}

// -----

// Left whole: one that is short enough, one that no gradient goes through, and one whose outputs are
// what a gradient is asked for by.
// CHECK-LABEL: graph.program @left
// CHECK-NOT: graph.split
// CHECK: graph.static_rnn {{.*}}{steps = 3 : i64}
// CHECK: graph.static_rnn {{.*}}{steps = 4 : i64}
// CHECK: graph.static_rnn {{.*}}{gradient_target = 0 : i64, steps = 4 : i64}
graph.program @left {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %y = graph.feed {index = 1 : i64, name = "y:0"} : () -> tensor<4xf32>
  %s0 = graph.feed {index = 2 : i64, name = "s:0"} : () -> tensor<f32>
  %short = graph.static_rnn sequences(%x : tensor<3xf32>) states(%s0 : tensor<f32>) {steps = 3 : i64} -> tensor<f32> {
  ^bb0(%x_t: tensor<f32>, %s: tensor<f32>):
    %n = graph.multiply %x_t, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %n : tensor<f32>
  }
  %unasked = graph.static_rnn sequences(%y : tensor<4xf32>) states(%s0 : tensor<f32>) {steps = 4 : i64} -> tensor<f32> {
  ^bb0(%x_t: tensor<f32>, %s: tensor<f32>):
    %n = graph.multiply %x_t, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %n : tensor<f32>
  }
  %target = graph.static_rnn sequences(%y : tensor<4xf32>) states(%s0 : tensor<f32>) {gradient_target = 0 : i64, steps = 4 : i64} -> tensor<f32> {
  ^bb0(%x_t: tensor<f32>, %s: tensor<f32>):
    %n = graph.multiply %x_t, %s : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %n : tensor<f32>
  }
  %d:2 = graph.gradients %short, %target, %s0, %target {num_ys = 2 : i64, num_xs = 2 : i64} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
  graph.fetch %d#0, %d#1, %unasked {indices = array<i64: 0, 1, 2>} : tensor<f32>, tensor<f32>, tensor<f32>
}
