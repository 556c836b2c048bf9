// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 | FileCheck %s

// A loop is a step that runs two programs; its variables end where the results are fetched.
// CHECK-LABEL: plan.program @loop feeds
// CHECK-DAG: %[[X:.*]] = plan.buffer fed {index = 0 : i64} : memref<3xf32>
// CHECK-DAG: %[[Y:.*]] = plan.buffer fetched {index = 0 : i64} : memref<3xf32>
// CHECK-DAG: %[[S:.*]] = plan.buffer temporary : memref<3xf32>
// CHECK: plan.run_while @loop.while.cond do @loop.while.body initial(%{{.*}}, %[[X]] : memref<i32>, memref<3xf32>) outputs(%{{.*}}, %[[Y]] : {{.*}}) spare(%{{.*}}, %[[S]] :
// CHECK-DAG: plan.program @loop.while.cond feeds ["cond:0", "cond:1"] fetches ["cond:0"]
// CHECK-DAG: plan.program @loop.while.body feeds ["body:0", "body:1"] fetches ["body:0", "body:1"]
// CHECK-NOT: graph.while
graph.program @loop attributes {feed_names = ["x:0"], feed_types = [tensor<3xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%zero, %x : tensor<i32>, tensor<3xf32>) -> tensor<i32>, tensor<3xf32> cond {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>):
    %limit = graph.constant {value = dense<3> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %next = graph.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %t = graph.tanh %h : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %next, %t : tensor<i32>, tensor<3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}

// One row is read and written by copies, not by kernels.
// CHECK-LABEL: plan.program @rows
// CHECK: plan.read_row %{{.*}} at %[[I:.*]] to %[[ROW:.*]] : memref<4x3xf32>, memref<i32> to memref<3xf32>
// CHECK: plan.copy %{{.*}} to %[[Y:.*]] : memref<4x3xf32> to memref<4x3xf32>
// CHECK-NEXT: plan.write_row %[[ROW]] to %[[Y]] at %[[I]] : memref<3xf32> to memref<4x3xf32>, memref<i32>
graph.program @rows attributes {feed_names = ["x:0", "i:0"], feed_types = [tensor<4x3xf32>, tensor<i32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<i32>
  %row = graph.gather %x, %i {axis = 0 : i64} : (tensor<4x3xf32>, tensor<i32>) -> tensor<3xf32>
  %y = graph.update_row %x, %i, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3xf32>
}

// A second row is written where the first one was, since nothing needs the tensor in between.
// CHECK-LABEL: plan.program @two_rows
// CHECK: plan.copy %{{.*}} to %[[Y:.*]] : memref<4x3xf32> to memref<4x3xf32>
// CHECK: plan.write_row %{{.*}} to %[[Y]] at
// CHECK-NOT: plan.copy
// CHECK: plan.write_row %{{.*}} to %[[Y]] at
graph.program @two_rows attributes {feed_names = ["x:0", "i:0", "j:0", "r:0"], feed_types = [tensor<4x3xf32>, tensor<i32>, tensor<i32>, tensor<3xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<i32>
  %j = graph.feed {index = 2 : i64, name = "j:0"} : () -> tensor<i32>
  %row = graph.feed {index = 3 : i64, name = "r:0"} : () -> tensor<3xf32>
  %first = graph.update_row %x, %i, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  %second = graph.update_row %first, %j, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  graph.fetch %second {indices = array<i64: 0>} : tensor<4x3xf32>
}

// The tensor in between is fetched, too: two copies. So are they where the row is a part of it.
// CHECK-LABEL: plan.program @two_rows_apart
// CHECK-COUNT-2: plan.copy %{{.*}} : memref<4x3xf32> to memref<4x3xf32>
// CHECK-LABEL: plan.program @row_of_itself
// CHECK-COUNT-2: plan.copy %{{.*}} : memref<4x3xf32> to memref<4x3xf32>
graph.program @two_rows_apart attributes {feed_names = ["x:0", "i:0", "j:0", "r:0"], feed_types = [tensor<4x3xf32>, tensor<i32>, tensor<i32>, tensor<3xf32>], fetch_names = ["y:0", "z:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<i32>
  %j = graph.feed {index = 2 : i64, name = "j:0"} : () -> tensor<i32>
  %row = graph.feed {index = 3 : i64, name = "r:0"} : () -> tensor<3xf32>
  %first = graph.update_row %x, %i, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  %second = graph.update_row %first, %j, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  graph.fetch %first, %second {indices = array<i64: 0, 1>} : tensor<4x3xf32>, tensor<4x3xf32>
}

graph.program @row_of_itself attributes {feed_names = ["x:0", "i:0", "r:0"], feed_types = [tensor<4x3xf32>, tensor<i32>, tensor<3xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %i = graph.feed {index = 1 : i64, name = "i:0"} : () -> tensor<i32>
  %row = graph.feed {index = 2 : i64, name = "r:0"} : () -> tensor<3xf32>
  %first = graph.update_row %x, %i, %row : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  %part = graph.slice %first {begin = array<i64: 1, 0>, size = array<i64: 1, 3>} : (tensor<4x3xf32>) -> tensor<1x3xf32>
  %last = graph.reshape %part {shape = array<i64: 3>} : (tensor<1x3xf32>) -> tensor<3xf32>
  %second = graph.update_row %first, %i, %last : (tensor<4x3xf32>, tensor<i32>, tensor<3xf32>) -> tensor<4x3xf32>
  graph.fetch %second {indices = array<i64: 0>} : tensor<4x3xf32>
}

// A branch is a step that runs one of two programs.
// CHECK-LABEL: plan.program @branch feeds
// CHECK: plan.run_cond %{{.*}} then @branch.cond.then else @branch.cond.else captured(%{{.*}} : memref<3xf32>) outputs(%{{.*}} : memref<3xf32>) : memref<i1>
graph.program @branch attributes {feed_names = ["p:0", "x:0"], feed_types = [tensor<i1>, tensor<3xf32>], fetch_names = ["y:0"]} {
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
  graph.fetch %y {indices = array<i64: 0>} : tensor<3xf32>
}
