// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 | FileCheck %s

// The first recurrence keeps its old states for the second, which is masked by the same lengths: neither computes steps
// past a tile's longest window. The third one's old states are fetched.
// CHECK: form kernel: 5 steps of 3 tiles of 16 windows, weights stay in the cache, steps past a tile's longest window left out
// CHECK: form kernel: 5 steps of 3 tiles of 16 windows, weights stay in the cache, steps past a tile's longest window left out
// CHECK: form kernel: 5 steps of 3 tiles of 16 windows, weights stay in the cache
// CHECK-NOT: left out
// CHECK: graph.static_rnn {{.*}}sequence_lengths = 2 : i64
// CHECK: graph.static_rnn {{.*}}sequence_lengths = 2 : i64
// CHECK: graph.static_rnn
// CHECK-NOT: sequence_lengths
graph.program @main attributes {feed_names = ["x:0", "s:0", "n:0", "m:0"], feed_types = [tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<40xi32>, tensor<40xi32>], fetch_names = ["a:0", "b:0", "d:0", "e:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x40x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<40x4xf32>
  %n = graph.feed {index = 2 : i64, name = "n:0"} : () -> tensor<40xi32>
  %m = graph.feed {index = 3 : i64, name = "m:0"} : () -> tensor<40xi32>
  %kept, %a = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%n : tensor<40xi32>) {steps = 5 : i64} -> tensor<5x40x4xf32>, tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %n_t: tensor<40xi32>):
    %t = graph.step_index : () -> tensor<i32>
    %ended = graph.greater_equal %t, %n_t : (tensor<i32>, tensor<40xi32>) -> tensor<40xi1>
    %column = graph.expand_dims %ended {axis = 1 : i64} : (tensor<40xi1>) -> tensor<40x1xi1>
    %sum = graph.add %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    %next = graph.where %column, %h_t, %sum : (tensor<40x1xi1>, tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %h_t, %next : tensor<40x4xf32>, tensor<40x4xf32>
  }
  %b = graph.static_rnn sequences(%kept : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%n : tensor<40xi32>) {reverse = true, steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %n_t: tensor<40xi32>):
    %t = graph.step_index : () -> tensor<i32>
    %running = graph.less %t, %n_t : (tensor<i32>, tensor<40xi32>) -> tensor<40xi1>
    %column = graph.expand_dims %running {axis = 1 : i64} : (tensor<40xi1>) -> tensor<40x1xi1>
    %product = graph.multiply %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    %next = graph.where %column, %product, %h_t : (tensor<40x1xi1>, tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %next : tensor<40x4xf32>
  }
  %e, %d = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%m : tensor<40xi32>) {steps = 5 : i64} -> tensor<5x40x4xf32>, tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %n_t: tensor<40xi32>):
    %t = graph.step_index : () -> tensor<i32>
    %ended = graph.greater_equal %t, %n_t : (tensor<i32>, tensor<40xi32>) -> tensor<40xi1>
    %column = graph.expand_dims %ended {axis = 1 : i64} : (tensor<40xi1>) -> tensor<40x1xi1>
    %sum = graph.add %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    %next = graph.where %column, %h_t, %sum : (tensor<40x1xi1>, tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %h_t, %next : tensor<40x4xf32>, tensor<40x4xf32>
  }
  graph.fetch %a, %b, %d, %e {indices = array<i64: 0, 1, 2, 3>} : tensor<40x4xf32>, tensor<40x4xf32>, tensor<40x4xf32>, tensor<5x40x4xf32>
}
