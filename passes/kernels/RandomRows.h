// What a random op of a cluster keeps in scratch memory.
#pragma once

#include "mlir/IR/Operation.h"

namespace graphc {

/// Bytes for the row of numbers that the op draws at once; 0 where it draws each by itself.
std::int64_t randomRowBytes(mlir::Operation *op);

} // namespace graphc
