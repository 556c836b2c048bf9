// RUN: graphc-opt %s -split-input-file -verify-diagnostics

// The shape functions' messages are tested where they are (tests/unit/shape_functions); here, that
// the verifier passes them on, and what it adds.

graph.program @operands_do_not_fit {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x27xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<28x108xf32>
  // expected-error @+1 {{'graph.matmul' op expects the inner extents to agree, got float32[600,27] and float32[28,108]}}
  %y = graph.matmul %x, %w : (tensor<600x27xf32>, tensor<28x108xf32>) -> tensor<600x108xf32>
}

// -----

graph.program @result_shape_contradicts {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x27xf32>
  // expected-error @+1 {{'graph.tanh' op expects result 0 to be float32[?,27], got float32[?,28]}}
  %y = graph.tanh %x : (tensor<?x27xf32>) -> tensor<?x28xf32>
}

// -----

graph.program @result_dtype_contradicts {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27xf32>
  // expected-error @+1 {{'graph.tanh' op expects result 0 to be float32[27], got float64[27]}}
  %y = graph.tanh %x : (tensor<27xf32>) -> tensor<27xf64>
}

// -----

graph.program @too_many_results {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27xf32>
  // expected-error @+1 {{'graph.split' op expects 2 results, got 3}}
  %y:3 = graph.split %x {axis = 0 : i64, sizes = array<i64: 20, 7>}
      : (tensor<27xf32>) -> (tensor<20xf32>, tensor<7xf32>, tensor<7xf32>)
}

// -----

// Constants among the operands are looked at.
graph.program @constant_operand {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6xf32>
  %s = graph.constant {value = dense<[2, 4]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error @+1 {{'graph.reshape' op expects a shape of 6 elements, got [2,4] for [6]}}
  %y = graph.reshape %x, %s : (tensor<6xf32>, tensor<2xi32>) -> tensor<?x?xf32>
}

// -----

// A type may know more or less than the rule does.
graph.program @compatible {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x27xf32>
  %0 = graph.tanh %x : (tensor<?x27xf32>) -> tensor<600x27xf32>
  %1 = graph.tanh %x : (tensor<?x27xf32>) -> tensor<*xf32>
}

// -----

graph.program @wrong_operand_dtype {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27xi32>
  // expected-error @+1 {{'graph.sqrt' op operand #0 must be tensor of 32-bit float or 64-bit float values, but got 'tensor<27xi32>'}}
  %y = graph.sqrt %x : (tensor<27xi32>) -> tensor<27xi32>
}

// -----

graph.program @not_one_of_our_dtypes {
  // expected-error @+1 {{'graph.constant' op expects a tensor of numbers or bools as its value, got 'tensor<2xi8>'}}
  %y = graph.constant {value = dense<1> : tensor<2xi8>} : () -> tensor<2xi32>
}

// -----

graph.program @constant_of_another_type {
  // expected-error @+1 {{'graph.constant' op expects result 0 to be int64[2], got int64[3]}}
  %y = graph.constant {value = dense<1> : tensor<2xi64>} : () -> tensor<3xi64>
}

// -----

graph.program @sparse_constant {
  // expected-error @+1 {{'graph.constant' op expects a dense value, got sparse<0, 1> : tensor<2xi64>}}
  %y = graph.constant {value = sparse<0, 1> : tensor<2xi64>} : () -> tensor<2xi64>
}

// -----

graph.program @cast_to_a_dtype_of_others {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27xf32>
  // expected-error @+1 {{'graph.cast' op is incomplete: attribute 'dtype' is missing}}
  %y = graph.cast %x {dtype = i8} : (tensor<27xf32>) -> tensor<27xi32>
}

// -----

graph.program @normalization_of_other_channels {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x36xf32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<35xf32>
  // expected-error @+1 {{'graph.layer_normalization' op expects gamma of shape [36], got float32[35]}}
  %y:3 = graph.layer_normalization %x, %g, %g {epsilon = 1.0e-03 : f64}
      : (tensor<600x36xf32>, tensor<35xf32>, tensor<35xf32>) -> (tensor<600x36xf32>, tensor<600xf32>, tensor<600xf32>)
}
