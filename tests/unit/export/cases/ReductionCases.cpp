#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

static RuleCase alongRows(const std::string &op, const std::string &type) {
  return oneOp(op + " %f {axes = array<i64: 1>, keep_dims = true}", {"?x1xf32"},
               {"y/reduction_indices = Const() int32[1]{1}",
                "y = " + type + "(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true"});
}

std::vector<RuleCase> reductionCases() {
  return {
      alongRows("reduce_sum", "Sum"),
      alongRows("reduce_mean", "Mean"),
      alongRows("reduce_max", "Max"),
      alongRows("reduce_min", "Min"),
      alongRows("reduce_prod", "Prod"),
      oneOp("reduce_sum %f", {"f32"},
            {"y/reduction_indices = Const() int32[2]{0,1}",
             "y = Sum(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=false"}),
      oneOp("reduce_sum %r", {"f32"},
            {"y/Rank = Rank(r) T=float32", "y/range/start = Const() int32[]{0}",
             "y/range/delta = Const() int32[]{1}",
             "y/range = Range(y/range/start, y/Rank, y/range/delta) Tidx=int32",
             "y = Sum(r, y/range) T=float32 Tidx=int32 keep_dims=false"}),
      oneOp("reduce_all %b {axes = array<i64: 0>}", {"4xi1"},
            {"y/reduction_indices = Const() int32[1]{0}",
             "y = All(b, y/reduction_indices) Tidx=int32 keep_dims=false"}),
      oneOp("reduce_any %b {axes = array<i64: 0>}", {"4xi1"},
            {"y/reduction_indices = Const() int32[1]{0}",
             "y = Any(b, y/reduction_indices) Tidx=int32 keep_dims=false"}),
      oneOp("argmax %f {axis = 1 : i64, dtype = i64}", {"?xi64"},
            {"y/dimension = Const() int32[]{1}",
             "y = ArgMax(f, y/dimension) T=float32 Tidx=int32 output_type=int64"}),
      oneOp("argmin %f {axis = 1 : i64, dtype = i64}", {"?xi64"},
            {"y/dimension = Const() int32[]{1}",
             "y = ArgMin(f, y/dimension) T=float32 Tidx=int32 output_type=int64"}),
      oneOp("l2_loss %f", {"f32"}, {"y = L2Loss(f) T=float32"}),
  };
}

} // namespace graphc::test
