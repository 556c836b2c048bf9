// RUN: graphc-opt %s --graphc-lower-to-plan=threads=2 | FileCheck %s

graph.variable @w : tensor<9x27xf32> {trainable = true}

// Equal bodies are one kernel, whatever their ops are called.
// CHECK-LABEL: plan.kernel @cluster extent
// CHECK: ^bb0(%{{.*}}: tensor<4xf32>, %{{.*}}: tensor<4xf32>):
// CHECK-NOT: plan.kernel
// CHECK-LABEL: plan.program @shared_kernel
// CHECK: plan.call_kernel @cluster inputs(%[[X:.*]], %[[X]] : {{.*}}) outputs(%[[A:.*]] : memref<4xf32>)
// CHECK: plan.call_kernel @cluster inputs(%[[A]], %[[X]] : {{.*}}) outputs(
graph.program @shared_kernel attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %a = graph.cluster %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%0: tensor<4xf32>, %1: tensor<4xf32>):
    %s = graph.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("first")
    %t = graph.tanh %s : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %t : tensor<4xf32>
  }
  %y = graph.cluster %a, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%0: tensor<4xf32>, %1: tensor<4xf32>):
    %s = graph.add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("second")
    %t = graph.tanh %s : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %t : tensor<4xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<4xf32>
}

// Unrolled steps, which draw from different steps' random rows, share their kernel.
// CHECK-LABEL: plan.kernel @cluster
// CHECK: graph.random_uniform {{.*}}step_of_call
// CHECK-NOT: plan.kernel
// CHECK-LABEL: plan.program @steps
// CHECK: plan.call_kernel @[[K:cluster[_0-9]*]] {{.*}} {step = 3 : i64}
// CHECK: plan.call_kernel @[[K]] {{.*}} {step = 4 : i64}
graph.program @steps attributes {feed_names = ["x:0"], feed_types = [tensor<2x4xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x4xf32>
  %a = graph.cluster %x : (tensor<2x4xf32>) -> tensor<2x4xf32> {
  ^bb0(%0: tensor<2x4xf32>):
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 2, 4>, step = 3 : i64, stream = 1 : i64} : () -> tensor<2x4xf32>
    %s = graph.add %0, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    graph.yield %s : tensor<2x4xf32>
  }
  %y = graph.cluster %a : (tensor<2x4xf32>) -> tensor<2x4xf32> {
  ^bb0(%0: tensor<2x4xf32>):
    %r = graph.random_uniform {dtype = f32, shape = array<i64: 2, 4>, step = 4 : i64, stream = 1 : i64} : () -> tensor<2x4xf32>
    %s = graph.add %0, %r : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    graph.yield %s : tensor<2x4xf32>
  }
  graph.fetch %y {indices = array<i64: 0>} : tensor<2x4xf32>
}

// A product with transposed operands, bias and activation is one primitive; its result is written
// where it is fetched.
// CHECK-LABEL: plan.program @product
// CHECK-SAME: feeds ["x:0", "b:0", "w:0"] fetches ["y:0"] threads 2
// CHECK-DAG: %[[X:.*]] = plan.buffer fed {index = 0 : i64} : memref<27x9xf32>
// CHECK-DAG: %[[B:.*]] = plan.buffer fed {index = 1 : i64} : memref<9xf32>
// CHECK-DAG: %[[W:.*]] = plan.buffer fed {index = 2 : i64} : memref<9x27xf32>
// CHECK-DAG: %[[Y:.*]] = plan.buffer fetched {index = 0 : i64} : memref<9x9xf32>
// CHECK-DAG: %[[XT:.*]] = plan.view %[[X]] : memref<27x9xf32> to memref<9x27xf32, strided<[1, 9]>>
// CHECK-DAG: %[[WT:.*]] = plan.view %[[W]] : memref<9x27xf32> to memref<27x9xf32, strided<[1, 27]>>
// CHECK-DAG: %[[ROW:.*]] = plan.view %[[B]] : memref<9xf32> to memref<1x9xf32>
// CHECK-DAG: %[[P:.*]] = plan.create_primitive "matmul" {activation = "tanh"} implementation "{{.+}}"
// CHECK: plan.run_primitive %[[P]] inputs(%[[XT]], %[[WT]], %[[ROW]] : {{.*}}) outputs(%[[Y]] : memref<9x9xf32>)
// CHECK-NOT: plan.copy
graph.program @product attributes {feed_names = ["x:0", "b:0", "w:0"], feed_types = [tensor<27x9xf32>, tensor<9xf32>, tensor<9x27xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<27x9xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<9xf32>
  %w = graph.feed {index = 2 : i64, name = "w:0"} : () -> tensor<9x27xf32>
  %y = graph.fused_matmul %x, %w, %b {transpose_a = true, transpose_b = true, activation = "tanh"}
      : (tensor<27x9xf32>, tensor<9x27xf32>, tensor<9xf32>) -> tensor<9x9xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<9x9xf32>
}

// oneDNN's relu would turn NaN into 0: it is a kernel behind the product.
// CHECK-LABEL: plan.program @product_with_relu
// CHECK: plan.create_primitive "matmul" {activation = "none"}
// CHECK: plan.run_primitive {{.*}} outputs(%[[P:.*]] : memref<4x27xf32>)
// CHECK: plan.call_kernel @relu{{[_0-9]*}} inputs(%[[P]] : memref<4x27xf32>) outputs(
graph.program @product_with_relu attributes {feed_names = ["x:0", "w:0"], feed_types = [tensor<4x9xf32>, tensor<9x27xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x9xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<9x27xf32>
  %y = graph.fused_matmul %x, %w {activation = "relu"} : (tensor<4x9xf32>, tensor<9x27xf32>) -> tensor<4x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<4x27xf32>
}

// Rows of a batch are one product.
// CHECK-LABEL: plan.program @batch_with_one_right_hand_side
// CHECK: plan.create_primitive "matmul" {{.*}} : (memref<12x9xf32>, memref<9x27xf32>) -> memref<12x27xf32>
graph.program @batch_with_one_right_hand_side attributes {feed_names = ["x:0", "w:0"], feed_types = [tensor<3x4x9xf32>, tensor<9x27xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x4x9xf32>
  %w = graph.feed {index = 1 : i64, name = "w:0"} : () -> tensor<9x27xf32>
  %y = graph.matmul %x, %w : (tensor<3x4x9xf32>, tensor<9x27xf32>) -> tensor<3x4x27xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<3x4x27xf32>
}

// Equal primitives are made once.
// CHECK-LABEL: plan.program @shared_primitive
// CHECK-COUNT-1: plan.create_primitive
// CHECK-NOT: plan.create_primitive
// CHECK: plan.run_primitive
// CHECK: plan.run_primitive
// CHECK-NOT: plan.create_primitive
graph.program @shared_primitive attributes {feed_names = ["x:0"], feed_types = [tensor<9x9xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<9x9xf32>
  %a = graph.matmul %x, %x : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  %y = graph.matmul %a, %x : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<9x9xf32>
}

// A feed that is fetched, a second fetch of one tensor and a constant are copied; a reshape of a
// computed tensor is written in place, under the shape of what computes it.
// CHECK-LABEL: plan.program @fetches
// CHECK-DAG: %[[X:.*]] = plan.buffer fed
// CHECK-DAG: %[[Y:.*]] = plan.buffer fetched {index = 1 : i64} : memref<2x2xf32>
// CHECK-DAG: %[[FLAT:.*]] = plan.view %[[Y]] : memref<2x2xf32> to memref<4xf32>
// CHECK: plan.call_kernel @tanh{{[_0-9]*}} inputs(%[[X]] : memref<4xf32>) outputs(%[[FLAT]] : memref<4xf32>)
// CHECK: plan.copy %[[X]] to %{{.*}}
// CHECK: plan.copy %[[FLAT]] to %{{.*}}
// CHECK: plan.copy
// CHECK-NOT: plan.copy
graph.program @fetches attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["x:0", "y:0", "t:0", "c:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %c = graph.constant {value = dense<1.0> : tensor<4xf32>} : () -> tensor<4xf32>
  %t = graph.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %y = graph.reshape %t {shape = array<i64: 2, 2>} : (tensor<4xf32>) -> tensor<2x2xf32>
  graph.fetch %x, %y, %t, %c {indices = array<i64: 0, 1, 2, 3>}
      : tensor<4xf32>, tensor<2x2xf32>, tensor<4xf32>, tensor<4xf32>
}

// Pieces along the first axis are views: no step, no copy.
// CHECK-LABEL: plan.program @contiguous_pieces
// CHECK-DAG: %[[X:.*]] = plan.buffer fed
// CHECK-DAG: plan.view %[[X]] : memref<6x5xf32> to memref<2x5xf32, strided<[5, 1], offset: 20>>
// CHECK-DAG: plan.view %[[X]] : memref<6x5xf32> to memref<2x5xf32, strided<[5, 1], offset: 5>>
// CHECK: plan.call_kernel @add
// CHECK-NOT: plan.copy
graph.program @contiguous_pieces attributes {feed_names = ["x:0"], feed_types = [tensor<6x5xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x5xf32>
  %a, %b = graph.split %x {axis = 0 : i64, sizes = array<i64: 4, 2>} : (tensor<6x5xf32>) -> (tensor<4x5xf32>, tensor<2x5xf32>)
  %c = graph.slice %x {begin = array<i64: 1, 0>, size = array<i64: 2, 5>} : (tensor<6x5xf32>) -> tensor<2x5xf32>
  %y = graph.add %b, %c : (tensor<2x5xf32>, tensor<2x5xf32>) -> tensor<2x5xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<2x5xf32>
}

// Long rows are copied into their place.
// CHECK-LABEL: plan.program @concat_of_long_rows
// CHECK: %[[Y:.*]] = plan.buffer fetched
// CHECK: %[[LEFT:.*]] = plan.view %[[Y]] : memref<2x80xf32> to memref<2x32xf32, strided<[80, 1]>>
// CHECK: plan.copy %{{.*}} to %[[LEFT]]
// CHECK: %[[RIGHT:.*]] = plan.view %[[Y]] : memref<2x80xf32> to memref<2x48xf32, strided<[80, 1], offset: 32>>
// CHECK: plan.copy %{{.*}} to %[[RIGHT]]
graph.program @concat_of_long_rows attributes {feed_names = ["a:0", "b:0"], feed_types = [tensor<2x32xf32>, tensor<2x48xf32>], fetch_names = ["y:0"]} {
  %a = graph.feed {index = 0 : i64, name = "a:0"} : () -> tensor<2x32xf32>
  %b = graph.feed {index = 1 : i64, name = "b:0"} : () -> tensor<2x48xf32>
  %y = graph.concat %a, %b {axis = 1 : i64} : (tensor<2x32xf32>, tensor<2x48xf32>) -> tensor<2x80xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<2x80xf32>
}

// CHECK-LABEL: plan.program @transpose
// CHECK: %[[T:.*]] = plan.view %{{.*}} : memref<6x8x9xf32> to memref<8x6x9xf32, strided<[9, 72, 1]>>
// CHECK: plan.create_primitive "reorder" {} implementation
// CHECK: plan.run_primitive %{{.*}} inputs(%[[T]]
graph.program @transpose attributes {feed_names = ["x:0"], feed_types = [tensor<6x8x9xf32>], fetch_names = ["y:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x8x9xf32>
  %y = graph.transpose %x {perm = array<i64: 1, 0, 2>} : (tensor<6x8x9xf32>) -> tensor<8x6x9xf32>
  graph.fetch %y {indices = array<i64: 0>} : tensor<8x6x9xf32>
}

// What has no kernel runs on the host, and the plan says why.
// CHECK-LABEL: plan.program @on_the_host
// CHECK: plan.call_host "qr" inputs({{.*}}) outputs({{.*}}) parameters {} because "{{.+}}"
graph.program @on_the_host attributes {feed_names = ["x:0"], feed_types = [tensor<6x4xf32>], fetch_names = ["q:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x4xf32>
  %q, %r = graph.qr %x : (tensor<6x4xf32>) -> (tensor<6x4xf32>, tensor<4x4xf32>)
  graph.fetch %q {indices = array<i64: 0>} : tensor<6x4xf32>
}

// The workspace of a layer trained by the library goes from its forward to its backward primitive.
// CHECK-LABEL: plan.program @lstm_for_training
// CHECK: %[[SPACE:.*]] = plan.buffer temporary : memref<{{[0-9]+}}xui8>
// CHECK: plan.create_primitive "lstm" {training = true}
// CHECK: plan.run_primitive {{.*}} outputs(%{{.*}}, %{{.*}}, %{{.*}}, %[[SPACE]] :
// CHECK: plan.create_primitive "lstm_gradient" {}
// CHECK: plan.run_primitive {{.*}} inputs({{.*}}, %[[SPACE]], %{{.*}}, %{{.*}}, %{{.*}} :
graph.program @lstm_for_training attributes {feed_names = ["x:0", "s:0", "wl:0", "wi:0", "b:0"], feed_types = [tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>], fetch_names = ["dx:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2x5xf32>
  %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<2x4xf32>
  %wl = graph.feed {index = 2 : i64, name = "wl:0"} : () -> tensor<5x16xf32>
  %wi = graph.feed {index = 3 : i64, name = "wi:0"} : () -> tensor<4x16xf32>
  %b = graph.feed {index = 4 : i64, name = "b:0"} : () -> tensor<16xf32>
  %out, %h, %c, %space = graph.lstm %x, %s, %s, %wl, %wi, %b {training = true}
      : (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>)
      -> (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<?xui8>)
  %dx, %dh, %dc, %dwl, %dwi, %db = graph.lstm_gradient %x, %s, %s, %wl, %wi, %b, %out, %h, %c, %space, %out, %h, %c
      : (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>,
         tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<?xui8>, tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
      -> (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>)
  graph.fetch %dx {indices = array<i64: 0>} : tensor<3x2x5xf32>
}

// Long sums over the last axes are oneDNN's; it is slow at short ones and at those over the first axes,
// which become kernels.
// CHECK-LABEL: plan.program @reductions
// CHECK: plan.create_primitive "reduction" {algorithm = "sum"} implementation "{{.+}}" scratchpad {{[0-9]+}} : (memref<2x600xf32>) -> memref<2x1xf32>
// CHECK: plan.run_primitive
// CHECK: plan.call_kernel @reduce_sum
// CHECK: plan.call_kernel @reduce_sum
graph.program @reductions attributes {feed_names = ["x:0"], feed_types = [tensor<2x20x30xf32>], fetch_names = ["a:0", "b:0", "c:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2x20x30xf32>
  %a = graph.reduce_sum %x {axes = array<i64: 1, 2>} : (tensor<2x20x30xf32>) -> tensor<2xf32>
  %b = graph.reduce_sum %x {axes = array<i64: 2>} : (tensor<2x20x30xf32>) -> tensor<2x20xf32>
  %c = graph.reduce_sum %x {axes = array<i64: 0, 1>} : (tensor<2x20x30xf32>) -> tensor<30xf32>
  graph.fetch %a, %b, %c {indices = array<i64: 0, 1, 2>} : tensor<2xf32>, tensor<2x20xf32>, tensor<30xf32>
}
