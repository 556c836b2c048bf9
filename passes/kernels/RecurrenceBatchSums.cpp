// Sums over the batch of every step: gradients of weights.
//
// Some steps' operands are collected first, the left one [feature][column] and the right one
// transposed to [column][feature], where a column is a window of a step; then one small matrix
// product over these columns adds to the tile's sums, which are read and written only once for all
// of them. Columns of windows past the batch are zero.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/RecurrenceEmitter.h"
#include "runtime/VectorWidth.h"

using namespace mlir;

namespace graphc::recurrence {

void RecurrenceEmitter::beginSums() {
  for (const SummedState &state : plan_.summedStates) {
    const Value isFirst = less(tile_, constant(1));
    const Value zero = function_.constant(FloatAttr::get(state.element, 0.0));
    loop(0, state.elements, 1, [&](Value i) {
      const Value initial = function_.load(loc_, state.input, i, state.element);
      const Value begin = arith::SelectOp::create(builder_, loc_, isFirst, initial, zero);
      function_.store(loc_, begin, state.kernelBuffer, add(multiply(tile_, state.elements), i));
    });
  }
}

// What is multiplied there is never stored, but rubbish could be slow numbers.
void RecurrenceEmitter::clearPadding() {
  for (const Collected &collected : plan_.collected) {
    if (!collected.transposed || collected.stride == collected.features)
      continue;
    const Value zero =
        function_.constant(FloatAttr::get(plan_.buffers[collected.buffer].element, 0.0));
    loop(0, plan_.collectedSteps * plan_.lanes, 1, [&](Value window) {
      loop(collected.features, collected.stride, 1, [&](Value f) {
        function_.storeTo(loc_, zero, pointer(collected.buffer),
                          add(multiply(window, collected.stride), f));
      });
    });
  }
}

void RecurrenceEmitter::emitBatchSums() {
  if (plan_.batchSums.empty())
    return;
  const Value turn =
      arith::RemUIOp::create(builder_, loc_, iteration_, constant(plan_.collectedSteps));
  for (const Collected &collected : plan_.collected)
    collect(collected, multiply(turn, plan_.lanes));
  const Value isFull = less(constant(plan_.collectedSteps - 2), turn);
  const Value isLast = less(constant(plan_.steps - 2), iteration_);
  onlyIf(arith::OrIOp::create(builder_, loc_, isFull, isLast), [&] {
    const Value columns = multiply(add(turn, 1), plan_.lanes);
    for (const BatchSum &sum : plan_.batchSums)
      addSum(sum, columns);
  });
}

void RecurrenceEmitter::collect(const Collected &collected, Value column) {
  const Value target = pointer(collected.buffer);
  std::int64_t first = 0;
  if (!collected.transposed) {
    for (const Segment &segment : collected.from) {
      loop(0, segment.count, 1, [&](Value f) {
        const Value value = loadTile(segment.buffer, add(f, segment.begin), 1);
        const Value row = multiply(add(f, first), plan_.collectedSteps * plan_.lanes);
        function_.storeTo(loc_, value, target, add(row, column));
      });
      first += segment.count;
    }
    return;
  }
  for (const Segment &segment : collected.from) {
    transposeToRows(segment, [&](Value lane, Value f, Value rows) {
      const Value row = multiply(add(column, lane), collected.stride);
      function_.storeTo(loc_, rows, target, add(row, add(f, first)));
    });
    first += segment.count;
  }
  if (plan_.batch % plan_.lanes == 0)
    return;
  const Type element = plan_.buffers[collected.buffer].element;
  const Value zero = function_.constant(FloatAttr::get(element, 0.0));
  const Value left = arith::SubIOp::create(builder_, loc_, constant(plan_.batch), firstRow_);
  loop(minimum(left, constant(plan_.lanes)), constant(plan_.lanes), 1, [&](Value lane) {
    loop(0, collected.features, 1, [&](Value f) {
      const Value row = multiply(add(column, lane), collected.stride);
      function_.storeTo(loc_, zero, target, add(row, f));
    });
  });
}

// As many sums as there are registers for, less what the operands need: with few loads beside each
// multiply-add. The last vector of a row may be cut off by a mask.
void RecurrenceEmitter::addSum(const BatchSum &sum, Value columns) {
  const std::int64_t lanes = vectorBits() / 8 / elementBytes(plan_.buffers[sum.right].element);
  const std::int64_t registers = vectorBits() == 512 ? 24 : 12;
  const std::int64_t most = sum.left < 0 ? 8 : vectorBits() == 512 ? 4 : 2; // vectors of a row
  const std::int64_t whole = sum.columns / (most * lanes) * (most * lanes);
  const auto addPart = [&](Value first, std::int64_t count) {
    const std::int64_t vectors = (count + lanes - 1) / lanes;
    // Blocks of rows about as large as each other.
    const std::int64_t blocks = (sum.rows * vectors + registers - 1) / registers;
    const std::int64_t rows = (sum.rows + blocks - 1) / blocks;
    const std::int64_t end = sum.rows / rows * rows;
    loop(0, end, rows, [&](Value row) { addBlock(sum, columns, row, rows, first, count); });
    if (end < sum.rows)
      addBlock(sum, columns, constant(end), sum.rows - end, first, count);
  };
  loop(0, whole, most * lanes, [&](Value first) { addPart(first, most * lanes); });
  if (whole < sum.columns)
    addPart(constant(whole), sum.columns - whole);
}

void RecurrenceEmitter::addBlock(const BatchSum &sum, Value columns, Value row, std::int64_t rows,
                                 Value first, std::int64_t count) {
  const Type element = plan_.buffers[sum.right].element;
  const std::int64_t lanes = vectorBits() / 8 / elementBytes(element);
  const std::int64_t vectors = (count + lanes - 1) / lanes, rowElements = sum.stride;
  const auto type = VectorType::get({lanes}, element);
  const Value tile = multiply(tile_, sum.rows * sum.columns);
  const auto place = [&](std::int64_t r, std::int64_t v) {
    return add(add(add(tile, multiply(add(row, r), sum.columns)), first), v * lanes);
  };
  const auto inRow = [&](std::int64_t v) { return std::min(lanes, count - v * lanes); };

  SmallVector<Value> before;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t v = 0; v < vectors; ++v)
      before.push_back(function_.loadFirst(loc_, sum.kernelBuffer, place(r, v), type, inRow(v)));
  auto fold = scf::ForOp::create(builder_, loc_, constant(0), columns, constant(1), before);
  {
    OpBuilder::InsertionGuard guard(builder_);
    builder_.setInsertionPointToStart(fold.getBody());
    const Value column = fold.getInductionVar();
    SmallVector<Value> right, next;
    for (std::int64_t v = 0; v < vectors; ++v) {
      const Value at = add(add(multiply(column, rowElements), first), v * lanes);
      right.push_back(function_.loadFrom(loc_, pointer(sum.right), at, type));
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      Value left;
      if (sum.left >= 0) {
        const Value at = multiply(add(row, r), plan_.collectedSteps * plan_.lanes);
        left = function_.loadFrom(loc_, pointer(sum.left), add(at, column), element);
      }
      for (const Value vector : right) {
        const Value total = fold.getRegionIterArgs()[next.size()];
        next.push_back(left ? emitMultiplyAdd(builder_, loc_, spread(left, type), vector, total)
                            : this->sum(total, vector));
      }
    }
    scf::YieldOp::create(builder_, loc_, next);
  }
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t v = 0; v < vectors; ++v)
      function_.storeFirst(loc_, fold.getResult(static_cast<unsigned>(r * vectors + v)),
                           sum.kernelBuffer, place(r, v), inRow(v));
}

} // namespace graphc::recurrence
