// Two layers in one recurrence that runs backwards over T = 3 steps and B = 4 windows: an LSTM cell as a
// user writes it by hand, gate by gate, with dropout on its input; its output, scaled, goes into a GRU
// cell. I = H = 2. The step index shifts the input, so that a wrong count of steps shows.

// RUN: graphc-opt %s --graphc-pipeline="stage=fused recurrence=unroll" | FileCheck %s --check-prefix=FUSED
// RUN: graphc-opt %s --graphc-pipeline="stage=unrolled recurrence=primitive" | FileCheck %s --check-prefix=PRIMITIVE

// The eight products of the first cell become two, one of them outside.
// FUSED: graph.random_uniform {{.*}}shape = array<i64: 3, 4, 2>
// FUSED: graph.matmul {{.*}} -> tensor<12x8xf32>
// FUSED: graph.static_rnn
// FUSED: graph.matmul {{.*}} -> tensor<4x8xf32>
// FUSED-NOT: graph.matmul {{.*}} -> tensor<4x2xf32>
// FUSED: graph.matmul {{.*}} -> tensor<4x4xf32>

// PRIMITIVE: graph.lstm
// PRIMITIVE: graph.gru
// PRIMITIVE-NOT: graph.static_rnn

graph.variable @wi : tensor<2x2xf32> {trainable = true}
graph.variable @wj : tensor<2x2xf32> {trainable = true}
graph.variable @wf : tensor<2x2xf32> {trainable = true}
graph.variable @wo : tensor<2x2xf32> {trainable = true}
graph.variable @ui : tensor<2x2xf32> {trainable = true}
graph.variable @uj : tensor<2x2xf32> {trainable = true}
graph.variable @uf : tensor<2x2xf32> {trainable = true}
graph.variable @uo : tensor<2x2xf32> {trainable = true}
graph.variable @bi : tensor<2xf32> {trainable = true}
graph.variable @bj : tensor<2xf32> {trainable = true}
graph.variable @bf : tensor<2xf32> {trainable = true}
graph.variable @bo : tensor<2xf32> {trainable = true}
graph.variable @gates : tensor<4x4xf32> {trainable = true}
graph.variable @candidate : tensor<4x2xf32> {trainable = true}
graph.variable @gates_bias : tensor<4xf32> {trainable = true}
graph.program @main attributes {
    feed_names = ["x:0", "keep:0"], feed_types = [tensor<3x4x2xf32>, tensor<f32>], fetch_names = ["cost:0", "outputs:0"]} {
  %x = graph.placeholder {dtype = f32, shape = array<i64: 3, -1, 2>} : () -> tensor<3x?x2xf32> loc("x")
  %keep = graph.placeholder {dtype = f32, shape = array<i64>} : () -> tensor<f32> loc("keep")
  %zeros = graph.constant {value = dense<0.25> : tensor<4x2xf32>} : () -> tensor<4x2xf32> loc("zeros")
  %wi = graph.read_variable {variable = @wi} : () -> tensor<2x2xf32> loc("wi/read")
  %wj = graph.read_variable {variable = @wj} : () -> tensor<2x2xf32> loc("wj/read")
  %wf = graph.read_variable {variable = @wf} : () -> tensor<2x2xf32> loc("wf/read")
  %wo = graph.read_variable {variable = @wo} : () -> tensor<2x2xf32> loc("wo/read")
  %ui = graph.read_variable {variable = @ui} : () -> tensor<2x2xf32> loc("ui/read")
  %uj = graph.read_variable {variable = @uj} : () -> tensor<2x2xf32> loc("uj/read")
  %uf = graph.read_variable {variable = @uf} : () -> tensor<2x2xf32> loc("uf/read")
  %uo = graph.read_variable {variable = @uo} : () -> tensor<2x2xf32> loc("uo/read")
  %bi = graph.read_variable {variable = @bi} : () -> tensor<2xf32> loc("bi/read")
  %bj = graph.read_variable {variable = @bj} : () -> tensor<2xf32> loc("bj/read")
  %bf = graph.read_variable {variable = @bf} : () -> tensor<2xf32> loc("bf/read")
  %bo = graph.read_variable {variable = @bo} : () -> tensor<2xf32> loc("bo/read")
  %wg = graph.read_variable {variable = @gates} : () -> tensor<4x4xf32> loc("gates/read")
  %wc = graph.read_variable {variable = @candidate} : () -> tensor<4x2xf32> loc("candidate/read")
  %bg = graph.read_variable {variable = @gates_bias} : () -> tensor<4xf32> loc("gates_bias/read")
  %r:4 = graph.static_rnn sequences(%x : tensor<3x?x2xf32>) states(%zeros, %zeros, %zeros : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>)
      captured(%wi, %wj, %wf, %wo, %ui, %uj, %uf, %uo, %bi, %bj, %bf, %bo, %wg, %wc, %bg, %keep
        : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
          tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<4x4xf32>, tensor<4x2xf32>, tensor<4xf32>, tensor<f32>)
      {reverse = true, steps = 3 : i64} -> tensor<3x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32> {
  ^bb0(%x_t: tensor<?x2xf32>, %c: tensor<4x2xf32>, %h: tensor<4x2xf32>, %g: tensor<4x2xf32>,
       %1: tensor<2x2xf32>, %2: tensor<2x2xf32>, %3: tensor<2x2xf32>, %4: tensor<2x2xf32>, %5: tensor<2x2xf32>, %6: tensor<2x2xf32>, %7: tensor<2x2xf32>, %8: tensor<2x2xf32>,
       %9: tensor<2xf32>, %10: tensor<2xf32>, %11: tensor<2xf32>, %12: tensor<2xf32>, %13: tensor<4x4xf32>, %14: tensor<4x2xf32>, %15: tensor<4xf32>, %p: tensor<f32>):
    %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %t = graph.step_index : () -> tensor<i32>
    %tf = graph.cast %t {dtype = f32} : (tensor<i32>) -> tensor<f32>
    %shifted = graph.add %x_t, %tf : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
    %u = graph.random_uniform {dtype = f32, shape = array<i64: 4, 2>, stream = 5 : i64} : () -> tensor<4x2xf32> loc("mask")
    %up = graph.add %u, %p : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
    %m = graph.floor %up : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %in = graph.multiply %shifted, %m : (tensor<?x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %xi = graph.matmul %in, %1 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %hi = graph.matmul %h, %5 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %si = graph.add %xi, %hi : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %ai = graph.add %si, %9 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %i = graph.sigmoid %ai : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %xj = graph.matmul %in, %2 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %hj = graph.matmul %h, %6 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %sj = graph.add %xj, %hj : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %aj = graph.add %sj, %10 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %j = graph.tanh %aj : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %xf = graph.matmul %in, %3 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %hf = graph.matmul %h, %7 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %sf = graph.add %xf, %hf : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %af = graph.add %sf, %11 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %f = graph.sigmoid %af : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %xo = graph.matmul %in, %4 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %ho = graph.matmul %h, %8 : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %so = graph.add %xo, %ho : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %ao = graph.add %so, %12 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %o = graph.sigmoid %ao : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %fc = graph.multiply %f, %c : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %ij = graph.multiply %i, %j : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %c1 = graph.add %fc, %ij : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %tc = graph.tanh %c1 : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %h1 = graph.multiply %o, %tc : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %scaled = graph.divide %h1, %p : (tensor<4x2xf32>, tensor<f32>) -> tensor<4x2xf32>
    %sg = graph.concat %scaled, %g {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
    %pg = graph.matmul %sg, %13 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    %zg = graph.bias_add %pg, %15 : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
    %ru = graph.sigmoid %zg : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %gate:2 = graph.split %ru {axis = 1 : i64, sizes = array<i64: 2, 2>} : (tensor<4x4xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>)
    %rg = graph.multiply %gate#0, %g : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %sr = graph.concat %scaled, %rg {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
    %pc = graph.matmul %sr, %14 : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %cand = graph.tanh %pc : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %kept = graph.multiply %gate#1, %g : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %rest = graph.subtract %one, %gate#1 : (tensor<f32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %fresh = graph.multiply %rest, %cand : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    %g1 = graph.add %kept, %fresh : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
    graph.yield %g1, %c1, %h1, %g1 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
  } loc("rnn")
  %out = graph.identity %r#0 : (tensor<3x4x2xf32>) -> tensor<3x4x2xf32> loc("outputs")
  %sq = graph.square %out : (tensor<3x4x2xf32>) -> tensor<3x4x2xf32> loc("square")
  %mean = graph.reduce_mean %sq : (tensor<3x4x2xf32>) -> tensor<f32> loc("mean")
  %last = graph.reduce_sum %r#1 : (tensor<4x2xf32>) -> tensor<f32> loc("last")
  %sum = graph.add %mean, %last : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("sum")
  %d:15 = graph.gradients %sum, %wi, %wj, %wf, %wo, %ui, %uj, %uf, %uo, %bi, %bj, %bf, %bo, %wg, %wc, %bg {num_ys = 1 : i64, num_xs = 15 : i64}
      : (tensor<f32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
         tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<4x4xf32>, tensor<4x2xf32>, tensor<4xf32>)
      -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>,
          tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<4x4xf32>, tensor<4x2xf32>, tensor<4xf32>) loc("gradients")
  %lr = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32> loc("lr")
  graph.apply_gradient_descent %lr, %d#0 {variable = @wi} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u0")
  graph.apply_gradient_descent %lr, %d#1 {variable = @wj} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u1")
  graph.apply_gradient_descent %lr, %d#2 {variable = @wf} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u2")
  graph.apply_gradient_descent %lr, %d#3 {variable = @wo} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u3")
  graph.apply_gradient_descent %lr, %d#4 {variable = @ui} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u4")
  graph.apply_gradient_descent %lr, %d#5 {variable = @uj} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u5")
  graph.apply_gradient_descent %lr, %d#6 {variable = @uf} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u6")
  graph.apply_gradient_descent %lr, %d#7 {variable = @uo} : (tensor<f32>, tensor<2x2xf32>) -> () loc("u7")
  graph.apply_gradient_descent %lr, %d#8 {variable = @bi} : (tensor<f32>, tensor<2xf32>) -> () loc("u8")
  graph.apply_gradient_descent %lr, %d#9 {variable = @bj} : (tensor<f32>, tensor<2xf32>) -> () loc("u9")
  graph.apply_gradient_descent %lr, %d#10 {variable = @bf} : (tensor<f32>, tensor<2xf32>) -> () loc("u10")
  graph.apply_gradient_descent %lr, %d#11 {variable = @bo} : (tensor<f32>, tensor<2xf32>) -> () loc("u11")
  graph.apply_gradient_descent %lr, %d#12 {variable = @gates} : (tensor<f32>, tensor<4x4xf32>) -> () loc("u12")
  graph.apply_gradient_descent %lr, %d#13 {variable = @candidate} : (tensor<f32>, tensor<4x2xf32>) -> () loc("u13")
  graph.apply_gradient_descent %lr, %d#14 {variable = @gates_bias} : (tensor<f32>, tensor<4xf32>) -> () loc("u14")
  %cost = graph.identity %sum {control_inputs = ["u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u10", "u11", "u12", "u13", "u14"]}
      : (tensor<f32>) -> tensor<f32> loc("cost")
}
