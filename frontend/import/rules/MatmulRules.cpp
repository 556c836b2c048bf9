// Matrix products.
#include "frontend/import/ImportRules.h"
#include "frontend/ops/Contraction.h"

namespace graphc::importing {

namespace {

/// MatMul calls it transpose, BatchMatMul the adjoint: of real numbers the same.
ImportRule product(const char *flagA, const char *flagB) {
  return {2, 2, [flagA, flagB](NodeContext &c) {
            const Output a = c.input(0), b = c.input(1);
            if (c.has("Tout") && c.dtype("Tout") != a.dtype())
              c.refuseUnknown("attribute 'Tout': a product of another dtype than the factors'");
            c.result(c.record(
                "matmul", {a, b},
                {{"transpose_a", c.flag(flagA, false)}, {"transpose_b", c.flag(flagB, false)}}));
          }};
}

} // namespace

void addMatmulRules(ImportRules &rules) {
  rules["MatMul"] = product("transpose_a", "transpose_b");
  for (const char *type : {"BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"})
    rules[type] = product("adj_x", "adj_y");
  rules["Einsum"] = {
      1, -1, [](NodeContext &c) {
        c.result(einsum(c.word("equation"), c.inputs(0, c.numInputs()), c.exactName(), c.where()));
      }};
}

} // namespace graphc::importing
