// RUN: graphc-opt %s --split-input-file --graph-raise-while-to-scan | FileCheck %s

// Rows read at the counter are slices, rows written at it are outputs, the rest are states; the
// condition counts twice, as TensorFlow's does, and the lesser limit holds.
// CHECK-LABEL: @rows_in_rows_out
// CHECK: %[[X:.*]] = graph.feed {index = 0
// CHECK: %[[H:.*]] = graph.feed {index = 1
// CHECK: %[[W:.*]] = graph.feed {index = 2
// CHECK-NOT: graph.while
// CHECK: %[[R:.*]]:2 = graph.static_rnn sequences(%[[X]] : tensor<5x4x3xf32>) states(%[[H]] : tensor<4x3xf32>) captured({{.*}}%[[W]]{{.*}}) {steps = 5 : i64} -> tensor<5x4x3xf32>, tensor<4x3xf32>
// CHECK: ^bb0(%[[XT:.*]]: tensor<4x3xf32>, %[[HT:.*]]: tensor<4x3xf32>
// CHECK: %[[P:.*]] = graph.matmul %[[HT]]
// CHECK: %[[S:.*]] = graph.add %[[P]], %[[XT]]
// CHECK: %[[T:.*]] = graph.tanh %[[S]]
// CHECK: graph.yield %[[T]], %[[T]]
// CHECK: graph.fetch %[[R]]#0, %[[R]]#1
graph.program @rows_in_rows_out attributes {fetch_names = ["y:0", "h:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<3x3xf32>
  %all0 = graph.feed {index = 3 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %r:4 = graph.while loop_vars(%zero, %zero, %all0, %h0 : tensor<i32>, tensor<i32>, tensor<5x4x3xf32>, tensor<4x3xf32>)
      captured(%x, %w : tensor<5x4x3xf32>, tensor<3x3xf32>)
      -> tensor<i32>, tensor<i32>, tensor<5x4x3xf32>, tensor<4x3xf32> cond {
  ^bb0(%k: tensor<i32>, %t: tensor<i32>, %all: tensor<5x4x3xf32>, %h: tensor<4x3xf32>, %xs: tensor<5x4x3xf32>, %u: tensor<3x3xf32>):
    %nine = graph.constant {value = dense<9> : tensor<i32>} : () -> tensor<i32>
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %p = graph.less %k, %nine : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %q = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %more = graph.logical_and %p, %q : (tensor<i1>, tensor<i1>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%k: tensor<i32>, %t: tensor<i32>, %all: tensor<5x4x3xf32>, %h: tensor<4x3xf32>, %xs: tensor<5x4x3xf32>, %u: tensor<3x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %k1 = graph.add %k, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %t1 = graph.add %one, %t : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %m = graph.matmul %h, %u : (tensor<4x3xf32>, tensor<3x3xf32>) -> tensor<4x3xf32>
    %s = graph.add %m, %x_t : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %new = graph.tanh %s : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %new : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %k1, %t1, %all1, %new : tensor<i32>, tensor<i32>, tensor<5x4x3xf32>, tensor<4x3xf32>
  }
  graph.fetch %r#2, %r#3 {indices = array<i64: 0, 1>} : tensor<5x4x3xf32>, tensor<4x3xf32>
}

// -----

// A part of the rows: the sequence is sliced, rows that are not written stay what they were, and
// the counter, which starts at 1, has its last value.
// CHECK-LABEL: @part_of_the_rows
// CHECK: %[[X:.*]] = graph.feed {index = 0
// CHECK: %[[ALL:.*]] = graph.feed {index = 1
// CHECK: %[[PART:.*]] = graph.slice %[[X]] {begin = array<i64: 1, 0, 0>, size = array<i64: 3, 4, 3>}
// CHECK: %[[R:.*]] = graph.static_rnn sequences(%[[PART]]
// CHECK: %[[BEFORE:.*]] = graph.slice %[[ALL]] {begin = array<i64: 0, 0, 0>, size = array<i64: 1, 4, 3>}
// CHECK: %[[AFTER:.*]] = graph.slice %[[ALL]] {begin = array<i64: 4, 0, 0>, size = array<i64: 1, 4, 3>}
// CHECK: %[[WHOLE:.*]] = graph.concat %[[BEFORE]], %[[R]], %[[AFTER]] {axis = 0 : i64}
// CHECK: graph.fetch %[[WHOLE]], %[[N:.*]] {
graph.program @part_of_the_rows attributes {fetch_names = ["y:0", "n:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %start = graph.constant {value = dense<1> : tensor<i64>} : () -> tensor<i64>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i64>, tensor<5x4x3xf32>) captured(%x : tensor<5x4x3xf32>)
      -> tensor<i64>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i64>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>):
    %four = graph.constant {value = dense<4> : tensor<i64>} : () -> tensor<i64>
    %more = graph.greater %four, %t : (tensor<i64>, tensor<i64>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i64>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i64>} : () -> tensor<i64>
    %t1 = graph.add %t, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i64>) -> tensor<4x3xf32>
    %new = graph.tanh %x_t : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %new : (tensor<5x4x3xf32>, tensor<i64>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i64>, tensor<5x4x3xf32>
  }
  graph.fetch %y, %n {indices = array<i64: 0, 1>} : tensor<5x4x3xf32>, tensor<i64>
}

// -----

// Both branches are computed, and one is chosen.
// CHECK-LABEL: @branch_in_the_body
// CHECK: graph.static_rnn
// CHECK-NOT: graph.cond
// CHECK: %[[A:.*]] = graph.tanh
// CHECK: %[[B:.*]] = graph.sigmoid
// CHECK: graph.where %{{.*}}, %[[A]], %[[B]]
graph.program @branch_in_the_body attributes {fetch_names = ["h:0"]} {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %zero = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%zero, %h0 : tensor<i32>, tensor<4x3xf32>) -> tensor<i32>, tensor<4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %h: tensor<4x3xf32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %h: tensor<4x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %two = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32>
    %early = graph.less %t, %two : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %new = graph.cond %early captured(%h : tensor<4x3xf32>) : tensor<i1> -> tensor<4x3xf32> then {
    ^bb0(%a: tensor<4x3xf32>):
      %p = graph.tanh %a : (tensor<4x3xf32>) -> tensor<4x3xf32>
      graph.yield %p : tensor<4x3xf32>
    } else {
    ^bb0(%a: tensor<4x3xf32>):
      %p = graph.sigmoid %a : (tensor<4x3xf32>) -> tensor<4x3xf32>
      graph.yield %p : tensor<4x3xf32>
    }
    graph.yield %t1, %new : tensor<i32>, tensor<4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3xf32>
}

// -----

// A loop that is never entered is what goes in.
// CHECK-LABEL: @never
// CHECK: %[[H:.*]] = graph.feed
// CHECK-NOT: graph.while
// CHECK: graph.fetch %[[H]]
graph.program @never attributes {fetch_names = ["h:0"]} {
  %h0 = graph.feed {index = 0 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %nine = graph.constant {value = dense<9> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%nine, %h0 : tensor<i32>, tensor<4x3xf32>) -> tensor<i32>, tensor<4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %h: tensor<4x3xf32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %h: tensor<4x3xf32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %new = graph.tanh %h : (tensor<4x3xf32>) -> tensor<4x3xf32>
    graph.yield %t1, %new : tensor<i32>, tensor<4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x3xf32>
}
