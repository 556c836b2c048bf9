// RUN: graphc-opt %s -split-input-file -verify-diagnostics

graph.program @unknown_variable {
  // expected-error @+1 {{'graph.read_variable' op expects 'variable' to name a graph.variable, got @w}}
  %w = graph.read_variable {variable = @w} : () -> tensor<27xf32>
}

// -----

graph.program @no_variable {
  // expected-error @+1 {{'graph.read_variable' op expects 'variable' to name a graph.variable, got @no_variable}}
  %w = graph.read_variable {variable = @no_variable} : () -> tensor<27xf32>
}

// -----

// expected-note @+1 {{the variable is here}}
graph.variable @w : tensor<27xf32>
graph.program @read_type {
  // expected-error @+1 {{'graph.read_variable' op expects a value of the variable's type float32[27], got float32[28]}}
  %w = graph.read_variable {variable = @w} : () -> tensor<28xf32>
}

// -----

// expected-note @+1 {{the variable is here}}
graph.variable @w : tensor<27xf32>
graph.program @assigned_type {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27xf64>
  // expected-error @+1 {{'graph.assign' op expects a value of the variable's type float32[27], got float64[27]}}
  %w = graph.assign %x {variable = @w} : (tensor<27xf64>) -> tensor<27xf64>
}

// -----

// expected-note @+1 {{the variable is here}}
graph.variable @w : tensor<27xf32>
graph.variable @a : tensor<27xf32>
graph.program @gradient_type {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<26xf32>
  // expected-error @+1 {{'graph.apply_momentum' op expects a value of the variable's type float32[27], got float32[26]}}
  graph.apply_momentum %lr, %g, %lr {accumulator = @a, variable = @w}
      : (tensor<f32>, tensor<26xf32>, tensor<f32>) -> ()
}

// -----

graph.variable @w : tensor<27xf32>
// expected-note @+1 {{the slot is here}}
graph.variable @a : tensor<26xf32>
graph.program @slot_type {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<27xf32>
  // expected-error @+1 {{'graph.apply_adagrad' op expects 'accumulator' to be float32[27] like the variable, got float32[26]}}
  graph.apply_adagrad %lr, %g {accumulator = @a, variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
}

// -----

graph.variable @w : tensor<27xf32>
graph.program @unknown_slot {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<27xf32>
  // expected-error @+1 {{'graph.apply_adagrad' op expects 'accumulator' to name a graph.variable, got @a}}
  graph.apply_adagrad %lr, %g {accumulator = @a, variable = @w} : (tensor<f32>, tensor<27xf32>) -> ()
}

// -----

// expected-note @+1 {{the variable is here}}
graph.variable @table : tensor<10x4xf32>
graph.program @rows_of_another_table {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<7x5xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<7xi32>
  // expected-error @+1 {{'graph.sparse_apply_gradient_descent' op expects rows of the variable's type float32[?,4], got float32[7,5]}}
  graph.sparse_apply_gradient_descent %lr, %g, %i {variable = @table}
      : (tensor<f32>, tensor<7x5xf32>, tensor<7xi32>) -> ()
}
