// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Constants, questions about shapes, and ops that only move elements.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x128x9xf32>
  %y = graph.feed {index = 1 : i64, name = "y:0"} : () -> tensor<?x128x9xf32>
  %v = graph.feed {index = 2 : i64, name = "v:0"} : () -> tensor<27xf32>
  %m = graph.feed {index = 3 : i64, name = "m:0"} : () -> tensor<1x27xf32>
  %d = graph.feed {index = 4 : i64, name = "d:0"} : () -> tensor<2xi64>
  %p = graph.feed {index = 5 : i64, name = "p:0"} : () -> tensor<1x2xi32>
  %s = graph.feed {index = 6 : i64, name = "s:0"} : () -> tensor<f32>
  %n = graph.feed {index = 7 : i64, name = "n:0"} : () -> tensor<i32>
  %i = graph.feed {index = 8 : i64, name = "i:0"} : () -> tensor<?xi32>
  %g = graph.feed {index = 9 : i64, name = "g:0"} : () -> tensor<?x128xf32>
  %two = graph.feed {index = 10 : i64, name = "two:0"} : () -> tensor<2x4xf32>
  // CHECK: graph.constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
  %r0 = graph.constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
  // CHECK: graph.fill %{{.*}} {dims = array<i64: 600, 27>} : (tensor<f32>) -> tensor<600x27xf32>
  %r1 = graph.fill %s {dims = array<i64: 600, 27>} : (tensor<f32>) -> tensor<600x27xf32>
  // CHECK: graph.fill %{{.*}} : (tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
  %r2 = graph.fill %s, %d : (tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.range %{{.*}} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  %r3 = graph.range %n, %n, %n : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  // CHECK: graph.one_hot %{{.*}} {axis = 1 : i64, depth = 6 : i64} : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32>
  %r4 = graph.one_hot %i, %s, %s {axis = 1 : i64, depth = 6 : i64}
      : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32>
  // CHECK: graph.one_hot %{{.*}} {depth = 6 : i64} : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32>
  %r5 = graph.one_hot %i, %s, %s {depth = 6 : i64} : (tensor<?xi32>, tensor<f32>, tensor<f32>) -> tensor<?x6xf32>
  // CHECK: graph.shape %{{.*}} {dtype = i32} : (tensor<?x128x9xf32>) -> tensor<3xi32>
  %r6 = graph.shape %x {dtype = i32} : (tensor<?x128x9xf32>) -> tensor<3xi32>
  // CHECK: graph.size %{{.*}} {dtype = i64} : (tensor<?x128x9xf32>) -> tensor<i64>
  %r7 = graph.size %x {dtype = i64} : (tensor<?x128x9xf32>) -> tensor<i64>
  // CHECK: graph.rank %{{.*}} : (tensor<?x128x9xf32>) -> tensor<i32>
  %r8 = graph.rank %x : (tensor<?x128x9xf32>) -> tensor<i32>
  // CHECK: graph.reshape %{{.*}} {shape = array<i64: -1, 9>} : (tensor<?x128x9xf32>) -> tensor<?x9xf32>
  %r9 = graph.reshape %x {shape = array<i64: -1, 9>} : (tensor<?x128x9xf32>) -> tensor<?x9xf32>
  // CHECK: graph.reshape %{{.*}} : (tensor<?x128x9xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %r10 = graph.reshape %x, %d : (tensor<?x128x9xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.expand_dims %{{.*}} {axis = 0 : i64} : (tensor<27xf32>) -> tensor<1x27xf32>
  %r11 = graph.expand_dims %v {axis = 0 : i64} : (tensor<27xf32>) -> tensor<1x27xf32>
  // CHECK: graph.squeeze %{{.*}} {axes = array<i64: 0>} : (tensor<1x27xf32>) -> tensor<27xf32>
  %r12 = graph.squeeze %m {axes = array<i64: 0>} : (tensor<1x27xf32>) -> tensor<27xf32>
  // CHECK: graph.squeeze %{{.*}} {axes = array<i64>} : (tensor<1x27xf32>) -> tensor<27xf32>
  %r13 = graph.squeeze %m {axes = array<i64>} : (tensor<1x27xf32>) -> tensor<27xf32>
  // CHECK: graph.transpose %{{.*}} {perm = array<i64: 1, 0, 2>} : (tensor<?x128x9xf32>) -> tensor<128x?x9xf32>
  %r14 = graph.transpose %x {perm = array<i64: 1, 0, 2>} : (tensor<?x128x9xf32>) -> tensor<128x?x9xf32>
  // CHECK: graph.concat %{{.*}} {axis = -1 : i64} : (tensor<?x128x9xf32>, tensor<?x128x9xf32>) -> tensor<?x128x18xf32>
  %r15 = graph.concat %x, %y {axis = -1 : i64} : (tensor<?x128x9xf32>, tensor<?x128x9xf32>) -> tensor<?x128x18xf32>
  // CHECK: graph.split %{{.*}} {axis = 0 : i64, sizes = array<i64: 20, 7>} : (tensor<27xf32>) -> (tensor<20xf32>, tensor<7xf32>)
  %r16:2 = graph.split %v {axis = 0 : i64, sizes = array<i64: 20, 7>}
      : (tensor<27xf32>) -> (tensor<20xf32>, tensor<7xf32>)
  // CHECK: graph.stack %{{.*}} {axis = 1 : i64} : (tensor<27xf32>, tensor<27xf32>) -> tensor<27x2xf32>
  %r17 = graph.stack %v, %v {axis = 1 : i64} : (tensor<27xf32>, tensor<27xf32>) -> tensor<27x2xf32>
  // CHECK: graph.unstack %{{.*}} {axis = 0 : i64, num = 2 : i64} : (tensor<2x4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  %r18:2 = graph.unstack %two {axis = 0 : i64, num = 2 : i64} : (tensor<2x4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  // CHECK: graph.slice %{{.*}} {begin = array<i64: 0, 1>, size = array<i64: -1, 8>} : (tensor<?x128xf32>) -> tensor<?x8xf32>
  %r19 = graph.slice %g {begin = array<i64: 0, 1>, size = array<i64: -1, 8>} : (tensor<?x128xf32>) -> tensor<?x8xf32>
  // CHECK: graph.slice %{{.*}} : (tensor<?x128xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %r20 = graph.slice %g, %d, %d : (tensor<?x128xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.strided_slice %{{.*}} {begin = array<i64: 0, -1>, begin_mask = 1 : i64, end = array<i64: 0, 0>, end_mask = 1 : i64, shrink_axis_mask = 2 : i64, strides = array<i64: 1, 1>} : (tensor<?x128x9xf32>) -> tensor<?x9xf32>
  %r21 = graph.strided_slice %x {begin = array<i64: 0, -1>, begin_mask = 1 : i64, end = array<i64: 0, 0>, end_mask = 1 : i64, shrink_axis_mask = 2 : i64, strides = array<i64: 1, 1>}
      : (tensor<?x128x9xf32>) -> tensor<?x9xf32>
  // CHECK: graph.strided_slice %{{.*}} : (tensor<?x128xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %r22 = graph.strided_slice %g, %d, %d, %d
      : (tensor<?x128xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.strided_slice_grad %{{.*}} {begin = array<i64: 1>, end = array<i64: 3>, shape = array<i64: 5, 4>, strides = array<i64: 1>} : (tensor<2x4xf32>) -> tensor<5x4xf32>
  %r23 = graph.strided_slice_grad %two {begin = array<i64: 1>, end = array<i64: 3>, shape = array<i64: 5, 4>, strides = array<i64: 1>}
      : (tensor<2x4xf32>) -> tensor<5x4xf32>
  // CHECK: graph.tile %{{.*}} {multiples = array<i64: 600, 1>} : (tensor<1x27xf32>) -> tensor<600x27xf32>
  %r24 = graph.tile %m {multiples = array<i64: 600, 1>} : (tensor<1x27xf32>) -> tensor<600x27xf32>
  // CHECK: graph.tile %{{.*}} : (tensor<1x27xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %r25 = graph.tile %m, %d : (tensor<1x27xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.pad %{{.*}} {paddings = array<i64: 0, 0, 2, 3>, value = 1.500000e+00 : f64} : (tensor<?x128xf32>) -> tensor<?x133xf32>
  %r26 = graph.pad %g {paddings = array<i64: 0, 0, 2, 3>, value = 1.500000e+00 : f64}
      : (tensor<?x128xf32>) -> tensor<?x133xf32>
  // CHECK: graph.pad %{{.*}} : (tensor<27xf32>, tensor<1x2xi32>) -> tensor<?xf32>
  %r27 = graph.pad %v, %p : (tensor<27xf32>, tensor<1x2xi32>) -> tensor<?xf32>
  // CHECK: graph.broadcast_to %{{.*}} {shape = array<i64: 600, 27>} : (tensor<27xf32>) -> tensor<600x27xf32>
  %r28 = graph.broadcast_to %v {shape = array<i64: 600, 27>} : (tensor<27xf32>) -> tensor<600x27xf32>
  // CHECK: graph.broadcast_to %{{.*}} : (tensor<27xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %r29 = graph.broadcast_to %v, %d : (tensor<27xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: graph.reverse %{{.*}} {axes = array<i64: 1>} : (tensor<?x128x9xf32>) -> tensor<?x128x9xf32>
  %r30 = graph.reverse %x {axes = array<i64: 1>} : (tensor<?x128x9xf32>) -> tensor<?x128x9xf32>
  // CHECK: graph.gather %{{.*}} {axis = 1 : i64} : (tensor<2x4xf32>, tensor<?xi32>) -> tensor<2x?xf32>
  %r31 = graph.gather %two, %i {axis = 1 : i64} : (tensor<2x4xf32>, tensor<?xi32>) -> tensor<2x?xf32>
  // CHECK: graph.gather %{{.*}} : (tensor<2x4xf32>, tensor<?xi32>) -> tensor<?x4xf32>
  %r32 = graph.gather %two, %i : (tensor<2x4xf32>, tensor<?xi32>) -> tensor<?x4xf32>
  // CHECK: graph.unsorted_segment_sum %{{.*}} {num_segments = 100 : i64} : (tensor<?x128xf32>, tensor<?xi32>) -> tensor<100x128xf32>
  %r33 = graph.unsorted_segment_sum %g, %i {num_segments = 100 : i64}
      : (tensor<?x128xf32>, tensor<?xi32>) -> tensor<100x128xf32>
}
