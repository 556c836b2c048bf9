// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 | FileCheck %s

// Its states stay as they are past its windows' ends, but a negative number says that all steps are to be computed.
// CHECK: form kernel: 5 steps of 3 tiles of 16 windows, weights stay in the cache
// CHECK-NOT: left out
// CHECK: graph.static_rnn {{.*}}sequence_lengths = -1 : i64
graph.program @main attributes {feed_names = ["x:0", "s:0", "n:0"], feed_types = [tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<40xi32>], fetch_names = ["a:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x40x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<40x4xf32>
  %n = graph.feed {index = 2 : i64, name = "n:0"} : () -> tensor<40xi32>
  %a = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%n : tensor<40xi32>) {sequence_lengths = -1 : i64, steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %n_t: tensor<40xi32>):
    %t = graph.step_index : () -> tensor<i32>
    %ended = graph.greater_equal %t, %n_t : (tensor<i32>, tensor<40xi32>) -> tensor<40xi1>
    %column = graph.expand_dims %ended {axis = 1 : i64} : (tensor<40xi1>) -> tensor<40x1xi1>
    %sum = graph.add %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    %next = graph.where %column, %h_t, %sum : (tensor<40x1xi1>, tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %next : tensor<40x4xf32>
  }
  graph.fetch %a {indices = array<i64: 0>} : tensor<40x4xf32>
}
