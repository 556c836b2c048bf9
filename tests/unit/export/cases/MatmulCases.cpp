#include "tests/unit/export/RuleCases.h"

namespace graphc::test {

std::vector<RuleCase> matmulCases() {
  return {
      oneOp("matmul %f, %m", {"?x5xf32"},
            {"y = MatMul(f, m) T=float32 transpose_a=false transpose_b=false"}),
      oneOp("matmul %c, %m", {"3x?x5xf32"},
            {"y = BatchMatMulV2(c, m) T=float32 adj_x=false adj_y=false"}),
      oneOp("matmul %m, %m {transpose_b = true}", {"4x4xf32"},
            {"y = MatMul(m, m) T=float32 transpose_a=false transpose_b=true"}),
      oneOp("qr %m", {"4x4xf32", "4x5xf32"}, {"y = Qr(m) T=float32 full_matrices=false"}),
  };
}

} // namespace graphc::test
