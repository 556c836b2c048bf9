// RUN: graphc-opt %s --split-input-file --graph-raise-while-to-scan --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-raise-while-to-scan | FileCheck %s

// REMARK: its condition is no comparison of counters with constants
// CHECK-LABEL: @limit_is_fed
// CHECK: graph.while
graph.program @limit_is_fed attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<5x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %more = graph.less %t, %j : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}

// -----

// REMARK: its condition is no comparison of counters with constants
// CHECK-LABEL: @start_is_fed
// CHECK: graph.while
graph.program @start_is_fed attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.identity %i : (tensor<i32>) -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<5x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}

// -----

// REMARK: loop variable 1 is written at a row that is no counter
// CHECK-LABEL: @written_elsewhere
// CHECK: graph.while
graph.program @written_elsewhere attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<5x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %j, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}

// -----

// REMARK: loop variable 1 is read in the loop that writes it
// CHECK-LABEL: @read_where_it_is_written
// CHECK: graph.while
graph.program @read_where_it_is_written attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<5x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %all, %j {axis = 0 : i64} : (tensor<5x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}

// -----

// REMARK: it reaches rows 0 to 4 of a tensor that has 3
// CHECK-LABEL: @too_few_rows
// CHECK: graph.while
graph.program @too_few_rows attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<3x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<3x4x3xf32>, %j: tensor<i32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<3x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.gather %xs, %t {axis = 0 : i64} : (tensor<3x4x3xf32>, tensor<i32>) -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}

// -----

// REMARK: it draws random numbers
// CHECK-LABEL: @random_numbers
// CHECK: graph.while
graph.program @random_numbers attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %all0 = graph.feed {index = 1 : i64, name = "all:0"} : () -> tensor<5x4x3xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<i32>
  %start = graph.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %n, %y = graph.while loop_vars(%start, %all0 : tensor<i32>, tensor<5x4x3xf32>)
      captured(%x, %i : tensor<5x4x3xf32>, tensor<i32>) -> tensor<i32>, tensor<5x4x3xf32> cond {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %five = graph.constant {value = dense<5> : tensor<i32>} : () -> tensor<i32>
    %more = graph.less %t, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    graph.yield %more : tensor<i1>
  } body {
  ^bb0(%t: tensor<i32>, %all: tensor<5x4x3xf32>, %xs: tensor<5x4x3xf32>, %j: tensor<i32>):
    %one = graph.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
    %t1 = graph.add %t, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %x_t = graph.random_uniform {dtype = f32, shape = array<i64: 4, 3>, stream = 3 : i64} : () -> tensor<4x3xf32>
    %all1 = graph.update_row %all, %t, %x_t : (tensor<5x4x3xf32>, tensor<i32>, tensor<4x3xf32>) -> tensor<5x4x3xf32>
    graph.yield %t1, %all1 : tensor<i32>, tensor<5x4x3xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<5x4x3xf32>
}
