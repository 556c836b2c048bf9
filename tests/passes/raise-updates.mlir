// RUN: graphc-opt %s --split-input-file --graph-raise-updates --remark-format=emitRemark --remarks-filter="graph-.*" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: graphc-opt %s --split-input-file --graph-raise-updates | FileCheck %s

// The rate, corrected by the powers of the betas, is one scalar to the op; what the slots were made of goes.
// REMARK: graph-raise-updates{{.*}}apply_adam
// CHECK-LABEL: @adam
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[BETA1:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[BETA2:.*]] = graph.constant {value = dense<9.990000e-01>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<9.99999993E-9>
// CHECK: %[[RATE:.*]] = graph.divide
// CHECK-NEXT: %[[ZERO:.*]] = graph.constant {value = dense<0.000000e+00>
// CHECK-NEXT: %[[ZERO2:.*]] = graph.constant {value = dense<0.000000e+00>
// CHECK-NEXT: graph.apply_adam %[[ZERO]], %[[ZERO2]], %[[RATE]], %[[BETA1]], %[[BETA2]], %[[EPSILON]], %[[G]] {m = @m, v = @v, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @adam {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %power1 = graph.feed {index = 2 : i64, name = "power1:0"} : () -> tensor<f32>
  %power2 = graph.feed {index = 3 : i64, name = "power2:0"} : () -> tensor<f32>
  %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %left1 = graph.subtract %one, %power1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %left2 = graph.subtract %one, %power2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %root = graph.sqrt %left2 : (tensor<f32>) -> tensor<f32>
  %scaled = graph.multiply %lr, %root : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %rate = graph.divide %scaled, %left1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
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
  graph.fetch {indices = array<i64>}
}

// -----

// Moments divided by their bias: lr / left1 / (1 / sqrt(left2)), and epsilon / (1 / sqrt(left2)).
// REMARK: apply_adam
// CHECK-LABEL: @adam_with_moments_corrected
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[BETA1:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[BETA2:.*]] = graph.constant {value = dense<9.990000e-01>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<9.99999993E-9>
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: %[[LEFT1:.*]] = graph.feed {{.*}}"left1:0"}
// CHECK: %[[LEFT2:.*]] = graph.feed {{.*}}"left2:0"}
// CHECK: %[[ROOT:.*]] = graph.sqrt %[[LEFT2]]
// CHECK: %[[ABOVE:.*]] = graph.multiply %[[LR]], %[[ROOT]]
// CHECK: %[[RATE:.*]] = graph.divide %[[ABOVE]], %[[LEFT1]]
// CHECK: %[[ROOT2:.*]] = graph.sqrt %[[LEFT2]]
// CHECK: %[[SCALED:.*]] = graph.multiply %[[EPSILON]], %[[ROOT2]]
// CHECK: graph.apply_adam %{{.*}}, %{{.*}}, %[[RATE]], %[[BETA1]], %[[BETA2]], %[[SCALED]], %[[G]] {m = @m, v = @v, variable = @w}
// CHECK-NOT: graph.assign
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @adam_with_moments_corrected {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %left1 = graph.feed {index = 2 : i64, name = "left1:0"} : () -> tensor<f32>
  %left2 = graph.feed {index = 3 : i64, name = "left2:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m0_kept = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_part = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1_sum = graph.add %m0_kept, %m1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.assign %m1_sum {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %part = graph.multiply %rest2, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.multiply %part, %g : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %kept = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v_sum = graph.add %gg, %kept : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign %v_sum {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %m_hat = graph.divide %m1, %left1 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %v_hat = graph.divide %v1, %left2 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v_hat : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %ratio = graph.divide %m_hat, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %step = graph.multiply %lr, %ratio : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %w0 = graph.read_variable {variable = @w} : () -> tensor<4xf32>
  %w_new = graph.subtract %w0, %step : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign %w_new {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// Averages as what is added to them, slots read after that; no epsilon. What is fetched is read behind the step.
// REMARK: apply_adam
// CHECK-LABEL: @adam_with_slots_added_to
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[RATE:.*]] = graph.feed {{.*}}"rate:0"}
// CHECK: %[[BETA1:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[BETA2:.*]] = graph.constant {value = dense<9.990000e-01>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<0.000000e+00>
// CHECK: graph.apply_adam %{{.*}}, %{{.*}}, %[[RATE]], %[[BETA1]], %[[BETA2]], %[[EPSILON]], %[[G]]
// CHECK-NEXT: %[[R0:.*]] = graph.read_variable {variable = @
// CHECK-NEXT: %[[R1:.*]] = graph.read_variable {variable = @
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @adam_with_slots_added_to {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %m_off = graph.subtract %g, %m0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %m_by = graph.multiply %m_off, %rest1 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %m1 = graph.assign_add %m_by {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %v_off = graph.subtract %v0, %gg : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v_by = graph.multiply %rest2, %v_off : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.assign_sub %v_by {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %m2 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %v2 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %above = graph.multiply %m2, %rate : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %deviation = graph.rsqrt %v2 : (tensor<4xf32>) -> tensor<4xf32>
  %step = graph.multiply %above, %deviation : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %back = graph.negative %step : (tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_add %back {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %m2, %w1 {indices = array<i64: 0, 1>} : tensor<4xf32>, tensor<4xf32>
}

// -----

// No momentum: no slot for it.
// REMARK: apply_rms_prop
// CHECK-LABEL: @rms_prop
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: %[[DECAY:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<1.000000e-03>
// CHECK: graph.apply_rms_prop %[[LR]], %[[DECAY]], %{{.*}}, %[[EPSILON]], %[[G]] {mean_square = @s, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @s : tensor<4xf32>
graph.program @rms_prop {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %decay = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %momentum = graph.constant {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-03> : tensor<f32>} : () -> tensor<f32>
  %gg = graph.multiply %g, %g : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %s0 = graph.read_variable {variable = @s} : () -> tensor<4xf32>
  %s0_kept = graph.multiply %decay, %s0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %s1_part = graph.multiply %rest, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %s1_sum = graph.add %s0_kept, %s1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %s1 = graph.assign %s1_sum {variable = @s} : (tensor<4xf32>) -> tensor<4xf32>
  %inside = graph.add %s1, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %root = graph.sqrt %inside : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %lr, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %step = graph.divide %above, %root : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: apply_rms_prop
// CHECK-LABEL: @rms_prop_with_momentum
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: %[[DECAY:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[MOMENTUM:.*]] = graph.constant {value = dense<5.000000e-01>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<1.000000e-03>
// CHECK: graph.apply_rms_prop %[[LR]], %[[DECAY]], %[[MOMENTUM]], %[[EPSILON]], %[[G]] {mean_square = @s, momentum_slot = @u, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @s : tensor<4xf32>
graph.variable @u : tensor<4xf32>
graph.program @rms_prop_with_momentum {
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
  %inside = graph.add %s1, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %root = graph.rsqrt %inside : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %lr, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %scaled = graph.multiply %above, %root : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %u0 = graph.read_variable {variable = @u} : () -> tensor<4xf32>
  %kept = graph.multiply %momentum, %u0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %u_sum = graph.add %kept, %scaled : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %u1 = graph.assign %u_sum {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %u1 {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: apply_centered_rms_prop
// CHECK-LABEL: @centered_rms_prop
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: %[[DECAY:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: %[[MOMENTUM:.*]] = graph.constant {value = dense<5.000000e-01>
// CHECK: %[[EPSILON:.*]] = graph.constant {value = dense<1.000000e-03>
// CHECK: graph.apply_centered_rms_prop %[[LR]], %[[DECAY]], %[[MOMENTUM]], %[[EPSILON]], %[[G]] {mean_gradient = @a, mean_square = @s, momentum_slot = @u, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @s : tensor<4xf32>
graph.variable @a : tensor<4xf32>
graph.variable @u : tensor<4xf32>
graph.program @centered_rms_prop {
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
  %a0 = graph.read_variable {variable = @a} : () -> tensor<4xf32>
  %a0_kept = graph.multiply %decay, %a0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %a1_part = graph.multiply %rest, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %a1_sum = graph.add %a0_kept, %a1_part : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %a1 = graph.assign %a1_sum {variable = @a} : (tensor<4xf32>) -> tensor<4xf32>
  %aa = graph.square %a1 : (tensor<4xf32>) -> tensor<4xf32>
  %variance = graph.subtract %s1, %aa : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %inside = graph.add %variance, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %root = graph.sqrt %inside : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %lr, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %scaled = graph.divide %above, %root : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %u0 = graph.read_variable {variable = @u} : () -> tensor<4xf32>
  %kept = graph.multiply %momentum, %u0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %u_sum = graph.add %kept, %scaled : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %u1 = graph.assign %u_sum {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %u1 {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: apply_momentum
// CHECK-LABEL: @momentum
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: %[[MU:.*]] = graph.constant {value = dense<0.899999976>
// CHECK: graph.apply_momentum %[[LR]], %[[G]], %[[MU]] {accumulator = @u, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @u : tensor<4xf32>
graph.program @momentum {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %mu = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %u0 = graph.read_variable {variable = @u} : () -> tensor<4xf32>
  %kept = graph.multiply %mu, %u0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %sum = graph.add %kept, %g : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %u1 = graph.assign %sum {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
  %step = graph.multiply %lr, %u1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// REMARK: apply_adagrad
// CHECK-LABEL: @adagrad
// CHECK: %[[G:.*]] = graph.feed {{.*}}"g:0"}
// CHECK: %[[LR:.*]] = graph.feed {{.*}}"lr:0"}
// CHECK: graph.apply_adagrad %[[LR]], %[[G]] {accumulator = @s, variable = @w}
// CHECK-NEXT: graph.fetch
graph.variable @w : tensor<4xf32>
graph.variable @s : tensor<4xf32>
graph.program @adagrad {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %s1 = graph.assign_add %gg {variable = @s} : (tensor<4xf32>) -> tensor<4xf32>
  %root = graph.sqrt %s1 : (tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %lr, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %step = graph.divide %above, %root : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign_sub %step {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch {indices = array<i64>}
}

// -----

// Values are used before they are assigned; the old value that is fetched is the one read before the step.
// REMARK: apply_adam
// CHECK-LABEL: @slots_assigned_last
// CHECK: %[[OLD:.*]] = graph.read_variable {variable = @w}
// CHECK: graph.apply_adam
// CHECK-NEXT: %[[NEW:.*]] = graph.read_variable {variable = @v}
// CHECK-NEXT: graph.fetch %[[OLD]], %[[NEW]]
graph.variable @w : tensor<4xf32>
graph.variable @m : tensor<4xf32>
graph.variable @v : tensor<4xf32>
graph.program @slots_assigned_last {
  %g = graph.feed {index = 0 : i64, name = "g:0"} : () -> tensor<4xf32>
  %beta1 = graph.constant {value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %rest1 = graph.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %beta2 = graph.constant {value = dense<0.999> : tensor<f32>} : () -> tensor<f32>
  %rest2 = graph.constant {value = dense<0.001> : tensor<f32>} : () -> tensor<f32>
  %epsilon = graph.constant {value = dense<1.0e-08> : tensor<f32>} : () -> tensor<f32>
  %rate = graph.feed {index = 1 : i64, name = "rate:0"} : () -> tensor<f32>
  %m0 = graph.read_variable {variable = @m} : () -> tensor<4xf32>
  %v0 = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %w0 = graph.read_variable {variable = @w} : () -> tensor<4xf32>
  %mk = graph.multiply %beta1, %m0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %mp = graph.multiply %rest1, %g : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %m1 = graph.add %mk, %mp : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %gg = graph.square %g : (tensor<4xf32>) -> tensor<4xf32>
  %vk = graph.multiply %beta2, %v0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %vp = graph.multiply %rest2, %gg : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %v1 = graph.add %vk, %vp : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %above = graph.multiply %rate, %m1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %deviation = graph.sqrt %v1 : (tensor<4xf32>) -> tensor<4xf32>
  %below = graph.add %deviation, %epsilon : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %step = graph.divide %above, %below : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w_new = graph.subtract %w0, %step : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %w1 = graph.assign %w_new {variable = @w} : (tensor<4xf32>) -> tensor<4xf32>
  %m2 = graph.assign %m1 {variable = @m} : (tensor<4xf32>) -> tensor<4xf32>
  %v2 = graph.assign %v1 {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %w0, %v1 {indices = array<i64: 0, 1>} : tensor<4xf32>, tensor<4xf32>
}
