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
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(vector, Attribute(attribute)));
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
    return arith::XOrIOp::create(b, loc, value,
                                 arith::ShRUIOp::create(b, loc, value, integer(b, loc, i64, bits)));
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
          arith::TruncIOp::create(b, loc, i32,
                                  arith::ShRUIOp::create(b, loc, mixed, integer(b, loc, i64, 32)))};
}

namespace {

/// 32-bit words in the low halves of 64-bit ones, whose high halves may hold anything: that is how
/// the machine multiplies them. The even and the odd words of a vector are apart; a word that is
/// the same for all is one number, twice.
struct Words {
  Value even, odd;
};

class WordArithmetic {
public:
  /// `words`: i32 or a vector of an even number of them.
  WordArithmetic(OpBuilder &builder, Location loc, Type words)
      : b_(builder), loc_(loc), words_(words) {
    if (auto vector = dyn_cast<VectorType>(words))
      wide_ = VectorType::get({vector.getNumElements() / 2}, builder.getI64Type());
  }

  Words split(Value word) {
    const Type i64 = b_.getI64Type();
    if (!isa<VectorType>(word.getType())) {
      const Value number = arith::ExtUIOp::create(b_, loc_, i64, word);
      return {number, number};
    }
    const Value even = vector::BitCastOp::create(b_, loc_, wide_, word);
    return {even, high(even)};
  }
  Value join(Words x) {
    if (!wide_)
      return arith::TruncIOp::create(b_, loc_, words_, x.even);
    const Value even = spread(b_, loc_, x.even, wide_), odd = spread(b_, loc_, x.odd, wide_);
    const Value low = arith::AndIOp::create(b_, loc_, even, integer(b_, loc_, wide_, ~0u));
    const Value upper = arith::ShLIOp::create(b_, loc_, odd, integer(b_, loc_, wide_, 32));
    return vector::BitCastOp::create(b_, loc_, cast<VectorType>(words_),
                                     arith::OrIOp::create(b_, loc_, low, upper));
  }
  /// 64-bit products of the low halves with a factor.
  Words multiply(Words x, std::uint32_t factor) {
    return both(x, [&](Value word) -> Value {
      const Type type = word.getType();
      const Value low = arith::AndIOp::create(b_, loc_, word, integer(b_, loc_, type, ~0u));
      return arith::MulIOp::create(b_, loc_, low, integer(b_, loc_, type, factor));
    });
  }
  Words high(Words x) {
    return both(x, [&](Value word) { return high(word); });
  }
  Words exclusiveOr(Words x, Words y) {
    if (x.even == x.odd && y.even == y.odd) {
      const Value one = exclusiveOr(x.even, y.even);
      return {one, one};
    }
    return {exclusiveOr(x.even, y.even), exclusiveOr(x.odd, y.odd)};
  }

private:
  template <typename Function> Words both(Words x, Function function) {
    const Value even = function(x.even);
    return {even, x.odd == x.even ? even : function(x.odd)};
  }
  Value high(Value word) {
    return arith::ShRUIOp::create(b_, loc_, word, integer(b_, loc_, word.getType(), 32));
  }
  Value exclusiveOr(Value x, Value y) {
    const Type type = isa<VectorType>(x.getType()) ? x.getType() : y.getType();
    return arith::XOrIOp::create(b_, loc_, spread(b_, loc_, x, type), spread(b_, loc_, y, type));
  }

  OpBuilder &b_;
  Location loc_;
  Type words_;
  VectorType wide_;
};

} // namespace

std::array<Value, 4> emitPhilox(OpBuilder &b, Location loc, EmittedRandomKey key, Value columnBlock,
                                Value row, Value runIndex) {
  const Type i32 = b.getI32Type(), i64 = b.getI64Type();
  const Type word = isa<VectorType>(row.getType()) ? row.getType() : columnBlock.getType();
  WordArithmetic words(b, loc, word);
  const Value runLow = arith::TruncIOp::create(b, loc, i32, runIndex);
  const Value runHigh = arith::TruncIOp::create(
      b, loc, i32, arith::ShRUIOp::create(b, loc, runIndex, integer(b, loc, i64, 32)));
  std::array<Words, 4> x = {words.split(columnBlock), words.split(row), words.split(runLow),
                            words.split(runHigh)};
  Value keyLow = key.low, keyHigh = key.high;
  const Value weyl0 = integer(b, loc, i32, 0x9E3779B9u);
  const Value weyl1 = integer(b, loc, i32, 0xBB67AE85u);
  for (int round = 0; round < 10; ++round) {
    const Words product0 = words.multiply(x[0], 0xD2511F53u);
    const Words product1 = words.multiply(x[2], 0xCD9E8D57u);
    const auto mixed = [&](Words product, Words other, Value roundKey) {
      // What is the same for all words comes first.
      const Words known = words.split(roundKey);
      return words.exclusiveOr(words.high(product), words.exclusiveOr(other, known));
    };
    x = {mixed(product1, x[1], keyLow), product1, mixed(product0, x[3], keyHigh), product0};
    if (round < 9) {
      keyLow = arith::AddIOp::create(b, loc, keyLow, weyl0);
      keyHigh = arith::AddIOp::create(b, loc, keyHigh, weyl1);
    }
  }
  return {words.join(x[0]), words.join(x[1]), words.join(x[2]), words.join(x[3])};
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
