// RUN: graphc-opt %s --graphc-assign-buffers | FileCheck %s

plan.kernel @tanh extent 4 grain 4 scratch 0 {
^bb0(%x: tensor<32xf32>):
  %y = graph.tanh %x : (tensor<32xf32>) -> tensor<32xf32>
  graph.yield %y : tensor<32xf32>
}

// step   0    1    2    3
// a     [aaaaaaa]
// b          [bbbbbbb]
// c               [ccccccc]     where a was
// 128 bytes each: two at a time, three without sharing.
// CHECK-LABEL: plan.program @chain
// CHECK-SAME: peak 256 unshared 384
// CHECK: plan.buffer temporary {lifetime = array<i64: 0, 1>, offset = 0 : i64}
// CHECK: plan.buffer temporary {lifetime = array<i64: 1, 2>, offset = 128 : i64}
// CHECK: plan.buffer temporary {lifetime = array<i64: 2, 3>, offset = 0 : i64}
plan.program @chain feeds ["x:0"] fetches ["y:0"] threads 1 {
  %x = plan.buffer fed {index = 0 : i64} : memref<32xf32>
  %y = plan.buffer fetched {index = 0 : i64} : memref<32xf32>
  %a = plan.buffer temporary : memref<32xf32>
  %b = plan.buffer temporary : memref<32xf32>
  %c = plan.buffer temporary : memref<32xf32>
  plan.call_kernel @tanh inputs(%x : memref<32xf32>) outputs(%a : memref<32xf32>)
  plan.call_kernel @tanh inputs(%a : memref<32xf32>) outputs(%b : memref<32xf32>)
  plan.call_kernel @tanh inputs(%b : memref<32xf32>) outputs(%c : memref<32xf32>)
  plan.call_kernel @tanh inputs(%c : memref<32xf32>) outputs(%y : memref<32xf32>)
}

// A view keeps the buffer alive.
// CHECK-LABEL: plan.program @used_through_a_view
// CHECK-SAME: peak 256 unshared 256
// CHECK: plan.buffer temporary {lifetime = array<i64: 0, 2>, offset = 0 : i64}
// CHECK: plan.buffer temporary {lifetime = array<i64: 1, 1>, offset = 128 : i64}
plan.program @used_through_a_view feeds ["x:0"] fetches ["y:0"] threads 1 {
  %x = plan.buffer fed {index = 0 : i64} : memref<32xf32>
  %y = plan.buffer fetched {index = 0 : i64} : memref<4x8xf32>
  %a = plan.buffer temporary : memref<32xf32>
  %b = plan.buffer temporary : memref<32xf32>
  %v = plan.view %a : memref<32xf32> to memref<4x8xf32>
  plan.call_kernel @tanh inputs(%x : memref<32xf32>) outputs(%a : memref<32xf32>)
  plan.call_kernel @tanh inputs(%x : memref<32xf32>) outputs(%b : memref<32xf32>)
  plan.copy %v to %y : memref<4x8xf32> to memref<4x8xf32>
}

// Scratchpads live for a step; what makes a kept buffer is no step.
// CHECK-LABEL: plan.program @scratchpads
// CHECK-SAME: peak 128 unshared 256
// CHECK: plan.buffer temporary {lifetime = array<i64: 0, 0>, offset = 0 : i64} : memref<100xui8>
// CHECK: plan.buffer temporary {lifetime = array<i64: 1, 1>, offset = 0 : i64} : memref<100xui8>
graph.variable @w : tensor<4xf32> {trainable = true}
plan.program @scratchpads feeds [] fetches ["y:0", "z:0"] threads 1 {
  %w = plan.buffer variable {variable = @w} : memref<4xf32>
  %k = plan.buffer kept {variable = @w} : memref<16xui8>
  %y = plan.buffer fetched {index = 0 : i64} : memref<4xf32>
  %z = plan.buffer fetched {index = 1 : i64} : memref<4xf32>
  %pack = plan.create_primitive "matmul_pack" {} implementation "jit" scratchpad 0 : (memref<4xf32>) -> memref<16xui8>
  %p = plan.create_primitive "eltwise" {} implementation "jit" scratchpad 100 : (memref<4xf32>) -> memref<4xf32>
  plan.run_primitive %pack inputs(%w : memref<4xf32>) outputs(%k : memref<16xui8>)
  %s0 = plan.buffer temporary : memref<100xui8>
  plan.run_primitive %p inputs(%w : memref<4xf32>) outputs(%y : memref<4xf32>) scratchpad(%s0 : memref<100xui8>)
  %s1 = plan.buffer temporary : memref<100xui8>
  plan.run_primitive %p inputs(%w : memref<4xf32>) outputs(%z : memref<4xf32>) scratchpad(%s1 : memref<100xui8>)
}
