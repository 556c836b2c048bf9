// Elementary functions in plain arithmetic, which vectorises where a call of libm would not.
//
// Every function takes and gives f32, f64 or a one-dimensional vector of them. Special values
// follow IEEE 754 as libm's functions do: NaN in, NaN out; infinities and zeros of either sign to
// their limits; results in the denormal range are kept. Bounds are in units in the last place of
// the correctly rounded result, over all inputs; tests/unit/kernels/MathApproximationTest.cpp holds
// them.
//
// No fast-math flags; products and sums are fused where the machine has fused multiply-add
// (fmuladd), in vector and scalar code alike, so that an element's bits do not depend on its place
// in a loop.
#pragma once

#include "mlir/IR/Builders.h"

namespace graphc {

mlir::Value emitExp(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// Natural logarithm; NaN below zero.
mlir::Value emitLog(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// exp(x) - 1, accurate relative to the result near zero too.
mlir::Value emitExpm1(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// log(1 + x), accurate relative to the result near zero too; NaN below -1.
mlir::Value emitLog1p(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
mlir::Value emitErf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
mlir::Value emitTanh(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// 1 / (1 + exp(-x)), accurate relative to the result down to the denormals.
mlir::Value emitSigmoid(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// log(1 + exp(x)).
mlir::Value emitSoftplus(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// 1 / sqrt(x), by a root and a division.
mlir::Value emitRsqrt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// f32 by arithmetic in f64; f64 by a call of libm.
mlir::Value emitPow(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Value y);

/// a * b + c, fused where the machine can.
mlir::Value emitMultiplyAdd(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a,
                            mlir::Value b, mlir::Value c);

} // namespace graphc
