// Finds optimizers' updates that are spelled out in small ops and assignments.
//
// Every assignment is read as the last step of a formula (UpdateFormulas.h). The op that says the
// same writes the variable and its slots at once, at the last of their assignments. So nothing in
// between may need the variables as they were written; what needs them later reads them anew.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/UpdateFormulas.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace graphc {

#define GEN_PASS_DEF_RAISEUPDATESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class UpdateRaiser {
public:
  UpdateRaiser(const UpdateFormula &formula, VariableUses &uses) : formula_(formula), uses_(uses) {
    assignments_.insert(formula.update);
    for (const auto &[name, assignment] : formula.slots)
      assignments_.insert(assignment);
    last_ = formula.update;
    for (Operation *assignment : assignments_)
      if (last_->isBeforeInBlock(assignment))
        last_ = assignment;
  }

  /// Why the formula cannot become one op; empty where it can.
  std::string whyNot();
  void raise();
  const llvm::SmallPtrSetImpl<Operation *> &assignments() const { return assignments_; }

private:
  std::string whyWrongTypes() const;
  std::string findValues();
  bool servesUpdate(Operation *op, unsigned depth = 0) const;
  void eraseAll(SmallVector<Operation *> ops);

  const UpdateFormula &formula_;
  VariableUses &uses_;
  llvm::SmallPtrSet<Operation *, 4> assignments_;
  Operation *last_ = nullptr;
  /// Values of the variables after their assignments: to be read anew.
  SmallVector<std::pair<Value, FlatSymbolRefAttr>> values_;
};

std::string UpdateRaiser::whyWrongTypes() const {
  const Type type = formula_.gradient.getType();
  llvm::SmallPtrSet<Attribute, 4> variables;
  for (Operation *assignment : assignments_) {
    if (!variables.insert(variableOf(assignment)).second)
      return "a variable is assigned to twice";
    if (assignment->getBlock() != formula_.update->getBlock())
      return "a slot is assigned to in another place";
    if (assignment->getOperand(0).getType() != type || !isStatic(type))
      return "gradient, variable and slots have different types";
  }
  return variables.size() == formula_.slots.size() + 1 ? "" : "one variable is two slots of it";
}

/// An op before the last assignment that nothing needs but the assignments.
bool UpdateRaiser::servesUpdate(Operation *op, unsigned depth) const {
  if (assignments_.contains(op))
    return true;
  constexpr unsigned kDepth = 12; // longer than the formulas
  return depth < kDepth && op->getBlock() == last_->getBlock() && op->isBeforeInBlock(last_) &&
         (isPlain(op) || isGraphOp(op, "read_variable")) &&
         llvm::all_of(
             op->getUsers(), [&](Operation *user) { return servesUpdate(user, depth + 1); });
}

/// Fills values_.
std::string UpdateRaiser::findValues() {
  for (Operation *assignment : assignments_) {
    const FlatSymbolRefAttr variable = variableOf(assignment);
    values_.emplace_back(assignment->getResult(0), variable);
    const Value given = assignment->getOperand(0);
    if (isGraphOp(assignment, "assign"))
      values_.emplace_back(given, variable);
    else if (llvm::any_of(given.getUsers(), [&](Operation *user) { return !servesUpdate(user); }))
      return "what is added to a variable is used elsewhere, too";
    bool written = false;
    for (Operation *use : uses_.of(variable)) {
      if (use == assignment)
        written = true;
      else if (written && !last_->isBeforeInBlock(use)) {
        if (!isGraphOp(use, "read_variable"))
          return "something else writes a variable between the assignments";
        values_.emplace_back(use->getResult(0), variable);
      }
    }
  }
  for (auto [value, variable] : values_)
    for (Operation *user : value.getUsers()) {
      Operation *inBlock = last_->getBlock()->findAncestorOpInBlock(*user);
      if (!servesUpdate(user) && !last_->isBeforeInBlock(inBlock))
        return "an intermediate value is used between the assignments";
    }
  return {};
}

std::string UpdateRaiser::whyNot() {
  std::string why = whyWrongTypes();
  return why.empty() ? findValues() : why;
}

/// Ops that use each other only, and what was computed for them alone.
void UpdateRaiser::eraseAll(SmallVector<Operation *> ops) {
  llvm::sort(ops, [](Operation *a, Operation *b) { return b->isBeforeInBlock(a); });
  llvm::SetVector<Operation *> operands;
  const auto eraseOne = [&](Operation *op) {
    for (Value operand : op->getOperands())
      if (Operation *made = operand.getDefiningOp())
        operands.insert(made);
    operands.remove(op);
    uses_.remove(op);
    op->erase();
  };
  for (Operation *op : ops)
    eraseOne(op);
  while (!operands.empty())
    if (Operation *op = operands.pop_back_val(); !isGraphOp(op, "feed") && isOpTriviallyDead(op))
      eraseOne(op);
}

void UpdateRaiser::raise() {
  OpBuilder builder(last_->getContext());
  builder.setInsertionPointAfter(last_);
  GraphBuilder graph(builder, formula_.update->getLoc());
  SmallVector<Value> operands;
  for (const MakeScalar &make : formula_.scalars)
    operands.push_back(make(graph));
  operands.insert(operands.begin() + static_cast<std::ptrdiff_t>(formula_.gradient_operand),
                  formula_.gradient);
  Attributes attributes{{"variable", SymbolName{variableOf(formula_.update).getValue().str()}}};
  for (const auto &[name, assignment] : formula_.slots)
    attributes.set(name, SymbolName{variableOf(assignment).getValue().str()});
  Operation *update = graph.createOp(formula_.op, TypeRange(), operands, attributes);
  uses_.add(update);

  llvm::DenseMap<Attribute, Value> reads;
  llvm::SetVector<Operation *> replaced(assignments_.begin(), assignments_.end());
  for (auto [value, variable] : values_) {
    const auto isLater = [&](OpOperand &use) {
      return update->isBeforeInBlock(update->getBlock()->findAncestorOpInBlock(*use.getOwner()));
    };
    if (llvm::any_of(value.getUses(), isLater)) {
      Value &read = reads[variable];
      if (!read) {
        Operation *op = graph.createOp("read_variable", TypeRange(value.getType()), {},
                                       {{"variable", SymbolName{variable.getValue().str()}}});
        uses_.add(op);
        read = op->getResult(0);
      }
      value.replaceUsesWithIf(read, isLater);
    }
    replaced.insert(value.user_begin(), value.user_end());
  }
  for (std::size_t i = 0; i < replaced.size(); ++i)
    replaced.insert(replaced[i]->user_begin(), replaced[i]->user_end());
  eraseAll(replaced.takeVector());
}

//===--- graph-raise-updates ------------------------------------------------------------------===//

class RaiseUpdatesPass : public impl::RaiseUpdatesPassBase<RaiseUpdatesPass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    Block &block = program->getRegion(0).front();
    VariableUses uses(block);
    SmallVector<Operation *> assignments;
    for (Operation &op : block)
      if (isAssignment(&op))
        assignments.push_back(&op);
    llvm::DenseSet<Operation *> erased;
    for (Operation *assignment : assignments) {
      if (erased.contains(assignment))
        continue;
      std::string why;
      const std::optional<UpdateFormula> formula = readUpdate(assignment, uses, why);
      if (!formula) {
        if (!why.empty())
          decline(assignment, why);
        continue;
      }
      UpdateRaiser raiser(*formula, uses);
      if (why = raiser.whyNot(); !why.empty()) {
        decline(assignment, why);
        continue;
      }
      ++numRaised;
      remarkPassed(assignment, getArgument(), formula->op);
      erased.insert_range(raiser.assignments());
      raiser.raise();
    }
  }

  void decline(Operation *assignment, const std::string &why) {
    ++numDeclined;
    remarkMissed(assignment, getArgument(), why);
  }
};

} // namespace
} // namespace graphc
