// RUN: graphc-opt %s -split-input-file -graph-insert-gradients -verify-diagnostics

// The op between x and the loss, and the loss.
// expected-error@unknown {{no gradient is known for op 'decompose' (qr)}}
// expected-note@unknown {{it is needed for the gradient of 'loss:0'}}
graph.program @op_without_a_rule {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2xf32>
  %q, %r = graph.qr %x : (tensor<3x2xf32>) -> (tensor<3x2xf32>, tensor<2x2xf32>) loc("decompose")
  %y = graph.l2_loss %q : (tensor<3x2xf32>) -> tensor<f32> loc("loss")
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<f32>, tensor<3x2xf32>) -> tensor<3x2xf32>
}

// -----

graph.program @unknown_extent {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?xf32>
  %y = graph.l2_loss %x : (tensor<?xf32>) -> tensor<f32>
  // expected-error @+1 {{'graph.gradients' op expected static types, got float32[?]}}
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<f32>, tensor<?xf32>) -> tensor<?xf32>
}

// -----

// A backward region that squares what arrives has no gradient: what comes back would have to be kept.
// expected-error@unknown {{the gradient of loop 'loop_grad' has no gradient: it is not linear in the gradients that arrive}}
graph.program @loop_gradient_that_is_not_linear {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<f32>
  %dx = graph.while_gradient loop_vars(%x : tensor<f32>) gradients(%g : tensor<f32>) -> tensor<f32> cond {
  ^bb0(%v: tensor<f32>):
    %limit = graph.constant {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
    %more = graph.less %v, %limit : (tensor<f32>, tensor<f32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%v: tensor<f32>):
    %twice = graph.add %v, %v : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %twice : tensor<f32>
  } gradient {
  ^bb0(%v: tensor<f32>, %d: tensor<f32>):
    %square = graph.square %d : (tensor<f32>) -> tensor<f32>
    graph.yield %square : tensor<f32>
  } loc("loop_grad")
  %dg = graph.gradients %dx, %g {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<f32>, tensor<f32>) -> tensor<f32>
  graph.fetch %dg {indices = array<i64: 0>} : tensor<f32>
}
