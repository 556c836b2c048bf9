// RUN: graphc-opt %s --split-input-file --verify-diagnostics --graph-prune

// expected-error @below {{fetch 'nope:0' is not in the graph}}
graph.program @unknown_fetch attributes {fetch_names = ["nope:0"]} {
}

// -----

// expected-error @below {{fetch 'x:1' is not in the graph: op 'x' has 1 outputs}}
graph.program @fetch_beyond_the_outputs attributes {fetch_names = ["x:1"]} {
  %x = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("x")
}

// -----

// expected-error @below {{fetch 'train:0' is not in the graph: op 'train' has no output}}
graph.program @fetch_of_nothing attributes {fetch_names = ["train:0"]} {
  graph.no_op loc("train")
}

// -----

// expected-error @below {{feed 'nope' is not in the graph}}
graph.program @unknown_feed attributes {feed_names = ["nope"], feed_types = [tensor<f32>], fetch_names = []} {
}
