// RUN: graphc-opt %s --split-input-file --graph-raise-updates --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-raise-updates | FileCheck %s

// The form of Keras 2: no op has it.
// REMARK: its epsilon stands outside of the root
// CHECK-LABEL: @epsilon_outside
// CHECK: graph.assign_sub
graph.variable @w : tensor<4xf32>
graph.variable @s : tensor<4xf32>
graph.program @epsilon_outside {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %decay = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %momentum = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-03> : tensor<f32>} : () -> tensor<f32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %s0 = graph.read_variable {variable = @s} : () -> tensor<4xf32>
  %s0_kept = graph.multiply %decay, %s0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %s1_part = graph.multiply %rest, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %s1_sum = graph.add %s0_kept, %s1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %s1 = graph.assign %s1_sum {variable = @s} : (tensor<4xf32>) -> tensor<4xf32>
  %root = graph.sqrt %s1 : (tensor<4xf32>) -> tensor<4xf32>
  %outside = graph.add %root, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %above = graph.multiply %lr, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %step = graph.divide %above, %outside : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: its moments are not those of one gradient
// CHECK-LABEL: @two_gradients
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @two_gradients {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %other = graph.feed {index = 2 : i64, name = "other:0"} : () -> tensor<4xf32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %other : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// AMSGrad.
// REMARK: what stands under the root is no moving average of squares
// CHECK-LABEL: @largest_second_moment
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.variable @most : tensor<4xf32>
graph.program @largest_second_moment {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %before = graph.read_variable {variable = @most} : () -> tensor<4xf32>
  %larger = graph.maximum %before, %v1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %most1 = graph.assign %larger {variable = @most} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %most1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: its learning rate is no scalar
// CHECK-LABEL: @rate_of_each_element
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @rate_of_each_element {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %rates = graph.feed {index = 2 : i64, name = "rates:0"} : () -> tensor<4xf32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rates, %m1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// The step itself is no value of a variable: it would be computed twice.
// REMARK: what is added to a variable is used elsewhere, too
// CHECK-LABEL: @step_is_fetched
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @step_is_fetched {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %step {indices = array<i64: 0>} : tensor<4xf32>
}

// -----

// Another variable gets the new moment before the step is done.
// REMARK: an intermediate value is used between the assignments
// CHECK-LABEL: @slot_is_used_in_between
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.variable @seen : tensor<4xf32>
graph.program @slot_is_used_in_between {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %s1 = graph.assign_add %m1 {variable = @seen} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: something else writes a variable between the assignments
// CHECK-LABEL: @slot_is_written_in_between
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @slot_is_written_in_between {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m2 = graph.assign %g {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// The average is over what the slot held before another assignment: it is no such average, and nothing is said of it.
// CHECK-LABEL: @old_value_of_another_time
// CHECK-NOT: graph.apply
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @old_value_of_another_time {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m_set = graph.assign %g {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %sum = graph.add %kept, %part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// 0.9 and 0.2 do not add up to one.
// CHECK-LABEL: @decays_of_no_average
// CHECK-NOT: graph.apply_adam
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @decays_of_no_average {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %rest = graph.constant {value = dense<0.2> : tensor<f32>} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v0_kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_part = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1_sum = graph.add %v0_kept, %v1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v1_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}
