// RUN: not graphc-opt %s --graphc-lower-to-plan=threads=1 2>&1 | FileCheck %s

// CHECK: 'graph.static_rnn' op cannot become a kernel: sequence_lengths that name no operand with an int32 for each window
graph.program @main attributes {feed_names = ["x:0", "s:0"], feed_types = [tensor<5x40x4xf32>, tensor<40x4xf32>], fetch_names = ["h:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x40x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<40x4xf32>
  %h = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) {sequence_lengths = 1 : i64, steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>):
    %n = graph.add %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n : tensor<40x4xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<40x4xf32>
}
