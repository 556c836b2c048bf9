// RUN: not graphc-opt %s --split-input-file --graph-infer-shapes 2>&1 | FileCheck %s

// Nobody could know before the batch was fed.
// CHECK: error: loc("logits/add"): {{.*}}[600,6]{{.*}}[500,6]
graph.program @batches_differ attributes {fetch_names = ["y:0"]} {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<600x6xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<500x6xf32>
  %x = graph.identity %a : (tensor<600x6xf32>) -> tensor<?x6xf32>
  %z = graph.identity %b : (tensor<500x6xf32>) -> tensor<?x6xf32>
  %y = graph.add %x, %z : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32> loc("logits/add")
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x6xf32>
}

// -----

// CHECK: error: loc("rnn"): state 0 of 'rnn' is float32[4,3] before a step and float32[2,3] after it
graph.program @state_changes_its_shape attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x2x3xf32>
  %g = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %h = graph.identity %g : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %l = graph.static_rnn sequences(%x : tensor<5x2x3xf32>) states(%h : tensor<?x3xf32>) {steps = 5 : i64} -> tensor<?x3xf32> {
  ^bb0(%x_t: tensor<2x3xf32>, %s: tensor<?x3xf32>):
    %n = graph.tanh %x_t : (tensor<2x3xf32>) -> tensor<?x3xf32>
    graph.yield %n : tensor<?x3xf32>
  } loc("rnn")
  graph.fetch %l {indices = array<i64: 0>} : tensor<?x3xf32>
}

// -----

// CHECK: error: loc("y"): the recorded type is float32[3], the operands give float32[2]
graph.program @record_was_wrong attributes {fetch_names = ["y:0"]} {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<2xf32>
  %x = graph.identity %a : (tensor<2xf32>) -> tensor<?xf32>
  %y = graph.tanh %x : (tensor<?xf32>) -> tensor<3xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// CHECK: error: loc("rnn"): sequence 0 of 'rnn' has 4 steps, expected 5
graph.program @too_few_steps attributes {fetch_names = ["y:0"]} {
  %a = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<2xf32>
  %x = graph.identity %a : (tensor<4x2xf32>) -> tensor<?x2xf32>
  %l = graph.static_rnn sequences(%x : tensor<?x2xf32>) states(%h : tensor<2xf32>) {steps = 5 : i64} -> tensor<2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<2xf32>):
    %n = graph.add %x_t, %s : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.yield %n : tensor<2xf32>
  } loc("rnn")
  graph.fetch %l {indices = array<i64: 0>} : tensor<2xf32>
}

// -----

// CHECK: error: loc("rnn"): 'rnn' expects sequences of one time step or more, got none
graph.program @no_steps_fed attributes {fetch_names = ["y:0"]} {
  %a = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<0x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<2xf32>
  %x = graph.identity %a : (tensor<0x2xf32>) -> tensor<?x2xf32>
  %l = graph.static_rnn sequences(%x : tensor<?x2xf32>) states(%h : tensor<2xf32>) {steps = -1 : i64} -> tensor<2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<2xf32>):
    %n = graph.add %x_t, %s : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    graph.yield %n : tensor<2xf32>
  } loc("rnn")
  graph.fetch %l {indices = array<i64: 0>} : tensor<2xf32>
}

// -----

// CHECK: error: loc("while"): loop variable 0 of 'while' is float32[4,3] before an iteration and float32[2,3] after it, expected to keep its shape
graph.program @loop_variable_changes_its_shape attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x3xf32>
  %g = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %h0 = graph.identity %g : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %y = graph.while loop_vars(%h0 : tensor<?x3xf32>) captured(%x : tensor<2x3xf32>) -> tensor<?x3xf32> cond {
  ^bb0(%h: tensor<?x3xf32>, %c: tensor<2x3xf32>):
    %more = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%h: tensor<?x3xf32>, %c: tensor<2x3xf32>):
    %t = graph.tanh %c : (tensor<2x3xf32>) -> tensor<2x3xf32>
    graph.yield %t : tensor<2x3xf32>
  } loc("while")
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x3xf32>
}

// -----

// CHECK: error: loc("cond"): result 0 of 'cond' is float32[4,3] in one branch and float32[2,3] in the other, expected the same in both
graph.program @branches_differ attributes {fetch_names = ["y:0"]} {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %a = graph.feed {index = 1 : i64, name = "a:0"} : () -> tensor<4x3xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<2x3xf32>
  %y = graph.cond %p captured(%a, %b : tensor<4x3xf32>, tensor<2x3xf32>) : tensor<i1> -> tensor<?x3xf32> then {
  ^bb0(%x: tensor<4x3xf32>, %z: tensor<2x3xf32>):
    graph.yield %x : tensor<4x3xf32>
  } else {
  ^bb0(%x: tensor<4x3xf32>, %z: tensor<2x3xf32>):
    graph.yield %z : tensor<2x3xf32>
  } loc("cond")
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x3xf32>
}
