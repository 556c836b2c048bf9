// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 >/dev/null | FileCheck %s

// The form of each recurrence, and what it has to do with: 40 windows are three tiles.
// CHECK: graphc-lower-to-plan{{.*}}form kernel: 5 steps of 3 tiles of 16 windows, weights stay in the cache
// CHECK: graphc-lower-to-plan{{.*}}form kernel: 5 steps of 3 tiles of 16 windows, weights leave the cache
// CHECK: graphc-lower-to-plan{{.*}}form kernel: 5 steps of 5 tiles of 8 windows, weights stay in the cache
// CHECK: graphc-lower-to-plan{{.*}}form primitive: oneDNN's vanilla_rnn
graph.program @main attributes {feed_names = ["x:0", "s:0", "w:0", "b:0"], feed_types = [tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<4x4xf32>, tensor<4xf32>], fetch_names = ["h:0", "k:0", "l:0", "r:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x40x4xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<40x4xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<4x4xf32>
  %b = graph.feed {index = 3 : i64, name = "b:0"} : () -> tensor<4xf32>
  %h = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%w : tensor<4x4xf32>) {steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %w_t: tensor<4x4xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<40x4xf32>, tensor<4x4xf32>) -> tensor<40x4xf32>
    %n = graph.add %p, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n : tensor<40x4xf32>
  }
  %k = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%w : tensor<4x4xf32>) {cached_weights = false, steps = 5 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %w_t: tensor<4x4xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<40x4xf32>, tensor<4x4xf32>) -> tensor<40x4xf32>
    %n = graph.add %p, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n : tensor<40x4xf32>
  }
  %l = graph.static_rnn sequences(%x : tensor<5x40x4xf32>) states(%s : tensor<40x4xf32>) captured(%w : tensor<4x4xf32>) {steps = 5 : i64, tile_windows = 8 : i64} -> tensor<40x4xf32> {
  ^bb0(%x_t: tensor<40x4xf32>, %h_t: tensor<40x4xf32>, %w_t: tensor<4x4xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<40x4xf32>, tensor<4x4xf32>) -> tensor<40x4xf32>
    %n = graph.add %p, %x_t : (tensor<40x4xf32>, tensor<40x4xf32>) -> tensor<40x4xf32>
    graph.yield %n : tensor<40x4xf32>
  }
  %all, %r, %workspace = graph.vanilla_rnn %x, %s, %w, %w, %b {training = false} : (tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> (tensor<5x40x4xf32>, tensor<40x4xf32>, tensor<?xui8>)
  graph.fetch %h, %k, %l, %r {indices = array<i64: 0, 1, 2, 3>} : tensor<40x4xf32>, tensor<40x4xf32>, tensor<40x4xf32>, tensor<40x4xf32>
}
