// The plan dialect: what a session runs, on buffers.
#pragma once

#include <optional>

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "ir/PlanDialect.h.inc"
#include "ir/PlanEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "ir/PlanAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/PlanTypes.h.inc"
#define GET_OP_CLASSES
#include "ir/PlanOps.h.inc"

namespace graphc::plan {

/// The tensor type of as many elements in the same extents, and the other way round.
mlir::RankedTensorType tensorTypeOf(mlir::MemRefType type);
mlir::MemRefType bufferTypeOf(mlir::RankedTensorType type);

/// Bytes that a buffer of this type takes; a bool takes one.
std::int64_t bytesOf(mlir::MemRefType type);
std::int64_t bytesOfElement(mlir::Type elementType);

/// True for row-major without gaps and offset.
bool isDense(mlir::MemRefType type);

/// Where a view lies in the buffer that it is, in the end, a view of.
struct Place {
  BufferOp buffer;
  std::int64_t offset = 0; ///< bytes
};
Place placeOf(mlir::Value buffer);

/// How a copy goes: `rows` pieces, each without gaps on both sides.
struct CopyShape {
  std::int64_t rows = 1;
  std::int64_t rowBytes = 0;
  std::int64_t sourceStride = 0; ///< bytes
  std::int64_t targetStride = 0;
};
/// Nothing where the layouts need more than one stride.
std::optional<CopyShape> copyShape(mlir::MemRefType source, mlir::MemRefType target);

} // namespace graphc::plan
