// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 | FileCheck %s

// What was chosen for the first recurrence holds for the one that reads its outputs, so that they stay in tiles: bytes
// of 5 steps, 40 windows in 5 tiles of 8, 4 features. The plan states it for whoever reads it back in.
// CHECK: graph.static_rnn {{.*}} {steps = 5 : i64, tile_windows = 8 : i64, tiled_outputs = array<i64: 0>}
// CHECK: graph.static_rnn {{.*}} {reverse = true, steps = 5 : i64, tile_windows = 8 : i64, tiled_sequences = array<i64: 0>}
// CHECK: plan.buffer temporary {{.*}} memref<3200xui8>
graph.program @main attributes {feed_names = ["x:0", "s:0", "w:0"], feed_types = [tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<4x4xf32>], fetch_names = ["h:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x40x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<40x4xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x4xf32>
  %all, %h = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%w : tensor<4x4xf32>) {steps = 5 : i64, tile_windows = 8 : i64} -> tensor<5x40x4xf32>, tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %w_t: tensor<4x4xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<40x4xf32>, tensor<4x4xf32>) -> tensor<40x4xf32>
    %n = graph.add %p, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n, %n : tensor<40x4xf32>, tensor<40x4xf32>
  }
  %k = graph.static_rnn sequences(%all : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) {reverse = true, steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>):
    %n = graph.multiply %h_t, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n : tensor<40x4xf32>
  }
  graph.fetch %k {indices = array<i64: 0>} : tensor<40x4xf32>
}
