// RUN: graphc-opt %s -graph-generate-kernels -verify-diagnostics

// An op of the host inside of a kernel.
// expected-error @+1 {{no kernel can be made: qr has no kernel}}
plan.kernel @factors extent 4 grain 4 scratch 0 {
^bb0(%x: tensor<4x4xf32>):
  %q, %r = graph.qr %x {full_matrices = false} : (tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>)
  graph.yield %q : tensor<4x4xf32>
}
