// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// Arithmetic, comparisons, logic, activations, selection.
graph.program @main {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<?x27xf32>
  %v = graph.feed {index = 1 : i64, name = "v:0"} : () -> tensor<27xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<?xi64>
  %n = graph.feed {index = 3 : i64, name = "n:0"} : () -> tensor<i64>
  %c = graph.feed {index = 4 : i64, name = "c:0"} : () -> tensor<?x1xi1>
  %s = graph.feed {index = 5 : i64, name = "s:0"} : () -> tensor<f32>
  // CHECK: graph.add %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r0 = graph.add %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.subtract %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r1 = graph.subtract %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.multiply %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r2 = graph.multiply %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.divide %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r3 = graph.divide %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.floordiv %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r4 = graph.floordiv %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.floormod %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r5 = graph.floormod %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.maximum %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r6 = graph.maximum %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.minimum %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r7 = graph.minimum %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.pow %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r8 = graph.pow %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.squared_difference %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r9 = graph.squared_difference %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.equal %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r10 = graph.equal %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.not_equal %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r11 = graph.not_equal %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.less %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r12 = graph.less %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.less_equal %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r13 = graph.less_equal %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.greater %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r14 = graph.greater %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.greater_equal %{{.*}} : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  %r15 = graph.greater_equal %i, %n : (tensor<?xi64>, tensor<i64>) -> tensor<?xi1>
  // CHECK: graph.logical_and %{{.*}} : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  %r16 = graph.logical_and %c, %c : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  // CHECK: graph.logical_or %{{.*}} : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  %r17 = graph.logical_or %c, %c : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  // CHECK: graph.logical_xor %{{.*}} : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  %r18 = graph.logical_xor %c, %c : (tensor<?x1xi1>, tensor<?x1xi1>) -> tensor<?x1xi1>
  // CHECK: graph.logical_not %{{.*}} : (tensor<?x1xi1>) -> tensor<?x1xi1>
  %r19 = graph.logical_not %c : (tensor<?x1xi1>) -> tensor<?x1xi1>
  // CHECK: graph.negative %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r20 = graph.negative %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.abs %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r21 = graph.abs %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.sign %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r22 = graph.sign %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.square %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r23 = graph.square %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.sqrt %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r24 = graph.sqrt %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.rsqrt %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r25 = graph.rsqrt %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.reciprocal %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r26 = graph.reciprocal %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.exp %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r27 = graph.exp %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.log %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28 = graph.log %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.expm1 %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28a = graph.expm1 %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.log1p %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28b = graph.log1p %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.sin %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28c = graph.sin %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.cos %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28d = graph.cos %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.erf %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r28e = graph.erf %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.tanh %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r29 = graph.tanh %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.sigmoid %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r30 = graph.sigmoid %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.relu %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r31 = graph.relu %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.softplus %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r32 = graph.softplus %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.floor %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r33 = graph.floor %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.ceil %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r34 = graph.ceil %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.round %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r35 = graph.round %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.identity %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r36 = graph.identity %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.stop_gradient %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r37 = graph.stop_gradient %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.zeros_like %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r38 = graph.zeros_like %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.ones_like %{{.*}} : (tensor<?x27xf32>) -> tensor<?x27xf32>
  %r39 = graph.ones_like %x : (tensor<?x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.cast %{{.*}} {dtype = ui8} : (tensor<?x1xi1>) -> tensor<?x1xui8>
  %r40 = graph.cast %c {dtype = ui8} : (tensor<?x1xi1>) -> tensor<?x1xui8>
  // CHECK: graph.where %{{.*}} : (tensor<?x1xi1>, tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r41 = graph.where %c, %x, %v : (tensor<?x1xi1>, tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.clip_by_value %{{.*}} : (tensor<?x27xf32>, tensor<f32>, tensor<f32>) -> tensor<?x27xf32>
  %r42 = graph.clip_by_value %x, %s, %s : (tensor<?x27xf32>, tensor<f32>, tensor<f32>) -> tensor<?x27xf32>
  // CHECK: graph.add_n %{{.*}} : (tensor<27xf32>, tensor<27xf32>, tensor<27xf32>) -> tensor<27xf32>
  %r43 = graph.add_n %v, %v, %v : (tensor<27xf32>, tensor<27xf32>, tensor<27xf32>) -> tensor<27xf32>
  // CHECK: graph.bias_add %{{.*}} : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
  %r44 = graph.bias_add %x, %v : (tensor<?x27xf32>, tensor<27xf32>) -> tensor<?x27xf32>
}
