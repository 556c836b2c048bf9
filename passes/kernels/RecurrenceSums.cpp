#include "passes/kernels/RecurrenceSums.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "passes/kernels/RecurrenceTiling.h"

using namespace mlir;

namespace graphc {
namespace {

bool isNamed(Operation *op, StringRef name) { return op->getName().stripDialect() == name; }

bool isSet(Operation *op, StringRef name) {
  auto attribute = op->getAttrOfType<BoolAttr>(name);
  return attribute && attribute.getValue();
}

bool isTerm(Operation *op) {
  const auto rank = [&](unsigned i) {
    return cast<RankedTensorType>(op->getOperand(i).getType()).getRank();
  };
  if (isNamed(op, "matmul"))
    return isSet(op, "transpose_a") && !isSet(op, "transpose_b") && rank(0) == 2 && rank(1) == 2;
  if (!isNamed(op, "reduce_sum") || rank(0) < 2)
    return false;
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes");
  return axes && axes.asArrayRef() == ArrayRef<std::int64_t>{0};
}

/// What a sum over a batch of one window is simplified to.
bool isOnlyRow(Operation *op) {
  if (!isNamed(op, "reshape"))
    return false;
  Operation *operand = op->getOperand(0).getDefiningOp();
  const auto extents = cast<RankedTensorType>(op->getOperand(0).getType()).getShape();
  const auto rest = cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  return !(operand && isTerm(operand)) && extents.size() > 1 && extents[0] == 1 &&
         extents.drop_front() == rest;
}

/// Adds what `value` is made of to `sum`; false where it is made of anything else than terms and,
/// once, `state`.
bool collect(Value value, Value state, bool oneWindow, bool &found, StateSum &sum) {
  if (value == state)
    return !std::exchange(found, true);
  Operation *op = value.getDefiningOp();
  if (!op || !value.hasOneUse())
    return false;
  if (isTerm(op) || (oneWindow && isOnlyRow(op))) {
    sum.terms.push_back(op);
    return true;
  }
  const bool isSum = isNamed(op, "add") || isNamed(op, "add_n");
  if (!isSum && !isNamed(op, "reshape") && !isNamed(op, "identity"))
    return false;
  sum.links.push_back(op);
  return llvm::all_of(op->getOperands(), [&](Value operand) {
    return (!isSum || operand.getType() == value.getType()) &&
           collect(operand, state, oneWindow, found, sum);
  });
}

} // namespace

std::optional<StateSum> matchStateSum(Operation *rnn, unsigned state) {
  const auto sizes = rnn->getAttrOfType<DenseI32ArrayAttr>("operandSegmentSizes").asArrayRef();
  Block &body = rnn->getRegion(0).front();
  Value before = body.getArgument(static_cast<unsigned>(sizes[0]) + state);
  const unsigned outputs = rnn->getNumResults() - static_cast<unsigned>(sizes[1]);
  Value after = body.getTerminator()->getOperand(outputs + state);
  StateSum sum;
  bool found = false;
  const bool oneWindow = tilingOf(rnn).batch == 1;
  if (!before.hasOneUse() || !collect(after, before, oneWindow, found, sum) || !found ||
      sum.terms.empty())
    return std::nullopt;
  return sum;
}

} // namespace graphc
