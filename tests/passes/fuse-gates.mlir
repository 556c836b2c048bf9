// RUN: graphc-opt %s --split-input-file --graph-fuse-gates | FileCheck %s

// Two products, each with its bias, become one of each; the split ends up below.
// CHECK-LABEL: @two_gates_in_a_body
// CHECK: ^bb0(%[[X:.*]]: tensor<4x3xf32>, %[[H:.*]]: tensor<4x3xf32>, %[[WI:.*]]: tensor<3x2xf32>, %[[WF:.*]]: tensor<3x1xf32>, %[[BI:.*]]: tensor<2xf32>, %[[BF:.*]]: tensor<1xf32>):
// CHECK-NEXT: %[[W:.*]] = graph.concat %[[WI]], %[[WF]] {axis = 1 : i64}
// CHECK-NEXT: %[[P:.*]] = graph.matmul %[[H]], %[[W]] {{.*}} -> tensor<4x3xf32>
// CHECK-NEXT: %[[B:.*]] = graph.concat %[[BI]], %[[BF]] {axis = 0 : i64}
// CHECK-NEXT: %[[S:.*]] = graph.bias_add %[[P]], %[[B]]
// CHECK-NEXT: %[[G:.*]]:2 = graph.split %[[S]] {axis = 1 : i64, sizes = array<i64: 2, 1>}
// CHECK-NEXT: graph.sigmoid %[[G]]#0
// CHECK-NEXT: graph.tanh %[[G]]#1
graph.program @two_gates_in_a_body {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<5x4x3xf32>
  %h0 = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x3xf32>
  %wi = graph.feed {index = 2 : i64, name = "wi:0"} : () -> tensor<3x2xf32>
  %wf = graph.feed {index = 3 : i64, name = "wf:0"} : () -> tensor<3x1xf32>
  %bi = graph.feed {index = 4 : i64, name = "bi:0"} : () -> tensor<2xf32>
  %bf = graph.feed {index = 5 : i64, name = "bf:0"} : () -> tensor<1xf32>
  %h = graph.static_rnn sequences(%x : tensor<5x4x3xf32>) states(%h0 : tensor<4x3xf32>)
      captured(%wi, %wf, %bi, %bf : tensor<3x2xf32>, tensor<3x1xf32>, tensor<2xf32>, tensor<1xf32>) {steps = 5 : i64} -> tensor<4x3xf32> {
  ^bb0(%x_t: tensor<4x3xf32>, %s: tensor<4x3xf32>, %1: tensor<3x2xf32>, %2: tensor<3x1xf32>, %3: tensor<2xf32>, %4: tensor<1xf32>):
    %pi = graph.matmul %s, %1 : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
    %ai = graph.bias_add %pi, %3 : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    %i = graph.sigmoid %ai : (tensor<4x2xf32>) -> tensor<4x2xf32>
    %pf = graph.matmul %s, %2 : (tensor<4x3xf32>, tensor<3x1xf32>) -> tensor<4x1xf32>
    %af = graph.bias_add %pf, %4 : (tensor<4x1xf32>, tensor<1xf32>) -> tensor<4x1xf32>
    %f = graph.tanh %af : (tensor<4x1xf32>) -> tensor<4x1xf32>
    %n = graph.concat %i, %f {axis = 1 : i64} : (tensor<4x2xf32>, tensor<4x1xf32>) -> tensor<4x3xf32>
    graph.yield %n : tensor<4x3xf32>
  }
  graph.fetch %h {indices = array<i64: 0>} : tensor<4x3xf32>
}

// -----

// x W + h U, twice: two products, one sum, one split. Reads move to the front.
// CHECK-LABEL: @input_and_state_apart
// CHECK: %[[WX:.*]] = graph.concat
// CHECK: %[[PX:.*]] = graph.matmul %{{.*}}, %[[WX]]
// CHECK: %[[WH:.*]] = graph.concat
// CHECK: %[[PH:.*]] = graph.matmul %{{.*}}, %[[WH]]
// CHECK: %[[SUM:.*]] = graph.add %[[PX]], %[[PH]]
// CHECK: graph.split %[[SUM]]
// CHECK-NOT: graph.split
graph.variable @wi : tensor<3x2xf32>
graph.variable @wj : tensor<3x2xf32>
graph.variable @ui : tensor<2x2xf32>
graph.variable @uj : tensor<2x2xf32>
graph.program @input_and_state_apart {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x3xf32>
  %h = graph.feed {index = 1 : i64, name = "h:0"} : () -> tensor<4x2xf32>
  %wi = graph.read_variable {variable = @wi} : () -> tensor<3x2xf32>
  %a = graph.matmul %x, %wi : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %ui = graph.read_variable {variable = @ui} : () -> tensor<2x2xf32>
  %b = graph.matmul %h, %ui : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %i = graph.add %a, %b : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %wj = graph.read_variable {variable = @wj} : () -> tensor<3x2xf32>
  %c = graph.matmul %x, %wj : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %uj = graph.read_variable {variable = @uj} : () -> tensor<2x2xf32>
  %d = graph.matmul %h, %uj : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %j = graph.add %c, %d : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  graph.fetch %i, %j {indices = array<i64: 0, 1>} : tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// The second matrix is made from the first product; a transposed left operand is another operand.
// CHECK-LABEL: @left_alone
// CHECK-COUNT-3: graph.matmul
graph.program @left_alone {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x2xf32>
  %a = graph.matmul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %b = graph.matmul %x, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %c = graph.matmul %x, %x {transpose_a = true} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  graph.fetch %a, %b, %c {indices = array<i64: 0, 1, 2>} : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
