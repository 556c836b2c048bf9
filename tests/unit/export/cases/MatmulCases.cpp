#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> matmulCases() {
  return {
      {R"(%y = graph.matmul %f, %m : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32> loc("y"))",
       R"(
y = MatMul(f, m) T=float32 transpose_a=false transpose_b=false
)"},
      {R"(%y = graph.matmul %c, %m : (tensor<3x?x4xf32>, tensor<4x5xf32>) -> tensor<3x?x5xf32> loc("y"))",
       R"(
y = BatchMatMulV2(c, m) T=float32 adj_x=false adj_y=false
)"},
      {R"(%y = graph.matmul %m, %m {transpose_b = true} : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x4xf32> loc("y"))",
       R"(
y = MatMul(m, m) T=float32 transpose_a=false transpose_b=true
)"},
      {R"(%y:2 = graph.qr %m : (tensor<4x5xf32>) -> (tensor<4x4xf32>, tensor<4x5xf32>) loc("y"))",
       R"(
y = Qr(m) T=float32 full_matrices=false
)"},
  };
}

} // namespace graphc::test
