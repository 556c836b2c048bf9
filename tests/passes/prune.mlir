// RUN: graphc-opt %s --split-input-file --graph-prune | FileCheck %s

// Only what the fetch needs stays; the placeholder becomes a feed of the fed type.
// CHECK-LABEL: graph.program @fetch_one_of_two
// CHECK-NOT: graph.placeholder
// CHECK: %[[X:.*]] = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
// CHECK-NOT: graph.exp
// CHECK: %[[Y:.*]] = graph.tanh %[[X]] : (tensor<2xf32>) -> tensor<?xf32>
// CHECK: graph.fetch %[[Y]] {indices = array<i64: 0>}
graph.program @fetch_one_of_two attributes {feed_names = ["x:0"], feed_types = [tensor<2xf32>], fetch_names = ["y:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1>} : () -> tensor<?xf32> loc("x")
  %y = graph.tanh %x : (tensor<?xf32>) -> tensor<?xf32> loc("y")
  %z = graph.exp %x : (tensor<?xf32>) -> tensor<?xf32> loc("z")
}

// -----

// A tensor in the middle is fed: nothing before it is needed, not even the placeholder.
// CHECK-LABEL: graph.program @feed_cuts_the_graph
// CHECK-NEXT: %[[H:.*]] = graph.feed {index = 0 : i64, name = "h:0"}
// CHECK-NEXT: %[[Y:.*]] = graph.exp %[[H]]
// CHECK-NEXT: graph.fetch %[[Y]], %[[H]] {indices = array<i64: 0, 1>}
graph.program @feed_cuts_the_graph attributes {feed_names = ["h:0"], feed_types = [tensor<3xf32>], fetch_names = ["y:0", "h:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: 3>} : () -> tensor<3xf32> loc("x")
  %h = graph.tanh %x : (tensor<3xf32>) -> tensor<3xf32> loc("h")
  %y = graph.exp %h : (tensor<3xf32>) -> tensor<3xf32> loc("y")
}

// -----

// Control inputs keep the assignment alive and are dropped; a fetched op is no operand of the fetch.
// CHECK-LABEL: graph.variable @w
// CHECK-NOT: graph.variable @unused
// CHECK: graph.program @control_inputs
// CHECK-NOT: control_inputs
// CHECK: graph.assign_add
// CHECK-NOT: graph.assign_sub
// CHECK-NOT: graph.no_op
// CHECK: graph.fetch %{{.*}} {indices = array<i64: 1>} : tensor<f32>
graph.variable @w : tensor<f32>
graph.variable @unused : tensor<f32>
graph.program @control_inputs attributes {fetch_names = ["train", "one:0"]} {
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("one")
  %a = graph.assign_add %one {variable = @w} : (tensor<f32>) -> tensor<f32> loc("add")
  %s = graph.assign_sub %one {variable = @unused} : (tensor<f32>) -> tensor<f32> loc("sub")
  graph.no_op {control_inputs = ["add"]} loc("train")
}

// -----

// A variable's own name stands for its value: as a fetch what it holds at the end, as a feed what all
// readers see.
// CHECK-LABEL: graph.program @variables_by_name
// CHECK: %[[B:.*]] = graph.feed {index = 0 : i64, name = "b:0"}
// CHECK-NOT: graph.read_variable {variable = @b}
// CHECK: %[[NEW:.*]] = graph.assign %[[B]] {variable = @w}
// CHECK: %[[W:.*]] = graph.read_variable {variable = @w}
// CHECK: graph.fetch %[[NEW]], %[[W]]
graph.variable @w : tensor<2xf32>
graph.variable @b : tensor<2xf32>
graph.program @variables_by_name attributes {feed_names = ["b:0"], feed_types = [tensor<2xf32>], fetch_names = ["set:0", "w:0"]} {
  %b = graph.read_variable {variable = @b} : () -> tensor<2xf32> loc("b/read")
  %s = graph.assign %b {variable = @w} : (tensor<2xf32>) -> tensor<2xf32> loc("set")
}

// -----

// Without fetches nobody has said what is wanted.
// CHECK-LABEL: graph.program @no_fetches
// CHECK: graph.placeholder
graph.program @no_fetches {
  %x = graph.placeholder {dtype = f32, shape = array<i64>} : () -> tensor<f32> loc("x")
}
