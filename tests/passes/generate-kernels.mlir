// RUN: graphc-opt %s -graph-generate-kernels | FileCheck %s

// A kernel's body becomes a function with runtime/KernelAbi.h's arguments: buffers, begin, end, scratch, context.
// The body stays; the function stands in a module of its own, where the names are free.
// CHECK-LABEL: plan.kernel @double extent 64
// CHECK: graph.add
// CHECK: module @kernels {
// CHECK: llvm.func @double(%[[BUFFERS:.*]]: !llvm.ptr, %{{.*}}: i64, %[[END:.*]]: i64, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr)
// CHECK-NEXT: llvm.getelementptr inbounds %[[BUFFERS]][0]
// CHECK: llvm.icmp "slt" %{{.*}}, %[[END]]
// CHECK: %[[X:.*]] = llvm.load {{.*}} -> f32
// CHECK: %[[Y:.*]] = llvm.fadd %[[X]], %[[X]]
// CHECK: llvm.store %[[Y]]
// CHECK: llvm.return
plan.kernel @double extent 64 grain 64 scratch 0 {
^bb0(%x: tensor<64xf32>):
  %y = graph.add %x, %x : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  graph.yield %y : tensor<64xf32>
}
