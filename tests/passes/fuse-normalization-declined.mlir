// RUN: graphc-opt %s --split-input-file --graph-fuse-normalization --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-fuse-normalization | FileCheck %s

// What is fused says so.
// REMARK: graph-fuse-normalization{{.*}}4096 rows of 16 channels, a mean for each row
// CHECK-LABEL: @fused
// CHECK: graph.layer_normalization
graph.program @fused attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4096x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %s = graph.stop_gradient %m : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<4096x16xf32>, tensor<4096x1xf32>) -> tensor<4096x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %a = graph.add %v, %e : (tensor<4096x1xf32>, tensor<f32>) -> tensor<4096x1xf32>
  %r = graph.rsqrt %a : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %k = graph.multiply %r, %g : (tensor<4096x1xf32>, tensor<16xf32>) -> tensor<4096x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<4096x1xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %y = graph.add %p, %o : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<4096x16xf32>
}

// -----

// A small tensor is done before the primitive has begun.
// REMARK: the fused loops of the small ops are faster for 8 rows of 16 channels
// CHECK-LABEL: @small_batch
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @small_batch attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<1x16xf32>
  %s = graph.stop_gradient %m : (tensor<1x16xf32>) -> tensor<1x16xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<1x16xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 0>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<1x16xf32>
  %a = graph.add %v, %e : (tensor<1x16xf32>, tensor<f32>) -> tensor<1x16xf32>
  %r = graph.rsqrt %a : (tensor<1x16xf32>) -> tensor<1x16xf32>
  %k = graph.multiply %r, %g : (tensor<1x16xf32>, tensor<16xf32>) -> tensor<1x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<1x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<1x16xf32>, tensor<1x16xf32>) -> tensor<1x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<1x16xf32>) -> tensor<1x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<1x16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// The channels do not fill the primitive's vectors.
// REMARK: the fused loops of the small ops are faster for 8192 rows of 36 channels
// CHECK-LABEL: @odd_channels
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @odd_channels attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8192x36xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<36xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<36xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x36xf32>) -> tensor<1x36xf32>
  %s = graph.stop_gradient %m : (tensor<1x36xf32>) -> tensor<1x36xf32>
  %d = graph.squared_difference %x, %s : (tensor<8192x36xf32>, tensor<1x36xf32>) -> tensor<8192x36xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x36xf32>) -> tensor<1x36xf32>
  %a = graph.add %v, %e : (tensor<1x36xf32>, tensor<f32>) -> tensor<1x36xf32>
  %r = graph.rsqrt %a : (tensor<1x36xf32>) -> tensor<1x36xf32>
  %k = graph.multiply %r, %g : (tensor<1x36xf32>, tensor<36xf32>) -> tensor<1x36xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8192x36xf32>, tensor<1x36xf32>) -> tensor<8192x36xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<1x36xf32>, tensor<1x36xf32>) -> tensor<1x36xf32>
  %o = graph.subtract %b, %q : (tensor<36xf32>, tensor<1x36xf32>) -> tensor<1x36xf32>
  %y = graph.add %p, %o : (tensor<8192x36xf32>, tensor<1x36xf32>) -> tensor<8192x36xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8192x36xf32>
}

// -----

// Without a gradient, layers as well.
// REMARK: the fused loops of the small ops are faster for 8 rows of 16 channels
// CHECK-LABEL: @small_layers
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @small_layers attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// A relu would be a pass over the data of its own.
// REMARK: the fused loops of the small ops take in 'z', which follows
// CHECK-LABEL: @followed_layers
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @followed_layers attributes {fetch_names = ["z:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4096x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %s = graph.stop_gradient %m : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<4096x16xf32>, tensor<4096x1xf32>) -> tensor<4096x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %a = graph.add %v, %e : (tensor<4096x1xf32>, tensor<f32>) -> tensor<4096x1xf32>
  %r = graph.rsqrt %a : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %k = graph.multiply %r, %g : (tensor<4096x1xf32>, tensor<16xf32>) -> tensor<4096x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<4096x1xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %y = graph.add %p, %o : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("y")
  %z = graph.relu %y : (tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("z")
  graph.fetch %z {indices = array<i64: 0>} : tensor<4096x16xf32>
}

// -----

// The gradient of layers is worth both.
// REMARK: 8 rows of 16 channels, a mean for each row
// CHECK-LABEL: @trained_layers
// CHECK: graph.layer_normalization
graph.program @trained_layers attributes {fetch_names = ["dx:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  %z = graph.relu %y : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %dx = graph.gradients %z, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// The sums by channel of two threads would share cache lines.
// REMARK: the fused loops of the small ops are faster for 8192 rows of 36 channels
// CHECK-LABEL: @shared_lines
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @shared_lines attributes {fetch_names = ["dx:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8192x36xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<36xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<36xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8192x36xf32>) -> tensor<8192x1xf32>
  %s = graph.stop_gradient %m : (tensor<8192x1xf32>) -> tensor<8192x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8192x36xf32>, tensor<8192x1xf32>) -> tensor<8192x36xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8192x36xf32>) -> tensor<8192x1xf32>
  %a = graph.add %v, %e : (tensor<8192x1xf32>, tensor<f32>) -> tensor<8192x1xf32>
  %r = graph.rsqrt %a : (tensor<8192x1xf32>) -> tensor<8192x1xf32>
  %k = graph.multiply %r, %g : (tensor<8192x1xf32>, tensor<36xf32>) -> tensor<8192x36xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8192x36xf32>, tensor<8192x36xf32>) -> tensor<8192x36xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8192x1xf32>, tensor<8192x36xf32>) -> tensor<8192x36xf32>
  %o = graph.subtract %b, %q : (tensor<36xf32>, tensor<8192x36xf32>) -> tensor<8192x36xf32>
  %y = graph.add %p, %o : (tensor<8192x36xf32>, tensor<8192x36xf32>) -> tensor<8192x36xf32> loc("y")
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8192x36xf32>, tensor<8192x36xf32>) -> tensor<8192x36xf32>
  graph.fetch %dx {indices = array<i64: 0>} : tensor<8192x36xf32>
}

// -----

// Of batches, with a gradient or without.
// REMARK: the fused loops of the small ops take in 'z', which follows
// CHECK-LABEL: @followed
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @followed attributes {fetch_names = ["z:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8192x32xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<32xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<32xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x32xf32>) -> tensor<1x32xf32>
  %s = graph.stop_gradient %m : (tensor<1x32xf32>) -> tensor<1x32xf32>
  %d = graph.squared_difference %x, %s : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x32xf32>) -> tensor<1x32xf32>
  %a = graph.add %v, %e : (tensor<1x32xf32>, tensor<f32>) -> tensor<1x32xf32>
  %r = graph.rsqrt %a : (tensor<1x32xf32>) -> tensor<1x32xf32>
  %k = graph.multiply %r, %g : (tensor<1x32xf32>, tensor<32xf32>) -> tensor<1x32xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<1x32xf32>, tensor<1x32xf32>) -> tensor<1x32xf32>
  %o = graph.subtract %b, %q : (tensor<32xf32>, tensor<1x32xf32>) -> tensor<1x32xf32>
  %y = graph.add %p, %o : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("y")
  %z = graph.relu %y : (tensor<8192x32xf32>) -> tensor<8192x32xf32> loc("z")
  graph.fetch %z {indices = array<i64: 0>} : tensor<8192x32xf32>
}

// -----

// Nothing follows that could be computed in the same loop.
// REMARK: 8192 rows of 32 channels, a mean for each channel
// CHECK-LABEL: @large_batch
// CHECK: graph.batch_normalization
graph.program @large_batch attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8192x32xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<32xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<32xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x32xf32>) -> tensor<1x32xf32>
  %s = graph.stop_gradient %m : (tensor<1x32xf32>) -> tensor<1x32xf32>
  %d = graph.squared_difference %x, %s : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 0>, keep_dims = true} : (tensor<8192x32xf32>) -> tensor<1x32xf32>
  %a = graph.add %v, %e : (tensor<1x32xf32>, tensor<f32>) -> tensor<1x32xf32>
  %r = graph.rsqrt %a : (tensor<1x32xf32>) -> tensor<1x32xf32>
  %k = graph.multiply %r, %g : (tensor<1x32xf32>, tensor<32xf32>) -> tensor<1x32xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<1x32xf32>, tensor<1x32xf32>) -> tensor<1x32xf32>
  %o = graph.subtract %b, %q : (tensor<32xf32>, tensor<1x32xf32>) -> tensor<1x32xf32>
  %y = graph.add %p, %o : (tensor<8192x32xf32>, tensor<1x32xf32>) -> tensor<8192x32xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8192x32xf32>
}

// -----

// The squared differences would be computed a second time.
// REMARK: 'd' in the middle of it is used by 'z'
// CHECK-LABEL: @used_inside
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @used_inside attributes {fetch_names = ["y:0", "z:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  %z = graph.negative %d : (tensor<8x16xf32>) -> tensor<8x16xf32> loc("z")
  graph.fetch %y, %z {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

// The value would be there no more.
// REMARK: a gradient by 'p' is asked for
// CHECK-LABEL: @gradient_inside
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @gradient_inside attributes {fetch_names = ["y:0", "dp:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k {gradient_target = 0 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  %dp = graph.gradients %y, %p {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  graph.fetch %y, %dp {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

// TensorFlow stops the second gradient at the mean, too, where it is not 0.
// REMARK: a gradient is differentiated again, which stop_gradient of the mean takes part in
// CHECK-LABEL: @twice
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @twice attributes {fetch_names = ["y:0", "d2:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %z = graph.square %dx : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %d2 = graph.gradients %z, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  graph.fetch %y, %d2 {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

// Without stop_gradient the second gradient is the op's.
// REMARK: 8 rows of 16 channels, a mean for each row
// CHECK-LABEL: @twice_without_stop
// CHECK: graph.layer_normalization
graph.program @twice_without_stop attributes {fetch_names = ["y:0", "d2:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %m : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %z = graph.square %dx : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %d2 = graph.gradients %z, %x {num_xs = 1 : i64, num_ys = 1 : i64} : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  graph.fetch %y, %d2 {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

// Instances: a mean for each sample and channel.
// REMARK: the mean is over other axes than the last ones or all before them
// CHECK-LABEL: @middle_axis
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @middle_axis attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x3x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x3x16xf32>) -> tensor<8x1x16xf32>
  %s = graph.stop_gradient %m : (tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x3x16xf32>, tensor<8x1x16xf32>) -> tensor<8x3x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x3x16xf32>) -> tensor<8x1x16xf32>
  %a = graph.add %v, %e : (tensor<8x1x16xf32>, tensor<f32>) -> tensor<8x1x16xf32>
  %r = graph.rsqrt %a : (tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %k = graph.multiply %r, %g : (tensor<8x1x16xf32>, tensor<16xf32>) -> tensor<8x1x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x3x16xf32>, tensor<8x1x16xf32>) -> tensor<8x3x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1x16xf32>, tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %y = graph.add %p, %o : (tensor<8x3x16xf32>, tensor<8x1x16xf32>) -> tensor<8x3x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x3x16xf32>
}

// -----

// Gamma and beta are along the rows.
// REMARK: what is made of the variance's root is no x scaled and moved along the channels
// CHECK-LABEL: @gamma_of_rows
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @gamma_of_rows attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<8x1xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<8x1xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<8x1xf32>) -> tensor<8x1xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x1xf32>) -> tensor<8x1xf32>
  %o = graph.subtract %b, %q : (tensor<8x1xf32>, tensor<8x1xf32>) -> tensor<8x1xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// oneDNN has no float64.
// REMARK: expected float32, got float64[8,16]
// CHECK-LABEL: @doubles
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @doubles attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf64> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf64> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf64> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f64>} : () -> tensor<f64>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf64>) -> tensor<8x1xf64>
  %s = graph.stop_gradient %m : (tensor<8x1xf64>) -> tensor<8x1xf64>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf64>, tensor<8x1xf64>) -> tensor<8x16xf64> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf64>) -> tensor<8x1xf64>
  %a = graph.add %v, %e : (tensor<8x1xf64>, tensor<f64>) -> tensor<8x1xf64>
  %r = graph.rsqrt %a : (tensor<8x1xf64>) -> tensor<8x1xf64>
  %k = graph.multiply %r, %g : (tensor<8x1xf64>, tensor<16xf64>) -> tensor<8x16xf64> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf64>, tensor<8x16xf64>) -> tensor<8x16xf64> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf64>, tensor<8x16xf64>) -> tensor<8x16xf64>
  %o = graph.subtract %b, %q : (tensor<16xf64>, tensor<8x16xf64>) -> tensor<8x16xf64>
  %y = graph.add %p, %o : (tensor<8x16xf64>, tensor<8x16xf64>) -> tensor<8x16xf64> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf64>
}

// -----

// Moved by another mean than its own.
// REMARK: what is made of the variance's root is no x scaled and moved along the channels
// CHECK-LABEL: @moving_mean
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @moving_mean attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %n = graph.feed {index = 3 : i64, name = "n:0"} : () -> tensor<8x1xf32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %n, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// The root of what may be negative.
// REMARK: expected an epsilon of 0 or more, got -0.50
// CHECK-LABEL: @epsilon_negative
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @epsilon_negative attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<-0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// Only reads, constants and changes of shape are moved.
// REMARK: 'w' is computed after the variance
// CHECK-LABEL: @gamma_later
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @gamma_later attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4096x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %s = graph.stop_gradient %m : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<4096x16xf32>, tensor<4096x1xf32>) -> tensor<4096x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %w = graph.exp %g : (tensor<16xf32>) -> tensor<16xf32> loc("w")
  %a = graph.add %v, %e : (tensor<4096x1xf32>, tensor<f32>) -> tensor<4096x1xf32>
  %r = graph.rsqrt %a : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %k = graph.multiply %r, %w : (tensor<4096x1xf32>, tensor<16xf32>) -> tensor<4096x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<4096x1xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %y = graph.add %p, %o : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<4096x16xf32>
}

// -----

// The read sees what has been written since.
// REMARK: 'w' is computed after the variance
// CHECK-LABEL: @gamma_written
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.variable @gamma : tensor<16xf32>
graph.program @gamma_written attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4096x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %s = graph.stop_gradient %m : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<4096x16xf32>, tensor<4096x1xf32>) -> tensor<4096x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %u = graph.assign %g {variable = @gamma} : (tensor<16xf32>) -> tensor<16xf32>
  %w = graph.read_variable {variable = @gamma} : () -> tensor<16xf32> loc("w")
  %a = graph.add %v, %e : (tensor<4096x1xf32>, tensor<f32>) -> tensor<4096x1xf32>
  %r = graph.rsqrt %a : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %k = graph.multiply %r, %w : (tensor<4096x1xf32>, tensor<16xf32>) -> tensor<4096x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<4096x1xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %y = graph.add %p, %o : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<4096x16xf32>
}

// -----

// A kernel computes the whole body.
// REMARK: it is in the body of a recurrence, whose kernel computes it
// CHECK-LABEL: @recurrence
// CHECK-NOT: _normalization %
// CHECK: graph.rsqrt
graph.program @recurrence attributes {fetch_names = ["h:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4096x16xf32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32>
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32>
  %s0 = graph.feed {index = 3 : i64, name = "s:0"} : () -> tensor<4096x16xf32>
  %h = graph.static_rnn sequences(%x : tensor<5x4096x16xf32>) states(%s0 : tensor<4096x16xf32>) captured(%g, %b : tensor<16xf32>, tensor<16xf32>) {steps = 5 : i64} -> tensor<4096x16xf32> {
  ^bb0(%x_t: tensor<4096x16xf32>, %h_t: tensor<4096x16xf32>, %g_t: tensor<16xf32>, %b_t: tensor<16xf32>):
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x_t {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %s = graph.stop_gradient %m : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %d = graph.squared_difference %x_t, %s : (tensor<4096x16xf32>, tensor<4096x1xf32>) -> tensor<4096x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<4096x16xf32>) -> tensor<4096x1xf32>
  %a = graph.add %v, %e : (tensor<4096x1xf32>, tensor<f32>) -> tensor<4096x1xf32>
  %r = graph.rsqrt %a : (tensor<4096x1xf32>) -> tensor<4096x1xf32>
  %k = graph.multiply %r, %g_t : (tensor<4096x1xf32>, tensor<16xf32>) -> tensor<4096x16xf32> loc("k")
  %p = graph.multiply %x_t, %k : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<4096x1xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %o = graph.subtract %b_t, %q : (tensor<16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
  %y = graph.add %p, %o : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32> loc("y")
  %n = graph.add %y, %h_t : (tensor<4096x16xf32>, tensor<4096x16xf32>) -> tensor<4096x16xf32>
    graph.yield %n : tensor<4096x16xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4096x16xf32>
}

// -----

// No variance: the length of a vector, as tf.nn.l2_normalize takes it. Nothing is said of it.
// REMARK-NOT: remark
// CHECK-LABEL: @length
// CHECK: graph.rsqrt
graph.program @length attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %d = graph.square %x : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %v = graph.reduce_sum %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %y = graph.multiply %x, %r : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}
