#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static void writePlaceholder(OpNodes &op, llvm::StringRef type) {
  const ValueType result = op.resultType();
  op.main(type, {}).type("dtype", result.dtype).shape("shape", result.shape);
}

static void writeNoOp(OpNodes &op, llvm::StringRef type) { op.main(type, {}); }

std::span<const Rule> controlRules() {
  static constexpr Rule rules[] = {
      {"no_op", "NoOp", writeNoOp},
      {"placeholder", "Placeholder", writePlaceholder},
  };
  return rules;
}

} // namespace graphc::graphdef
