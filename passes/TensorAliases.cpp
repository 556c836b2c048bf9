#include "passes/TensorAliases.h"

#include "passes/GraphOps.h"
#include "passes/VariableUses.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace graphc {
namespace {

std::int64_t productFrom(ArrayRef<std::int64_t> extents, std::size_t axis) {
  std::int64_t product = 1;
  for (std::int64_t extent : extents.drop_front(axis))
    product *= extent;
  return product;
}

/// True where extents before `axis` are one: a piece along `axis` is then contiguous.
bool isLeading(ArrayRef<std::int64_t> extents, std::size_t axis) {
  return llvm::all_of(extents.take_front(axis), [](std::int64_t extent) { return extent == 1; });
}

std::optional<TensorPart> partOfSlice(Operation *op) {
  const ArrayRef<std::int64_t> extents = extentsOf(op->getOperand(0));
  const ArrayRef<std::int64_t> begin = intsAttribute(op, "begin");
  const ArrayRef<std::int64_t> taken = extentsOf(op->getResult(0));
  if (op->getNumOperands() != 1 || begin.size() != extents.size())
    return std::nullopt;
  // Contiguous where every axis behind the first shortened one is whole.
  std::size_t axis = 0;
  while (axis < extents.size() && taken[axis] == 1)
    ++axis;
  for (std::size_t behind = axis + 1; behind < extents.size(); ++behind)
    if (taken[behind] != extents[behind])
      return std::nullopt;
  std::int64_t offset = 0;
  for (std::size_t at = 0; at < extents.size(); ++at)
    offset += begin[at] * productFrom(extents, at + 1);
  return TensorPart{op->getOperand(0), offset};
}

/// The symbols that the op and the ops in its body name, with the op that names them.
void forEachUpdate(Operation *op,
                   llvm::function_ref<void(Operation *, FlatSymbolRefAttr)> function) {
  op->walk([&](Operation *inner) {
    if (isGraphOp(inner, "read_variable"))
      return;
    for (NamedAttribute attribute : inner->getAttrDictionary())
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        function(inner, symbol);
  });
}

/// The variable whose memory the value is, where it is a variable's.
FlatSymbolRefAttr variableOf(Value root) {
  Operation *op = root.getDefiningOp();
  if (op && (isGraphOp(op, "read_variable") || isAssignment(op)))
    return op->getAttrOfType<FlatSymbolRefAttr>("variable");
  return {};
}

/// True for values that a step computes, as opposed to those that somebody else holds.
bool isComputed(Value root) {
  Operation *op = root.getDefiningOp();
  return op && !isGraphOp(op, "feed") && !isGraphOp(op, "constant") && !variableOf(root);
}

bool isWhole(const TensorPart &part, Value value) {
  return part.offset == 0 && isStatic(part.source.getType()) &&
         bytesOf(part.source.getType()) == bytesOf(value.getType());
}

} // namespace

std::optional<TensorPart> partOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumOperands() == 0 || !isStatic(value.getType()) ||
      !isStatic(op->getOperand(0).getType()))
    return std::nullopt;
  if (isRename(op) || isGraphOp(op, "identity") || isGraphOp(op, "stop_gradient"))
    return TensorPart{op->getOperand(0), 0};
  if (isGraphOp(op, "slice"))
    return partOfSlice(op);
  const bool split = isGraphOp(op, "split");
  if (!split && !isGraphOp(op, "unstack"))
    return std::nullopt;
  const ArrayRef<std::int64_t> extents = extentsOf(op->getOperand(0));
  std::int64_t axis = intAttribute(op, "axis");
  if (axis < 0)
    axis += static_cast<std::int64_t>(extents.size());
  if (!isLeading(extents, static_cast<std::size_t>(axis)))
    return std::nullopt;
  const unsigned number = cast<OpResult>(value).getResultNumber();
  std::int64_t before = number;
  if (split) {
    const ArrayRef<std::int64_t> sizes = intsAttribute(op, "sizes");
    before = 0;
    for (std::int64_t size : sizes.take_front(number))
      before += size;
  }
  return TensorPart{op->getOperand(0),
                    before * productFrom(extents, static_cast<std::size_t>(axis) + 1)};
}

/// `update_row(x, index, row)` can be done in the memory of x where it is the last op to use that:
/// the last use is known once the views are, and views of what it makes come after it.
void TensorAliases::findUpdatedInPlace(Block &program) {
  llvm::DenseMap<Value, TensorPart> views;
  llvm::DenseMap<Value, Operation *> lastUses;
  const auto viewed = [&](Value value) {
    const auto found = views.find(value);
    return found == views.end() ? TensorPart{value, 0} : found->second;
  };
  for (Operation &op : program) {
    for (Value result : op.getResults())
      if (std::optional<TensorPart> found = partOf(result)) {
        const TensorPart part = viewed(found->source);
        views[result] = {part.source, part.offset + found->offset};
      }
    for (Value operand : op.getOperands())
      lastUses[viewed(operand).source] = &op;
  }
  for (Operation &op : program) {
    if (!isGraphOp(&op, "update_row"))
      continue;
    const TensorPart x = viewed(op.getOperand(0));
    if (isComputed(x.source) && isWhole(x, op.getResult(0)) && lastUses.lookup(x.source) == &op &&
        viewed(op.getOperand(2)).source != x.source)
      updated_.insert(&op);
  }
}

TensorAliases::TensorAliases(Block &program) {
  findUpdatedInPlace(program);
  std::int64_t position = 0;
  for (Operation &op : program) {
    positions_[&op] = position;
    for (Value result : op.getResults()) {
      TensorPart part{result, 0};
      if (updated_.contains(&op)) {
        part = root(op.getOperand(0));
      } else if (std::optional<TensorPart> found = partOf(result)) {
        part = root(found->source);
        part.offset += found->offset;
      }
      parts_[result] = part;
    }
    for (Value operand : op.getOperands())
      lastUses_[root(operand).source] = position;
    forEachUpdate(&op, [&](Operation *, FlatSymbolRefAttr symbol) {
      if (writes_[symbol].empty() || writes_[symbol].back() != position)
        writes_[symbol].push_back(position);
    });
    ++position;
  }
  findHazards(program);
  findAssignedInPlace(program);
  findFetchedInPlace(program);
}

TensorPart TensorAliases::root(Value value) const {
  const auto found = parts_.find(value);
  return found == parts_.end() ? TensorPart{value, 0} : found->second;
}

std::int64_t TensorAliases::lastUse(Value root) const {
  const auto found = lastUses_.find(root);
  return found == lastUses_.end() ? -1 : found->second;
}

/// Writes at positions in (after, upTo].
bool TensorAliases::writtenBetween(Attribute variable, std::int64_t after,
                                   std::int64_t upTo) const {
  const auto found = writes_.find(variable);
  if (found == writes_.end())
    return false;
  const auto next = llvm::upper_bound(found->second, after);
  return next != found->second.end() && *next <= upTo;
}

/// A value that is a variable's memory goes stale with the variable's next write. The step that
/// writes counts as one that needs the value, too: kernels that update in place want no other
/// buffer to share the variable's memory.
void TensorAliases::findHazards(Block &program) {
  for (Operation &op : program) {
    for (Value result : op.getResults()) {
      FlatSymbolRefAttr variable = variableOf(result);
      if (variable && writtenBetween(variable, positions_.lookup(&op), lastUse(result)))
        copied_.insert(result);
    }
  }
  // Where the memory of each variable is read: at the read where that copies, else where the value
  // is used.
  for (Operation &op : program) {
    const std::int64_t position = positions_.lookup(&op);
    for (Value result : op.getResults())
      if (copied_.contains(result))
        uses_[variableOf(result)].push_back(position);
    for (Value operand : op.getOperands()) {
      const Value source = root(operand).source;
      if (FlatSymbolRefAttr variable = variableOf(source); variable && !copied_.contains(source))
        uses_[variable].push_back(position);
    }
  }
}

/// `assign(variable, value)` needs no copy where the value can be computed in the variable's
/// memory: nothing may read or write the variable from the step that computes the value to the
/// assignment, and nothing may write it afterwards while the value is still used.
void TensorAliases::findAssignedInPlace(Block &program) {
  for (Operation &op : program) {
    if (!isGraphOp(&op, "assign"))
      continue;
    const Value value = op.getOperand(0);
    const TensorPart part = root(value);
    if (!isComputed(part.source) || !isWhole(part, value) || assigned_.contains(part.source))
      continue;
    const auto variable = op.getAttrOfType<FlatSymbolRefAttr>("variable");
    const std::int64_t computed = positions_.lookup(part.source.getDefiningOp());
    const std::int64_t assigned = positions_.lookup(&op);
    const auto uses = uses_.find(variable);
    const bool used = uses != uses_.end() && llvm::any_of(uses->second, [&](std::int64_t use) {
                        return use >= computed && use <= assigned;
                      });
    if (used || writtenBetween(variable, computed - 1, assigned - 1) ||
        writtenBetween(variable, assigned, lastUse(part.source)))
      continue;
    assigned_[part.source] = &op;
  }
}

void TensorAliases::findFetchedInPlace(Block &program) {
  for (Operation &op : program) {
    if (!isGraphOp(&op, "fetch"))
      continue;
    const ArrayRef<std::int64_t> indices = intsAttribute(&op, "indices");
    for (auto [value, index] : llvm::zip_equal(op.getOperands(), indices)) {
      const TensorPart part = root(value);
      if ((isComputed(part.source) || copied_.contains(part.source)) && isWhole(part, value) &&
          !assigned_.contains(part.source))
        fetched_.try_emplace(part.source, index);
    }
  }
}

} // namespace graphc
