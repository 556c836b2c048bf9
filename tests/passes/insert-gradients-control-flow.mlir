// RUN: graphc-opt %s -split-input-file -graph-insert-gradients | FileCheck %s

// The gradient of a branch is a branch, which takes what the forward one took and the gradient.
// CHECK-LABEL: @branch
// CHECK: %[[P:.*]] = graph.feed {index = 0
// CHECK: %[[X:.*]] = graph.feed {index = 1
// CHECK: graph.cond %[[P]]
// CHECK: %[[ONES:.*]] = graph.fill
// CHECK: %[[DX:.*]] = graph.cond %[[P]] captured(%[[X]], %[[ONES]] : {{.*}}) : tensor<i1> -> tensor<3xf32> then {
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<3xf32>):
// CHECK: %[[E:.*]] = graph.exp %[[A]]
// CHECK: %[[D:.*]] = graph.multiply
// CHECK: graph.yield %[[D]]
// CHECK: } else {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<3xf32>, %[[G:.*]]: tensor<3xf32>):
// CHECK-NEXT: graph.yield %[[G]]
// CHECK: graph.fetch %[[DX]]
graph.program @branch {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<3xf32>
  %y = graph.cond %p captured(%x : tensor<3xf32>) : tensor<i1> -> tensor<3xf32> then {
  ^bb0(%a: tensor<3xf32>):
    %e = graph.exp %a : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %e : tensor<3xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    graph.yield %a : tensor<3xf32>
  }
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<3xf32>
}

// -----

// The loop is run again, and its variables handed to the gradient; that of the captured factor is
// summed in a gradient that starts as zeros.
// CHECK-LABEL: @loop
// CHECK: graph.while loop_vars
// CHECK: %[[ONES:.*]] = graph.fill
// CHECK: %[[R:.*]]:2 = graph.while_gradient loop_vars(%{{.*}}, %{{.*}} : tensor<i32>, tensor<3xf32>) captured(%{{.*}} : tensor<3xf32>) gradients(%[[ONES]], %{{.*}} : tensor<3xf32>, tensor<3xf32>)
// CHECK: } gradient {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[H:.*]]: tensor<3xf32>, %[[W:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<3xf32>, %[[SUM:.*]]: tensor<3xf32>):
// CHECK-NOT: graph.less
// CHECK-DAG: %[[DH:.*]] = graph.multiply %{{.*}}%[[W]]
// CHECK-DAG: %[[DW:.*]] = graph.multiply %{{.*}}%[[H]]
// CHECK: %[[NEW:.*]] = graph.add %[[SUM]], %[[DW]]
// CHECK: graph.yield %[[DH]], %[[NEW]]
// CHECK: graph.fetch %[[R]]#0, %[[R]]#1
graph.program @loop {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%zero, %x : tensor<i32>, tensor<3xf32>) captured(%w : tensor<3xf32>) -> tensor<i32>, tensor<3xf32> cond {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>, %f: tensor<3xf32>):
    %limit = graph.constant {value = dense<3> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>, %f: tensor<3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %next = graph.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %m = graph.multiply %h, %f : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    graph.yield %next, %m : tensor<i32>, tensor<3xf32>
  }
  %dx, %dw = graph.gradients %y, %x, %w {num_xs = 2 : i64, num_ys = 1 : i64}
      : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  graph.fetch %dx, %dw {indices = array<i64: 0, 1>} : tensor<3xf32>, tensor<3xf32>
}
