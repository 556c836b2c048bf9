// The form of a step with one window: vectors run along the features.
//
// A processor looks some 500 instructions ahead, which here is more than half a step. What keeps it
// busy is that nothing waits in memory: a vector that spans two stores is read only after both have
// reached the cache, and everything behind it waits as well. So the loops over features are written
// out, and what a loop stores the next takes out of registers, gates at odd places by a shuffle.
// Scratch is padded to whole vectors: what is computed behind the last feature is never looked at.
#include <bit>

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/RecurrenceEmitter.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace graphc::recurrence {

void RecurrenceEmitter::forVectors(
    std::int64_t count, llvm::function_ref<void(Value, std::int64_t, std::int64_t)> body) {
  constexpr std::int64_t mostWritten = 8; // vectors; more are a loop
  const std::int64_t width = rowVector(), whole = count / width * width;
  if (whole <= mostWritten * width)
    for (std::int64_t i = 0; i < whole; i += width)
      body(constant(i), width, width);
  else
    loop(0, whole, width, [&](Value i) { body(i, width, width); });
  if (const std::int64_t rest = count - whole)
    body(constant(whole),
         static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(rest))), rest);
}

//===--- Scratch ------------------------------------------------------------------------------===//

int RecurrenceEmitter::ownerOf(int buffer) const {
  const int other = plan_.buffers[buffer].sharedWith;
  return other < 0 ? buffer : ownerOf(other);
}

Value RecurrenceEmitter::storedVector(int buffer, std::int64_t index, std::int64_t width) {
  const auto known = stored_.find(ownerOf(buffer));
  if (known == stored_.end() || width == 1)
    return {};
  const std::map<std::int64_t, Value> &parts = known->second;
  auto part = parts.upper_bound(index);
  if (part == parts.begin())
    return {};
  const auto [begin, first] = *--part;
  const auto type = cast<VectorType>(first.getType());
  const std::int64_t length = type.getNumElements(), shift = index - begin;
  if (shift == 0 && length == width)
    return first;
  const std::int64_t features = plan_.buffers[buffer].features;
  if (shift >= length)
    return {};
  Value second = first;
  if (shift + width > length && begin + length < features) {
    const auto next = parts.find(begin + length);
    if (next == parts.end() || next->second.getType() != type)
      return {};
    second = next->second;
  }
  SmallVector<std::int64_t> lanes;
  for (std::int64_t lane = shift; lane < shift + width; ++lane)
    lanes.push_back(lane < length || second != first ? lane : 0);
  return vector::ShuffleOp::create(builder_, loc_, first, second, lanes);
}

Value RecurrenceEmitter::loadVector(int buffer, Value index, std::int64_t width) {
  const TileBuffer &place = plan_.buffers[buffer];
  const Type type = tileType(place.element, width);
  std::int64_t count = width;
  if (const auto known = knownIndex(index)) {
    if (const Value stored = storedVector(buffer, *known, width))
      return stored;
    if (place.kernelBuffer >= 0)
      count = std::min(width, place.features - *known);
  }
  return function_.loadFirstFrom(loc_, pointer(buffer), index, type, count);
}

void RecurrenceEmitter::storeVector(Value value, int buffer, Value index, std::int64_t width) {
  const TileBuffer &place = plan_.buffers[buffer];
  const int owner = ownerOf(buffer);
  std::int64_t count = width;
  if (const auto known = knownIndex(index)) {
    std::map<std::int64_t, Value> &parts = stored_[owner];
    for (auto part = parts.begin(); part != parts.end();) {
      const auto length = cast<VectorType>(part->second.getType()).getNumElements();
      const bool overlaps = part->first < *known + width && *known < part->first + length;
      part = overlaps ? parts.erase(part) : std::next(part);
    }
    if (width > 1 && builder_.getInsertionBlock() == stepBlock_)
      parts[*known] = value;
    if (place.kernelBuffer >= 0)
      count = std::min(width, place.features - *known);
  } else {
    stored_.erase(owner);
  }
  if (place.kernelBuffer >= 0 && plan_.streamsOutputs && count == width)
    return function_.storeTo(loc_, value, pointer(buffer), index, /*streams=*/true);
  function_.storeFirstTo(loc_, value, pointer(buffer), index, count);
}

void RecurrenceEmitter::copyRow(const RowTransfer &transfer, bool load) {
  const Value start = rowStart(transfer, rows_[0]);
  std::int64_t at = 0;
  for (const Segment &segment : transfer.segments) {
    const Type element = plan_.buffers[segment.buffer].element;
    forVectors(segment.count, [&](Value i, std::int64_t width, std::int64_t count) {
      const Value place = add(add(start, at), i), feature = add(i, segment.begin);
      if (load)
        storeTile(function_.loadFirst(loc_, transfer.kernelBuffer, place, tileType(element, width),
                                      count),
                  segment.buffer, feature, width);
      else
        function_.storeFirst(loc_, loadTile(segment.buffer, feature, width), transfer.kernelBuffer,
                             place, count);
    });
    at += segment.count;
  }
}

// What comes behind the features of one part is overwritten by the next.
void RecurrenceEmitter::copyToRow(const Segments &from, int to) {
  std::int64_t at = 0;
  for (const Segment &segment : from) {
    forVectors(segment.count, [&](Value i, std::int64_t width, std::int64_t) {
      storeTile(loadTile(segment.buffer, add(i, segment.begin), width), to, add(i, at), width);
    });
    at += segment.count;
  }
}

void RecurrenceEmitter::eraseUnread() {
  llvm::DenseMap<int, SmallVector<Value>> pointers;
  for (auto [buffer, pointer] : pointers_)
    if (plan_.buffers[buffer].kernelBuffer < 0)
      pointers[ownerOf(buffer)].push_back(pointer);
  for (auto &[owner, places] : pointers) {
    SmallVector<Operation *> stores;
    bool isRead = false;
    for (std::size_t i = 0; i < places.size(); ++i)
      for (OpOperand &use : places[i].getUses()) {
        if (auto place = dyn_cast<LLVM::GEPOp>(use.getOwner()))
          places.push_back(place);
        else if (isa<LLVM::StoreOp>(use.getOwner()) && use.getOperandNumber() == 1)
          stores.push_back(use.getOwner());
        else
          isRead = true;
      }
    if (!isRead)
      for (Operation *store : stores)
        store->erase();
  }
}

//===--- Products -----------------------------------------------------------------------------===//

void RecurrenceEmitter::packRows(const Product &product) {
  const Type element = plan_.sources[product.source].element;
  const std::int64_t stride = product.packedRow;
  loop(0, product.depth, 1, [&](Value k) {
    const Value row = add(multiply(k, product.depthStride), product.offset);
    const Value to = multiply(k, stride);
    if (product.columnStride != 1)
      return loop(0, product.columns, 1, [&](Value n) {
        const Value weight =
            loadSource(product.source, add(row, multiply(n, product.columnStride)));
        function_.storeTo(loc_, weight, pointer(product.packed), add(to, n));
      });
    forVectors(product.columns, [&](Value n, std::int64_t width, std::int64_t count) {
      const Value weights = loadSource(product.source, add(row, n), width, count);
      function_.storeTo(loc_, spread(weights, tileType(element, width)), pointer(product.packed),
                        add(to, n));
    });
  });
}

// As many columns at a time as have their sums in registers: each vector's next terms wait for its
// last ones.
void RecurrenceEmitter::emitRowProduct(const Stage &stage) {
  const Product &product = stage.product;
  const std::int64_t width = rowVector();
  const std::int64_t bytes = elementBytes(plan_.buffers[product.result].element);
  const std::int64_t most = (rowRegisters() - 2) * 4 / bytes;
  const std::int64_t vectors = (product.columns + width - 1) / width;
  const std::int64_t blocks = (vectors + most - 1) / most;
  constexpr std::int64_t mostWritten = 8;
  if (blocks <= mostWritten) { // about as large as each other
    for (std::int64_t block = 0, first = 0; block < blocks; ++block) {
      const std::int64_t end = vectors * (block + 1) / blocks;
      emitRowColumns(stage, constant(first * width), end - first);
      first = end;
    }
    return;
  }
  const std::int64_t whole = product.columns / (most * width) * most;
  loop(0, whole * width, most * width, [&](Value first) { emitRowColumns(stage, first, most); });
  if (whole < vectors)
    emitRowColumns(stage, constant(whole * width), vectors - whole);
}

/// How many of `count` rows make an iteration: of two or more, and all with as many, if that can
/// be. (Places that are constants would have LLVM take what is broadcast out of the registers it
/// was stored from, with a shuffle for each, where a load does it at no cost.)
static std::int64_t rowsAtOnce(std::int64_t count, std::int64_t vectors) {
  constexpr std::int64_t mostInstructions = 96;
  const std::int64_t most =
      std::clamp<std::int64_t>(std::min(mostInstructions / vectors, count / 2), 1, 16);
  for (std::int64_t rows = most; rows > most / 2; --rows)
    if (count % rows == 0)
      return rows;
  return most;
}

void RecurrenceEmitter::emitRowColumns(const Stage &stage, Value first, std::int64_t vectors) {
  const Product &product = stage.product;
  const Type element = plan_.buffers[product.result].element;
  const std::int64_t width = rowVector();
  const Type type = tileType(element, width);
  const bool isPacked = product.packed >= 0;
  const std::int64_t depthStride = isPacked ? product.packedRow : product.depthStride;
  const Value columns = isPacked ? first : add(first, product.offset);
  const auto from = knownIndex(first);

  // A sum waits four cycles for its last term while two others are added in each: with few vectors
  // the rows take turns in more sums.
  constexpr std::int64_t inFlight = 8;
  const std::int64_t chains = std::clamp<std::int64_t>(inFlight / vectors, 1, 4);
  const Value zero = spread(function_.constant(FloatAttr::get(element, 0.0)), type);
  SmallVector<Value> sums(static_cast<std::size_t>(vectors * chains), zero);
  const auto addRow = [&](const Segment &segment, std::int64_t depth, Value k, std::int64_t chain,
                          SmallVector<Value> &sums) {
    const Value x = spread(loadTile(segment.buffer, add(k, segment.begin), 1), type);
    const Value row = add(columns, multiply(add(k, depth), depthStride));
    for (std::int64_t v = 0; v < vectors; ++v) {
      const Value place = add(row, v * width);
      const std::int64_t count =
          from ? std::min(width, product.columns - *from - v * width) : width;
      const Value w = isPacked ? function_.loadFrom(loc_, pointer(product.packed), place, type)
                               : loadSource(product.source, place, width, count);
      Value &sum = sums[chain * vectors + v];
      sum = emitMultiplyAdd(builder_, loc_, x, w, sum);
    }
  };
  const auto addRows = [&](const Segment &segment, std::int64_t depth, std::int64_t begin,
                           std::int64_t end, std::int64_t step) {
    if (begin >= end)
      return;
    auto rows =
        scf::ForOp::create(builder_, loc_, constant(begin), constant(end), constant(step), sums);
    OpBuilder::InsertionGuard guard(builder_);
    builder_.setInsertionPointToStart(rows.getBody());
    SmallVector<Value> next(rows.getRegionIterArgs());
    for (std::int64_t i = 0; i < step; ++i)
      addRow(segment, depth, add(rows.getInductionVar(), i), i % chains, next);
    scf::YieldOp::create(builder_, loc_, next);
    sums.assign(rows.getResults().begin(), rows.getResults().end());
  };

  // What was there before the step comes first, so that it can be summed while the rest is still
  // computed.
  SmallVector<std::pair<const Segment *, std::int64_t>> segments; // and its first row
  std::int64_t depth = 0;
  for (const Segment &segment : product.left) {
    segments.push_back({&segment, depth});
    depth += segment.count;
  }
  llvm::stable_sort(segments, [&](const auto &a, const auto &b) {
    return readyRank(*a.first) < readyRank(*b.first);
  });
  for (auto [segment, begin] : segments) {
    const std::int64_t step = rowsAtOnce(segment->count, vectors);
    const std::int64_t whole = segment->count / step * step;
    addRows(*segment, begin, 0, whole, step);
    addRows(*segment, begin, whole, segment->count, 1);
  }
  for (std::int64_t v = 0; v < vectors; ++v) {
    Value total = sums[v];
    for (std::int64_t chain = 1; chain < chains; ++chain)
      total = sum(total, sums[chain * vectors + v]);
    finishColumns(stage, total, add(first, v * width), width);
  }
}

int RecurrenceEmitter::readyRank(const Segment &segment) const {
  const TileBuffer &buffer = plan_.buffers[segment.buffer];
  if (buffer.persistent)
    return 1; // an old state, perhaps the last that the step before has computed
  return llvm::any_of(
             plan_.stages,
             [&](const Stage &stage) { return llvm::is_contained(stage.writes, segment.buffer); })
             ? 2
             : 0;
}

} // namespace graphc::recurrence
