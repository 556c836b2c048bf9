// RUN: graphc-opt %s --split-input-file --verify-diagnostics --graphc-lower-to-plan

graph.program @not_fed attributes {fetch_names = ["y:0"]} {
  // expected-error @below {{cannot be lowered: it is not fed}}
  %x = graph.placeholder {dtype = f32, shape = array<i64: 4>} : () -> tensor<4xf32>
  graph.fetch %x {indices = array<i64: 0>} : tensor<4xf32>
}

// -----

graph.program @unknown_extent attributes {feed_names = ["x:0"], feed_types = [tensor<?xf32>], fetch_names = ["x:0"]} {
  // expected-error @below {{cannot be lowered: expected results of known extents, got 'tensor<?xf32>'}}
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?xf32>
  graph.fetch %x {indices = array<i64: 0>} : tensor<?xf32>
}

// -----

graph.program @gradients_left attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["d:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  // expected-error-re @below {{cannot be lowered: {{.+}}, and no reference implementation}}
  %d = graph.gradients %x, %x {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %d {indices = array<i64: 0>} : tensor<4xf32>
}

// -----

graph.program @workspace_without_training attributes {feed_names = ["x:0", "s:0", "w:0", "b:0"], feed_types = [tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<4x4xf32>, tensor<4xf32>], fetch_names = ["w:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<2x4xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x4xf32>
  %b = graph.feed {index = 3 : i64, name = "b:0"} : () -> tensor<4xf32>
  // expected-error @below {{cannot be lowered: expected training to be set where the workspace is used}}
  %out, %h, %space = graph.vanilla_rnn %x, %s, %w, %w, %b
      : (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>)
      -> (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<?xui8>)
  %dx, %dh, %dwl, %dwi, %db = graph.vanilla_rnn_gradient %x, %s, %w, %w, %b, %out, %h, %space, %out, %h
      : (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<3x2x4xf32>,
         tensor<2x4xf32>, tensor<?xui8>, tensor<3x2x4xf32>, tensor<2x4xf32>)
      -> (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>)
  graph.fetch %dwl {indices = array<i64: 0>} : tensor<4x4xf32>
}
