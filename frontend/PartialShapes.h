// What a graph knows of a tensor's value where that value is a shape. For graphc itself.
#pragma once

#include "mlir/IR/Value.h"
#include "runtime/Shape.h"
#include "llvm/ADT/StringRef.h"

namespace graphc {

/// The extents that the one-dimensional integer tensor `dims` is known to hold, -1 where it is not:
/// looks through graph.shape, constants and the ops that put shapes together, as TensorFlow's
/// constant_value_as_shape does. An unknown rank where not even their number is known.
Shape partialShape(mlir::Value dims);

/// The one integer of a scalar or of a tensor [1], where it is a constant or an extent that is
/// known; -1 where it is neither.
std::int64_t partialExtent(mlir::Value value);

/// The operand that gives the op's result its shape, where it has one; null for other ops.
mlir::Value shapeOperand(llvm::StringRef op, mlir::ValueRange operands);

} // namespace graphc
