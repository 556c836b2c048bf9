#include "passes/kernels/RandomEmission.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "runtime/RandomGenerator.h"

using namespace mlir;

namespace graphc {
namespace {

/// A constant of `type`, an integer type or a vector of one.
Value integer(OpBuilder &builder, Location loc, Type type, std::uint64_t value) {
  const auto element = cast<IntegerType>(getElementTypeOrSelf(type));
  const IntegerAttr attribute =
      IntegerAttr::get(element, APInt(element.getWidth(), value, false, true));
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(vector, Attribute(attribute)));
  return arith::ConstantOp::create(builder, loc, attribute);
}

Value spread(OpBuilder &builder, Location loc, Value scalar, Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || isa<VectorType>(scalar.getType()))
    return scalar;
  return vector::BroadcastOp::create(builder, loc, vector, scalar);
}

/// The finaliser of SplitMix64 on i64.
Value mix(OpBuilder &b, Location loc, Value x) {
  const Type i64 = x.getType();
  const auto shiftXor = [&](Value value, int bits) {
    return arith::XOrIOp::create(
        b, loc, value, arith::ShRUIOp::create(b, loc, value, integer(b, loc, i64, bits)));
  };
  x = arith::AddIOp::create(b, loc, x, integer(b, loc, i64, 0x9E3779B97F4A7C15u));
  x = arith::MulIOp::create(b, loc, shiftXor(x, 30), integer(b, loc, i64, 0xBF58476D1CE4E5B9u));
  x = arith::MulIOp::create(b, loc, shiftXor(x, 27), integer(b, loc, i64, 0x94D049BB133111EBu));
  return shiftXor(x, 31);
}

} // namespace

EmittedRandomKey emitRandomKey(OpBuilder &b, Location loc, std::uint64_t seed, std::uint64_t seed2,
                               std::uint64_t stream, Value sessionSeed) {
  const Type i32 = b.getI32Type();
  if (seed != 0 || seed2 != 0) {
    const RandomKey key = randomKey(seed, seed2, stream, 0);
    return {integer(b, loc, i32, key.low), integer(b, loc, i32, key.high)};
  }
  const Type i64 = b.getI64Type();
  const Value mixed =
      mix(b, loc,
          arith::XOrIOp::create(b, loc, mix(b, loc, sessionSeed), integer(b, loc, i64, stream)));
  return {arith::TruncIOp::create(b, loc, i32, mixed),
          arith::TruncIOp::create(
              b, loc, i32, arith::ShRUIOp::create(b, loc, mixed, integer(b, loc, i64, 32)))};
}

std::array<Value, 4> emitPhilox(OpBuilder &b, Location loc, EmittedRandomKey key, Value columnBlock,
                                Value row, Value runIndex) {
  const Type word = columnBlock.getType();
  auto vector = dyn_cast<VectorType>(word);
  const Type i32 = b.getI32Type();
  const Type i64 = b.getI64Type();
  const Type wide = vector ? Type(vector.clone(i64)) : i64;
  const Value runLow = arith::TruncIOp::create(b, loc, i32, runIndex);
  const Value runHigh = arith::TruncIOp::create(
      b, loc, i32, arith::ShRUIOp::create(b, loc, runIndex, integer(b, loc, i64, 32)));
  std::array<Value, 4> x = {columnBlock, spread(b, loc, row, word), spread(b, loc, runLow, word),
                            spread(b, loc, runHigh, word)};
  Value keyLow = key.low, keyHigh = key.high;
  const Value factor0 = integer(b, loc, wide, 0xD2511F53u);
  const Value factor1 = integer(b, loc, wide, 0xCD9E8D57u);
  const Value shift = integer(b, loc, wide, 32);
  const Value weyl0 = integer(b, loc, i32, 0x9E3779B9u);
  const Value weyl1 = integer(b, loc, i32, 0xBB67AE85u);
  for (int round = 0; round < 10; ++round) {
    // 32 x 32 -> 64 bit products as products of zero-extended words, which the machine has as one
    // vector instruction.
    const auto product = [&](Value a, Value factor) {
      return arith::MulIOp::create(b, loc, arith::ExtUIOp::create(b, loc, wide, a), factor);
    };
    const auto low = [&](Value p) { return arith::TruncIOp::create(b, loc, word, p); };
    const auto high = [&](Value p) {
      return arith::TruncIOp::create(b, loc, word, arith::ShRUIOp::create(b, loc, p, shift));
    };
    const auto exclusiveOr = [&](Value a, Value c, Value k) {
      return arith::XOrIOp::create(b, loc, arith::XOrIOp::create(b, loc, a, c),
                                   spread(b, loc, k, word));
    };
    const Value product0 = product(x[0], factor0);
    const Value product1 = product(x[2], factor1);
    x = {exclusiveOr(high(product1), x[1], keyLow), low(product1),
         exclusiveOr(high(product0), x[3], keyHigh), low(product0)};
    if (round < 9) {
      keyLow = arith::AddIOp::create(b, loc, keyLow, weyl0);
      keyHigh = arith::AddIOp::create(b, loc, keyHigh, weyl1);
    }
  }
  return x;
}

Value emitUniform(OpBuilder &b, Location loc, Value word, Type floatType) {
  auto vector = dyn_cast<VectorType>(word.getType());
  const Type target = vector ? Type(vector.clone(floatType)) : floatType;
  // 23 bits: a signed conversion is right and is the one that AVX2 has.
  const Value bits = arith::ShRUIOp::create(b, loc, word, integer(b, loc, word.getType(), 9));
  const Value number = arith::SIToFPOp::create(b, loc, target, bits);
  const FloatAttr scale = b.getFloatAttr(floatType, 0x1p-23);
  const Value factor =
      vector ? arith::ConstantOp::create(
                   b, loc, DenseElementsAttr::get(cast<VectorType>(target), Attribute(scale)))
             : arith::ConstantOp::create(b, loc, scale);
  return arith::MulFOp::create(b, loc, number, factor);
}

} // namespace graphc
