// RUN: graphc-opt %s | graphc-opt | FileCheck %s

// The program, its entries and exits.

// CHECK: graph.variable @"dense/kernel" : tensor<9x27xf32> {trainable = true}
graph.variable @"dense/kernel" : tensor<9x27xf32> {trainable = true}
// CHECK: graph.variable @global_step : tensor<i64>{{$}}
graph.variable @global_step : tensor<i64>

// CHECK: graph.program @main attributes
// CHECK-SAME: feed_names = ["inputs:0"], feed_types = [tensor<600x9xf32>]
// CHECK-SAME: fetch_names = ["y:0", "train"]
graph.program @main attributes {feed_names = ["inputs:0"], feed_types = [tensor<600x9xf32>],
                                fetch_names = ["y:0", "train"]} {
  // CHECK: %[[X:.*]] = graph.placeholder {dtype = f32, shape = array<i64: -1, 9>} : () -> tensor<?x9xf32>
  %x = graph.placeholder {dtype = f32, shape = array<i64: -1, 9>} : () -> tensor<?x9xf32>
  // CHECK: graph.placeholder {dtype = i64, shape = array<i64>} : () -> tensor<i64>
  %s = graph.placeholder {dtype = i64, shape = array<i64>} : () -> tensor<i64>
  // CHECK: graph.placeholder {dtype = ui8, shape = array<i64>, unknown_rank = true} : () -> tensor<*xui8>
  %u = graph.placeholder {dtype = ui8, shape = array<i64>, unknown_rank = true} : () -> tensor<*xui8>
  // CHECK: graph.feed {index = 0 : i64, name = "inputs:0"} : () -> tensor<600x9xf32>
  %f = graph.feed {index = 0 : i64, name = "inputs:0"} : () -> tensor<600x9xf32>
  // CHECK: %[[W:.*]] = graph.read_variable {variable = @"dense/kernel"} : () -> tensor<9x27xf32>
  %w = graph.read_variable {variable = @"dense/kernel"} : () -> tensor<9x27xf32>
  // CHECK: %[[Y:.*]] = graph.matmul %[[X]], %[[W]] : (tensor<?x9xf32>, tensor<9x27xf32>) -> tensor<?x27xf32>
  %y = graph.matmul %x, %w : (tensor<?x9xf32>, tensor<9x27xf32>) -> tensor<?x27xf32>
  // CHECK: graph.gradients %[[Y]], %[[W]] {num_xs = 1 : i64, num_ys = 1 : i64}
  %dw = graph.gradients %y, %w {num_xs = 1 : i64, num_ys = 1 : i64}
      : (tensor<?x27xf32>, tensor<9x27xf32>) -> tensor<9x27xf32>
  // CHECK: graph.no_op {control_inputs = ["y"]}
  graph.no_op {control_inputs = ["y"]}
  // CHECK: graph.fetch %[[Y]] {indices = array<i64: 0>} : tensor<?x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<?x27xf32>
}

// Nothing in it, nothing fetched.
// CHECK: graph.program @empty {
// CHECK-NEXT: }
graph.program @empty {
}

// CHECK: graph.program @only_ops_fetched
graph.program @only_ops_fetched attributes {fetch_names = ["train"]} {
  // CHECK: graph.fetch {indices = array<i64>}
  graph.fetch {indices = array<i64>}
}

// CHECK: graph.program @a_cluster
graph.program @a_cluster {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x27xf32>
  // CHECK: graph.cluster %{{.*}}, %{{.*}} : (tensor<4x27xf32>, tensor<4x27xf32>) -> tensor<4x27xf32> {
  // CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<4x27xf32>, %[[B:.*]]: tensor<4x27xf32>):
  // CHECK-NEXT: %[[S:.*]] = graph.add %[[A]], %[[B]]
  // CHECK-NEXT: graph.yield %[[S]] : tensor<4x27xf32>
  %z = graph.cluster %x, %x : (tensor<4x27xf32>, tensor<4x27xf32>) -> tensor<4x27xf32> {
  ^bb0(%a: tensor<4x27xf32>, %b: tensor<4x27xf32>):
    %s = graph.add %a, %b : (tensor<4x27xf32>, tensor<4x27xf32>) -> tensor<4x27xf32>
    graph.yield %s : tensor<4x27xf32>
  }
}
