// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// CHECK-LABEL: @one_state_every_kind_of_operand
graph.program @one_state_every_kind_of_operand {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<128x?x9xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h0:0"} : () -> tensor<?x27xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<36x27xf32>
  // CHECK: graph.static_rnn sequences(%{{.*}} : tensor<128x?x9xf32>) states(%{{.*}} : tensor<?x27xf32>) captured(%{{.*}} : tensor<36x27xf32>) {reverse = true, steps = 128 : i64} -> tensor<128x?x27xf32>, tensor<?x27xf32> {
  // CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<?x9xf32>, %[[H:.*]]: tensor<?x27xf32>, %[[W:.*]]: tensor<36x27xf32>):
  // CHECK-NEXT: graph.concat %[[X]], %[[H]]
  // CHECK: graph.step_index : () -> tensor<i32>
  // CHECK: graph.yield %[[NEW:.*]], %[[NEW]] : tensor<?x27xf32>, tensor<?x27xf32>
  %all, %last = graph.static_rnn sequences(%x : tensor<128x?x9xf32>) states(%h0 : tensor<?x27xf32>)
      captured(%w : tensor<36x27xf32>) {reverse = true, steps = 128 : i64}
      -> tensor<128x?x27xf32>, tensor<?x27xf32> {
  ^bb0(%x_t: tensor<?x9xf32>, %h_t: tensor<?x27xf32>, %w_t: tensor<36x27xf32>):
    %xh = graph.concat %x_t, %h_t {axis = 1 : i64} : (tensor<?x9xf32>, tensor<?x27xf32>) -> tensor<?x36xf32>
    %a = graph.matmul %xh, %w_t : (tensor<?x36xf32>, tensor<36x27xf32>) -> tensor<?x27xf32>
    %t = graph.step_index : () -> tensor<i32>
    %new = graph.tanh %a : (tensor<?x27xf32>) -> tensor<?x27xf32>
    graph.yield %new, %new : tensor<?x27xf32>, tensor<?x27xf32>
  }
}

// A count of steps needs no sequence and no captured value; `reverse` is false unless said.
// CHECK-LABEL: @only_a_state
graph.program @only_a_state {
  %s0 = graph.feed {index = 0 : i64, name = "s:0"} : () -> tensor<3xf32>
  // CHECK: graph.static_rnn states(%{{.*}} : tensor<3xf32>) {steps = 4 : i64} -> tensor<3xf32> {
  %s = graph.static_rnn states(%s0 : tensor<3xf32>) {steps = 4 : i64} -> tensor<3xf32> {
  ^bb0(%state: tensor<3xf32>):
    %n = graph.square %state : (tensor<3xf32>) -> tensor<3xf32>
    graph.yield %n : tensor<3xf32>
  }
}

// CHECK-LABEL: @oneDNN_primitives
graph.program @oneDNN_primitives {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %wl = graph.feed {index = 2 : i64, name = "wl:0"} : () -> tensor<3x8xf32>
  %wi = graph.feed {index = 3 : i64, name = "wi:0"} : () -> tensor<2x8xf32>
  %b = graph.feed {index = 4 : i64, name = "b:0"} : () -> tensor<8xf32>
  // CHECK: graph.lstm %{{.*}} {training = true} : ({{.*}}) -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  %o, %hn, %cn, %ws = graph.lstm %x, %h, %h, %wl, %wi, %b {training = true}
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<3x8xf32>, tensor<2x8xf32>, tensor<8xf32>)
      -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  // CHECK: graph.lstm_gradient
  %dx, %dh, %dc, %dwl, %dwi, %db = graph.lstm_gradient %x, %h, %h, %wl, %wi, %b, %o, %hn, %cn, %ws, %o, %hn, %cn
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<3x8xf32>, tensor<2x8xf32>, tensor<8xf32>,
         tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<?xui8>, tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>)
      -> (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<3x8xf32>, tensor<2x8xf32>, tensor<8xf32>)
  %gl = graph.feed {index = 5 : i64, name = "gl:0"} : () -> tensor<3x6xf32>
  %gi = graph.feed {index = 6 : i64, name = "gi:0"} : () -> tensor<2x6xf32>
  %gb = graph.feed {index = 7 : i64, name = "gb:0"} : () -> tensor<6xf32>
  // CHECK: graph.gru %{{[^{]*}} : ({{.*}}) -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  %go, %gh, %gw = graph.gru %x, %h, %gl, %gi, %gb
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x6xf32>, tensor<2x6xf32>, tensor<6xf32>)
      -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  // CHECK: graph.gru_gradient
  %g:5 = graph.gru_gradient %x, %h, %gl, %gi, %gb, %go, %gh, %gw, %go, %gh
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x6xf32>, tensor<2x6xf32>, tensor<6xf32>,
         tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<?xui8>, tensor<5x4x2xf32>, tensor<4x2xf32>)
      -> (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x6xf32>, tensor<2x6xf32>, tensor<6xf32>)
  %vl = graph.feed {index = 8 : i64, name = "vl:0"} : () -> tensor<3x2xf32>
  %vi = graph.feed {index = 9 : i64, name = "vi:0"} : () -> tensor<2x2xf32>
  %vb = graph.feed {index = 10 : i64, name = "vb:0"} : () -> tensor<2xf32>
  // CHECK: graph.vanilla_rnn %{{.*}} {activation = "relu"}
  %vo, %vh, %vw = graph.vanilla_rnn %x, %h, %vl, %vi, %vb {activation = "relu"}
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x2xf32>, tensor<2x2xf32>, tensor<2xf32>)
      -> (tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<?xui8>)
  // CHECK: graph.vanilla_rnn_gradient %{{.*}} {activation = "relu"}
  %v:5 = graph.vanilla_rnn_gradient %x, %h, %vl, %vi, %vb, %vo, %vh, %vw, %vo, %vh {activation = "relu"}
      : (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x2xf32>, tensor<2x2xf32>, tensor<2xf32>,
         tensor<5x4x2xf32>, tensor<4x2xf32>, tensor<?xui8>, tensor<5x4x2xf32>, tensor<4x2xf32>)
      -> (tensor<5x4x3xf32>, tensor<4x2xf32>, tensor<3x2xf32>, tensor<2x2xf32>, tensor<2xf32>)
}
