#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

/// An update of a variable's rows by the sums of the gradients of equal ones.
static RuleCase ofDistinctRows(const std::string &op, const std::string &node,
                               const std::string &flags = "") {
  return oneOp("sparse_apply_" + op, {},
               {"y/Unique = Unique(n) T=int32 out_idx=int32",
                "y/Shape = Shape(y/Unique) T=int32 out_type=int32",
                "y/strided_slice/begin = Const() int32[1]{0}",
                "y/strided_slice/end = Const() int32[1]{1}",
                "y/strided_slice/strides = Const() int32[1]{1}",
                "y/strided_slice = StridedSlice(y/Shape, y/strided_slice/begin, "
                "y/strided_slice/end, y/strided_slice/strides) Index=int32 T=int32 "
                "shrink_axis_mask=1",
                "y/UnsortedSegmentSum = UnsortedSegmentSum(rows, y/Unique:1, y/strided_slice) "
                "T=float32 Tindices=int32 Tnumsegments=int32",
                "y = SparseApply" + node + " T=float32 Tindices=int32 use_locking=false" + flags});
}

std::vector<RuleCase> stateCases() {
  return {
      oneOp("read_variable {variable = @w}", {"4x5xf32"}, {"y = Identity(w) T=float32"}),
      oneOp("assign %m {variable = @w}", {"4x5xf32"},
            {"y = Assign(w, m) T=float32 use_locking=true validate_shape=true"}),
      oneOp("assign_add %m {variable = @w}", {"4x5xf32"},
            {"y = AssignAdd(w, m) T=float32 use_locking=true"}),
      oneOp("assign_sub %m {variable = @w}", {"4x5xf32"},
            {"y = AssignSub(w, m) T=float32 use_locking=true"}),
      oneOp("apply_gradient_descent %x, %m {variable = @w}", {},
            {"y = ApplyGradientDescent(w, x, m) T=float32 use_locking=false"}),
      oneOp("apply_momentum %x, %m, %x {variable = @w, accumulator = @s1, use_nesterov = true}", {},
            {"y = ApplyMomentum(w, s1, x, m, x) T=float32 use_locking=false use_nesterov=true"}),
      oneOp("apply_adagrad %x, %m {variable = @w, accumulator = @s1}", {},
            {"y = ApplyAdagrad(w, s1, x, m) T=float32 use_locking=false"}),
      oneOp("apply_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_square = @s1, momentum_slot = "
            "@s2}",
            {}, {"y = ApplyRMSProp(w, s1, s2, x, x, x, x, m) T=float32 use_locking=false"}),
      oneOp("apply_centered_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_gradient = @s1, "
            "mean_square = @s2, momentum_slot = @s3}",
            {},
            {"y = ApplyCenteredRMSProp(w, s1, s2, s3, x, x, x, x, m) T=float32 use_locking=false"}),
      oneOp("apply_adam %x, %x, %x, %x, %x, %x, %m {variable = @w, m = @s1, v = @s2}", {},
            {"y = ApplyAdam(w, s1, s2, x, x, x, x, x, x, m) T=float32 use_locking=false"}),
      oneOp("sparse_apply_gradient_descent %x, %rows, %n {variable = @w}", {},
            {"y/mul = Mul(rows, x) T=float32",
             "y = ScatterSub(w, n, y/mul) T=float32 Tindices=int32 use_locking=false"}),
      ofDistinctRows("momentum %x, %rows, %x, %n {variable = @w, accumulator = @s1}",
                     "Momentum(w, s1, x, y/UnsortedSegmentSum, y/Unique, x)",
                     " use_nesterov=false"),
      ofDistinctRows("adagrad %x, %rows, %n {variable = @w, accumulator = @s1}",
                     "Adagrad(w, s1, x, y/UnsortedSegmentSum, y/Unique)"),
      ofDistinctRows("rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_square = @s1, "
                     "momentum_slot = @s2}",
                     "RMSProp(w, s1, s2, x, x, x, x, y/UnsortedSegmentSum, y/Unique)"),
      ofDistinctRows("centered_rms_prop %x, %x, %x, %x, %rows, %n {variable = @w, mean_gradient = "
                     "@s1, mean_square = @s2, momentum_slot = @s3}",
                     "CenteredRMSProp(w, s1, s2, s3, x, x, x, x, y/UnsortedSegmentSum, y/Unique)"),
  };
}

} // namespace graphc::test
