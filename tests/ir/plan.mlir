// RUN: graphc-opt %s | graphc-opt | FileCheck %s
// RUN: graphc-opt %s --emit-bytecode | graphc-opt | FileCheck %s

graph.variable @"dense/kernel" : tensor<9x27xf32> {trainable = true}
graph.variable @bias : tensor<27xf32> {trainable = true}

// CHECK-LABEL: plan.kernel @tanh extent 4 grain 2 scratch 128 {
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<4x27xf32>):
// CHECK-NEXT: %[[Y:.*]] = graph.tanh %[[X]]
// CHECK-NEXT: graph.yield %[[Y]]
plan.kernel @tanh extent 4 grain 2 scratch 128 {
^bb0(%x: tensor<4x27xf32>):
  %y = graph.tanh %x : (tensor<4x27xf32>) -> tensor<4x27xf32>
  graph.yield %y : tensor<4x27xf32>
}

plan.kernel @descent extent 27 grain 27 scratch 0 {
^bb0(%lr: tensor<f32>, %g: tensor<27xf32>, %b: tensor<27xf32>):
  graph.apply_gradient_descent %lr, %g {variable = @bias} : (tensor<f32>, tensor<27xf32>) -> ()
  graph.yield
}

// CHECK-LABEL: plan.program @main feeds ["x:0", "lr:0"] fetches ["y:0", "train"] threads 2 peak 640 unshared 704 {
plan.program @main feeds ["x:0", "lr:0"] fetches ["y:0", "train"] threads 2 peak 640 unshared 704 {
  // CHECK: %[[FEED:.*]] = plan.buffer fed {index = 0 : i64} : memref<4x9xf32>
  %x = plan.buffer fed {index = 0 : i64} : memref<4x9xf32>
  %lr = plan.buffer fed {index = 1 : i64} : memref<f32>
  // CHECK: %[[W:.*]] = plan.buffer variable {variable = @"dense/kernel"} : memref<9x27xf32>
  %w = plan.buffer variable {variable = @"dense/kernel"} : memref<9x27xf32>
  %b = plan.buffer variable {variable = @bias} : memref<27xf32>
  // CHECK: %[[H:.*]] = plan.buffer temporary {lifetime = array<i64: 0, 1>, offset = 64 : i64} : memref<4x27xf32>
  %h = plan.buffer temporary {lifetime = array<i64: 0, 1>, offset = 64 : i64} : memref<4x27xf32>
  %y = plan.buffer fetched {index = 0 : i64} : memref<4x27xf32>
  // CHECK: plan.buffer constant {value = dense<1.000000e+00> : tensor<27xf32>} : memref<27xf32>
  %g = plan.buffer constant {value = dense<1.0> : tensor<27xf32>} : memref<27xf32>
  // CHECK: %[[KEPT:.*]] = plan.buffer kept {variable = @"dense/kernel"} : memref<972xui8>
  %kept = plan.buffer kept {variable = @"dense/kernel"} : memref<972xui8>
  // CHECK: %[[P:.*]] = plan.create_primitive "matmul" {activation = "none"} implementation "gemm:jit" scratchpad 100 : (memref<4x9xf32>, memref<9x27xf32>) -> memref<4x27xf32>
  %p = plan.create_primitive "matmul" {activation = "none"} implementation "gemm:jit" scratchpad 100
      : (memref<4x9xf32>, memref<9x27xf32>) -> memref<4x27xf32>
  %pack = plan.create_primitive "matmul_pack" {} implementation "jit" scratchpad 0
      : (memref<9x27xf32>) -> memref<972xui8>
  // CHECK: plan.run_primitive %{{.*}} inputs(%[[W]] : memref<9x27xf32>) outputs(%[[KEPT]] : memref<972xui8>)
  plan.run_primitive %pack inputs(%w : memref<9x27xf32>) outputs(%kept : memref<972xui8>)
  %s = plan.buffer temporary {lifetime = array<i64: 0, 0>, offset = 512 : i64} : memref<100xui8>
  // CHECK: plan.run_primitive %[[P]] inputs(%[[FEED]], %[[W]] : memref<4x9xf32>, memref<9x27xf32>) outputs(%[[H]] : memref<4x27xf32>) scratchpad(%{{.*}} : memref<100xui8>)
  plan.run_primitive %p inputs(%x, %w : memref<4x9xf32>, memref<9x27xf32>) outputs(%h : memref<4x27xf32>)
      scratchpad(%s : memref<100xui8>)
  // CHECK: plan.call_kernel @tanh inputs(%[[H]] : memref<4x27xf32>) outputs(%{{.*}} : memref<4x27xf32>)
  plan.call_kernel @tanh inputs(%h : memref<4x27xf32>) outputs(%y : memref<4x27xf32>)
  // CHECK: plan.call_kernel @descent inputs({{.*}}) updates(%{{.*}} : memref<27xf32>){{$}}
  plan.call_kernel @descent inputs(%lr, %g : memref<f32>, memref<27xf32>) updates(%b : memref<27xf32>)
  // CHECK: plan.view %[[W]] : memref<9x27xf32> to memref<27x9xf32, strided<[1, 27]>>
  %t = plan.view %w : memref<9x27xf32> to memref<27x9xf32, strided<[1, 27]>>
  // CHECK: %[[ROW:.*]] = plan.view %[[W]] : memref<9x27xf32> to memref<27xf32, strided<[1], offset: 54>>
  %row = plan.view %w : memref<9x27xf32> to memref<27xf32, strided<[1], offset: 54>>
  // CHECK: plan.copy %[[ROW]] to %{{.*}} : memref<27xf32, strided<[1], offset: 54>> to memref<27xf32>
  plan.copy %row to %b : memref<27xf32, strided<[1], offset: 54>> to memref<27xf32>
  // CHECK: plan.call_host "qr" inputs({{.*}}) outputs({{.*}}) parameters {full = false} because "qr has no kernel"
  %q = plan.buffer temporary : memref<9x9xf32>
  %r = plan.buffer temporary : memref<9x27xf32>
  plan.call_host "qr" inputs(%w : memref<9x27xf32>) outputs(%q, %r : memref<9x9xf32>, memref<9x27xf32>)
      parameters {full = false} because "qr has no kernel"
}
