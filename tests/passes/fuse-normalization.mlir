// RUN: graphc-opt %s --split-input-file --graph-fuse-normalization=always=true | FileCheck %s

// As tf.contrib.layers.layer_norm and tf.keras' LayerNormalization record it. Nothing of the small ops stays.
// CHECK-LABEL: @layers
// CHECK-NOT: graph.reduce_mean
// CHECK: %[[Y:.*]]:3 = graph.layer_normalization %x, %g, %b {epsilon = 5.000000e-01 : f64}
// CHECK-NEXT: graph.fetch %[[Y]]#0 {
graph.program @layers attributes {fetch_names = ["y:0"]} {
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

// tf.nn.moments without keep_dims: the moments are vectors, and others read them.
// CHECK-LABEL: @batches
// CHECK: %[[Y:.*]]:3 = graph.batch_normalization %x, %g, %b {epsilon = 5.000000e-01 : f64}
// CHECK-NOT: graph.rsqrt
// CHECK: %[[M1:.*]] = graph.reshape %[[Y]]#1 {shape = array<i64: 1, 16>}
// CHECK: %[[MEAN:.*]] = graph.squeeze %[[M1]]
// CHECK: graph.fetch %[[Y]]#0, %[[MEAN]],
graph.program @batches attributes {fetch_names = ["y:0", "m1:0", "v1:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<1x16xf32>
  %s = graph.stop_gradient %m : (tensor<1x16xf32>) -> tensor<1x16xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<1x16xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 0>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<1x16xf32>
  %m1 = graph.squeeze %m {axes = array<i64: 0>} : (tensor<1x16xf32>) -> tensor<16xf32>
  %v1 = graph.squeeze %v {axes = array<i64: 0>} : (tensor<1x16xf32>) -> tensor<16xf32>
  %a = graph.add %v1, %e : (tensor<16xf32>, tensor<f32>) -> tensor<16xf32>
  %r = graph.rsqrt %a : (tensor<16xf32>) -> tensor<16xf32>
  %k = graph.multiply %r, %g : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m1, %k : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y, %m1, %v1 {indices = array<i64: 0, 1, 2>} : tensor<8x16xf32>, tensor<16xf32>, tensor<16xf32>
}

// -----

// Gamma and beta left out are ones and zeros.
// CHECK-LABEL: @neither_scaled_nor_moved
// CHECK-DAG: %[[ONES:.*]] = graph.constant {{.*}}dense<1.000000e+00> : tensor<16xf32>
// CHECK-DAG: %[[ZEROS:.*]] = graph.constant {{.*}}dense<0.000000e+00> : tensor<16xf32>
// CHECK: graph.layer_normalization %x, %[[ONES]], %[[ZEROS]]
graph.program @neither_scaled_nor_moved attributes {fetch_names = ["y:0"]} {
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
  %p = graph.multiply %x, %r : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %r : (tensor<8x1xf32>, tensor<8x1xf32>) -> tensor<8x1xf32>
  %o = graph.negative %q : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// Written another way: the square of a difference, which is scaled and moved; terms and factors in the other order.
// CHECK-LABEL: @centered
// CHECK: %[[Y:.*]]:3 = graph.layer_normalization %x, %g, %b {epsilon = 5.000000e-01 : f64}
// CHECK-NEXT: graph.fetch %[[Y]]#0 {
graph.program @centered attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: -1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %c = graph.subtract %x, %m : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32>
  %d = graph.square %c : (tensor<8x16xf32>) -> tensor<8x16xf32>
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %a = graph.add %e, %v : (tensor<f32>, tensor<8x1xf32>) -> tensor<8x1xf32>
  %r = graph.sqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %n = graph.divide %c, %r : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32>
  %k = graph.multiply %g, %n : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %b, %k : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x16xf32>
}

// -----

// Over all axes but the first, as tf.contrib.layers.layer_norm does, with gamma and beta along the last one.
// CHECK-LABEL: @over_two_axes
// CHECK-DAG: %[[X:.*]] = graph.reshape %x {shape = array<i64: 8, 48>}
// CHECK-DAG: %[[G3:.*]] = graph.broadcast_to %g {shape = array<i64: 3, 16>}
// CHECK-DAG: %[[G:.*]] = graph.reshape %[[G3]] {shape = array<i64: 48>}
// CHECK: %[[Y:.*]]:3 = graph.layer_normalization %[[X]], %[[G]], %{{.*}}
// CHECK: graph.reshape %[[Y]]#0 {shape = array<i64: 8, 3, 16>}
graph.program @over_two_axes attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x3x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<8x3x16xf32>) -> tensor<8x1x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1x1xf32>) -> tensor<8x1x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x3x16xf32>, tensor<8x1x1xf32>) -> tensor<8x3x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<8x3x16xf32>) -> tensor<8x1x1xf32>
  %a = graph.add %v, %e : (tensor<8x1x1xf32>, tensor<f32>) -> tensor<8x1x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1x1xf32>) -> tensor<8x1x1xf32>
  %k = graph.multiply %r, %g : (tensor<8x1x1xf32>, tensor<16xf32>) -> tensor<8x1x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x3x16xf32>, tensor<8x1x16xf32>) -> tensor<8x3x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1x1xf32>, tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %y = graph.add %p, %o : (tensor<8x3x16xf32>, tensor<8x1x16xf32>) -> tensor<8x3x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x3x16xf32>
}

// -----

// FusedBatchNorm of images, as it is imported: vectors, and the moments of the centered images.
// CHECK-LABEL: @images
// CHECK: graph.batch_normalization %x, %g, %b {epsilon = 5.000000e-01 : f64}
// CHECK-NOT: graph.rsqrt
graph.program @images attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x2x3x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 0, 1, 2>} : (tensor<8x2x3x16xf32>) -> tensor<16xf32>
  %c = graph.subtract %x, %m : (tensor<8x2x3x16xf32>, tensor<16xf32>) -> tensor<8x2x3x16xf32>
  %d = graph.square %c : (tensor<8x2x3x16xf32>) -> tensor<8x2x3x16xf32>
  %v = graph.reduce_mean %d {axes = array<i64: 0, 1, 2>} : (tensor<8x2x3x16xf32>) -> tensor<16xf32>
  %a = graph.add %v, %e : (tensor<16xf32>, tensor<f32>) -> tensor<16xf32>
  %r = graph.rsqrt %a : (tensor<16xf32>) -> tensor<16xf32>
  %k = graph.multiply %r, %g : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x2x3x16xf32>, tensor<16xf32>) -> tensor<8x2x3x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  %y = graph.add %p, %o : (tensor<8x2x3x16xf32>, tensor<16xf32>) -> tensor<8x2x3x16xf32> loc("y")
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x2x3x16xf32>
}

// -----

// The reads come after a moving average has been updated by the mean; they move to the front of it.
// CHECK-LABEL: @read_later
// CHECK: %[[G:.*]] = graph.read_variable {variable = @gamma}
// CHECK: graph.layer_normalization %x, %[[G]], %b
// CHECK: graph.assign_sub
graph.variable @gamma : tensor<16xf32>
graph.variable @moving : tensor<8x1xf32>
graph.program @read_later attributes {fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<8x16xf32> loc("x")
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<16xf32> loc("g")
  %b = graph.feed {index = 2 : i64, name = "b:0"} : () -> tensor<16xf32> loc("b")
  %e = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %m = graph.reduce_mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %s = graph.stop_gradient %m : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %d = graph.squared_difference %x, %s : (tensor<8x16xf32>, tensor<8x1xf32>) -> tensor<8x16xf32> loc("d")
  %v = graph.reduce_mean %d {axes = array<i64: 1>, keep_dims = true} : (tensor<8x16xf32>) -> tensor<8x1xf32>
  %u = graph.assign_sub %m {variable = @moving} : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %w = graph.read_variable {variable = @gamma} : () -> tensor<16xf32>
  %a = graph.add %v, %e : (tensor<8x1xf32>, tensor<f32>) -> tensor<8x1xf32>
  %r = graph.rsqrt %a : (tensor<8x1xf32>) -> tensor<8x1xf32>
  %k = graph.multiply %r, %w : (tensor<8x1xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("k")
  %p = graph.multiply %x, %k : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("p")
  %q = graph.multiply %m, %k : (tensor<8x1xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %o = graph.subtract %b, %q : (tensor<16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
  %y = graph.add %p, %o : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32> loc("y")
  graph.fetch %y, %u {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x1xf32>
}

// -----

// The gradient is one op; dx, dgamma and dbeta come from it.
// CHECK-LABEL: @differentiated
// CHECK: graph.layer_normalization
// CHECK: graph.gradients
graph.program @differentiated attributes {fetch_names = ["y:0", "dx:0"]} {
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
  graph.fetch %y, %dx {indices = array<i64: 0, 1>} : tensor<8x16xf32>, tensor<8x16xf32>
}
