// Rows of the kernel's buffers to lanes and back: a tile of [windows][features] is transposed in
// square blocks held in registers.
#include <bit>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/RecurrenceEmitter.h"

using namespace mlir;

namespace graphc::recurrence {

static constexpr std::int64_t kLine = 64; // bytes of a cache line

Value RecurrenceEmitter::clampedRow(std::int64_t lane) {
  const Value row = add(firstRow_, lane);
  return plan_.batch % plan_.lanes == 0 ? row : minimum(row, constant(plan_.batch - 1));
}

Value RecurrenceEmitter::rowStart(const RowTransfer &transfer, Value row) {
  Value start = multiply(row, transfer.features);
  if (transfer.sequence)
    start = add(start, multiply(step_, plan_.batch * transfer.features));
  return start;
}

// Exchanges the off-diagonal halves of blocks of 2d rows and columns, for d = n/2 ... 1.
SmallVector<Value> RecurrenceEmitter::transposeBlock(SmallVector<Value> rows) {
  const auto n = static_cast<std::int64_t>(rows.size());
  for (std::int64_t d = n / 2; d >= 1; d /= 2)
    for (std::int64_t i = 0; i < n; ++i) {
      if (i & d)
        continue;
      SmallVector<std::int64_t> low, high;
      for (std::int64_t j = 0; j < n; ++j) {
        low.push_back(j & d ? n + j - d : j);
        high.push_back(j & d ? n + j : j + d);
      }
      const Value a = rows[i], b = rows[i + d];
      rows[i] = vector::ShuffleOp::create(builder_, loc_, a, b, low);
      rows[i + d] = vector::ShuffleOp::create(builder_, loc_, a, b, high);
    }
  return rows;
}

// The sides of blocks: a power of two, as many as one register of 256 bits holds at most.
static std::int64_t blockSide(std::int64_t features, std::int64_t lanes, std::int64_t bytes) {
  const std::int64_t most = std::min<std::int64_t>({32 / bytes, 8, lanes, features});
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(most)));
}

void RecurrenceEmitter::loadRows(const RowTransfer &transfer) {
  if (!inLanes())
    return copyRow(transfer, /*load=*/true);
  // Sequences and states come into one buffer.
  const Segment &segment = transfer.segments[0];
  const Type element = plan_.buffers[segment.buffer].element;
  const std::int64_t side = blockSide(segment.count, plan_.lanes, elementBytes(element));
  const Type type = VectorType::get({side}, registerType(element));
  SmallVector<Value> starts;
  for (const Value row : rows_)
    starts.push_back(rowStart(transfer, row));
  // The last block is moved back to end with the row: it brings some features twice.
  loop(0, segment.count, side, [&](Value block) {
    const Value f =
        segment.count % side == 0 ? block : minimum(block, constant(segment.count - side));
    for (std::int64_t group = 0; group < plan_.lanes; group += side) {
      SmallVector<Value> rows;
      for (std::int64_t r = 0; r < side; ++r)
        rows.push_back(
            function_.load(loc_, transfer.kernelBuffer, add(starts[group + r], f), type));
      rows = transposeBlock(std::move(rows));
      for (std::int64_t i = 0; i < side; ++i) {
        const Value at = add(multiply(add(f, segment.begin + i), plan_.lanes), group);
        function_.storeTo(loc_, rows[i], pointer(segment.buffer), at);
      }
    }
  });
}

// A tile's rows of one step lie together, but those of the next step lie far away: no hardware
// prefetcher sees them coming.
void RecurrenceEmitter::prefetchNext(const RowTransfer &transfer) {
  const Type element = plan_.buffers[transfer.segments[0].buffer].element;
  const Value next = add(step_, plan_.reverse ? -1 : 1);
  const Value start =
      add(multiply(firstRow_, transfer.features), multiply(next, plan_.batch * transfer.features));
  prefetch(transfer.kernelBuffer, start, element,
           plan_.lanes * transfer.features * elementBytes(element));
}

void RecurrenceEmitter::prefetch(unsigned kernelBuffer, Value start, Type element,
                                 std::int64_t bytes) {
  const Value base =
      LLVM::GEPOp::create(builder_, loc_, function_.scratch().getType(), registerType(element),
                          function_.buffer(kernelBuffer), ValueRange{start});
  // A core waits where it has asked for more lines than it can have on their way. During a product
  // few of its loads miss, and a few lines with each block of columns go unnoticed.
  const Stage *emptiest = nullptr;
  double least = 0;
  for (const Stage &stage : plan_.stages) {
    if (stage.kind != Stage::Kind::Product)
      continue;
    double asked = 1;
    for (const Prefetch &other : prefetches_[&stage])
      asked += static_cast<double>(other.bytes);
    asked /= static_cast<double>(stage.product.depth * stage.product.columns);
    if (!emptiest || asked < least) {
      emptiest = &stage;
      least = asked;
    }
  }
  if (emptiest)
    prefetches_[emptiest].push_back({base, bytes});
  else
    prefetchLines(base, constant(0), (bytes + kLine - 1) / kLine);
}

void RecurrenceEmitter::prefetchLines(Value base, Value first, std::int64_t count) {
  loop(0, count, 1, [&](Value i) {
    const Value offset = multiply(arith::AddIOp::create(builder_, loc_, first, i), kLine);
    const Value address = LLVM::GEPOp::create(builder_, loc_, base.getType(), builder_.getI8Type(),
                                              base, ValueRange{offset});
    // To be read, into the second-level cache, as data.
    LLVM::Prefetch::create(builder_, loc_, address, 0, 2, 1);
  });
}

void RecurrenceEmitter::emitPrefetches(const Stage &stage, Value number, std::int64_t blocks) {
  for (const Prefetch &prefetch : prefetches_.lookup(&stage)) {
    const std::int64_t lines = (prefetch.bytes + kLine - 1) / kLine;
    const std::int64_t part = (lines + blocks - 1) / blocks;
    prefetchLines(prefetch.base, multiply(number, part), part);
  }
}

void RecurrenceEmitter::locateTiled(bool ended) {
  for (const TiledSequence &sequence : plan_.tiled) {
    const TileBuffer &buffer = plan_.buffers[sequence.buffer];
    const std::int64_t size = buffer.features * plan_.lanes; // of one step
    const Value start = multiply(add(multiply(tile_, plan_.steps), step_), size);
    pointers_[sequence.buffer] = LLVM::GEPOp::create(
        builder_, loc_, function_.scratch().getType(), memoryType(buffer.element),
        function_.buffer(buffer.kernelBuffer), ValueRange{start});
    if (sequence.read && !ended && inLanes())
      prefetch(buffer.kernelBuffer, add(start, plan_.reverse ? -size : size), buffer.element,
               size * elementBytes(buffer.element));
  }
}

void RecurrenceEmitter::transposeToRows(const Segment &segment,
                                        llvm::function_ref<void(Value, Value, Value)> store) {
  const std::int64_t lanes = plan_.lanes;
  const Type element = plan_.buffers[segment.buffer].element;
  const std::int64_t side = blockSide(segment.count, lanes, elementBytes(element));
  const Type type = VectorType::get({side}, registerType(element));
  // The last block is moved back to end with the segment: it gives some features twice.
  loop(0, segment.count, side, [&](Value block) {
    const Value f =
        segment.count % side == 0 ? block : minimum(block, constant(segment.count - side));
    for (std::int64_t group = 0; group < lanes; group += side) {
      SmallVector<Value> features;
      for (std::int64_t i = 0; i < side; ++i) {
        const Value at = add(multiply(add(f, segment.begin + i), lanes), group);
        features.push_back(function_.loadFrom(loc_, pointer(segment.buffer), at, type));
      }
      const SmallVector<Value> rows = transposeBlock(std::move(features));
      for (std::int64_t r = 0; r < side; ++r)
        store(constant(group + r), f, rows[r]);
    }
  });
}

void RecurrenceEmitter::storeRows(const RowTransfer &transfer) {
  if (!inLanes())
    return copyRow(transfer, /*load=*/false);
  const std::int64_t lanes = plan_.lanes;
  const auto storeWhole = [&] {
    std::int64_t first = 0;
    for (const Segment &segment : transfer.segments) {
      transposeToRows(segment, [&](Value lane, Value f, Value rows) {
        const Value start = rowStart(transfer, add(firstRow_, lane));
        function_.store(loc_, rows, transfer.kernelBuffer, add(add(start, first), f));
      });
      first += segment.count;
    }
  };
  const auto storePart = [&] {
    const Value end = minimum(add(firstRow_, lanes), constant(plan_.batch));
    loop(firstRow_, end, 1, [&](Value row) {
      const Value start = rowStart(transfer, row);
      const Value lane = arith::SubIOp::create(builder_, loc_, row, firstRow_);
      std::int64_t first = 0;
      for (const Segment &segment : transfer.segments) {
        const Type type = registerType(plan_.buffers[segment.buffer].element);
        loop(0, segment.count, 1, [&](Value f) {
          const Value at = add(multiply(add(f, segment.begin), lanes), lane);
          function_.store(loc_, function_.loadFrom(loc_, pointer(segment.buffer), at, type),
                          transfer.kernelBuffer, add(add(start, first), f));
        });
        first += segment.count;
      }
    });
  };
  if (plan_.batch % lanes == 0)
    return storeWhole();
  if (plan_.batch < lanes)
    return storePart();
  const Value whole = less(add(firstRow_, lanes - 1), constant(plan_.batch));
  auto branch = scf::IfOp::create(builder_, loc_, whole, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder_);
  builder_.setInsertionPointToStart(&branch.getThenRegion().front());
  storeWhole();
  builder_.setInsertionPointToStart(&branch.getElseRegion().front());
  storePart();
}

void RecurrenceEmitter::loadCapture(const BatchCapture &capture) {
  const std::int64_t lanes = plan_.lanes;
  loop(0, plan_.buffers[capture.buffer].features, 1, [&](Value f) {
    const Value within = mapIndex(capture.map, f);
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      const Value from = add(multiply(rows_[lane], capture.rowStride), within);
      memo_.clear();
      const Value value =
          capture.value ? evaluateInline(capture.value, from, 1) : loadSource(capture.source, from);
      function_.storeTo(loc_, value, pointer(capture.buffer), add(multiply(f, lanes), lane));
    }
  });
}

} // namespace graphc::recurrence
