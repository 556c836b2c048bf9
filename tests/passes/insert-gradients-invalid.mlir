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
