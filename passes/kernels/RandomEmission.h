// Philox4x32-10 of runtime/RandomGenerator.h as arith ops, bit for bit the same.
#pragma once

#include <array>

#include "mlir/IR/Builders.h"

namespace graphc {

/// A RandomKey at run time: two i32 scalars.
struct EmittedRandomKey {
  mlir::Value low, high;
};

/// The key of an op with these seeds; `sessionSeed` (i64) is what an op without seeds uses.
EmittedRandomKey emitRandomKey(mlir::OpBuilder &builder, mlir::Location loc, std::uint64_t seed,
                               std::uint64_t seed2, std::uint64_t stream, mlir::Value sessionSeed);

/// The four words of block `columnBlock` in `row`: each an i32, or a vector of an even number of
/// them for many at once. `runIndex` is an i64 scalar.
std::array<mlir::Value, 4> emitPhilox(mlir::OpBuilder &builder, mlir::Location loc,
                                      EmittedRandomKey key, mlir::Value columnBlock,
                                      mlir::Value row, mlir::Value runIndex);

/// A number in [0, 1) from 23 bits of each word: i32 (or a vector) to f32 or f64 `floatType`.
mlir::Value emitUniform(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value word,
                        mlir::Type floatType);

} // namespace graphc
