// RUN: graphc-opt %s --graphc-lower-to-plan=threads=1 | FileCheck %s

graph.variable @v : tensor<4xf32> {trainable = true}
graph.variable @u : tensor<4xf32> {trainable = true}

// The value is computed where the variable lies.
// CHECK-LABEL: plan.program @assigned_in_place
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: plan.call_kernel @tanh{{[_0-9]*}} inputs({{.*}}) outputs(%[[V]] : memref<4xf32>)
// CHECK-NOT: plan.copy
graph.program @assigned_in_place attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["assign"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %t = graph.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %new = graph.assign %t {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
}

// What computes the value reads the variable, so that it cannot write it.
// CHECK-LABEL: plan.program @assigned_from_itself
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: %[[T:.*]] = plan.buffer temporary
// CHECK: plan.call_kernel @tanh{{[_0-9]*}} inputs(%[[V]] : memref<4xf32>) outputs(%[[T]] : memref<4xf32>)
// CHECK: plan.copy %[[T]] to %[[V]]
graph.program @assigned_from_itself attributes {fetch_names = ["assign"]} {
  %v = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %t = graph.tanh %v : (tensor<4xf32>) -> tensor<4xf32>
  %new = graph.assign %t {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
}

// A read in between still wants the old value.
// CHECK-LABEL: plan.program @read_between_value_and_assignment
// CHECK: %[[T:.*]] = plan.buffer temporary
// CHECK: plan.call_kernel @tanh{{[_0-9]*}} inputs({{.*}}) outputs(%[[T]]
// CHECK: plan.call_kernel @exp
// CHECK: plan.copy %[[T]] to
graph.program @read_between_value_and_assignment attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["e:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %t = graph.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %v = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %e = graph.exp %v : (tensor<4xf32>) -> tensor<4xf32>
  %new = graph.assign %t {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %e {indices = array<i64: 0>} : tensor<4xf32>
}

// The old value is fetched after the variable has changed: it is saved when it is read, where the
// caller gets it.
// CHECK-LABEL: plan.program @old_value_fetched
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: %[[OLD:.*]] = plan.buffer fetched {index = 0 : i64}
// CHECK: plan.copy %[[V]] to %[[OLD]]
// CHECK: plan.call_kernel @assign_add{{[_0-9]*}} inputs({{.*}}) updates(%[[V]] : memref<4xf32>)
// CHECK-NOT: plan.copy
graph.program @old_value_fetched attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["v:0", "assign"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %v = graph.read_variable {variable = @v} : () -> tensor<4xf32>
  %new = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %v {indices = array<i64: 0>} : tensor<4xf32>
}

// The new value is the variable itself until the end, then it is copied to the caller.
// CHECK-LABEL: plan.program @new_value_fetched
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: plan.call_kernel @assign_add{{[_0-9]*}} inputs({{.*}}) updates(%[[V]] : memref<4xf32>)
// CHECK: plan.copy %[[V]] to
// CHECK-NOT: plan.copy
graph.program @new_value_fetched attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["new:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %new = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  graph.fetch %new {indices = array<i64: 0>} : tensor<4xf32>
}

// The first new value is wanted after the second: a view of it counts, too.
// CHECK-LABEL: plan.program @assigned_twice
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: plan.call_kernel @assign_add{{[_0-9]*}} inputs({{.*}}) updates(%[[V]] : memref<4xf32>)
// CHECK: %[[FIRST:.*]] = plan.buffer fetched {index = 0 : i64} : memref<2x2xf32>
// CHECK: %[[FLAT:.*]] = plan.view %[[FIRST]]
// CHECK: plan.copy %[[V]] to %[[FLAT]]
// CHECK: plan.call_kernel @assign_add{{[_0-9]*}} inputs({{.*}}) updates(%[[V]] : memref<4xf32>)
graph.program @assigned_twice attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["r:0"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %first = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %second = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %r = graph.reshape %first {shape = array<i64: 2, 2>} : (tensor<4xf32>) -> tensor<2x2xf32>
  graph.fetch %r {indices = array<i64: 0>} : tensor<2x2xf32>
}

// A value that is assigned to two variables is computed in one and copied to the other.
// CHECK-LABEL: plan.program @two_variables
// CHECK: %[[V:.*]] = plan.buffer variable {variable = @v}
// CHECK: plan.call_kernel @tanh{{[_0-9]*}} inputs({{.*}}) outputs(%[[V]] : memref<4xf32>)
// CHECK: %[[U:.*]] = plan.buffer variable {variable = @u}
// CHECK: plan.copy %[[V]] to %[[U]]
graph.program @two_variables attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = ["a", "b"]} {
  %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
  %t = graph.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %a = graph.assign %t {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
  %b = graph.assign %t {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
}

// An optimizer's step updates the variable and its slots in place; one kernel serves all variables of
// a shape.
// CHECK-LABEL: plan.program @updates
// CHECK: plan.call_kernel @[[APPLY:apply_momentum.*]] inputs({{.*}}) updates(%[[V:.*]], %[[U:.*]] : memref<4xf32>, memref<4xf32>){{$}}
// CHECK: plan.call_kernel @[[APPLY]] inputs({{.*}}) updates(%[[U]], %[[V]] : memref<4xf32>, memref<4xf32>){{$}}
graph.program @updates attributes {feed_names = ["lr:0", "g:0"], feed_types = [tensor<f32>, tensor<4xf32>], fetch_names = ["train"]} {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<4xf32>
  graph.apply_momentum %lr, %g, %lr {variable = @v, accumulator = @u} : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> ()
  graph.apply_momentum %lr, %g, %lr {variable = @u, accumulator = @v} : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> ()
}

graph.variable @table : tensor<10x4xf32> {trainable = true}
graph.variable @slot : tensor<10x4xf32>

// Rows that are known only when the step runs are updated on the host, in place.
// CHECK-LABEL: plan.program @sparse_update
// CHECK-DAG: %[[TABLE:.*]] = plan.buffer variable {variable = @table}
// CHECK-DAG: %[[SLOT:.*]] = plan.buffer variable {variable = @slot}
// CHECK: plan.call_host "sparse_apply_adagrad" inputs({{.*}}) updates(%[[SLOT]], %[[TABLE]] : memref<10x4xf32>, memref<10x4xf32>) parameters {accumulator = @slot, variable = @table} because "its rows are known only when it runs"
graph.program @sparse_update attributes {feed_names = ["lr:0", "g:0", "i:0"], feed_types = [tensor<f32>, tensor<3x4xf32>, tensor<3xi32>], fetch_names = ["update"]} {
  %lr = graph.feed {index = 0 : i64, name = "lr:0"} : () -> tensor<f32>
  %g = graph.feed {index = 1 : i64, name = "g:0"} : () -> tensor<3x4xf32>
  %i = graph.feed {index = 2 : i64, name = "i:0"} : () -> tensor<3xi32>
  graph.sparse_apply_adagrad %lr, %g, %i {accumulator = @slot, variable = @table}
      : (tensor<f32>, tensor<3x4xf32>, tensor<3xi32>) -> ()
}
