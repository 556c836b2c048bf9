// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// CHECK-LABEL: graph.program @loop
graph.program @loop {
  %i0 = graph.feed {index = 0 : i64, name = "i:0"} : () -> tensor<i32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<?x3xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<3x3xf32>
  // CHECK: graph.while loop_vars(%{{.*}}, %{{.*}} : tensor<i32>, tensor<?x3xf32>) captured(%{{.*}} : tensor<3x3xf32>) -> tensor<i32>, tensor<?x3xf32> cond {
  // CHECK-NEXT: ^bb0(%[[I:.*]]: tensor<i32>, %{{.*}}: tensor<?x3xf32>, %{{.*}}: tensor<3x3xf32>):
  // CHECK: graph.less %[[I]]
  // CHECK: graph.yield %{{.*}} : tensor<i1>
  // CHECK: } body {
  // CHECK: graph.yield %{{.*}}, %{{.*}} : tensor<i32>, tensor<?x3xf32>
  %i, %h = graph.while loop_vars(%i0, %h0 : tensor<i32>, tensor<?x3xf32>)
      captured(%w : tensor<3x3xf32>) -> tensor<i32>, tensor<?x3xf32> cond {
  ^bb0(%i_k: tensor<i32>, %h_k: tensor<?x3xf32>, %w_k: tensor<3x3xf32>):
    %n = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %i_k, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%i_k: tensor<i32>, %h_k: tensor<?x3xf32>, %w_k: tensor<3x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %next = graph.add %i_k, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %a = graph.matmul %h_k, %w_k : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
    graph.yield %next, %a : tensor<i32>, tensor<?x3xf32>
  }
}

// The gradient of a loop that squares while below a limit.
// CHECK-LABEL: graph.program @loop_and_back
graph.program @loop_and_back {
  %x0 = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<f32>
  %limit = graph.feed {index = 1 : i64, name = "limit:0"} : () -> tensor<f32>
  // CHECK: graph.while_gradient loop_vars(%{{.*}} : tensor<f32>) captured(%{{.*}} : tensor<f32>) gradients(%{{.*}} : tensor<f32>) -> tensor<f32> cond {
  // CHECK: } gradient {
  // CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<f32>, %{{.*}}: tensor<f32>, %[[G:.*]]: tensor<f32>):
  %dx = graph.while_gradient loop_vars(%x0 : tensor<f32>) captured(%limit : tensor<f32>)
      gradients(%x0 : tensor<f32>) -> tensor<f32> cond {
  ^bb0(%x: tensor<f32>, %l: tensor<f32>):
    %more = graph.less %x, %l : (tensor<f32>, tensor<f32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%x: tensor<f32>, %l: tensor<f32>):
    %y = graph.square %x : (tensor<f32>) -> tensor<f32>
    graph.yield %y : tensor<f32>
  } gradient {
  ^bb0(%x: tensor<f32>, %l: tensor<f32>, %g: tensor<f32>):
    %twice = graph.add %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %d = graph.multiply %twice, %g : (tensor<f32>, tensor<f32>) -> tensor<f32>
    graph.yield %d : tensor<f32>
  }
}

// CHECK-LABEL: graph.program @branches
graph.program @branches {
  %p = graph.feed {index = 0 : i64, name = "p:0"} : () -> tensor<i1>
  %x = graph.feed {index = 1 : i64, name = "x:0"} : () -> tensor<?x3xf32>
  // CHECK: graph.cond %{{.*}} captured(%{{.*}} : tensor<?x3xf32>) : tensor<i1> -> tensor<?x3xf32> then {
  // CHECK: } else {
  // CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<?x3xf32>):
  // CHECK-NEXT: graph.yield %[[A]] : tensor<?x3xf32>
  %y = graph.cond %p captured(%x : tensor<?x3xf32>) : tensor<i1> -> tensor<?x3xf32> then {
  ^bb0(%a: tensor<?x3xf32>):
    %t = graph.tanh %a : (tensor<?x3xf32>) -> tensor<?x3xf32>
    graph.yield %t : tensor<?x3xf32>
  } else {
  ^bb0(%a: tensor<?x3xf32>):
    graph.yield %a : tensor<?x3xf32>
  }
}

// CHECK-LABEL: graph.program @one_row
graph.program @one_row {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x?x3xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<i32>
  %row = graph.feed {index = 2 : i64, name = "row:0"} : () -> tensor<?x3xf32>
  // CHECK: graph.update_row %{{.*}}, %{{.*}}, %{{.*}} : (tensor<4x?x3xf32>, tensor<i32>, tensor<?x3xf32>) -> tensor<4x?x3xf32>
  %y = graph.update_row %x, %i, %row : (tensor<4x?x3xf32>, tensor<i32>, tensor<?x3xf32>) -> tensor<4x?x3xf32>
}
