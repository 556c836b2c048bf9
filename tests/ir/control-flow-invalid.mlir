// RUN: graphc-opt %s -split-input-file -verify-diagnostics

graph.program @condition_without_yield {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its cond to end in graph.yield}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    graph.no_op
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.program @too_few_arguments {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its cond to have 2 arguments, one for each value it is given, got 1}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) captured(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.program @argument_of_another_type {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects argument 0 of its body to be float32[3] like the value it is given, got float32[4]}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<4xf32>):
    graph.yield %x : tensor<4xf32>
  }
}

// -----

graph.program @two_conditions {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its cond to yield one scalar bool, got 2 values}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    // expected-note @+1 {{the yield is here}}
    graph.yield %p, %p : tensor<i1>, tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.program @condition_is_no_bool {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its cond to yield one scalar bool, got float32[3]}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %x : tensor<3xf32>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.program @variable_is_lost {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its body to yield its 1 loop variables, got 0 values}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield
  }
}

// -----

graph.program @variable_changes_its_shape {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects loop variable 0 to stay float32[3], got float32[1,3] from the body}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    %y = graph.expand_dims %x {axis = 0 : i64} : (tensor<3xf32>) -> tensor<1x3xf32>
    // expected-note @+1 {{the yield is here}}
    graph.yield %y : tensor<1x3xf32>
  }
}

// -----

graph.program @result_of_another_type {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects result 0 to be float32[3] like its loop variable, got float32[4]}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<4xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.program @too_many_results {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects a result for each of its 1 loop variables, got 2}}
  %x1:2 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32>, tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  }
}

// -----

graph.variable @v : tensor<3xf32>
graph.program @variable_is_assigned {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while' op expects its body to touch no variables, whose values are captured}}
  %x1 = graph.while loop_vars(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    // expected-note @+1 {{graph.assign is here}}
    %y = graph.assign %x {variable = @v} : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %y : tensor<3xf32>
  }
}

// -----

graph.program @gradient_changes_its_shape {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.while_gradient' op expects gradient 0 to stay float32[3], got float32[1,3] from the gradient}}
  %dx = graph.while_gradient loop_vars(%x0 : tensor<3xf32>) gradients(%x0 : tensor<3xf32>) -> tensor<3xf32> cond {
  ^bb0(%x: tensor<3xf32>):
    %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %p : tensor<i1>
  } body {
  ^bb0(%x: tensor<3xf32>):
    graph.yield %x : tensor<3xf32>
  } gradient {
  ^bb0(%x: tensor<3xf32>, %g: tensor<3xf32>):
    %y = graph.expand_dims %g {axis = 0 : i64} : (tensor<3xf32>) -> tensor<1x3xf32>
    // expected-note @+1 {{the yield is here}}
    graph.yield %y : tensor<1x3xf32>
  }
}

// -----

graph.program @pred_is_a_vector {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<2xi1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cond' op expects a scalar bool as its pred, got bool[2]}}
  %y = graph.cond %p captured(%x : tensor<3xf32>) : tensor<2xi1> -> tensor<3xf32> then {
  ^bb0(%a: tensor<3xf32>):
    graph.yield %a : tensor<3xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    graph.yield %a : tensor<3xf32>
  }
}

// -----

graph.program @branch_yields_too_much {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cond' op expects its else_branch to yield 1 values, got 2}}
  %y = graph.cond %p captured(%x : tensor<3xf32>) : tensor<i1> -> tensor<3xf32> then {
  ^bb0(%a: tensor<3xf32>):
    graph.yield %a : tensor<3xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    // expected-note @+1 {{the yield is here}}
    graph.yield %a, %a : tensor<3xf32>, tensor<3xf32>
  }
}

// -----

graph.program @branches_differ {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<3xf32>
  // expected-error @+1 {{'graph.cond' op expects result 0 to be float32[1,3] like the value that its else_branch yields, got float32[3]}}
  %y = graph.cond %p captured(%x : tensor<3xf32>) : tensor<i1> -> tensor<3xf32> then {
  ^bb0(%a: tensor<3xf32>):
    graph.yield %a : tensor<3xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    %b = graph.expand_dims %a {axis = 0 : i64} : (tensor<3xf32>) -> tensor<1x3xf32>
    // expected-note @+1 {{the yield is here}}
    graph.yield %b : tensor<1x3xf32>
  }
}
