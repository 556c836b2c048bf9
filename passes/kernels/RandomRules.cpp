// Elements of random_uniform. One Philox block makes the numbers of several neighbouring columns,
// so a row is drawn as a whole into scratch memory, by vectors of blocks, before its elements are
// used.
#include <numeric>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/ElementEmitter.h"
#include "passes/kernels/KernelGenerator.h"
#include "passes/kernels/RandomEmission.h"
#include "passes/kernels/RandomRows.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

using Maps = ElementEmitter::Maps;

constexpr std::int64_t kBlocks = 8; ///< Philox blocks in a vector
/// Longer rows are not kept in scratch: they would not stay in the nearest caches.
constexpr std::int64_t kLongestRow = 8192;

bool isDouble(Operation *op) { return ElementEmitter::typeOf(op->getResult(0)).isF64(); }

std::int64_t columnsOf(Operation *op) {
  const Extents shape = extentsOf(op->getResult(0));
  return shape.empty() ? 1 : shape.back();
}

/// Columns that one vector of blocks makes.
std::int64_t columnsOfVector(Operation *op) { return kBlocks * (isDouble(op) ? 2 : 4); }

EmittedRandomKey keyOf(ElementEmitter &emitter, Operation *op) {
  const auto seed = [&](StringRef name) {
    return static_cast<std::uint64_t>(intAttribute(op, name, 0));
  };
  // The pieces of the key, made once at the function's entry.
  EmittedRandomKey key;
  const Value sessionSeed = emitter.kernel().sessionSeed();
  const auto piece = [&](const char *name, auto choose) {
    return emitter.once(0, {op, name}, [&] {
      return choose(emitRandomKey(emitter.builder(), op->getLoc(), seed("seed"), seed("seed2"),
                                  seed("stream"), sessionSeed));
    });
  };
  key.low = piece("low", [](EmittedRandomKey k) { return k.low; });
  key.high = piece("high", [](EmittedRandomKey k) { return k.high; });
  return key;
}

/// The row number, i32: that of the leading axes plus those of the steps before.
Value rowNumber(ElementEmitter &emitter, Operation *op, Value row) {
  OpBuilder &b = emitter.builder();
  const Location loc = op->getLoc();
  const Extents shape = extentsOf(op->getResult(0));
  const std::int64_t rows = productOf(shape) / std::max<std::int64_t>(1, columnsOf(op));
  const std::int64_t first = intAttribute(op, "step", 0) * rows;
  Value number = emitter.orZero(emitter.sum(row, emitter.integer(first)));
  if (op->hasAttr(kStepOfCall)) {
    KernelFunction &kernel = emitter.kernel();
    const Value before = arith::MulIOp::create(b, loc, kernel.step(), kernel.constant(rows));
    number = arith::AddIOp::create(b, loc, number, before);
  }
  return arith::TruncIOp::create(b, loc, b.getI32Type(), number);
}

/// 53 bits in [0, 1): 27 of the first word above 26 of the second.
Value uniformOfTwo(OpBuilder &b, Location loc, Value high, Value low) {
  const auto wide = [&](Value word, int shift, double scale) -> Value {
    auto vector = dyn_cast<VectorType>(word.getType());
    const Type type = vector ? Type(vector.clone(b.getF64Type())) : b.getF64Type();
    const auto constant = [&](Type of, TypedAttr value) -> Value {
      if (auto vectorOf = dyn_cast<VectorType>(of))
        value = DenseElementsAttr::get(vectorOf, Attribute(value));
      return arith::ConstantOp::create(b, loc, value);
    };
    const Value bits =
        arith::ShRUIOp::create(b, loc, word, constant(word.getType(), b.getI32IntegerAttr(shift)));
    return arith::MulFOp::create(b, loc, arith::SIToFPOp::create(b, loc, type, bits),
                                 constant(type, b.getF64FloatAttr(scale)));
  };
  // Both products and the sum are exact.
  return arith::AddFOp::create(b, loc, wide(high, 5, 0x1p-27), wide(low, 6, 0x1p-53));
}

/// Draws row `row` into scratch; returns the address of its first element.
Value drawRow(ElementEmitter &emitter, Operation *op, Value row, std::int64_t scratchOffset) {
  const Location loc = op->getLoc();
  KernelFunction &kernel = emitter.kernel();
  OpBuilder &b = kernel.builder();
  const EmittedRandomKey key = keyOf(emitter, op);
  const Value base = emitter.once(0, {op, "scratch"}, [&]() -> Value {
    return LLVM::GEPOp::create(b, loc, kernel.scratch().getType(), b.getI8Type(), kernel.scratch(),
                               ArrayRef<LLVM::GEPArg>{static_cast<int>(scratchOffset)});
  });
  const Value number = rowNumber(emitter, op, row);
  const std::int64_t vectors = llvm::divideCeil(columnsOf(op), columnsOfVector(op));
  const auto words = VectorType::get(kBlocks, b.getI32Type());
  SmallVector<std::int32_t> lanes(kBlocks);
  std::iota(lanes.begin(), lanes.end(), 0);
  const auto drawVector = [&](Value vectorNumber) {
    const Value firstBlock = arith::TruncIOp::create(
        b, loc, b.getI32Type(), emitter.orZero(emitter.scaled(vectorNumber, kBlocks)));
    const Value blocks = arith::AddIOp::create(
        b, loc, vector::BroadcastOp::create(b, loc, words, firstBlock),
        arith::ConstantOp::create(b, loc, DenseElementsAttr::get(words, ArrayRef(lanes))));
    const std::array<Value, 4> w = emitPhilox(b, loc, key, blocks, number, kernel.runIndex());
    const auto interleave = [&](Value x, Value y) -> Value {
      const std::int64_t size = cast<VectorType>(x.getType()).getDimSize(0);
      SmallVector<std::int64_t> mask;
      for (std::int64_t i = 0; i < size; ++i)
        mask.append({i, i + size});
      return vector::ShuffleOp::create(b, loc, x, y, mask);
    };
    Value numbers;
    if (isDouble(op)) {
      numbers = interleave(uniformOfTwo(b, loc, w[0], w[1]), uniformOfTwo(b, loc, w[2], w[3]));
    } else {
      const Type f32 = b.getF32Type();
      numbers =
          interleave(interleave(emitUniform(b, loc, w[0], f32), emitUniform(b, loc, w[2], f32)),
                     interleave(emitUniform(b, loc, w[1], f32), emitUniform(b, loc, w[3], f32)));
    }
    kernel.storeTo(loc, numbers, base, emitter.scaled(vectorNumber, columnsOfVector(op)));
  };
  if (vectors == 1)
    drawVector({});
  else
    emitter.loops().loop(loc, kernel.constant(0), kernel.constant(vectors), 1, {},
                         [&](Value vectorNumber, ValueRange) {
                           drawVector(vectorNumber);
                           return SmallVector<Value>();
                         });
  return base;
}

Value randomUniform(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Location loc = op->getLoc();
  const Extents shape = extentsOf(op->getResult(0));
  OpBuilder &b = emitter.builder();
  const Type type = ElementEmitter::typeOf(op->getResult(0));
  ElementIndex leading = index;
  Value column, row;
  if (!shape.empty()) {
    const unsigned last =
        Maps::isolate(emitter, leading, shape, static_cast<std::int64_t>(shape.size()) - 1);
    column = leading[last].value;
    leading.pop_back();
    row = emitter.offsetOf(leading, shape.drop_back());
  }
  const unsigned rowLevel = row ? emitter.loops().levelOf(row) : 0;
  const unsigned columnLevel = column ? emitter.loops().levelOf(column) : 0;
  const std::optional<std::int64_t> scratch = emitter.scratchOf(op);
  if (scratch && columnLevel > rowLevel) {
    // There is room for one row at a time.
    const void *const name[] = {op, "row", row ? row.getAsOpaquePointer() : nullptr};
    const void *const any[] = {op, "any row"};
    Value base = emitter.recall(name);
    if (!base && !emitter.recall(any)) {
      base = emitter.once(rowLevel, name, [&] { return drawRow(emitter, op, row, *scratch); });
      emitter.once(rowLevel, any, [&] { return base; });
    }
    if (base)
      return emitter.kernel().loadFrom(loc, base, column, type);
  }
  // Elements in another order: each by itself.
  const std::int64_t lanes = isDouble(op) ? 2 : 4;
  const Value at = emitter.orZero(column);
  const Value word = emitter.orZero(emitter.remainder(at, lanes));
  const Value block =
      arith::TruncIOp::create(b, loc, b.getI32Type(), emitter.orZero(emitter.quotient(at, lanes)));
  const EmittedRandomKey key = keyOf(emitter, op);
  const Value number = rowNumber(emitter, op, row);
  const std::array<Value, 4> w =
      emitPhilox(b, loc, key, block, number, emitter.kernel().runIndex());
  const auto pick = [&](Value x, Value y, std::int64_t limit) -> Value {
    return arith::SelectOp::create(b, loc, emitter.lessThan(word, limit), x, y);
  };
  if (isDouble(op))
    return pick(uniformOfTwo(b, loc, w[0], w[1]), uniformOfTwo(b, loc, w[2], w[3]), 1);
  return emitUniform(b, loc, pick(pick(w[0], w[1], 1), pick(w[2], w[3], 3), 2), type);
}

} // namespace

std::int64_t randomRowBytes(Operation *op) {
  if (op->getName().stripDialect() != "random_uniform" || columnsOf(op) > kLongestRow ||
      columnsOf(op) == 0)
    return 0;
  const std::int64_t columns =
      llvm::divideCeil(columnsOf(op), columnsOfVector(op)) * columnsOfVector(op);
  return llvm::alignTo(columns * (isDouble(op) ? 8 : 4), 64);
}

void addRandomRules(RuleTable &table) { table["random_uniform"] = {randomUniform, 25}; }

} // namespace graphc
