// RUN: graphc-opt %s --split-input-file --graph-roll-up-recurrences --graph-simplify-graph | FileCheck %s
// RUN: graphc-opt %s --split-input-file --graph-roll-up-recurrences --remark-format=emitRemark --remarks-filter="graph-roll.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The parts of the sequence become the sequence again; only the last state is used.
// REMARK: 4 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @plain_cell
// CHECK-NOT: graph.unstack
// CHECK: %[[H:.*]] = graph.static_rnn sequences(%{{.*}} : tensor<4x8x2xf32>) states(%{{.*}} : tensor<8x2xf32>) captured(%{{.*}} : tensor<2x2xf32>) {steps = 4 : i64} -> tensor<8x2xf32>
// CHECK: ^bb0(%[[X:.*]]: tensor<8x2xf32>, %[[S:.*]]: tensor<8x2xf32>, %[[W:.*]]: tensor<2x2xf32>)
// CHECK: %[[A:.*]] = graph.matmul %[[S]], %[[W]]
// CHECK: %[[B:.*]] = graph.add %[[A]], %[[X]]
// CHECK: %[[N:.*]] = graph.tanh %[[B]]
// CHECK: graph.yield %[[N]] :
// CHECK-NOT: graph.matmul
// CHECK: graph.fetch %[[H]]
graph.program @plain_cell {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// Inputs that are no parts of anything are stacked; collected outputs are the recurrence's own.
// REMARK: 4 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @separate_inputs_collected_outputs
// CHECK: %[[X:.*]] = graph.stack
// CHECK: %[[R:.*]]:2 = graph.static_rnn sequences(%[[X]]
// CHECK-NOT: graph.unstack
// CHECK: graph.fetch %[[R]]#0
graph.program @separate_inputs_collected_outputs {
  %w = graph.feed {index = 0 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %y0 = graph.feed {index = 2 : i64, name = "y0:0"} : () -> tensor<8x2xf32>
  %y1 = graph.feed {index = 3 : i64, name = "y1:0"} : () -> tensor<8x2xf32>
  %y2 = graph.feed {index = 4 : i64, name = "y2:0"} : () -> tensor<8x2xf32>
  %y3 = graph.feed {index = 5 : i64, name = "y3:0"} : () -> tensor<8x2xf32>
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %y0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %y1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %y2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %y3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %o = graph.stack %h0, %h1, %h2, %h3 {axis = 0 : i64} : (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<4x8x2xf32>
  graph.fetch %o {indices = array<i64: 0>} : tensor<4x8x2xf32>
}

// -----

// Two layers that alternate are one recurrence of two states.
// REMARK: 4 steps of 6 ops and 2 states became one recurrence
// CHECK-LABEL: graph.program @two_layers_step_by_step
// CHECK: graph.static_rnn sequences(%{{[^,:]*}} : tensor<4x8x2xf32>) states(%{{.*}}, %{{.*}} : tensor<8x2xf32>, tensor<8x2xf32>)
// CHECK: graph.tanh
// CHECK: graph.sigmoid
// CHECK-NOT: graph.sigmoid
// CHECK: graph.fetch
graph.program @two_layers_step_by_step {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %v = graph.feed {index = 3 : i64, name = "v:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b0 = graph.matmul %h, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r0 = graph.add %b0, %h0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g0 = graph.sigmoid %r0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b1 = graph.matmul %g0, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r1 = graph.add %b1, %h1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g1 = graph.sigmoid %r1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b2 = graph.matmul %g1, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r2 = graph.add %b2, %h2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g2 = graph.sigmoid %r2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b3 = graph.matmul %g2, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r3 = graph.add %b3, %h3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g3 = graph.sigmoid %r3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %g3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// The same math with one layer written after the other is the same recurrence.
// REMARK: 4 steps of 6 ops and 2 states became one recurrence
// CHECK-LABEL: graph.program @layer_after_layer
// CHECK: graph.static_rnn sequences(%{{[^,:]*}} : tensor<4x8x2xf32>) states(%{{.*}}, %{{.*}} : tensor<8x2xf32>, tensor<8x2xf32>)
// CHECK-NOT: graph.unstack
// CHECK: graph.fetch
graph.program @layer_after_layer {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %v = graph.feed {index = 3 : i64, name = "v:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b0 = graph.matmul %h, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r0 = graph.add %b0, %h0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g0 = graph.sigmoid %r0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b1 = graph.matmul %g0, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r1 = graph.add %b1, %h1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g1 = graph.sigmoid %r1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b2 = graph.matmul %g1, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r2 = graph.add %b2, %h2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g2 = graph.sigmoid %r2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %b3 = graph.matmul %g2, %v {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %r3 = graph.add %b3, %h3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %g3 = graph.sigmoid %r3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %g3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// REMARK: 4 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @from_the_last_part_to_the_first
// CHECK: %[[X:.*]] = graph.reverse %{{.*}} {axes = array<i64: 0>}
// CHECK: graph.static_rnn sequences(%[[X]]
graph.program @from_the_last_part_to_the_first {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// REMARK: 4 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @parts_along_another_axis
// CHECK: %[[X:.*]] = graph.transpose %{{.*}} {perm = array<i64: 1, 0, 2>}
// CHECK: graph.static_rnn sequences(%[[X]]
graph.program @parts_along_another_axis {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<8x4x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 1 : i64, num = 4 : i64} : (tensor<8x4x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// The first step has no product; the recurrence starts from what it computes.
// REMARK: 5 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @first_step_without_a_state
// CHECK: %[[H0:.*]] = graph.tanh
// CHECK: graph.static_rnn sequences(%{{.*}} : tensor<5x8x2xf32>) states(%[[H0]]
graph.program @first_step_without_a_state {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<6x8x2xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:6 = graph.unstack %xs {axis = 0 : i64, num = 6 : i64} : (tensor<6x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %h0 = graph.tanh %x#0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a4 = graph.matmul %h3, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s4 = graph.add %a4, %x#4 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h4 = graph.tanh %s4 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a5 = graph.matmul %h4, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s5 = graph.add %a5, %x#5 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h5 = graph.tanh %s5 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h5 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// Each step's op has a stream of its own; the draws must stay what they are.
// REMARK: random numbers stay outside, since each step's ops have their own seeds
// CHECK-LABEL: graph.program @random_numbers_of_each_steps_own
// CHECK-COUNT-4: graph.random_uniform
// CHECK: %[[U:.*]] = graph.stack
// CHECK: graph.static_rnn sequences(%{{.*}}, %[[U]]
// CHECK-NOT: graph.random_uniform
// CHECK: graph.fetch
graph.program @random_numbers_of_each_steps_own {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %u0 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 1 : i64} : () -> tensor<8x2xf32>
  %d0 = graph.multiply %x#0, %u0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %d0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u1 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 2 : i64} : () -> tensor<8x2xf32>
  %d1 = graph.multiply %x#1, %u1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %d1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u2 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 3 : i64} : () -> tensor<8x2xf32>
  %d2 = graph.multiply %x#2, %u2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %d2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u3 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 4 : i64} : () -> tensor<8x2xf32>
  %d3 = graph.multiply %x#3, %u3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %d3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// A program that promises independent draws alone gets one op in the body.
// REMARK: one random op draws for all steps, other numbers than each step's own seeds
// CHECK-LABEL: graph.program @random_numbers_of_any_kind
// CHECK-NOT: graph.random_uniform
// CHECK: graph.static_rnn
// CHECK: graph.random_uniform
// CHECK-NOT: graph.random_uniform
// CHECK: graph.fetch
graph.program @random_numbers_of_any_kind attributes {independent_draws} {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %u0 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 1 : i64} : () -> tensor<8x2xf32>
  %d0 = graph.multiply %x#0, %u0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %d0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u1 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 2 : i64} : () -> tensor<8x2xf32>
  %d1 = graph.multiply %x#1, %u1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %d1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u2 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 3 : i64} : () -> tensor<8x2xf32>
  %d2 = graph.multiply %x#2, %u2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %d2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %u3 = graph.random_uniform {dtype = f32, shape = array<i64: 8, 2>, stream = 4 : i64} : () -> tensor<8x2xf32>
  %d3 = graph.multiply %x#3, %u3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %d3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// What only follows from the states stays outside where a kernel cannot compute it.
// REMARK: 4 steps of 3 ops and 1 states became one recurrence
// CHECK-LABEL: graph.program @softmax_of_each_output
// CHECK: graph.static_rnn
// CHECK-NOT: graph.softmax
// CHECK: graph.unstack
// CHECK-COUNT-4: graph.softmax
graph.program @softmax_of_each_output {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %p0 = graph.softmax %h0 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %p1 = graph.softmax %h1 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %p2 = graph.softmax %h2 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %p3 = graph.softmax %h3 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %o = graph.stack %p0, %p1, %p2, %p3 {axis = 0 : i64} : (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<4x8x2xf32>
  graph.fetch %o {indices = array<i64: 0>} : tensor<4x8x2xf32>
}
