#include "passes/kernels/RecurrenceSums.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

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

/// Adds what `value` is made of to `sum`; false where it is made of anything else than terms and,
/// once, `state`.
bool collect(Value value, Value state, bool &found, StateSum &sum) {
  if (value == state)
    return !std::exchange(found, true);
  Operation *op = value.getDefiningOp();
  if (!op || !value.hasOneUse())
    return false;
  if (isTerm(op)) {
    sum.terms.push_back(op);
    return true;
  }
  const bool isSum = isNamed(op, "add") || isNamed(op, "add_n");
  if (!isSum && !isNamed(op, "reshape") && !isNamed(op, "identity"))
    return false;
  sum.links.push_back(op);
  return llvm::all_of(op->getOperands(), [&](Value operand) {
    return (!isSum || operand.getType() == value.getType()) && collect(operand, state, found, sum);
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
  if (!before.hasOneUse() || !collect(after, before, found, sum) || !found || sum.terms.empty())
    return std::nullopt;
  return sum;
}

} // namespace graphc
