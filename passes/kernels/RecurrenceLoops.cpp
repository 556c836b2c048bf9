// The loops of a step: one for each stage.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/RecurrenceArithmetic.h"
#include "passes/kernels/RecurrenceEmitter.h"

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
  const auto run = [&](std::int64_t begin, std::int64_t end, std::int64_t width) {
    loop(begin, end, width, [&](Value f) {
      memo_.clear();
      body({f, width});
      memo_.clear();
    });
  };
  std::int64_t whole = 0;
  if (!inLanes() && !stage.needsScalarFeatures) {
    constexpr std::int64_t width = 8;
    whole = stage.features / width * width;
    run(0, whole, width);
  }
  run(whole, stage.features, 1);
}

void RecurrenceEmitter::packWeights() {
  llvm::SmallDenseSet<int> packed;
  for (const Stage &stage : plan_.stages) {
    const Product &product = stage.product;
    if (stage.kind != Stage::Kind::Product || product.packed < 0 ||
        !packed.insert(product.packed).second)
      continue;
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
  if (inLanes() || product.columnStride != 1) {
    const std::int64_t whole = product.columns / product.block * product.block;
    loop(0, whole, product.block, [&](Value n) { emitColumns(stage, n, product.block, 1); });
    if (whole < product.columns)
      emitColumns(stage, constant(whole), product.columns - whole, 1);
    return;
  }
  // One window: the columns are the lanes.
  const std::int64_t bytes = elementBytes(plan_.buffers[product.result].element);
  std::int64_t first = 0;
  for (std::int64_t width = 256 / bytes; width >= 1; width /= 2) {
    const std::int64_t end = first + (product.columns - first) / width * width;
    loop(first, end, width, [&](Value n) { emitColumns(stage, n, 1, width); });
    first = end;
  }
}

void RecurrenceEmitter::emitColumns(const Stage &stage, Value first, std::int64_t count,
                                    std::int64_t width) {
  const Product &product = stage.product;
  const Type element = plan_.buffers[product.result].element;
  const Type type = tileType(element, width);
  const Value zero = spread(function_.constant(FloatAttr::get(element, 0.0)), type);
  SmallVector<Value> sums(count, zero);
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
      SmallVector<Value> next;
      for (std::int64_t j = 0; j < count; ++j) {
        const Value place = add(row, j * columnStride);
        const Value w = isPacked ? function_.loadFrom(loc_, pointer(product.packed), place,
                                                      registerType(element))
                                 : loadSource(product.source, place, width);
        next.push_back(emitMultiplyAdd(builder_, loc_, x, spread(w, type), before[j]));
      }
      return next;
    });
    depth += segment.count;
  }
  for (std::int64_t j = 0; j < count; ++j) {
    Value result = sums[j];
    const Value column = add(first, j);
    memo_.clear();
    if (product.hasBias)
      result = sum(result, spread(evaluate(product.bias, {column, width}), type));
    if (!product.activation.empty())
      result = emitActivation(builder_, loc_, product.activation, result);
    memo_.clear();
    storeTile(result, product.result, column, width);
  }
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

// Window b's number r, column c comes from row (t * batch + b) * rows + r of the generator.
void RecurrenceEmitter::emitRandom(const Stage &stage) {
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
