// Elements of softmax and of cross entropies. What belongs to a row (its maximum, its sum of
// exponentials) is computed once a row, by loops of its own.
#include <limits>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/kernels/FloatEmitter.h"
#include "passes/kernels/MathApproximation.h"
#include "passes/kernels/RowLoops.h"
#include "passes/kernels/ScalarOps.h"

using namespace mlir;

namespace graphc {
namespace {

using Maps = ElementEmitter::Maps;

/// A row of logits along an axis: the other axes' index, with a part of 0 for the axis.
class SoftmaxRow {
public:
  SoftmaxRow(ElementEmitter &emitter, Operation *op, std::int64_t axis, ElementIndex row)
      : emitter_(emitter), op_(op), logits_(op->getOperand(0)), row_(std::move(row)),
        inner_(extentsOf(logits_).size(), false) {
    inner_[axis] = true;
  }

  FloatEmitter floats() {
    return FloatEmitter(emitter_.builder(), op_->getLoc(), ElementEmitter::typeOf(logits_));
  }

  RowLoops loops(ArrayRef<Value> roots) {
    return RowLoops(emitter_, extentsOf(logits_), inner_, row_, roots);
  }

  Value greatest() {
    return once(0, [&] {
      const Value start = floats().constant(-std::numeric_limits<double>::infinity());
      return loops({logits_}).fold(
          op_->getLoc(), start,
          [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
            return {arith::MaximumFOp::create(emitter_.builder(), op_->getLoc(), carried[0],
                                              emitter_.element(logits_, at))};
          })[0];
    });
  }

  /// Of exp(x - greatest()).
  Value sum() {
    const Value most = greatest();
    return once(1, [&] {
      return loops({logits_}).fold(
          op_->getLoc(), floats().constant(0),
          [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
            return {accumulateSum(emitter_.builder(), op_->getLoc(), carried[0],
                                  exponential(at, most))};
          })[0];
    });
  }

  Value logSum() {
    const Value total = sum();
    return once(2, [&] { return emitLog(emitter_.builder(), op_->getLoc(), total); });
  }
  Value inverseSum() {
    const Value total = sum();
    return once(3, [&] {
      FloatEmitter f = floats();
      return f.divide(f.constant(1), total);
    });
  }

  Value exponential(const ElementIndex &at, Value most) {
    return emitExp(emitter_.builder(), op_->getLoc(),
                   floats().subtract(emitter_.element(logits_, at), most));
  }
  Value probability(const ElementIndex &at) {
    const Value most = greatest(), inverse = inverseSum();
    return floats().multiply(exponential(at, most), inverse);
  }
  Value logProbability(const ElementIndex &at) {
    const Value most = greatest(), log = logSum();
    FloatEmitter f = floats();
    return f.subtract(f.subtract(emitter_.element(logits_, at), most), log);
  }

private:
  /// Keeps one of the row's values, once for each row.
  Value once(int what, function_ref<Value()> build) {
    SmallVector<const void *> name = {
        op_, reinterpret_cast<const void *>(static_cast<std::uintptr_t>(what))};
    for (const ValuePart &part : row_)
      name.push_back(part.value ? part.value.getAsOpaquePointer() : nullptr);
    return emitter_.once(emitter_.levelOf(row_), name, build);
  }

  ElementEmitter &emitter_;
  Operation *op_;
  Value logits_;
  ElementIndex row_;
  SmallVector<bool> inner_;
};

template <Value (SoftmaxRow::*value)(const ElementIndex &)>
Value softmax(ElementEmitter &emitter, Operation *op, unsigned, const ElementIndex &index) {
  const Extents shape = extentsOf(op->getOperand(0));
  const std::int64_t axis = axisAttribute(op, static_cast<std::int64_t>(shape.size()), -1);
  ElementIndex row = index;
  row[Maps::isolate(emitter, row, shape, axis)].value = {};
  SoftmaxRow softmaxRow(emitter, op, axis, row);
  return (softmaxRow.*value)(index);
}

/// The class of a row, and NaN in place of every result where it is none.
class RowLabel {
public:
  RowLabel(ElementEmitter &emitter, Operation *op, const ElementIndex &batch)
      : emitter_(emitter), op_(op) {
    ScalarOps s(emitter.builder(), op->getLoc(), false);
    label_ = s.convert(emitter.element(op->getOperand(1), batch), emitter.builder().getI64Type());
    classes_ = extentsOf(op->getOperand(0)).back();
  }
  Value label() const { return label_; }
  Value orNan(Value value) const {
    ScalarOps s(emitter_.builder(), op_->getLoc(), true);
    const Value valid = s.less(label_, emitter_.kernel().constant(classes_));
    return s.select(valid, value,
                    s.constant(value.getType(), std::numeric_limits<double>::quiet_NaN()));
  }

private:
  ElementEmitter &emitter_;
  Operation *op_;
  Value label_;
  std::int64_t classes_;
};

/// Result 0 is the loss of a row, result 1 the gradient of the loss with respect to the logits.
Value crossEntropy(ElementEmitter &emitter, Operation *op, unsigned result,
                   const ElementIndex &index) {
  const Value logits = op->getOperand(0), labels = op->getOperand(1);
  const Extents shape = extentsOf(logits);
  const auto last = static_cast<std::int64_t>(shape.size()) - 1;
  const bool sparse = op->getName().stripDialect().starts_with("sparse");
  ElementIndex batch = index;
  if (result == 1)
    batch = Maps::without(batch, Maps::isolate(emitter, batch, shape, last));
  ElementIndex rowIndex = batch;
  rowIndex.push_back(Maps::zero(1));
  SoftmaxRow row(emitter, op, last, rowIndex);
  FloatEmitter f = row.floats();
  if (result == 1) {
    const Value probability = row.probability(index);
    if (!sparse)
      return f.subtract(probability, emitter.element(labels, index));
    const RowLabel label(emitter, op, batch);
    ElementIndex parts = index;
    const Value column = emitter.orZero(parts[Maps::isolate(emitter, parts, shape, last)].value);
    ScalarOps s(emitter.builder(), op->getLoc(), false);
    return label.orNan(s.select(s.equal(label.label(), column),
                                f.subtract(probability, f.constant(1)), probability));
  }
  const Value zero = f.constant(0);
  if (sparse) {
    // The one class's logarithm of the probability, found by looking at all: labels may be wrong.
    const RowLabel label(emitter, op, batch);
    const Value total = row.loops({logits}).fold(
        op->getLoc(), zero, [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
          ElementIndex parts = at;
          const Value column =
              emitter.orZero(parts[Maps::isolate(emitter, parts, shape, last)].value);
          ScalarOps s(emitter.builder(), op->getLoc(), false);
          return {s.select(s.equal(label.label(), column), row.logProbability(at), carried[0])};
        })[0];
    return label.orNan(f.negate(total));
  }
  const Value total =
      row.loops({logits, labels})
          .fold(op->getLoc(), zero,
                [&](const ElementIndex &at, ValueRange carried) -> SmallVector<Value> {
                  return {accumulateSum(
                      emitter.builder(), op->getLoc(), carried[0],
                      f.multiply(emitter.element(labels, at), row.logProbability(at)))};
                })[0];
  return f.negate(total);
}

} // namespace

void addNnRules(RuleTable &table) {
  table["softmax"] = {softmax<&SoftmaxRow::probability>, 45};
  table["log_softmax"] = {softmax<&SoftmaxRow::logProbability>, 30};
  table["softmax_cross_entropy_with_logits"] = {crossEntropy, 50};
  table["sparse_softmax_cross_entropy_with_logits"] = {crossEntropy, 50};
}

} // namespace graphc
