#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> reductionCases() {
  return {
      {R"(%y = graph.reduce_sum %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Sum(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_mean %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Mean(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_max %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Max(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_min %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Min(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_prod %f {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{1}
y = Prod(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=true
)"},
      {R"(%y = graph.reduce_sum %f : (tensor<?x4xf32>) -> tensor<f32> loc("y"))",
       R"(
y/reduction_indices = Const() int32[2]{0,1}
y = Sum(f, y/reduction_indices) T=float32 Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_sum %r : (tensor<*xf32>) -> tensor<f32> loc("y"))",
       R"(
y/Rank = Rank(r) T=float32
y/range/start = Const() int32[]{0}
y/range/delta = Const() int32[]{1}
y/range = Range(y/range/start, y/Rank, y/range/delta) Tidx=int32
y = Sum(r, y/range) T=float32 Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_all %b {axes = array<i64: 0>} : (tensor<?x4xi1>) -> tensor<4xi1> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{0}
y = All(b, y/reduction_indices) Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.reduce_any %b {axes = array<i64: 0>} : (tensor<?x4xi1>) -> tensor<4xi1> loc("y"))",
       R"(
y/reduction_indices = Const() int32[1]{0}
y = Any(b, y/reduction_indices) Tidx=int32 keep_dims=false
)"},
      {R"(%y = graph.argmax %f {axis = 1 : i64, dtype = i64} : (tensor<?x4xf32>) -> tensor<?xi64> loc("y"))",
       R"(
y/dimension = Const() int32[]{1}
y = ArgMax(f, y/dimension) T=float32 Tidx=int32 output_type=int64
)"},
      {R"(%y = graph.argmin %f {axis = 1 : i64, dtype = i64} : (tensor<?x4xf32>) -> tensor<?xi64> loc("y"))",
       R"(
y/dimension = Const() int32[]{1}
y = ArgMin(f, y/dimension) T=float32 Tidx=int32 output_type=int64
)"},
      {R"(%y = graph.l2_loss %f : (tensor<?x4xf32>) -> tensor<f32> loc("y"))",
       R"(
y = L2Loss(f) T=float32
)"},
  };
}

} // namespace graphc::test
