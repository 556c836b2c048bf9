// RUN: graphc-opt %s --split-input-file --graph-roll-up-recurrences --remark-format=emitRemark --remarks-filter="graph-roll.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-roll-up-recurrences | FileCheck %s

// REMARK: a recurrence stays spelled out: softmax in a recurrence
// CHECK-LABEL: graph.program @softmax_cell
// CHECK-NOT: graph.static_rnn
// CHECK-COUNT-4: graph.softmax
graph.program @softmax_cell {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.softmax %s0 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.softmax %s1 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.softmax %s2 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.softmax %s3 {axis = 1 : i64} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// REMARK: a recurrence stays spelled out: this step is not like the others
// CHECK-LABEL: graph.program @one_step_with_another_activation
// CHECK-NOT: graph.static_rnn
// CHECK: graph.relu
graph.program @one_step_with_another_activation {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<8x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:8 = graph.unstack %xs {axis = 0 : i64, num = 8 : i64} : (tensor<8x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
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
  %a4 = graph.matmul %h3, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s4 = graph.add %a4, %x#4 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h4 = graph.relu %s4 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a5 = graph.matmul %h4, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s5 = graph.add %a5, %x#5 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h5 = graph.tanh %s5 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a6 = graph.matmul %h5, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s6 = graph.add %a6, %x#6 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h6 = graph.tanh %s6 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a7 = graph.matmul %h6, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s7 = graph.add %a7, %x#7 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h7 = graph.tanh %s7 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h7 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// REMARK: a recurrence stays spelled out: what lies between two of its steps is not alike in all of them
// CHECK-LABEL: graph.program @a_step_that_reads_an_earlier_one_otherwise
// CHECK-NOT: graph.static_rnn
// CHECK: graph.reverse
graph.program @a_step_that_reads_an_earlier_one_otherwise {
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
  %k = graph.reverse %h0 {axes = array<i64: 0>} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %k : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %h2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// Fewer than min-steps.
// CHECK-LABEL: graph.program @three_steps
// CHECK-NOT: graph.static_rnn
// CHECK: graph.fetch
graph.program @three_steps {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<3x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:3 = graph.unstack %xs {axis = 0 : i64, num = 3 : i64} : (tensor<3x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %h, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %h0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %h1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  graph.fetch %h2 {indices = array<i64: 0>} : tensor<8x2xf32>
}

// -----

// A layer on each part is no recurrence.
// CHECK-LABEL: graph.program @no_state
// CHECK-NOT: graph.static_rnn
// CHECK-COUNT-4: graph.matmul
graph.program @no_state {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %a0 = graph.matmul %x#0, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %a0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a1 = graph.matmul %x#1, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %a1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a2 = graph.matmul %x#2, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %a2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %a3 = graph.matmul %x#3, %w {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %a3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %o = graph.stack %h0, %h1, %h2, %h3 {axis = 0 : i64} : (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<4x8x2xf32>
  graph.fetch %o {indices = array<i64: 0>} : tensor<4x8x2xf32>
}

// -----

// The weights change from step to step.
// REMARK: a recurrence stays spelled out: a variable that its steps read is written between them
// CHECK-LABEL: graph.program @weights_written_between_steps
// CHECK-NOT: graph.static_rnn
// CHECK-COUNT-4: graph.assign_add
graph.variable @v : tensor<2x2xf32> {trainable = true}
graph.program @weights_written_between_steps {
  %xs = graph.feed {index = 0 : i64, name = "xs:0"} : () -> tensor<4x8x2xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<8x2xf32>
  %step = graph.feed {index = 2 : i64, name = "step:0"} : () -> tensor<2x2xf32>
  %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64} : (tensor<4x8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
  %w0 = graph.read_variable {variable = @v} : () -> tensor<2x2xf32>
  %a0 = graph.matmul %h, %w0 {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s0 = graph.add %a0, %x#0 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h0 = graph.tanh %s0 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %n0 = graph.assign_add %step {variable = @v} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %w1 = graph.read_variable {variable = @v} : () -> tensor<2x2xf32>
  %a1 = graph.matmul %h0, %w1 {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s1 = graph.add %a1, %x#1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h1 = graph.tanh %s1 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %n1 = graph.assign_add %step {variable = @v} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %w2 = graph.read_variable {variable = @v} : () -> tensor<2x2xf32>
  %a2 = graph.matmul %h1, %w2 {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s2 = graph.add %a2, %x#2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h2 = graph.tanh %s2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %n2 = graph.assign_add %step {variable = @v} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %w3 = graph.read_variable {variable = @v} : () -> tensor<2x2xf32>
  %a3 = graph.matmul %h2, %w3 {transpose_a = false, transpose_b = false} : (tensor<8x2xf32>, tensor<2x2xf32>) -> tensor<8x2xf32>
  %s3 = graph.add %a3, %x#3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %h3 = graph.tanh %s3 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %n3 = graph.assign_add %step {variable = @v} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  graph.fetch %h3 {indices = array<i64: 0>} : tensor<8x2xf32>
}
