// RUN: graphc-opt %s -split-input-file -verify-diagnostics

graph.program @no_steps {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects one step or more, got 0}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 0 : i64} -> tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    graph.yield %state : tensor<3xf32>
  }
}

// -----

graph.program @no_yield {
  // expected-error @+1 {{'graph.static_rnn' op expects its body to end in graph.yield}}
  %h = graph.static_rnn {steps = 2 : i64} -> tensor<3xf32> {
    graph.no_op
  }
}

// -----

graph.program @too_few_arguments {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects a block argument for each of its 2 operands, got 1}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) captured(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    graph.yield %state : tensor<3xf32>
  }
}

// -----

graph.program @sequence_of_another_length {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x4xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects sequence 0 to have the extent 2 at axis 0, got float32[3,4]}}
  %y = graph.static_rnn sequences(%x : tensor<3x4xf32>) {steps = 2 : i64} -> tensor<2x4xf32> {
  ^bb0(%slice: tensor<4xf32>):
    graph.yield %slice : tensor<4xf32>
  }
}

// -----

graph.program @scalar_sequence {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  // expected-error @+1 {{'graph.static_rnn' op expects sequence 0 to have the extent 2 at axis 0, got float32[]}}
  %y = graph.static_rnn sequences(%x : tensor<f32>) {steps = 2 : i64} -> tensor<2xf32> {
  ^bb0(%slice: tensor<f32>):
    graph.yield %slice : tensor<f32>
  }
}

// -----

graph.program @slice_argument {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x4xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects block argument 0 to be float32[4] like its sequence's slices, got float32[2,4]}}
  %y = graph.static_rnn sequences(%x : tensor<2x4xf32>) {steps = 2 : i64} -> tensor<2x2x4xf32> {
  ^bb0(%slice: tensor<2x4xf32>):
    graph.yield %slice : tensor<2x4xf32>
  }
}

// -----

graph.program @state_argument {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects block argument 0 to be float32[3] like its initial state, got float32[4]}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<4xf32> {
  ^bb0(%state: tensor<4xf32>):
    graph.yield %state : tensor<4xf32>
  }
}

// -----

graph.program @captured_argument {
  %c = graph.feed {index = 0 : i64, name = "c:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects block argument 0 to be float32[3] like its captured value, got float64[3]}}
  %h = graph.static_rnn captured(%c : tensor<3xf32>) {steps = 2 : i64} -> tensor<2x3xf64> {
  ^bb0(%captured: tensor<3xf64>):
    graph.yield %captured : tensor<3xf64>
  }
}

// -----

graph.program @fewer_results_than_yielded {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects as many results as yielded values, 1 states among them, got 1 results and 2 yielded values}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %state, %state : tensor<3xf32>, tensor<3xf32>
  }
}

// -----

graph.program @output_not_stacked {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects output 0 to be float32[2,3], the yielded value at every step, got float32[3]}}
  %y, %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<3xf32>, tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %state, %state : tensor<3xf32>, tensor<3xf32>
  }
}

// -----

graph.program @state_changes_its_type {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects state 0 to stay float32[3], got int32[3]}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    %n = graph.cast %state {dtype = i32} : (tensor<3xf32>) -> tensor<3xi32>
    // expected-note @+1 {{the yield is here}}
    graph.yield %n : tensor<3xi32>
  }
}

// -----

graph.program @final_state {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects final state 0 to be float32[3] like the yielded value, got float32[2,3]}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = 2 : i64} -> tensor<2x3xf32> {
  ^bb0(%state: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %state : tensor<3xf32>
  }
}

// -----

graph.program @captures_without_saying {
  // expected-note @+1 {{required by region isolation constraints}}
  %h = graph.static_rnn {steps = 2 : i64} -> tensor<2x3xf32> {
    // expected-error @+1 {{using value defined outside the region}}
    graph.yield %c : tensor<3xf32>
  }
  %c = graph.feed {index = 0 : i64, name = "c:0"} : () -> tensor<3xf32>
}

// -----

graph.program @outside {
  // expected-error @+1 {{'graph.step_index' op expects to be in the body of a graph.static_rnn}}
  %t = graph.step_index : () -> tensor<i32>
}

// -----

graph.program @steps_from_nowhere {
  %h0 = graph.feed {index = 0 : i64, name = "h0:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.static_rnn' op expects a known number of steps, since it has no sequences}}
  %h = graph.static_rnn states(%h0 : tensor<3xf32>) {steps = -1 : i64} -> tensor<3xf32> {
  ^bb0(%s: tensor<3xf32>):
    graph.yield %s : tensor<3xf32>
  }
}
