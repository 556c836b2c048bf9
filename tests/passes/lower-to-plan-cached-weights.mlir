// RUN: env GRAPHC_L2_KB=2048 graphc-opt %s --graphc-lower-to-plan=threads=1 --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=LARGE
// RUN: env GRAPHC_L2_KB=512 graphc-opt %s --graphc-lower-to-plan=threads=1 --remark-format=emitRemark --remarks-filter="graphc-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=SMALL

// Weights of 400 KB are less than half of a second-level cache of 2 MB. They are read from there
// where each serves two registers, which a tile of 8 windows never has.
// LARGE: form kernel: 9 steps of 2 tiles of 32 windows, weights stay in the cache
// LARGE: form kernel: 9 steps of 8 tiles of 8 windows, weights leave the cache
// SMALL: form kernel: 9 steps of 2 tiles of 32 windows, weights leave the cache
// SMALL: form kernel: 9 steps of 8 tiles of 8 windows, weights leave the cache

// A sum over the batch has no weights, though its right operand is 300 KB.
// LARGE: form kernel: 9 steps of 38 tiles of 16 windows, weights stay in the cache
// SMALL: form kernel: 9 steps of 38 tiles of 16 windows, weights stay in the cache
graph.program @main attributes {feed_names = ["s:0", "w:0", "x:0", "d:0", "g:0"], feed_types = [tensor<64x320xf32>, tensor<320x320xf32>, tensor<9x600x4xf32>, tensor<9x600x128xf32>, tensor<4x128xf32>], fetch_names = ["h:0", "k:0", "t:0"]} {
  %s = graph.feed {index = 0 : i64, name = "s:0"} : () -> tensor<64x320xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<320x320xf32>
  %x = graph.feed {index = 2 : i64, name = "x:0"} : () -> tensor<9x600x4xf32>
  %d = graph.feed {index = 3 : i64, name = "d:0"} : () -> tensor<9x600x128xf32>
  %g = graph.feed {index = 4 : i64, name = "g:0"} : () -> tensor<4x128xf32>
  %h = graph.static_rnn states(%s : tensor<64x320xf32>) captured(%w : tensor<320x320xf32>) {steps = 9 : i64, tile_windows = 32 : i64} -> tensor<64x320xf32> {
  ^bb0(%h_t: tensor<64x320xf32>, %w_t: tensor<320x320xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<64x320xf32>, tensor<320x320xf32>) -> tensor<64x320xf32>
    %n = graph.tanh %p : (tensor<64x320xf32>) -> tensor<64x320xf32>
    graph.yield %n : tensor<64x320xf32>
  }
  %k = graph.static_rnn states(%s : tensor<64x320xf32>) captured(%w : tensor<320x320xf32>) {steps = 9 : i64, tile_windows = 8 : i64} -> tensor<64x320xf32> {
  ^bb0(%h_t: tensor<64x320xf32>, %w_t: tensor<320x320xf32>):
    %p = graph.matmul %h_t, %w_t : (tensor<64x320xf32>, tensor<320x320xf32>) -> tensor<64x320xf32>
    %n = graph.tanh %p : (tensor<64x320xf32>) -> tensor<64x320xf32>
    graph.yield %n : tensor<64x320xf32>
  }
  %t = graph.static_rnn sequences(%x, %d : tensor<9x600x4xf32>, tensor<9x600x128xf32>) states(%g : tensor<4x128xf32>) {steps = 9 : i64} -> tensor<4x128xf32> {
  ^bb0(%x_t: tensor<600x4xf32>, %d_t: tensor<600x128xf32>, %g_t: tensor<4x128xf32>):
    %p = graph.matmul %x_t, %d_t {transpose_a = true} : (tensor<600x4xf32>, tensor<600x128xf32>) -> tensor<4x128xf32>
    %n = graph.add %g_t, %p : (tensor<4x128xf32>, tensor<4x128xf32>) -> tensor<4x128xf32>
    graph.yield %n : tensor<4x128xf32>
  }
  graph.fetch %h, %k, %t {indices = array<i64: 0, 1, 2>} : tensor<64x320xf32>, tensor<64x320xf32>, tensor<4x128xf32>
}
