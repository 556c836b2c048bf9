// RUN: graphc-opt %s --split-input-file --graph-infer-shapes | FileCheck %s

// The batch extent goes through op after op.
// CHECK-LABEL: @batch_extent
// CHECK: graph.matmul {{.*}} -> tensor<600x27xf32>
// CHECK: graph.tanh {{.*}} -> tensor<600x27xf32>
graph.variable @w : tensor<9x27xf32>
graph.program @batch_extent attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x9xf32>
  %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
  %p = graph.matmul %x, %w : (tensor<600x9xf32>, tensor<9x27xf32>) -> tensor<?x27xf32>
  %y = graph.tanh %p : (tensor<?x27xf32>) -> tensor<?x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x27xf32>
}

// -----

// Arithmetic on extents is computed, so that the reshape becomes static: [600 / 2, 2 * 9].
// CHECK-LABEL: @reshape_by_computed_extents
// CHECK: graph.constant {value = dense<[300, 18]> : tensor<2xi32>}
// CHECK: graph.reshape {{.*}} -> tensor<300x18xf32>
graph.program @reshape_by_computed_extents attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x9xf32>
  %s = graph.shape %x {dtype = i32} : (tensor<600x9xf32>) -> tensor<2xi32>
  %rows, %columns = graph.unstack %s {axis = 0 : i64, num = 2 : i64} : (tensor<2xi32>) -> (tensor<i32>, tensor<i32>)
  %two = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %half = graph.floordiv %rows, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %twice = graph.multiply %columns, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %to = graph.stack %half, %twice {axis = 0 : i64} : (tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %y = graph.reshape %x, %to : (tensor<600x9xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x?xf32>
}

// -----

// Into the body and out of it again; a request for gradients has the types of its xs.
// CHECK-LABEL: @recurrence_and_request
// CHECK: graph.static_rnn {{.*}} -> tensor<5x4x3xf32>, tensor<4x3xf32>
// CHECK: ^bb0(%{{.*}}: tensor<4x3xf32>, %{{.*}}: tensor<4x3xf32>)
// CHECK: graph.add {{.*}} -> tensor<4x3xf32>
// CHECK: graph.gradients {{.*}} -> tensor<5x4x3xf32>
graph.program @recurrence_and_request attributes {fetch_names = ["y:0"]} {
  %f = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %g = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %x = graph.identity %f : (tensor<5x4x3xf32>) -> tensor<5x?x3xf32>
  %h = graph.identity %g : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<5x?x3xf32>) states(%h : tensor<?x3xf32>) {steps = 5 : i64}
      -> tensor<5x?x3xf32>, tensor<?x3xf32> {
  ^bb0(%x_t: tensor<?x3xf32>, %s: tensor<?x3xf32>):
    %n = graph.add %x_t, %s : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    graph.yield %n, %n : tensor<?x3xf32>, tensor<?x3xf32>
  }
  %d = graph.gradients %l, %x {num_ys = 1 : i64, num_xs = 1 : i64} : (tensor<?x3xf32>, tensor<5x?x3xf32>) -> tensor<5x?x3xf32>
  graph.fetch %d {indices = array<i64: 0>} : tensor<5x?x3xf32>
}

// -----

// How many steps there are follows from what is fed.
// CHECK-LABEL: @steps_of_what_is_fed
// CHECK: graph.static_rnn {{.*}}steps = 7 : i64} -> tensor<7x4x3xf32>, tensor<4x3xf32>
graph.program @steps_of_what_is_fed attributes {fetch_names = ["y:0"]} {
  %f = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<7x4x3xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %x = graph.identity %f : (tensor<7x4x3xf32>) -> tensor<?x4x3xf32>
  %o, %l = graph.static_rnn sequences(%x : tensor<?x4x3xf32>) states(%h : tensor<4x3xf32>) {steps = -1 : i64}
      -> tensor<?x4x3xf32>, tensor<4x3xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %s: tensor<4x3xf32>):
    %n = graph.add %x_t, %s : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %n, %n : tensor<4x3xf32>, tensor<4x3xf32>
  }
  graph.fetch %o {indices = array<i64: 0>} : tensor<?x4x3xf32>
}

// -----

// The regions of a loop see what the loop is given; its results are what goes in.
// CHECK-LABEL: @loop
// CHECK: graph.while {{.*}} -> tensor<i32>, tensor<4x3xf32> cond {
// CHECK: ^bb0(%{{.*}}: tensor<i32>, %{{.*}}: tensor<4x3xf32>):
// CHECK: } body {
// CHECK: graph.tanh %{{.*}} -> tensor<4x3xf32>
// CHECK: graph.fetch %{{.*}} : tensor<4x3xf32>
graph.program @loop attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %h0 = graph.identity %x : (tensor<4x3xf32>) -> tensor<?x3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%zero, %h0 : tensor<i32>, tensor<?x3xf32>) -> tensor<i32>, tensor<?x3xf32> cond {
  ^bb0(%i: tensor<i32>, %h: tensor<?x3xf32>):
    %limit = graph.constant {value = dense<3> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%i: tensor<i32>, %h: tensor<?x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %next = graph.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %t = graph.tanh %h : (tensor<?x3xf32>) -> tensor<?x3xf32>
    graph.yield %next, %t : tensor<i32>, tensor<?x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x3xf32>
}

// -----

// What the two branches know of a result comes together, and captured values are followed.
// CHECK-LABEL: @branches
// CHECK: graph.cond {{.*}} -> tensor<4x3xf32> then {
// CHECK: graph.constant {value = dense<[4, 3]>
// CHECK: graph.reshape %{{.*}} -> tensor<4x3xf32>
graph.program @branches attributes {fetch_names = ["y:0"]} {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<12xf32>
  %shape = graph.constant {value = dense<[4, 3]> : tensor<2xi32>} : () -> tensor<2xi32>
  %y = graph.cond %p captured(%x, %shape : tensor<12xf32>, tensor<2xi32>) : tensor<i1> -> tensor<?x?xf32> then {
  ^bb0(%a: tensor<12xf32>, %s: tensor<2xi32>):
    %b = graph.reshape %a, %s : (tensor<12xf32>, tensor<2xi32>) -> tensor<?x?xf32>
    graph.yield %b : tensor<?x?xf32>
  } else {
  ^bb0(%a: tensor<12xf32>, %s: tensor<2xi32>):
    %b = graph.reshape %a {shape = array<i64: 4, 3>} : (tensor<12xf32>) -> tensor<4x3xf32>
    graph.yield %b : tensor<4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x?xf32>
}
