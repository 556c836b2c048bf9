#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static void writeMatmul(OpNodes &op, llvm::StringRef type) {
  const bool a = op.attributes().bool_or("transpose_a", false);
  const bool b = op.attributes().bool_or("transpose_b", false);
  if (op.rank(0) == 2 && op.rank(1) == 2)
    op.main(type, op.ins()).type("T", op.dtype(0)).flag("transpose_a", a).flag("transpose_b", b);
  else
    op.main("BatchMatMulV2", op.ins()).type("T", op.dtype(0)).flag("adj_x", a).flag("adj_y", b);
}

static void writeQr(OpNodes &op, llvm::StringRef type) {
  op.main(type, op.ins()).type("T", op.dtype(0)).flag("full_matrices", false);
}

std::span<const Rule> matmulRules() {
  static constexpr Rule rules[] = {
      {"matmul", "MatMul", writeMatmul},
      {"qr", "Qr", writeQr},
  };
  return rules;
}

} // namespace graphc::graphdef
