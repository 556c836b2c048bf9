// RUN: graphc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{'graph.variable' op expects a tensor type with a rank, got 'tensor<*xf32>'}}
graph.variable @w : tensor<*xf32>

// -----

// expected-error @+1 {{'graph.variable' op expects a tensor type with a rank, got 'tensor<3xi8>'}}
graph.variable @w : tensor<3xi8>

// -----

// expected-error @+1 {{'graph.program' op expects a type for each of its 1 feeds, got 0}}
graph.program @main attributes {feed_names = ["x:0"]} {
}

// -----

graph.program @main {
  // expected-error @+1 {{'graph.placeholder' op expects result 0 to be float32[?,9], got int32[?,9]}}
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 9>} : () -> tensor<?x9xi32>
}

// -----

graph.program @main {
  // expected-error @+1 {{'graph.placeholder' op expects result 0 to be float32[?,9], got float32[?,8]}}
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 9>} : () -> tensor<?x8xf32>
}

// -----

graph.program @main {
  // expected-error @+1 {{'graph.feed' op expects an index of 0 or more, got -1}}
  %x = graph.feed {index = -1 : i64, name = "x:0"} : () -> tensor<f32>
}

// -----

graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  // expected-error @+1 {{'graph.fetch' op expects an index for each of its 1 values, got 2}}
  graph.fetch %x {indices = array<i64: 0, 1>} : tensor<f32>
}

// -----

// expected-error @+1 {{'graph.fetch' op expects parent op 'graph.program'}}
graph.fetch {indices = array<i64>}

// -----

graph.program @cluster_without_yield {
  // expected-error @+1 {{'graph.cluster' op expects its body to end in graph.yield}}
  %z = "graph.cluster"() ({
  ^bb0:
    graph.no_op
  }) : () -> tensor<f32>
}

// -----

graph.program @cluster_with_too_few_arguments {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  // expected-error @+1 {{'graph.cluster' op expects a block argument for each of its 2 inputs, got 1}}
  %z = graph.cluster %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32> {
  ^bb0(%a: tensor<f32>):
    graph.yield %a : tensor<f32>
  }
}

// -----

graph.program @cluster_argument_of_another_type {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cluster' op expects block argument 0 to be float32[3] like its input, got float32[4]}}
  %z = graph.cluster %x : (tensor<3xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    graph.yield %a : tensor<4xf32>
  }
}

// -----

graph.program @cluster_yields_too_much {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cluster' op expects its body to yield 1 values, got 2}}
  %z = graph.cluster %x : (tensor<3xf32>) -> tensor<3xf32> {
  ^bb0(%a: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %a, %a : tensor<3xf32>, tensor<3xf32>
  }
}

// -----

graph.program @cluster_result_of_another_type {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cluster' op expects result 0 to be float32[3] like the yielded value, got float64[3]}}
  %z = graph.cluster %x : (tensor<3xf32>) -> tensor<3xf64> {
  ^bb0(%a: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %a : tensor<3xf32>
  }
}
