#include "passes/kernels/ElementEmitter.h"

#include "passes/kernels/KernelRules.h"

#include <algorithm>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace graphc {
namespace {

// No index wraps: tensors have fewer than 2^63 elements.
constexpr auto kNoWrap = arith::IntegerOverflowFlags::nsw;

} // namespace

static const OpRule *findRule(StringRef opName) {
  static const RuleTable table = [] {
    RuleTable rules;
    addElementwiseRules(rules);
    addMovementRules(rules);
    addReductionRules(rules);
    addNnRules(rules);
    addRandomRules(rules);
    return rules;
  }();
  const auto found = table.find(opName);
  return found == table.end() ? nullptr : &found->second;
}

const OpRule *findRule(Operation *op) { return findRule(op->getName().stripDialect()); }

bool hasKernelRule(StringRef opName) { return findRule(opName) != nullptr; }

/// No index lies beyond these: ranges that would are cut off, so that computing them cannot
/// overflow.
static constexpr std::int64_t kLeastIndex = -(std::int64_t{1} << 55),
                              kMostIndex = std::int64_t{1} << 56;

static std::int64_t indexProduct(std::int64_t a, std::int64_t b) {
  std::int64_t product;
  if (llvm::MulOverflow(a, b, product))
    return (a < 0) == (b < 0) ? kMostIndex : kLeastIndex;
  return std::clamp(product, kLeastIndex, kMostIndex);
}

static std::int64_t indexSum(std::int64_t a, std::int64_t b) {
  return std::clamp(a + b, kLeastIndex, kMostIndex); // both are within the bounds
}

ElementEmitter::Range ElementEmitter::rangeOf(Value index) const {
  if (!index)
    return {0, 1};
  const auto found = ranges_.find(index);
  if (found != ranges_.end())
    return found->second;
  IntegerAttr constant;
  if (matchPattern(index, m_Constant(&constant)))
    return {constant.getInt(), constant.getInt() + 1};
  return {kLeastIndex, kMostIndex};
}

Value ElementEmitter::arithmetic(Value a, Value b, function_ref<Value()> build) {
  Value result;
  loops_.atLevel(std::max(a ? loops_.levelOf(a) : 0, b ? loops_.levelOf(b) : 0),
                 [&] { result = build(); });
  return result;
}

Value ElementEmitter::sum(Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  const Range x = rangeOf(a), y = rangeOf(b);
  const Range range{indexSum(x.low, y.low), indexSum(x.high, y.high - 1)};
  if (range.high == range.low + 1)
    return integer(range.low);
  const Value result = arithmetic(a, b, [&]() -> Value {
    return arith::AddIOp::create(builder(), kernel_.function().getLoc(), a, b, kNoWrap);
  });
  setRange(result, range);
  return result;
}

Value ElementEmitter::scaled(Value a, std::int64_t factor) {
  if (!a || factor == 0)
    return {};
  if (factor == 1)
    return a;
  const Range x = rangeOf(a);
  if (x.high == x.low + 1)
    return integer(x.low * factor);
  const Value result = arithmetic(a, {}, [&]() -> Value {
    return arith::MulIOp::create(builder(), kernel_.function().getLoc(), a,
                                 kernel_.constant(factor), kNoWrap);
  });
  const std::int64_t first = indexProduct(x.low, factor), last = indexProduct(x.high - 1, factor);
  setRange(result, {std::min(first, last), std::max(first, last) + 1});
  return result;
}

Value ElementEmitter::quotient(Value a, std::int64_t divisor) {
  const Range x = rangeOf(a);
  if (!a || divisor == 1)
    return a;
  if (x.low / divisor == (x.high - 1) / divisor)
    return integer(x.low / divisor);
  const Value result = arithmetic(a, {}, [&]() -> Value {
    return arith::DivUIOp::create(builder(), kernel_.function().getLoc(), a,
                                  kernel_.constant(divisor));
  });
  setRange(result, {x.low / divisor, (x.high - 1) / divisor + 1});
  return result;
}

Value ElementEmitter::remainder(Value a, std::int64_t divisor) {
  const Range x = rangeOf(a);
  if (!a || divisor == 1)
    return {};
  if (x.low / divisor == (x.high - 1) / divisor)
    return sum(a, integer(-(x.low / divisor) * divisor));
  const Value result = arithmetic(a, {}, [&]() -> Value {
    return arith::RemUIOp::create(builder(), kernel_.function().getLoc(), a,
                                  kernel_.constant(divisor));
  });
  setRange(result, {0, divisor});
  return result;
}

Value ElementEmitter::clamped(Value a, std::int64_t low, std::int64_t high) {
  const Range x = rangeOf(a);
  if (x.low >= low && x.high - 1 <= high)
    return a;
  const Value index = orZero(a);
  const Value result = arithmetic(a, {}, [&]() -> Value {
    const Location loc = kernel_.function().getLoc();
    const Value most = arith::MinSIOp::create(builder(), loc, index, kernel_.constant(high));
    return arith::MaxSIOp::create(builder(), loc, most, kernel_.constant(low));
  });
  setRange(result, {low, high + 1});
  return result;
}

Value ElementEmitter::lessThan(Value a, std::int64_t limit) {
  const Value index = orZero(a);
  return arithmetic(a, {}, [&]() -> Value {
    return arith::CmpIOp::create(builder(), kernel_.function().getLoc(), arith::CmpIPredicate::slt,
                                 index, kernel_.constant(limit));
  });
}

void ElementEmitter::single(const Part &part, Extents extents, SmallVectorImpl<Part> &out) {
  std::int64_t below = productOf(extents);
  Value rest = part.value;
  for (const std::int64_t extent : extents) {
    below /= extent;
    out.push_back({1, extent == 1 ? Value() : quotient(rest, below)});
    rest = remainder(rest, below);
  }
}

ValuePart ElementEmitter::join(ArrayRef<Part> parts, ArrayRef<std::int64_t> sizes, unsigned dims) {
  Value index;
  for (std::size_t i = 0; i < parts.size(); ++i)
    index = sum(scaled(index, sizes[i]), parts[i].value);
  return {dims, index};
}

ValuePart ElementEmitter::affine(const Part &part, std::int64_t scale, std::int64_t offset) {
  return {part.dims, sum(scaled(part.value, scale), integer(offset))};
}

Value ElementEmitter::offsetOf(const ElementIndex &index, Extents shape) {
  Value offset;
  unsigned axis = 0;
  for (const Part &part : index) {
    offset = sum(scaled(offset, productOf(shape.slice(axis, part.dims))), part.value);
    axis += part.dims;
  }
  return offset;
}

ElementIndex ElementEmitter::indexAt(const LoopDomain &domain, ArrayRef<Value> counters,
                                     Extents shape) {
  ElementIndex index;
  for (const LoopDomain::AxisGroup &group : domain.groupsOf(shape)) {
    Value value;
    for (unsigned loop = group.firstLoop; loop < group.lastLoop; ++loop)
      value = sum(scaled(value, domain.loops()[loop].extent), counters[loop]);
    index.push_back({group.axes, value});
  }
  return index;
}

unsigned ElementEmitter::levelOf(const ElementIndex &index) const {
  unsigned level = 0;
  for (const Part &part : index)
    if (part.value)
      level = std::max(level, loops_.levelOf(part.value));
  return level;
}

static StringRef keyOf(ArrayRef<const void *> name) {
  return {reinterpret_cast<const char *>(name.data()), name.size() * sizeof(void *)};
}

Value ElementEmitter::recall(ArrayRef<const void *> name) const {
  return loops_.recall(keyOf(name));
}

Value ElementEmitter::once(unsigned level, ArrayRef<const void *> name,
                           function_ref<Value()> build) {
  const StringRef key = keyOf(name);
  if (const Value known = loops_.recall(key))
    return known;
  Value result;
  loops_.atLevel(level, [&] {
    result = build();
    loops_.remember(level, key, result);
  });
  return result;
}

Value ElementEmitter::element(Value tensor, const ElementIndex &index) {
  SmallVector<const void *> name = {tensor.getAsOpaquePointer()};
  for (const Part &part : index) {
    name.push_back(reinterpret_cast<const void *>(static_cast<std::uintptr_t>(part.dims)));
    name.push_back(part.value ? part.value.getAsOpaquePointer() : nullptr);
  }
  return once(levelOf(index), name, [&] { return build(tensor, index); });
}

Value ElementEmitter::build(Value tensor, const ElementIndex &index) {
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return kernel_.load(tensor.getLoc(), argument.getArgNumber(),
                        offsetOf(index, extentsOf(tensor)), typeOf(tensor));
  Operation *op = tensor.getDefiningOp();
  return findRule(op)->rule(*this, op, cast<OpResult>(tensor).getResultNumber(), index);
}

SmallVector<Value> ElementEmitter::fold(Location loc, const LoopDomain &domain,
                                        ArrayRef<unsigned> loops, MutableArrayRef<Value> counters,
                                        ValueRange initial,
                                        function_ref<SmallVector<Value>(ValueRange)> body) {
  if (loops.empty())
    return body(initial);
  SmallVector<Value> carried(initial);
  const LoopDomain::Loop &loop = domain.loops()[loops.front()];
  const ArrayRef<unsigned> inside = loops.drop_front();
  Value &counter = counters[loops.front()];
  for (std::size_t piece = 0; piece + 1 < loop.cuts.size(); ++piece) {
    const Range range{loop.cuts[piece], loop.cuts[piece + 1]};
    if (range.high == range.low + 1) {
      counter = integer(range.low);
      carried = fold(loc, domain, inside, counters, carried, body);
      continue;
    }
    carried = loops_.loop(loc, kernel_.constant(range.low), kernel_.constant(range.high), 1,
                          carried, [&](Value value, ValueRange values) {
                            setRange(value, range);
                            counter = value;
                            return fold(loc, domain, inside, counters, values, body);
                          });
  }
  return carried;
}

void ElementEmitter::forEach(Location loc, const LoopDomain &domain, ArrayRef<unsigned> loops,
                             MutableArrayRef<Value> counters, function_ref<void()> body) {
  fold(loc, domain, loops, counters, {}, [&](ValueRange) {
    body();
    return SmallVector<Value>();
  });
}

} // namespace graphc
