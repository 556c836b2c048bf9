#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> stateCases() {
  return {
      {R"(%y = graph.read_variable {variable = @w} : () -> tensor<4x5xf32> loc("y"))",
       R"(
y = Identity(w) T=float32
)"},
      {R"(%y = graph.assign %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = Assign(w, m) T=float32 use_locking=true validate_shape=true
)"},
      {R"(%y = graph.assign_add %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = AssignAdd(w, m) T=float32 use_locking=true
)"},
      {R"(%y = graph.assign_sub %m {variable = @w} : (tensor<4x5xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
y = AssignSub(w, m) T=float32 use_locking=true
)"},
      {R"(graph.apply_gradient_descent %x, %m {variable = @w} : (tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyGradientDescent(w, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_momentum %x, %m, %x {variable = @w, accumulator = @s1, use_nesterov = true} : (tensor<f32>, tensor<4x5xf32>, tensor<f32>) -> () loc("y"))",
       R"(
y = ApplyMomentum(w, s1, x, m, x) T=float32 use_locking=false use_nesterov=true
)"},
      {R"(graph.apply_adagrad %x, %m {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyAdagrad(w, s1, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_square = @s1, momentum_slot = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyRMSProp(w, s1, s2, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_centered_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_gradient = @s1, mean_square = @s2, momentum_slot = @s3} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyCenteredRMSProp(w, s1, s2, s3, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(graph.apply_adam %x, %x, %x, %x, %x, %x, %m {variable = @w, m = @s1, v = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))",
       R"(
y = ApplyAdam(w, s1, s2, x, x, x, x, x, x, m) T=float32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_gradient_descent %x, %rows, %n {variable = @w} : (tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/mul = Mul(rows, x) T=float32
y = ScatterSub(w, n, y/mul) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_momentum %x, %rows, %x, %n {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<?x5xf32>, tensor<f32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Shape = Shape(y/Unique) T=int32 out_type=int32
y/strided_slice/begin = Const() int32[1]{0}
y/strided_slice/end = Const() int32[1]{1}
y/strided_slice/strides = Const() int32[1]{1}
y/strided_slice = StridedSlice(y/Shape, y/strided_slice/begin, y/strided_slice/end, y/strided_slice/strides) Index=int32 T=int32 shrink_axis_mask=1
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/strided_slice) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyMomentum(w, s1, x, y/UnsortedSegmentSum, y/Unique, x) T=float32 Tindices=int32 use_locking=false use_nesterov=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_adagrad %x, %rows, %n {variable = @w, accumulator = @s1} : (tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Shape = Shape(y/Unique) T=int32 out_type=int32
y/strided_slice/begin = Const() int32[1]{0}
y/strided_slice/end = Const() int32[1]{1}
y/strided_slice/strides = Const() int32[1]{1}
y/strided_slice = StridedSlice(y/Shape, y/strided_slice/begin, y/strided_slice/end, y/strided_slice/strides) Index=int32 T=int32 shrink_axis_mask=1
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/strided_slice) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyAdagrad(w, s1, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_square = @s1, momentum_slot = @s2} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Shape = Shape(y/Unique) T=int32 out_type=int32
y/strided_slice/begin = Const() int32[1]{0}
y/strided_slice/end = Const() int32[1]{1}
y/strided_slice/strides = Const() int32[1]{1}
y/strided_slice = StridedSlice(y/Shape, y/strided_slice/begin, y/strided_slice/end, y/strided_slice/strides) Index=int32 T=int32 shrink_axis_mask=1
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/strided_slice) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyRMSProp(w, s1, s2, x, x, x, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
      {R"(%rows = graph.placeholder {dtype = f32, shape = array<i64: -1, 5>} : () -> tensor<?x5xf32> loc("rows")
graph.sparse_apply_centered_rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_gradient = @s1, mean_square = @s2, momentum_slot = @s3} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<?x5xf32>, tensor<?xi32>) -> () loc("y"))",
       R"(
y/Unique = Unique(n) T=int32 out_idx=int32
y/Shape = Shape(y/Unique) T=int32 out_type=int32
y/strided_slice/begin = Const() int32[1]{0}
y/strided_slice/end = Const() int32[1]{1}
y/strided_slice/strides = Const() int32[1]{1}
y/strided_slice = StridedSlice(y/Shape, y/strided_slice/begin, y/strided_slice/end, y/strided_slice/strides) Index=int32 T=int32 shrink_axis_mask=1
y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/strided_slice) T=float32 Tindices=int32 Tnumsegments=int32
y = SparseApplyCenteredRMSProp(w, s1, s2, s3, x, x, x, x, y/UnsortedSegmentSum, y/Unique) T=float32 Tindices=int32 use_locking=false
)"},
  };
}

} // namespace graphc::test
