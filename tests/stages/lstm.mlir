// A layer of BasicLSTMCell (H = 2, I = 3) with output dropout over T = 4 steps and B = 5 windows, its
// loss and a gradient step, from stage to stage.

// RUN: graphc-opt %s --graphc-pipeline=stage=pruned | FileCheck %s --check-prefix=PRUNED
// RUN: graphc-opt %s --graphc-pipeline=stage=shaped | FileCheck %s --check-prefix=SHAPED
// RUN: graphc-opt %s --graphc-pipeline="stage=fused recurrence=unroll" | FileCheck %s --check-prefix=FUSED
// RUN: graphc-opt %s --graphc-pipeline=stage=fused | FileCheck %s --check-prefix=KEPT
// RUN: graphc-opt %s --graphc-pipeline="stage=unrolled recurrence=unroll" | FileCheck %s --check-prefix=STEPS
// RUN: graphc-opt %s --graphc-pipeline="stage=unrolled recurrence=primitive" | FileCheck %s --check-prefix=PRIMITIVE
// RUN: graphc-opt %s --graphc-pipeline=stage=differentiated | FileCheck %s --check-prefix=DIFFERENTIATED
// RUN: graphc-opt %s --graphc-pipeline=stage=clustered | FileCheck %s --check-prefix=CLUSTERED
// RUN: graphc-opt %s --graphc-pipeline="stage=clustered recurrence=unroll" | FileCheck %s --check-prefix=ROUNDS
// RUN: graphc-opt %s --graphc-pipeline="stage=clustered recurrence=primitive" | FileCheck %s --check-prefix=TRAINED

// Feeds in place, extents still unknown behind them; the accuracy is not asked for.
// PRUNED: graph.feed {index = 0 : i64, name = "inputs:0"} : () -> tensor<5x4x3xf32>
// PRUNED-NOT: graph.placeholder
// PRUNED-NOT: graph.argmax
// PRUNED: graph.read_variable {gradient_target = 0 : i64, variable = @"rnn/kernel"}
// PRUNED: graph.gradients
// PRUNED: graph.fetch %{{.*}} {indices = array<i64: 1>}

// The parts of the split, stacked again, are a reshape; of the outputs only the last is used.
// SHAPED-NOT: ?x
// SHAPED-NOT: graph.split %{{.*}} {axis = 0
// SHAPED: graph.static_rnn
// SHAPED: graph.concat
// SHAPED: graph.matmul
// SHAPED-NOT: graph.unstack
// SHAPED: graph.slice %{{.*}} {begin = array<i64: 3, 0, 0>, size = array<i64: 1, 5, 2>}

// The input's part of the gate product is outside, with its bias.
// FUSED: graph.matmul {{.*}} -> tensor<20x8xf32>
// FUSED: graph.bias_add {{.*}} -> tensor<4x5x8xf32>
// FUSED: graph.static_rnn sequences(%{{[^,:]*}} : tensor<4x5x8xf32>)
// FUSED-NOT: graph.concat
// FUSED: graph.matmul
// FUSED-NOT: graph.matmul

// A kernel that keeps its weights cached multiplies the input itself.
// KEPT-NOT: graph.matmul
// KEPT: graph.static_rnn sequences(%{{[^,:]*}} : tensor<4x5x3xf32>)
// KEPT: graph.concat
// KEPT: graph.matmul
// KEPT-NOT: graph.matmul

// STEPS-NOT: graph.static_rnn
// STEPS-COUNT-4: graph.random_uniform {{.*}}step = {{[0-3]}}

// Dropout after the last layer is an op on the whole sequence.
// PRIMITIVE: graph.random_uniform {{.*}}shape = array<i64: 4, 5, 2>
// PRIMITIVE: graph.lstm
// PRIMITIVE-NOT: graph.static_rnn

// DIFFERENTIATED-NOT: graph.gradients
// DIFFERENTIATED-NOT: gradient_target
// DIFFERENTIATED: graph.static_rnn
// DIFFERENTIATED: reverse = true
// DIFFERENTIATED: graph.clip_by_value
// DIFFERENTIATED: graph.apply_gradient_descent

// CLUSTERED: graph.cluster
// CLUSTERED: graph.apply_gradient_descent
// CLUSTERED: graph.fetch

// ROUNDS-NOT: graph.static_rnn
// ROUNDS: graph.apply_gradient_descent

// TRAINED: graph.lstm {{.*}}training = true
// TRAINED: graph.lstm_gradient

graph.variable @"rnn/kernel" : tensor<5x8xf32> {trainable = true}
graph.variable @"rnn/bias" : tensor<8xf32> {trainable = true}
graph.program @main attributes {
    feed_names = ["inputs:0", "keep:0"], feed_types = [tensor<5x4x3xf32>, tensor<f32>], fetch_names = ["train", "cost:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 4, 3>} : () -> tensor<?x4x3xf32> loc("inputs")
  %keep = graph.placeholder {dtype = f32, shape = array<i64>} : () -> tensor<f32> loc("keep")
  %k = graph.read_variable {variable = @"rnn/kernel"} : () -> tensor<5x8xf32> loc("rnn/kernel/read")
  %b = graph.read_variable {variable = @"rnn/bias"} : () -> tensor<8xf32> loc("rnn/bias/read")
  %t = graph.transpose %x {perm = array<i64: 1, 0, 2>} : (tensor<?x4x3xf32>) -> tensor<4x?x3xf32> loc("transpose")
  %shape = graph.constant {value = dense<[-1, 3]> : tensor<2xi32>} : () -> tensor<2xi32> loc("shape")
  %rows = graph.reshape %t, %shape : (tensor<4x?x3xf32>, tensor<2xi32>) -> tensor<?x3xf32> loc("reshape")
  %parts:4 = graph.split %rows {axis = 0 : i64, sizes = array<i64: 5, 5, 5, 5>} : (tensor<?x3xf32>)
      -> (tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>) loc("split")
  %zero = graph.constant {value = dense<0.0> : tensor<f32>} : () -> tensor<f32> loc("zero")
  %in_shape = graph.shape %parts#0 {dtype = i32} : (tensor<5x3xf32>) -> tensor<2xi32> loc("rnn/Shape")
  %batch = graph.strided_slice %in_shape {begin = array<i64: 0>, end = array<i64: 1>, strides = array<i64: 1>, begin_mask = 0 : i64,
      end_mask = 0 : i64, ellipsis_mask = 0 : i64, new_axis_mask = 0 : i64, shrink_axis_mask = 1 : i64} : (tensor<2xi32>) -> tensor<i32> loc("rnn/strided_slice")
  %two = graph.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32> loc("two")
  %dims = graph.stack %batch, %two {axis = 0 : i64} : (tensor<i32>, tensor<i32>) -> tensor<2xi32> loc("rnn/stack")
  %state = graph.fill %zero, %dims : (tensor<f32>, tensor<2xi32>) -> tensor<?x2xf32> loc("rnn/zeros")
  %seq = graph.stack %parts#0, %parts#1, %parts#2, %parts#3 {axis = 0 : i64}
      : (tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<4x5x3xf32> loc("rnn/inputs")
  %o, %cl, %hl = graph.static_rnn sequences(%seq : tensor<4x5x3xf32>) states(%state, %state : tensor<?x2xf32>, tensor<?x2xf32>)
      captured(%k, %b, %keep : tensor<5x8xf32>, tensor<8xf32>, tensor<f32>) {steps = 4 : i64} -> tensor<4x?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32> {
  ^bb0(%x_t: tensor<5x3xf32>, %c: tensor<?x2xf32>, %h: tensor<?x2xf32>, %kernel: tensor<5x8xf32>, %bias: tensor<8xf32>, %p: tensor<f32>):
    %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("rnn/cell/Const")
    %xh = graph.concat %x_t, %h {axis = 1 : i64} : (tensor<5x3xf32>, tensor<?x2xf32>) -> tensor<5x5xf32> loc("rnn/cell/concat")
    %prod = graph.matmul %xh, %kernel {transpose_a = false, transpose_b = false} : (tensor<5x5xf32>, tensor<5x8xf32>) -> tensor<5x8xf32> loc("rnn/cell/MatMul")
    %z = graph.bias_add %prod, %bias : (tensor<5x8xf32>, tensor<8xf32>) -> tensor<5x8xf32> loc("rnn/cell/BiasAdd")
    %g:4 = graph.split %z {axis = 1 : i64, sizes = array<i64: 2, 2, 2, 2>} : (tensor<5x8xf32>) -> (tensor<5x2xf32>, tensor<5x2xf32>, tensor<5x2xf32>, tensor<5x2xf32>) loc("rnn/cell/split")
    %f1 = graph.add %g#2, %one : (tensor<5x2xf32>, tensor<f32>) -> tensor<5x2xf32> loc("rnn/cell/Add")
    %f = graph.sigmoid %f1 : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Sigmoid")
    %i = graph.sigmoid %g#0 : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Sigmoid_1")
    %j = graph.tanh %g#1 : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Tanh")
    %og = graph.sigmoid %g#3 : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Sigmoid_2")
    %kept = graph.multiply %c, %f : (tensor<?x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Mul")
    %new = graph.multiply %i, %j : (tensor<5x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Mul_1")
    %c1 = graph.add %kept, %new : (tensor<5x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Add_1")
    %tc = graph.tanh %c1 : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Tanh_1")
    %h1 = graph.multiply %tc, %og : (tensor<5x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/cell/Mul_2")
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 5, 2>, stream = 1 : i64} : () -> tensor<5x2xf32> loc("rnn/dropout/random_uniform")
    %s = graph.add %r, %p : (tensor<5x2xf32>, tensor<f32>) -> tensor<5x2xf32> loc("rnn/dropout/add")
    %m = graph.floor %s : (tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/dropout/Floor")
    %d = graph.divide %h1, %p : (tensor<5x2xf32>, tensor<f32>) -> tensor<5x2xf32> loc("rnn/dropout/div")
    %out = graph.multiply %d, %m : (tensor<5x2xf32>, tensor<5x2xf32>) -> tensor<5x2xf32> loc("rnn/dropout/mul")
    graph.yield %out, %c1, %h1 : tensor<5x2xf32>, tensor<5x2xf32>, tensor<5x2xf32>
  } loc("rnn/rnn")
  %outs:4 = graph.unstack %o {axis = 0 : i64, num = 4 : i64} : (tensor<4x?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) loc("rnn/outputs")
  %accuracy = graph.argmax %outs#3 {axis = 1 : i64, dtype = i64} : (tensor<?x2xf32>) -> tensor<?xi64> loc("accuracy")
  %sq = graph.square %outs#3 : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("square")
  %cost = graph.reduce_mean %sq {axes = array<i64: 0, 1>, keep_dims = false} : (tensor<?x2xf32>) -> tensor<f32> loc("cost")
  %dk, %db = graph.gradients %cost, %k, %b {num_ys = 1 : i64, num_xs = 2 : i64} : (tensor<f32>, tensor<5x8xf32>, tensor<8xf32>) -> (tensor<5x8xf32>, tensor<8xf32>) loc("gradients")
  %low = graph.constant {value = dense<-1.0> : tensor<f32>} : () -> tensor<f32> loc("low")
  %high = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("high")
  %ck = graph.clip_by_value %dk, %low, %high : (tensor<5x8xf32>, tensor<f32>, tensor<f32>) -> tensor<5x8xf32> loc("clip")
  %cb = graph.clip_by_value %db, %low, %high : (tensor<8xf32>, tensor<f32>, tensor<f32>) -> tensor<8xf32> loc("clip_1")
  graph.apply_gradient_descent %high, %ck {variable = @"rnn/kernel"} : (tensor<f32>, tensor<5x8xf32>) -> () loc("update")
  graph.apply_gradient_descent %high, %cb {variable = @"rnn/bias"} : (tensor<f32>, tensor<8xf32>) -> () loc("update_1")
  graph.no_op {control_inputs = ["update", "update_1"]} loc("train")
}
