#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> indexingCases() {
  return {
      oneOp("cumsum %f {axis = 1 : i64, exclusive = true}", {"?x4xf32"},
            {"y/axis = Const() int32[]{1}",
             "y = Cumsum(f, y/axis) T=float32 Tidx=int32 exclusive=true reverse=false"}),
      oneOp("reverse_sequence %u, %n {seq_axis = 1 : i64}", {"?x?x4xf32"},
            {"y = ReverseSequence(u, n) T=float32 Tlen=int32 batch_dim=0 seq_dim=1"}),
      oneOp("top_k %f {k = 3 : i64}", {"?x3xf32", "?x3xi32"},
            {"y/k = Const() int32[]{3}", "y = TopKV2(f, y/k) T=float32 sorted=true"}),
      oneOp("in_top_k %f, %q {k = 2 : i64}", {"?xi1"},
            {"y/k = Const() int64[]{2}", "y = InTopKV2(f, q, y/k) T=int64"}),
      oneOp("gather_nd %m, %pairs", {"2xf32"},
            {"y = GatherNd(m, pairs) Tindices=int32 Tparams=float32"}),
      {R"(%z = graph.gather_nd %m, %pairs : (tensor<4x5xf32>, tensor<2x2xi32>) -> tensor<2xf32> loc("z")
%y = graph.scatter_nd %pairs, %z {shape = array<i64: 4, 5>} : (tensor<2x2xi32>, tensor<2xf32>) -> tensor<4x5xf32> loc("y"))",
       R"(
z = GatherNd(m, pairs) Tindices=int32 Tparams=float32
y/shape = Const() int32[2]{4,5}
y = ScatterNd(pairs, z, y/shape) T=float32 Tindices=int32
)"},
      oneOp("update_row %f, %k, %v", {"?x4xf32"},
            {"y/indices/shape = Const() int32[2]{1}",
             "y/indices = Reshape(k, y/indices/shape) T=int32 Tshape=int32",
             "y/updates/dim = Const() int32[]{0}",
             "y/updates = ExpandDims(v, y/updates/dim) T=float32 Tdim=int32",
             "y = TensorScatterUpdate(f, y/indices, y/updates) T=float32 Tindices=int32"}),
  };
}

} // namespace graphc::test
