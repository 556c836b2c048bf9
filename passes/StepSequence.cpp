#include "passes/StepSequence.h"

#include <optional>
#include <vector>

#include "ir/GraphBuilder.h"
#include "passes/GraphOps.h"

namespace graphc {

using namespace mlir;

namespace {

/// Values that are consecutive parts of one op's operand, forwards or backwards.
struct Parts {
  Operation *op = nullptr;
  unsigned begin = 0; ///< the least result
  bool reversed = false;
};

std::optional<Parts> consecutiveParts(ArrayRef<Value> values) {
  Operation *op = values.front().getDefiningOp();
  if ((!isGraphOp(op, "split") && !isGraphOp(op, "unstack")) || isGradientTarget(op) ||
      !llvm::all_equal(op->getResultTypes()))
    return std::nullopt;
  const auto number = [](Value value) {
    return static_cast<int64_t>(cast<OpResult>(value).getResultNumber());
  };
  const int64_t step = values.size() > 1 && number(values[1]) < number(values[0]) ? -1 : 1;
  for (auto [i, value] : llvm::enumerate(values))
    if (value.getDefiningOp() != op ||
        number(value) != number(values[0]) + step * static_cast<int64_t>(i))
      return std::nullopt;
  return Parts{op, static_cast<unsigned>(std::min(number(values.front()), number(values.back()))),
               step < 0};
}

/// [part, ...] of a split or unstack along any axis.
Value wholeSequence(GraphBuilder &builder, Operation *parts) {
  Value whole = parts->getOperand(0);
  const auto axis = static_cast<size_t>(intAttribute(parts, "axis"));
  const auto count = static_cast<int64_t>(parts->getNumResults());
  std::vector<int64_t> extents = extentsOf(whole).vec();
  if (isGraphOp(parts, "split")) {
    extents[axis] /= count;
    extents.insert(extents.begin() + static_cast<std::ptrdiff_t>(axis), count);
    whole = builder.create("reshape", whole, {{"shape", extents}});
  }
  if (axis == 0)
    return whole;
  std::vector<int64_t> perm;
  for (size_t i = 0; i < extents.size(); ++i)
    perm.push_back(static_cast<int64_t>(i));
  perm.erase(perm.begin() + static_cast<std::ptrdiff_t>(axis));
  perm.insert(perm.begin(), static_cast<int64_t>(axis));
  return builder.create("transpose", whole, {{"perm", perm}});
}

} // namespace

Value sequenceOf(GraphBuilder &builder, ArrayRef<Value> values) {
  const std::optional<Parts> parts = consecutiveParts(values);
  if (!parts)
    return builder.create("stack", values, {{"axis", int64_t{0}}});
  Value sequence = wholeSequence(builder, parts->op);
  if (values.size() != parts->op->getNumResults()) {
    std::vector<int64_t> begin(static_cast<size_t>(rankOf(sequence)), 0);
    std::vector<int64_t> size = extentsOf(sequence).vec();
    begin[0] = parts->begin;
    size[0] = static_cast<int64_t>(values.size());
    sequence = builder.create("slice", sequence, {{"begin", begin}, {"size", size}});
  }
  if (parts->reversed)
    sequence = builder.create("reverse", sequence, {{"axes", std::vector<int64_t>{0}}});
  return sequence;
}

} // namespace graphc
