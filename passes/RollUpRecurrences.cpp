// Makes one recurrence of the ops of all its steps; SpelledSteps.h finds them.
//
// What a step reads from outside, another value at each step, is stacked to a sequence in front of
// the recurrence; what something outside reads of a step is taken out of the stacked outputs.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"
#include "passes/SpelledSteps.h"
#include "passes/StepExtent.h"
#include "passes/StepSequence.h"
#include "passes/kernels/RecurrenceKernel.h"

#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

#define GEN_PASS_DEF_ROLLUPRECURRENCESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

using Role = StepOperand::Role;

bool isSeed(StringRef attribute) {
  return attribute == "seed" || attribute == "seed2" || attribute == "stream";
}

//===--- The graph as the search sees it ------------------------------------------------------===//

/// The ops of a program, and a number for each kind of op.
class ProgramSteps {
public:
  ProgramSteps(Operation *program, const llvm::DenseSet<Operation *> &declined)
      : independentDraws_(program->hasAttr(graph::kIndependentDraws)) {
    llvm::DenseMap<Operation *, int> numbers;
    for (Operation &op : program->getRegion(0).front()) {
      numbers[&op] = static_cast<int>(ops.size());
      ops.push_back(&op);
      StepGraph::Op entry;
      entry.kind = kindOf(&op);
      entry.mayStart = !declined.contains(&op);
      for (Value operand : op.getOperands())
        entry.operands.push_back({numbers.at(operand.getDefiningOp()),
                                  static_cast<int>(cast<OpResult>(operand).getResultNumber())});
      graph.ops.push_back(std::move(entry));
    }
  }

  StepGraph graph;
  SmallVector<Operation *> ops;

private:
  bool mayBeInStep(Operation *op) const {
    if (op->getNumResults() == 0 || op->getNumRegions() != 0 || isGradientTarget(op))
      return false;
    // Scalars, such as a sum of the steps' losses, have no windows that a kernel could go by.
    const auto isValue = [](Type type) {
      return isStatic(type) && cast<RankedTensorType>(type).getRank() > 0;
    };
    if (!llvm::all_of(op->getResultTypes(), isValue))
      return false;
    return isRandom(op) ? independentDraws_
                        : isPlain(op) && op->getNumOperands() > 0 && isMemoryEffectFree(op);
  }

  int kindOf(Operation *op) {
    if (!mayBeInStep(op))
      return -1;
    std::string key;
    const auto add = [&](const void *pointer) {
      key.append(reinterpret_cast<const char *>(&pointer), sizeof(pointer));
    };
    add(op->getName().getAsOpaquePointer());
    for (NamedAttribute attribute : op->getAttrDictionary()) {
      if (isRandom(op) && isSeed(attribute.getName()))
        continue;
      add(attribute.getName().getAsOpaquePointer());
      add(attribute.getValue().getAsOpaquePointer());
    }
    add(nullptr);
    for (Type type : op->getOperandTypes())
      add(type.getAsOpaquePointer());
    add(nullptr);
    for (Type type : op->getResultTypes())
      add(type.getAsOpaquePointer());
    return kinds_.try_emplace(key, static_cast<int>(kinds_.size())).first->second;
  }

  llvm::StringMap<int> kinds_;
  bool independentDraws_;
};

//===--- From steps to a recurrence -----------------------------------------------------------===//

/// Makes the recurrence in front of the steps' first op. It replaces the steps only when asked to.
class RollUp {
public:
  RollUp(const SpelledSteps &steps, ArrayRef<Operation *> ops)
      : steps_(steps), ops_(ops), first_(firstOp()), opBuilder_(first_),
        builder_(opBuilder_, derivedLocation(first_->getLoc(), "", "/rolled_up")) {}

  /// Moves what the steps need in front of them; a reason where something cannot move.
  std::string moveNeededUp();
  void make();
  /// Why no kernel can be made of it; empty where one can.
  std::string whyNot() const;
  void replaceSteps();
  void discard();

  Operation *recurrence() const { return rnn_; }
  const llvm::DenseSet<Operation *> &members() const { return members_; }
  unsigned states() const { return static_cast<unsigned>(states_.size()); }
  bool hasRandom() const {
    return llvm::any_of(steps_.columns,
                        [&](const auto &column) { return isRandom(op(column[0])); });
  }
  bool readsRandom() const;

private:
  struct State {
    int column, result;
    Value initial;
  };
  struct Output {
    int column, result;
  };

  Operation *op(int number) const { return ops_[static_cast<size_t>(number)]; }
  Operation *firstOp() const {
    int first = steps_.columns.front().front();
    for (const auto &column : steps_.columns)
      first = std::min(first, column.front());
    return op(first);
  }
  Value valueAt(int column, int result, int step) const {
    return op(steps_.columns[static_cast<size_t>(column)][static_cast<size_t>(step)])
        ->getResult(static_cast<unsigned>(result));
  }
  Value operandAt(size_t column, unsigned operand, int step) const {
    return op(steps_.columns[column][static_cast<size_t>(step)])->getOperand(operand);
  }
  size_t stateNumber(const StepOperand &operand, Value initial);
  void findPorts();
  void findOutputs();
  bool isRead(int column, int result, int step) const;
  void fillBody(Block &body);

  const SpelledSteps &steps_;
  ArrayRef<Operation *> ops_;
  Operation *first_;
  OpBuilder opBuilder_;
  GraphBuilder builder_;
  SmallVector<SmallVector<Value>> parts_; ///< of each sequence
  SmallVector<State> states_;
  SmallVector<Value> captured_;
  SmallVector<Output> outputs_;
  llvm::DenseMap<std::pair<size_t, unsigned>, size_t> portOf_; ///< of an operand: within its role
  llvm::DenseSet<Operation *> members_;
  SmallVector<Operation *> made_; ///< in front of the recurrence
  Operation *rnn_ = nullptr;
};

bool writes(Operation *op, Attribute variable) {
  return !isGraphOp(op, "read_variable") && llvm::any_of(op->getAttrs(), [&](NamedAttribute entry) {
    return entry.getValue() == variable;
  });
}

std::string RollUp::moveNeededUp() {
  SmallVector<Operation *> moved;
  for (int number : steps_.before)
    if (Operation *needed = op(number); first_->isBeforeInBlock(needed))
      moved.push_back(needed);
  for (Operation *needed : moved) {
    if (isMemoryEffectFree(needed))
      continue;
    Attribute variable = needed->getAttr("variable");
    if (!isGraphOp(needed, "read_variable") || !variable)
      return "'" + opName(needed->getLoc()).str() + "' between its steps cannot move before them";
    for (Operation *other = first_; other != needed; other = other->getNextNode())
      if (writes(other, variable))
        return "a variable that its steps read is written between them";
  }
  for (Operation *needed : moved)
    needed->moveBefore(first_);
  return {};
}

size_t RollUp::stateNumber(const StepOperand &operand, Value initial) {
  for (auto [i, state] : llvm::enumerate(states_))
    if (state.column == operand.column && state.result == operand.result &&
        state.initial == initial)
      return i;
  states_.push_back({operand.column, operand.result, initial});
  return states_.size() - 1;
}

void RollUp::findPorts() {
  llvm::DenseMap<Value, size_t> capturedNumbers;
  llvm::DenseMap<Value, SmallVector<size_t>> sequenceNumbers; // by their first value
  for (size_t column = 0; column < steps_.columns.size(); ++column)
    for (unsigned i = 0; i < steps_.operands[column].size(); ++i) {
      const StepOperand &operand = steps_.operands[column][i];
      const Value first = operandAt(column, i, 0);
      size_t &port = portOf_[{column, i}];
      if (operand.role == Role::captured) {
        auto [entry, isNew] = capturedNumbers.try_emplace(first, captured_.size());
        if (isNew)
          captured_.push_back(first);
        port = entry->second;
      } else if (operand.role == Role::state) {
        port = stateNumber(operand, first);
      } else if (operand.role == Role::sequence) {
        SmallVector<Value> values;
        for (int t = 0; t < steps_.steps; ++t)
          values.push_back(operandAt(column, i, t));
        SmallVector<size_t> &candidates = sequenceNumbers[first];
        const auto *found =
            llvm::find_if(candidates, [&](size_t number) { return parts_[number] == values; });
        if (found == candidates.end()) {
          candidates.push_back(parts_.size());
          parts_.push_back(std::move(values));
          port = parts_.size() - 1;
        } else {
          port = *found;
        }
      }
    }
}

bool RollUp::isRead(int column, int result, int step) const {
  return llvm::any_of(valueAt(column, result, step).getUsers(),
                      [&](Operation *user) { return !members_.contains(user); });
}

void RollUp::findOutputs() {
  const int last = steps_.steps - 1;
  for (auto [c, column] : llvm::enumerate(steps_.columns)) {
    const auto number = static_cast<int>(c);
    for (int result = 0; result < static_cast<int>(op(column[0])->getNumResults()); ++result) {
      const bool before =
          llvm::any_of(llvm::seq(0, last), [&](int step) { return isRead(number, result, step); });
      const bool isState = llvm::any_of(states_, [&](const State &state) {
        return state.column == number && state.result == result;
      });
      // What alone is read of a state after the last step is its final value.
      if (before || (!isState && isRead(number, result, last)))
        outputs_.push_back({number, result});
    }
  }
}

void RollUp::fillBody(Block &body) {
  const auto sequences = static_cast<unsigned>(parts_.size());
  const auto states = static_cast<unsigned>(states_.size());
  OpBuilder inner = OpBuilder::atBlockEnd(&body);
  SmallVector<Operation *> copies;
  for (size_t column = 0; column < steps_.columns.size(); ++column) {
    Operation *copy = op(steps_.columns[column][0])->clone();
    for (unsigned i = 0; i < copy->getNumOperands(); ++i) {
      const StepOperand &operand = steps_.operands[column][i];
      const auto port = static_cast<unsigned>(portOf_.lookup({column, i}));
      Value value;
      switch (operand.role) {
      case Role::inStep:
        value = copies[static_cast<size_t>(operand.column)]->getResult(
            static_cast<unsigned>(operand.result));
        break;
      case Role::sequence: value = body.getArgument(port); break;
      case Role::state: value = body.getArgument(sequences + port); break;
      case Role::captured: value = body.getArgument(sequences + states + port); break;
      }
      copy->setOperand(i, value);
    }
    inner.insert(copy);
    copies.push_back(copy);
  }
  SmallVector<Value> yielded;
  const auto add = [&](int column, int result) {
    yielded.push_back(
        copies[static_cast<size_t>(column)]->getResult(static_cast<unsigned>(result)));
  };
  for (const Output &output : outputs_)
    add(output.column, output.result);
  for (const State &state : states_)
    add(state.column, state.result);
  graph::YieldOp::create(inner, builder_.location(), yielded);
}

void RollUp::make() {
  for (const auto &column : steps_.columns)
    for (int number : column)
      members_.insert(op(number));
  findPorts();
  findOutputs();
  Operation *before = first_->getPrevNode();
  SmallVector<Value> sequences, initial;
  for (const SmallVector<Value> &values : parts_)
    sequences.push_back(sequenceOf(builder_, values));
  for (const State &state : states_)
    initial.push_back(state.initial);
  SmallVector<Type> types;
  for (const Output &output : outputs_)
    types.push_back(stackedType(valueAt(output.column, output.result, 0).getType(), steps_.steps));
  auto recurrence = graph::StaticRnnOp::create(opBuilder_, builder_.location(), types, sequences,
                                               initial, captured_, steps_.steps);
  rnn_ = recurrence;
  fillBody(recurrence.getBlock());
  Operation *made = before ? before->getNextNode() : &first_->getBlock()->front();
  for (; made != rnn_; made = made->getNextNode())
    made_.push_back(made);
}

std::string RollUp::whyNot() const {
  OperationState state(rnn_->getLoc(), "graph.cluster");
  Block *block = new Block;
  state.addRegion()->push_back(block);
  Operation *cluster = Operation::create(state);
  IRMapping mapping;
  for (Value operand : rnn_->getOperands())
    if (!mapping.contains(operand))
      mapping.map(operand, block->addArgument(operand.getType(), operand.getLoc()));
  OpBuilder inner = OpBuilder::atBlockEnd(block);
  Operation *copy = inner.clone(*rnn_, mapping);
  graph::YieldOp::create(inner, rnn_->getLoc(), copy->getResults());
  std::string reason = whyNoRecurrenceKernel(*block);
  cluster->erase();
  return reason;
}

void RollUp::discard() {
  rnn_->erase();
  for (Operation *op : llvm::reverse(made_))
    op->erase();
}

void RollUp::replaceSteps() {
  const int last = steps_.steps - 1;
  Recurrence recurrence(rnn_);
  opBuilder_.setInsertionPointAfter(rnn_);
  const auto replace = [&](Value old, Value with) {
    old.replaceUsesWithIf(with, [&](OpOperand &use) { return !members_.contains(use.getOwner()); });
  };
  for (auto [i, state] : llvm::enumerate(states_))
    if (llvm::none_of(outputs_, [&](const Output &output) {
          return output.column == state.column && output.result == state.result;
        }))
      replace(valueAt(state.column, state.result, last),
              recurrence.finalState(static_cast<unsigned>(i)));
  for (auto [i, output] : llvm::enumerate(outputs_)) {
    Operation *parts = builder_.createOp("unstack", recurrence.output(static_cast<unsigned>(i)),
                                         {{"axis", int64_t{0}}, {"num", int64_t{steps_.steps}}});
    for (int step = 0; step < steps_.steps; ++step)
      replace(valueAt(output.column, output.result, step),
              parts->getResult(static_cast<unsigned>(step)));
  }
  for (const auto &column : llvm::reverse(steps_.columns))
    for (int number : llvm::reverse(column))
      op(number)->dropAllReferences();
  for (const auto &column : steps_.columns)
    for (int number : column)
      op(number)->erase();
}

bool RollUp::readsRandom() const {
  return llvm::any_of(parts_, [](const SmallVector<Value> &values) {
    Operation *op = values.front().getDefiningOp();
    return op && isRandom(op);
  });
}

//===--- graph-roll-up-recurrences ------------------------------------------------------------===//

class RollUpRecurrencesPass : public impl::RollUpRecurrencesPassBase<RollUpRecurrencesPass> {
public:
  using RollUpRecurrencesPassBase::RollUpRecurrencesPassBase;

private:
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return;
    llvm::DenseSet<Operation *> declined;
    // What could not be rolled up from one op on may be from another.
    std::vector<std::pair<Operation *, std::string>> reasons;
    for (bool rolled = true; rolled;) {
      const ProgramSteps view(program, declined);
      const auto decline = [&](int number, const std::string &reason) {
        Operation *op = view.ops[static_cast<size_t>(number)];
        if (declined.insert(op).second)
          reasons.push_back({op, reason});
      };
      StepSearch search;
      search.minSteps = static_cast<int>(minSteps.getValue());
      search.decline = decline;
      search.accept = [&](const SpelledSteps &steps) {
        std::string reason;
        for (StepExtent extent :
             {StepExtent::all, StepExtent::neededByState, StepExtent::betweenStates}) {
          llvm::DenseSet<Operation *> erased;
          reason = rollUp(restrictTo(steps, extent), view.ops, erased);
          if (!reason.empty())
            continue;
          llvm::erase_if(reasons, [&](const auto &entry) { return erased.contains(entry.first); });
          for (Operation *op : erased)
            declined.erase(op);
          return true;
        }
        decline(steps.columns.front().front(), reason);
        for (const auto &column : steps.columns)
          declined.insert(view.ops[static_cast<size_t>(column.front())]);
        return false;
      };
      rolled = findSpelledSteps(view.graph, search);
    }
    for (const auto &[op, reason] : reasons) {
      ++numDeclined;
      remarkMissed(op, getArgument(), "a recurrence stays spelled out: " + reason);
    }
  }

  /// A reason where it cannot be done.
  std::string rollUp(const SpelledSteps &steps, ArrayRef<Operation *> ops,
                     llvm::DenseSet<Operation *> &erased) {
    RollUp work(steps, ops);
    if (std::string reason = work.moveNeededUp(); !reason.empty())
      return reason;
    work.make();
    if (std::string reason = work.whyNot(); !reason.empty()) {
      work.discard();
      return reason;
    }
    Operation *rnn = work.recurrence();
    remarkPassed(rnn, getArgument(),
                 Twine(steps.steps) + " steps of " + Twine(steps.columns.size()) + " ops and " +
                     Twine(work.states()) + " states became one recurrence");
    if (work.hasRandom())
      remarkPassed(rnn, getArgument(),
                   "one random op draws for all steps, other numbers than each step's own seeds");
    if (work.readsRandom())
      remarkMissed(rnn, getArgument(),
                   "random numbers stay outside, since each step's ops have their own seeds");
    erased = work.members();
    work.replaceSteps();
    ++numRolledUp;
    numSteps += static_cast<unsigned>(steps.steps);
    return {};
  }
};

} // namespace
} // namespace graphc
