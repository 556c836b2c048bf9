#include "passes/VariableUses.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "passes/GraphOps.h"
#include "llvm/ADT/STLExtras.h"

namespace graphc {

using namespace mlir;

bool isAssignment(Operation *op) {
  return isGraphOp(op, "assign") || isGraphOp(op, "assign_add") || isGraphOp(op, "assign_sub");
}

FlatSymbolRefAttr variableOf(Operation *op) {
  return op->getAttrOfType<FlatSymbolRefAttr>("variable");
}

static void forEachVariable(Operation *op, llvm::function_ref<void(Attribute)> function) {
  for (NamedAttribute attribute : op->getAttrDictionary())
    if (isa<FlatSymbolRefAttr>(attribute.getValue()))
      function(attribute.getValue());
}

VariableUses::VariableUses(Block &program) {
  for (Operation &op : program)
    forEachVariable(&op, [&](Attribute variable) { uses_[variable].push_back(&op); });
}

ArrayRef<Operation *> VariableUses::of(Attribute variable) const {
  const auto found = uses_.find(variable);
  return found == uses_.end() ? ArrayRef<Operation *>() : found->second;
}

Operation *VariableUses::lastWriteBefore(Operation *op, Attribute variable) const {
  Operation *last = nullptr;
  for (Operation *use : of(variable)) {
    if (use == op)
      break;
    if (!isGraphOp(use, "read_variable"))
      last = use;
  }
  return last;
}

Operation *VariableUses::assignmentOf(Value value) const {
  Operation *op = value.getDefiningOp();
  if (op && isAssignment(op))
    return op;
  if (isGraphOp(op, "read_variable")) {
    Operation *write = lastWriteBefore(op, variableOf(op));
    return write && isAssignment(write) ? write : nullptr;
  }
  for (Operation *user : value.getUsers())
    if (isGraphOp(user, "assign"))
      return user;
  return nullptr;
}

bool VariableUses::isBefore(Value value, Operation *assignment) const {
  Operation *read = definedBy(value, "read_variable");
  const Attribute variable = variableOf(assignment);
  return read && variableOf(read) == variable && read->getBlock() == assignment->getBlock() &&
         read->isBeforeInBlock(assignment) &&
         lastWriteBefore(read, variable) == lastWriteBefore(assignment, variable);
}

void VariableUses::add(Operation *op) {
  forEachVariable(op, [&](Attribute variable) {
    SmallVector<Operation *> &uses = uses_[variable];
    uses.insert(llvm::find_if(uses, [&](Operation *use) { return op->isBeforeInBlock(use); }), op);
  });
}

void VariableUses::remove(Operation *op) {
  forEachVariable(op, [&](Attribute variable) { llvm::erase(uses_[variable], op); });
}

} // namespace graphc
