// RUN: graphc-opt %s --split-input-file --graph-simplify-graph | FileCheck %s

// The branch of a known predicate stands where the cond stood.
// CHECK-LABEL: @known_branch
// CHECK-NOT: graph.cond
// CHECK: %[[T:.*]] = graph.tanh
// CHECK-NEXT: graph.fetch %[[T]]
graph.program @known_branch {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %p = graph.constant {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %y = graph.cond %p captured(%x : tensor<3xf32>) : tensor<i1> -> tensor<3xf32> then {
  ^bb0(%a: tensor<3xf32>):
    %t = graph.tanh %a : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %t : tensor<3xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    %t = graph.exp %a : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %t : tensor<3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// Scalar constants move into the branches; what neither uses is not captured.
// CHECK-LABEL: @captures
// CHECK: graph.cond %{{.*}} captured(%{{.*}} : tensor<3xf32>) : tensor<i1>
// CHECK: graph.constant {value = dense<2.0{{.*}}> : tensor<f32>}
// CHECK: graph.multiply
graph.program @captures {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<3xf32>
  %unused = graph.feed {index = 2 : i64, name = "unused:0"} : () -> tensor<3xf32>
  %two = graph.constant {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %y = graph.cond %p captured(%unused, %x, %two : tensor<3xf32>, tensor<3xf32>, tensor<f32>) : tensor<i1> -> tensor<3xf32> then {
  ^bb0(%u: tensor<3xf32>, %a: tensor<3xf32>, %b: tensor<f32>):
    %t = graph.multiply %a, %b : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
    graph.yield %t : tensor<3xf32>
  } else {
  ^bb0(%u: tensor<3xf32>, %a: tensor<3xf32>, %b: tensor<f32>):
    graph.yield %a : tensor<3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// A variable that no iteration changes is captured, one that nothing needs is gone, with the ops
// that made it; what others need stays although no one fetches it.
// CHECK-LABEL: @loop_variables
// CHECK: %[[X:.*]] = graph.feed {index = 0
// CHECK: %[[W:.*]] = graph.feed {index = 1
// CHECK: graph.while loop_vars(%{{.*}}, %[[X]] : tensor<i32>, tensor<3xf32>) captured(%[[W]] : tensor<3xf32>) -> tensor<i32>, tensor<3xf32> cond {
// CHECK: } body {
// CHECK-NOT: graph.exp
// CHECK: graph.multiply
// CHECK: graph.yield %{{.*}}, %{{.*}} : tensor<i32>, tensor<3xf32>
// CHECK: graph.fetch %{{.*}}, %[[W]]
graph.program @loop_variables {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %r:4 = graph.while loop_vars(%zero, %x, %w, %x : tensor<i32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
      -> tensor<i32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32> cond {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>, %same: tensor<3xf32>, %unneeded: tensor<3xf32>):
    %limit = graph.constant {value = dense<3> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>, %same: tensor<3xf32>, %unneeded: tensor<3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %next = graph.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %m = graph.multiply %h, %same : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    %e = graph.exp %unneeded : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %next, %m, %same, %e : tensor<i32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  }
  graph.fetch %r#1, %r#2 {indices = array<i64: 0, 1>} : tensor<3xf32>, tensor<3xf32>
}
