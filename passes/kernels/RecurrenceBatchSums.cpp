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
      const Value row = multiply(add(column, lane), collected.features);
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
      const Value row = multiply(add(column, lane), collected.features);
      function_.storeTo(loc_, zero, target, add(row, f));
    });
  });
}

void RecurrenceEmitter::addSum(const BatchSum &sum, Value columns) {
  const std::int64_t whole = 32 / elementBytes(plan_.buffers[sum.right].element);
  // As many vectors as give, with one register each for twelve sums, the fewest loads: two beside
  // six rows.
  const std::size_t wide = sum.left < 0 ? 8 : 2;
  const auto addPart = [&](Value first, ArrayRef<std::int64_t> widths) {
    const auto most = static_cast<std::int64_t>(std::max<std::size_t>(1, 12 / widths.size()));
    const std::int64_t end = sum.rows / most * most;
    loop(0, end, most, [&](Value row) { addBlock(sum, columns, row, most, first, widths); });
    if (end < sum.rows)
      addBlock(sum, columns, constant(end), sum.rows - end, first, widths);
  };
  const SmallVector<std::int64_t> full(wide, whole);
  const auto step = static_cast<std::int64_t>(wide) * whole;
  std::int64_t first = sum.columns / step * step;
  loop(0, first, step, [&](Value column) { addPart(column, full); });
  while (first < sum.columns) {
    SmallVector<std::int64_t> widths;
    std::int64_t end = first;
    for (std::int64_t width = whole; width >= 1 && widths.size() < wide; width /= 2)
      while (end + width <= sum.columns && widths.size() < wide) {
        widths.push_back(width);
        end += width;
      }
    addPart(constant(first), widths);
    first = end;
  }
}

void RecurrenceEmitter::addBlock(const BatchSum &sum, Value columns, Value row, std::int64_t rows,
                                 Value first, ArrayRef<std::int64_t> widths) {
  const Type element = plan_.buffers[sum.right].element;
  const Value tile = multiply(tile_, sum.rows * sum.columns);
  SmallVector<Value> places, before;
  for (std::int64_t r = 0; r < rows; ++r) {
    Value place = add(add(tile, multiply(add(row, r), sum.columns)), first);
    for (const std::int64_t width : widths) {
      before.push_back(
          function_.load(loc_, sum.kernelBuffer, place, VectorType::get({width}, element)));
      places.push_back(place);
      place = add(place, width);
    }
  }
  auto fold = scf::ForOp::create(builder_, loc_, constant(0), columns, constant(1), before);
  {
    OpBuilder::InsertionGuard guard(builder_);
    builder_.setInsertionPointToStart(fold.getBody());
    const Value column = fold.getInductionVar();
    SmallVector<Value> right, next;
    Value place = add(multiply(column, sum.columns), first);
    for (const std::int64_t width : widths) {
      right.push_back(
          function_.loadFrom(loc_, pointer(sum.right), place, VectorType::get({width}, element)));
      place = add(place, width);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      Value left;
      if (sum.left >= 0) {
        const Value at = multiply(add(row, r), plan_.collectedSteps * plan_.lanes);
        left = function_.loadFrom(loc_, pointer(sum.left), add(at, column), element);
      }
      for (const Value vector : right) {
        const Value total = fold.getRegionIterArgs()[next.size()];
        next.push_back(
            left ? emitMultiplyAdd(builder_, loc_, spread(left, vector.getType()), vector, total)
                 : this->sum(total, vector));
      }
    }
    scf::YieldOp::create(builder_, loc_, next);
  }
  for (auto [place, total] : llvm::zip(places, fold.getResults()))
    function_.store(loc_, total, sum.kernelBuffer, place);
}

} // namespace graphc::recurrence
