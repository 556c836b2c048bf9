// All updates of variables in one kernel, with the elementwise ops that lead to them (clipping,
// scaling): one call that all threads share instead of one small call for each variable.
//
// Updates move down to the last of their group; a group ends before the next op that reads or
// writes a variable which the group has updated.
#include "passes/Clustering.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/TensorAliases.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace graphc {

#define GEN_PASS_DEF_FUSEUPDATESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

void addVariables(Operation *op, llvm::DenseSet<Attribute> &variables) {
  for (NamedAttribute attribute : op->getAttrDictionary())
    if (isa<FlatSymbolRefAttr>(attribute.getValue()))
      variables.insert(attribute.getValue());
}

bool touches(Operation *op, const llvm::DenseSet<Attribute> &variables) {
  return llvm::any_of(op->getAttrDictionary(), [&](NamedAttribute attribute) {
    return variables.contains(attribute.getValue());
  });
}

bool isUpdate(Operation *op) { return graphName(op).starts_with("apply_"); }

class UpdateGroup {
public:
  bool empty() const { return updates_.empty(); }
  size_t size() const { return updates_.size(); }
  bool touchedBy(Operation *op) const { return touches(op, variables_); }
  Operation *front() const { return updates_.front(); }

  void add(Operation *op) {
    updates_.push_back(op);
    addVariables(op, variables_);
  }

  /// Makes the cluster, where the last update stood; gives the number of ops in it.
  size_t write() {
    for (Operation *update : updates_)
      addProducers(update->getOperand(gradientOperand(update)), update);
    llvm::SetVector<Operation *> members;
    for (Operation *producer : llvm::reverse(producers_))
      members.insert(producer);
    members.insert_range(updates_);
    OpBuilder builder(updates_.back());
    Operation *place = builder.create(OperationState(updates_.back()->getLoc(), "graph.no_op"));
    builder.setInsertionPoint(place);
    builder.insert(makeCluster(members.getArrayRef()));
    place->erase();
    return members.size();
  }

private:
  /// The gradient has the variable's shape; all other operands are scalars.
  static unsigned gradientOperand(Operation *update) {
    for (OpOperand &operand : update->getOpOperands())
      if (rankOf(operand.get()) > 0)
        return operand.getOperandNumber();
    return update->getNumOperands() - 1;
  }

  /// True where the value lies in the memory of a variable that the group writes.
  bool readsUpdated(Value value) const {
    while (std::optional<TensorPart> part = partOf(value))
      value = part->source;
    Operation *read = definedBy(value, "read_variable");
    return read && touchedBy(read);
  }

  static bool isEntryOf(Value value) {
    Operation *op = value.getDefiningOp();
    return op && isClusterEntry(op);
  }

  // An op joins with its only user; producers come after their users in the list.
  void addProducers(Value value, Operation *user) {
    Operation *op = value.getDefiningOp();
    const bool isEntry = op && isClusterEntry(op);
    if (!op || !op->hasOneUse() || (!isElementwiseOp(op) && !isEntry) || isLargeSum(op) ||
        placeOf(op) != Place::cluster || op->getBlock() != user->getBlock() ||
        llvm::any_of(op->getOperands(), [&](Value operand) { return readsUpdated(operand); }))
      return;
    producers_.push_back(op);
    for (Value operand : op->getOperands())
      if (operand.getType() == value.getType() || (isEntry && isEntryOf(operand)))
        addProducers(operand, op);
  }

  SmallVector<Operation *> updates_, producers_;
  llvm::DenseSet<Attribute> variables_;
};

//===--- graph-fuse-updates -------------------------------------------------------------------===//

class FuseUpdatesPass : public impl::FuseUpdatesPassBase<FuseUpdatesPass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    UpdateGroup group;
    for (Operation &op : llvm::make_early_inc_range(program->getRegion(0).front())) {
      if (!group.empty() && group.touchedBy(&op))
        finish(group);
      if (isUpdate(&op) && whyNoUpdate(&op).empty())
        group.add(&op);
    }
    finish(group);
  }

  static std::string whyNoUpdate(Operation *op) {
    for (Value operand : op->getOperands())
      if (!isStatic(operand.getType()))
        return "an operand has unknown extents";
    return {};
  }

  void finish(UpdateGroup &group) {
    if (group.size() == 1) {
      ++numSingle;
      remarkMissed(group.front(), getArgument(), "there is no other update at its side");
    } else if (group.size() > 1) {
      remarkPassed(group.front(), getArgument(), Twine(group.size()) + " updates in one kernel");
      numFused += static_cast<unsigned>(group.size());
      numOps += static_cast<unsigned>(group.write());
    }
    group = UpdateGroup();
  }
};

} // namespace
} // namespace graphc
