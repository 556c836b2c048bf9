// The loops of a step: one for each stage.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/RecurrenceArithmetic.h"
#include "passes/kernels/RecurrenceEmitter.h"
#include "runtime/VectorWidth.h"

using namespace mlir;

namespace graphc::recurrence {

void RecurrenceEmitter::emitStage(const Stage &stage) {
  switch (stage.kind) {
  case Stage::Kind::Region: return emitRegion(stage);
  case Stage::Kind::Product: return emitProduct(stage);
  case Stage::Kind::Reduction: return emitReduction(stage);
  case Stage::Kind::Random: return emitRandom(stage);
  case Stage::Kind::Assemble: return copySegments(stage.pieces, stage.assembled);
  }
}

void RecurrenceEmitter::emitRegion(const Stage &stage) {
  region_ = &stage;
  for (const Apart &apart : stage.apart) {
    apart_ = apart.value;
    forFeatures(stage, [&](Point point) {
      const Value value = evaluateOp(apart.value, point);
      for (const int buffer : apart.buffers)
        storeTile(value, buffer, point.index, point.width);
    });
  }
  apart_ = {};
  // All loads come before the first store: a new state may take the place of the old one.
  if (!stage.stores.empty())
    forFeatures(stage, [&](Point point) {
      SmallVector<Value> values;
      for (const Store &store : stage.stores)
        values.push_back(evaluate(store.operand, point));
      for (auto [store, value] : llvm::zip(stage.stores, values))
        storeTile(value, store.buffer, point.index, point.width);
    });
  region_ = nullptr;
}

void RecurrenceEmitter::forFeatures(const Stage &stage, llvm::function_ref<void(Point)> body) {
  const auto at = [&](Value f, std::int64_t width) {
    memo_.clear();
    body({f, width});
    memo_.clear();
  };
  if (inLanes() || stage.needsScalarFeatures)
    return loop(0, stage.features, 1, [&](Value f) { at(f, 1); });
  forVectors(stage.features, [&](Value f, std::int64_t width, std::int64_t) { at(f, width); });
}

void RecurrenceEmitter::packWeights() {
  llvm::SmallDenseSet<int> packed;
  for (const Stage &stage : plan_.stages) {
    const Product &product = stage.product;
    if (stage.kind != Stage::Kind::Product || product.packed < 0 ||
        !packed.insert(product.packed).second)
      continue;
    if (!inLanes()) {
      packRows(product);
      continue;
    }
    const auto packBlock = [&](Value first, std::int64_t count) {
      const Value columns = add(multiply(first, product.columnStride), product.offset);
      const Value to = multiply(first, product.depth);
      loop(0, product.depth, 1, [&](Value k) {
        const Value row = add(columns, multiply(k, product.depthStride));
        const Value place = add(to, multiply(k, count));
        for (std::int64_t j = 0; j < count; ++j)
          function_.storeTo(loc_, loadSource(product.source, add(row, j * product.columnStride)),
                            pointer(product.packed), add(place, j));
      });
    };
    const std::int64_t whole = product.columns / product.block * product.block;
    loop(0, whole, product.block, [&](Value n) { packBlock(n, product.block); });
    if (whole < product.columns)
      packBlock(constant(whole), product.columns - whole);
  }
}

void RecurrenceEmitter::emitProduct(const Stage &stage) {
  const Product &product = stage.product;
  if (!inLanes() && (product.packed >= 0 || product.columnStride == 1))
    return emitRowProduct(stage);
  const std::int64_t blocks = (product.columns + product.block - 1) / product.block;
  const auto emit = [&](Value first, std::int64_t count) {
    emitPrefetches(stage, arith::DivUIOp::create(builder_, loc_, first, constant(product.block)),
                   blocks);
    emitColumns(stage, first, count);
  };
  const std::int64_t whole = product.columns / product.block * product.block;
  loop(0, whole, product.block, [&](Value n) { emit(n, product.block); });
  if (whole < product.columns)
    emit(constant(whole), product.columns - whole);
}

// Weights that come out of the second-level cache or from beyond it, some cache lines ahead: as far
// as a third-level cache takes to answer.
static constexpr std::int64_t kAhead = 2048; // bytes

/// Asks for what follows `kAhead` behind the `count` elements at `place`.
static void prefetchPacked(OpBuilder &builder, Location loc, Value base, Type element, Value place,
                           std::int64_t bytes) {
  constexpr std::int64_t line = 64;
  for (std::int64_t at = 0; at < bytes; at += line) {
    const Value start =
        LLVM::GEPOp::create(builder, loc, base.getType(), element, base, ValueRange{place});
    const Value address =
        LLVM::GEPOp::create(builder, loc, base.getType(), builder.getI8Type(), start,
                            ArrayRef<LLVM::GEPArg>{static_cast<std::int32_t>(kAhead + at)});
    // To be read, into the first-level cache, as data.
    LLVM::Prefetch::create(builder, loc, address, 0, 3, 1);
  }
}

void RecurrenceEmitter::emitColumns(const Stage &stage, Value first, std::int64_t count) {
  const Product &product = stage.product;
  const Type element = plan_.buffers[product.result].element;
  const Type type = tileType(element, 1);
  const Value zero = spread(function_.constant(FloatAttr::get(element, 0.0)), type);
  SmallVector<Value> sums(static_cast<std::size_t>(count), zero);
  const bool isPacked = product.packed >= 0;
  const Value columns = isPacked ? multiply(first, product.depth)
                                 : add(multiply(first, product.columnStride), product.offset);
  const std::int64_t depthStride = isPacked ? count : product.depthStride;
  const std::int64_t columnStride = isPacked ? 1 : product.columnStride;
  std::int64_t depth = 0; // at the start of the segment
  for (const Segment &segment : product.left) {
    sums = fold(0, segment.count, sums, [&](Value k, ValueRange before) {
      const Value x = spread(loadTile(segment.buffer, add(k, segment.begin), 1), type);
      const Value row = add(columns, multiply(add(k, depth), depthStride));
      if (isPacked)
        prefetchPacked(builder_, loc_, pointer(product.packed), element, row,
                       count * elementBytes(element));
      SmallVector<Value> next;
      for (std::int64_t column = 0; column < count; ++column) {
        const Value place = add(row, column * columnStride);
        const Value w = isPacked ? function_.loadFrom(loc_, pointer(product.packed), place,
                                                      registerType(element))
                                 : loadSource(product.source, place);
        next.push_back(emitMultiplyAdd(builder_, loc_, x, spread(w, type), before[next.size()]));
      }
      return next;
    });
    depth += segment.count;
  }
  for (auto [column, sum] : llvm::enumerate(sums))
    finishColumns(stage, sum, add(first, static_cast<std::int64_t>(column)), 1);
}

void RecurrenceEmitter::finishColumns(const Stage &stage, Value sum, Value column,
                                      std::int64_t width) {
  const Product &product = stage.product;
  memo_.clear();
  if (product.hasBias)
    sum = this->sum(sum, spread(evaluate(product.bias, {column, width}), sum.getType()));
  if (!product.activation.empty())
    sum = emitActivation(builder_, loc_, product.activation, sum);
  memo_.clear();
  storeTile(sum, product.result, column, width);
}

void RecurrenceEmitter::emitReduction(const Stage &stage) {
  const Reduction &reduction = stage.reduction;
  const StringRef name = stage.op->getName().stripDialect();
  const bool isUnsigned = plan_.buffers[reduction.result].element.isUnsignedInteger();
  loop(0, reduction.results, 1, [&](Value r) {
    const Value base = add(mapIndex(reduction.resultMap, r), reduction.operand.begin);
    const auto term = [&](Value q) {
      return loadTile(reduction.operand.buffer, add(base, mapIndex(reduction.termMap, q)), 1);
    };
    SmallVector<Value> total = {term(constant(0))};
    if (reduction.terms > 1)
      total = fold(1, reduction.terms, total, [&](Value q, ValueRange before) {
        return SmallVector<Value>{
            emitReductionStep(builder_, loc_, name, isUnsigned, before[0], term(q))};
      });
    if (name == "reduce_mean") {
      const Type type = total[0].getType();
      const Type element = getElementTypeOrSelf(type);
      if (isa<FloatType>(element)) {
        const Value count =
            function_.constant(FloatAttr::get(element, static_cast<double>(reduction.terms)));
        total[0] = arith::DivFOp::create(builder_, loc_, total[0], spread(count, type));
      } else {
        const Value count = function_.constant(IntegerAttr::get(element, reduction.terms));
        total[0] =
            isUnsigned
                ? Value(arith::DivUIOp::create(builder_, loc_, total[0], spread(count, type)))
                : arith::DivSIOp::create(builder_, loc_, total[0], spread(count, type));
      }
    }
    storeTile(total[0], reduction.result, r, 1);
  });
}

// 53 bits in [0, 1): 27 of the first word above 26 of the second.
static Value uniformDouble(OpBuilder &builder, Location loc, Value high, Value low) {
  const auto type = dyn_cast<VectorType>(high.getType());
  const auto like = [&](Type element) {
    return type ? Type(VectorType(type).clone(element)) : element;
  };
  const Type i32 = like(builder.getI32Type()), f64 = like(builder.getF64Type());
  const auto splat = [&](TypedAttr scalar, Type to) -> Value {
    if (auto vector = dyn_cast<VectorType>(to))
      scalar = DenseElementsAttr::get(vector, Attribute(scalar));
    return LLVM::ConstantOp::create(builder, loc, to, scalar);
  };
  const auto upper = [&](Value word, int dropped) -> Value {
    const Value bits =
        arith::ShRUIOp::create(builder, loc, word, splat(builder.getI32IntegerAttr(dropped), i32));
    return arith::UIToFPOp::create(builder, loc, f64, bits);
  };
  const Value scaled = arith::MulFOp::create(builder, loc, upper(high, 5),
                                             splat(builder.getF64FloatAttr(0x1p26), f64));
  const Value sum = arith::AddFOp::create(builder, loc, scaled, upper(low, 6));
  return arith::MulFOp::create(builder, loc, sum, splat(builder.getF64FloatAttr(0x1p-53), f64));
}

/// k where all that is done with random numbers u in [0, 1) is floor(k + u) in float32: they do not
/// matter where k is one. That is how dropout is switched off.
static Value addedBeforeFloor(Operation *random) {
  const auto onlyUser = [](Value value, StringRef name) -> Operation * {
    Operation *user = value.hasOneUse() ? *value.user_begin() : nullptr;
    return user && user->getName().stripDialect() == name ? user : nullptr;
  };
  Value numbers = random->getResult(0);
  Operation *add = onlyUser(numbers, "add");
  if (!add || !getElementTypeOrSelf(numbers.getType()).isF32() ||
      !onlyUser(add->getResult(0), "floor"))
    return {};
  Value other = add->getOperand(add->getOperand(0) == numbers ? 1 : 0);
  auto type = dyn_cast<RankedTensorType>(other.getType());
  return type && type.hasStaticShape() && type.getNumElements() == 1 ? other : Value();
}

void RecurrenceEmitter::emitRandom(const Stage &stage) {
  Value k = addedBeforeFloor(stage.op);
  if (!k || plan_.info(k).kind != ValueInfo::Kind::Memory)
    return drawRandom(stage);
  const ValueInfo &known = plan_.info(k);
  const Value number = loadSource(known.source, constant(known.offset));
  const Value one = function_.constant(builder_.getF32FloatAttr(1));
  const Value isUsed =
      arith::CmpFOp::create(builder_, loc_, arith::CmpFPredicate::UNE, number, one);
  auto branch = scf::IfOp::create(builder_, loc_, isUsed, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(&branch.getThenRegion().front());
  drawRandom(stage);
  builder_.setInsertionPointToStart(&branch.getElseRegion().front());
  const Value zero = function_.constant(builder_.getF32FloatAttr(0));
  if (!inLanes())
    return forVectors(stage.random.rows * stage.random.columns,
                      [&](Value i, std::int64_t width, std::int64_t) {
                        storeTile(zero, stage.random.result, i, width);
                      });
  loop(0, stage.random.rows * stage.random.columns, 1,
       [&](Value i) { storeTile(zero, stage.random.result, i, 1); });
}

// Window b's number r, column c comes from row (t * batch + b) * rows + r of the generator.
void RecurrenceEmitter::drawRandom(const Stage &stage) {
  const Random &random = stage.random;
  Value step = time_;
  if (auto unrolled = stage.op->getAttrOfType<IntegerAttr>("step"))
    step = constant(unrolled.getInt());
  const Type i32 = builder_.getI32Type();
  const Type type = inLanes() ? Type(VectorType::get({plan_.lanes}, i32)) : i32;
  Value windows = spread(
      arith::TruncIOp::create(builder_, loc_, i32, add(multiply(step, plan_.batch), firstRow_)),
      type);
  if (inLanes()) {
    SmallVector<std::int32_t> lanes;
    for (std::int64_t lane = 0; lane < plan_.lanes; ++lane)
      lanes.push_back(static_cast<std::int32_t>(lane));
    const auto numbers = DenseElementsAttr::get(cast<VectorType>(type), ArrayRef(lanes));
    windows = add(windows, function_.constant(numbers));
  }
  const auto i32Constant = [&](std::int64_t value) {
    return spread(function_.constant(builder_.getI32IntegerAttr(static_cast<std::int32_t>(value))),
                  type);
  };
  const Value firstRows = arith::MulIOp::create(builder_, loc_, windows, i32Constant(random.rows));
  const Type element = plan_.buffers[random.result].element;
  const std::int64_t perBlock = element.isF64() ? 2 : 4;
  loop(0, random.rows, 1, [&](Value r) {
    const Value row = add(firstRows, spread(arith::TruncIOp::create(builder_, loc_, i32, r), type));
    loop(0, (random.columns + perBlock - 1) / perBlock, 1, [&](Value block) {
      const Value number = arith::TruncIOp::create(builder_, loc_, i32, block);
      const auto words =
          emitPhilox(builder_, loc_, keys_[stage.op], number, row, function_.runIndex());
      const Value feature = add(multiply(r, random.columns), multiply(block, perBlock));
      for (std::int64_t i = 0; i < perBlock; ++i) {
        const Value number = element.isF64()
                                 ? uniformDouble(builder_, loc_, words[2 * i], words[2 * i + 1])
                                 : emitUniform(builder_, loc_, words[i], element);
        storeTile(number, random.result, add(feature, i), 1);
      }
    });
  });
}

} // namespace graphc::recurrence
