// Finds the loops that are recurrences.
//
// Idea: where the number of iterations is known, iteration k is step k, and what a loop does at its
// counter, reading rows and writing rows, is what a recurrence does with its sequences and outputs.
// The recurrence is made beside the loop and takes its place only where a kernel can compute it.
#include "passes/Clustering.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"

#include "ir/GraphBuilder.h"
#include "mlir/IR/IRMapping.h"

namespace graphc {

#define GEN_PASS_DEF_RAISEWHILETOSCANPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// A scalar integer constant.
std::optional<int64_t> integerOf(Value value) {
  const std::optional<Tensor> constant = constantValue(value);
  if (!constant || constant->shape().rank() != 0)
    return std::nullopt;
  if (constant->dtype() == int32)
    return constant->scalar<int32_t>();
  if (constant->dtype() == int64)
    return constant->scalar<int64_t>();
  return std::nullopt;
}

class LoopRaiser {
public:
  explicit LoopRaiser(Operation *op)
      : op_(op), body_(op->getRegion(1).front()), yield_(body_.getTerminator()),
        numVariables_(op->getNumResults()), outside_(op), graph_(outside_, op->getLoc()) {}

  /// Why the loop stays one; empty where a recurrence gives its results now.
  std::string run();
  int64_t steps() const { return steps_; }

private:
  /// What a loop variable is to the recurrence.
  enum class Role { counter, array, state };
  struct Variable {
    Role role = Role::state;
    int64_t start = 0;           ///< of a counter
    Operation *update = nullptr; ///< of an array: the update_row that writes it
  };
  /// A sequence: the rows of `whole` from `start` on.
  struct Rows {
    Value whole;
    int64_t start;
    SmallVector<Operation *> reads;
  };

  std::string findCounters();
  std::string countSteps(Value condition);
  std::string findRows();
  std::optional<unsigned> counterOf(Value value) const;
  std::string whyNotRows(Value whole, int64_t start) const;
  void write();
  void writeBody(Block &body);
  static void chooseBranches(Block &body);
  Value wholeArray(unsigned variable, Value outputs);

  Operation *op_;
  Block &body_;
  Operation *yield_;
  unsigned numVariables_;
  OpBuilder outside_;
  GraphBuilder graph_;
  SmallVector<Variable> variables_;
  SmallVector<Rows> rows_;
  int64_t steps_ = -1; ///< -1: not bounded yet
  Operation *made_ = nullptr;
};

/// The counter that `value`, in the body, is at the beginning of the iteration.
std::optional<unsigned> LoopRaiser::counterOf(Value value) const {
  while (Operation *cast = definedBy(value, "cast"))
    value = cast->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != &body_ || argument.getArgNumber() >= numVariables_ ||
      variables_[argument.getArgNumber()].role != Role::counter)
    return std::nullopt;
  return argument.getArgNumber();
}

/// Loop variables that start at a constant and grow by one.
std::string LoopRaiser::findCounters() {
  variables_.resize(numVariables_);
  for (unsigned i = 0; i < numVariables_; ++i) {
    const std::optional<int64_t> start = integerOf(op_->getOperand(i));
    Operation *add = definedBy(yield_->getOperand(i), "add");
    if (!start || !add)
      continue;
    for (unsigned operand : {0u, 1u})
      if (add->getOperand(operand) == body_.getArgument(i) &&
          integerOf(add->getOperand(1 - operand)) == 1) {
        variables_[i].role = Role::counter;
        variables_[i].start = *start;
      }
  }
  steps_ = -1;
  return countSteps(op_->getRegion(0).front().getTerminator()->getOperand(0));
}

std::string LoopRaiser::countSteps(Value condition) {
  if (Operation *both = definedBy(condition, "logical_and")) {
    std::string why = countSteps(both->getOperand(0));
    return why.empty() ? countSteps(both->getOperand(1)) : why;
  }
  Operation *compare = definedBy(condition, "less");
  unsigned counter = 0;
  if (!compare && (compare = definedBy(condition, "greater")))
    counter = 1;
  auto argument = compare ? dyn_cast<BlockArgument>(compare->getOperand(counter)) : BlockArgument();
  const std::optional<int64_t> limit =
      compare ? integerOf(compare->getOperand(1 - counter)) : std::nullopt;
  if (!argument || !limit || argument.getArgNumber() >= numVariables_ ||
      variables_[argument.getArgNumber()].role != Role::counter)
    return "its condition is no comparison of counters with constants";
  const int64_t steps = *limit - variables_[argument.getArgNumber()].start;
  steps_ = steps_ < 0 ? std::max<int64_t>(0, steps) : std::min(steps_, std::max<int64_t>(0, steps));
  return {};
}

std::string LoopRaiser::whyNotRows(Value whole, int64_t start) const {
  const int64_t rows = extentsOf(whole)[0];
  if (start >= 0 && start + steps_ <= rows)
    return {};
  return ("it reaches rows " + Twine(start) + " to " + Twine(start + steps_ - 1) +
          " of a tensor that has " + Twine(rows))
      .str();
}

/// Arrays, and the rows that are read at a counter.
std::string LoopRaiser::findRows() {
  for (unsigned i = 0; i < numVariables_; ++i) {
    Operation *update = definedBy(yield_->getOperand(i), "update_row");
    if (!update || update->getOperand(0) != body_.getArgument(i))
      continue;
    const std::optional<unsigned> counter = counterOf(update->getOperand(1));
    if (!counter)
      return ("loop variable " + Twine(i) + " is written at a row that is no counter").str();
    if (!update->hasOneUse() || !body_.getArgument(i).hasOneUse())
      return ("loop variable " + Twine(i) + " is read in the loop that writes it").str();
    if (std::string why = whyNotRows(op_->getOperand(i), variables_[*counter].start); !why.empty())
      return why;
    variables_[i] = {Role::array, variables_[*counter].start, update};
  }
  for (Operation &inner : body_) {
    if (isRandom(&inner))
      return "it draws random numbers";
    if (!isGraphOp(&inner, "gather") || rankOf(inner.getOperand(1)) != 0)
      continue;
    const int64_t axis = intAttribute(&inner, "axis");
    auto whole = dyn_cast<BlockArgument>(inner.getOperand(0));
    const std::optional<unsigned> counter = counterOf(inner.getOperand(1));
    if (!counter || !whole || whole.getOwner() != &body_ || whole.getArgNumber() < numVariables_ ||
        (axis != 0 && axis != -rankOf(whole)))
      continue;
    Value outer = op_->getOperand(whole.getArgNumber());
    const int64_t start = variables_[*counter].start;
    if (std::string why = whyNotRows(outer, start); !why.empty())
      return why;
    auto known = llvm::find_if(
        rows_, [&](const Rows &rows) { return rows.whole == outer && rows.start == start; });
    if (known == rows_.end())
      known = rows_.insert(rows_.end(), Rows{outer, start, {}});
    known->reads.push_back(&inner);
  }
  return {};
}

/// Computes both branches of a graph.cond and chooses among what they yield.
void LoopRaiser::chooseBranches(Block &body) {
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (!isGraphOp(&op, "cond"))
      continue;
    SmallVector<SmallVector<Value>> yielded;
    for (Region &region : op.getRegions()) {
      Block &branch = region.front();
      chooseBranches(branch);
      for (auto [argument, value] :
           llvm::zip_equal(branch.getArguments(), op.getOperands().drop_front()))
        argument.replaceAllUsesWith(value);
      Operation *yield = branch.getTerminator();
      yielded.emplace_back(yield->getOperands());
      body.getOperations().splice(Block::iterator(op), branch.getOperations(), branch.begin(),
                                  Block::iterator(yield));
    }
    OpBuilder builder(&op);
    GraphBuilder graph(builder, op.getLoc());
    for (auto [result, then, otherwise] : llvm::zip_equal(op.getResults(), yielded[0], yielded[1]))
      result.replaceAllUsesWith(
          then == otherwise ? then : graph.create("where", {op.getOperand(0), then, otherwise}));
    op.erase();
  }
}

/// Fills the recurrence's body, whose arguments are the slices, the states and what is captured.
void LoopRaiser::writeBody(Block &body) {
  OpBuilder builder(op_->getContext()); // no op has the body yet
  builder.setInsertionPointToEnd(&body);
  GraphBuilder graph(builder, op_->getLoc());
  IRMapping mapping;
  unsigned argument = 0;
  llvm::DenseSet<Operation *> left;
  for (const Rows &rows : rows_) {
    for (Operation *read : rows.reads) {
      mapping.map(read->getResult(0), body.getArgument(argument));
      left.insert(read);
    }
    ++argument;
  }
  for (unsigned i = 0; i < numVariables_; ++i) {
    const Variable &variable = variables_[i];
    BlockArgument inLoop = body_.getArgument(i);
    if (variable.role == Role::array) {
      left.insert(variable.update);
    } else if (variable.role == Role::state) {
      mapping.map(inLoop, body.getArgument(argument++));
    } else {
      Value step = graph.createOp("step_index", {})->getResult(0);
      if (toValueType(inLoop.getType()).dtype == int64)
        step = graph.create("cast", {step}, {{"dtype", int64}});
      if (variable.start != 0)
        step = graph.create("add",
                            {step, graph.scalarLike(static_cast<double>(variable.start), step)});
      mapping.map(inLoop, step);
    }
  }
  for (unsigned i = numVariables_; i < body_.getNumArguments(); ++i)
    mapping.map(body_.getArgument(i), body.getArgument(argument++));
  for (Operation &inner : body_.without_terminator())
    if (!left.contains(&inner))
      builder.clone(inner, mapping);

  SmallVector<Value> outputs, states;
  for (unsigned i = 0; i < numVariables_; ++i)
    if (variables_[i].role == Role::array)
      outputs.push_back(mapping.lookup(variables_[i].update->getOperand(2)));
    else if (variables_[i].role == Role::state)
      states.push_back(mapping.lookup(yield_->getOperand(i)));
  llvm::append_range(outputs, states);
  graph.createOp("yield", TypeRange(), outputs);
  chooseBranches(body);
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(body)))
    if (inner.use_empty() && &inner != &body.back())
      inner.erase();
}

void LoopRaiser::write() {
  OperationState state(op_->getLoc(), "graph.static_rnn");
  Block &body = state.addRegion()->emplaceBlock();
  std::array<int32_t, 3> segments{};
  const auto give = [&](Value value, Type inside, size_t group) {
    state.addOperands(value);
    body.addArgument(inside, value.getLoc());
    ++segments[group];
  };
  for (const Rows &rows : rows_) {
    std::vector<int64_t> size(extentsOf(rows.whole)), begin(size.size(), 0);
    Value sequence = rows.whole;
    if (size[0] != steps_) {
      begin[0] = rows.start;
      size[0] = steps_;
      sequence = graph_.create("slice", {sequence}, {{"begin", begin}, {"size", size}});
    }
    give(sequence, sliceType(sequence.getType()), 0);
  }
  for (unsigned i = 0; i < numVariables_; ++i)
    if (variables_[i].role == Role::state)
      give(op_->getOperand(i), op_->getOperand(i).getType(), 1);
  for (Value value : op_->getOperands().drop_front(numVariables_))
    give(value, value.getType(), 2);
  for (const Variable &variable : variables_)
    if (variable.role == Role::array)
      state.addTypes(stackedType(variable.update->getOperand(2).getType(), steps_));
  for (unsigned i = 0; i < numVariables_; ++i)
    if (variables_[i].role == Role::state)
      state.addTypes(op_->getOperand(i).getType());
  writeBody(body);
  state.addAttribute("operandSegmentSizes", outside_.getDenseI32ArrayAttr(segments));
  state.addAttribute("steps", outside_.getI64IntegerAttr(steps_));
  state.addAttribute("reverse", outside_.getBoolAttr(false));
  made_ = outside_.create(state);
}

/// The array after the loop: the rows that were written between those that were not.
Value LoopRaiser::wholeArray(unsigned variable, Value outputs) {
  Value initial = op_->getOperand(variable);
  const std::vector<int64_t> extents(extentsOf(initial));
  const int64_t start = variables_[variable].start, end = start + steps_;
  const auto part = [&](int64_t from, int64_t to) {
    std::vector<int64_t> begin(extents.size(), 0), size = extents;
    begin[0] = from;
    size[0] = to - from;
    return graph_.create("slice", {initial}, {{"begin", begin}, {"size", size}});
  };
  SmallVector<Value> parts;
  if (start > 0)
    parts.push_back(part(0, start));
  parts.push_back(outputs);
  if (end < extents[0])
    parts.push_back(part(end, extents[0]));
  return parts.size() == 1 ? outputs : graph_.create("concat", parts, {{"axis", int64_t{0}}});
}

std::string LoopRaiser::run() {
  if (isGradientTarget(op_))
    return "gradients are asked for by its results";
  if (std::string why = findCounters(); !why.empty())
    return why;
  if (steps_ == 0) {
    op_->replaceAllUsesWith(op_->getOperands().take_front(numVariables_));
    return {};
  }
  if (std::string why = findRows(); !why.empty())
    return why;
  const auto count = [&](Role role) {
    return static_cast<unsigned>(llvm::count_if(
        variables_, [&](const Variable &variable) { return variable.role == role; }));
  };
  if (count(Role::counter) < numVariables_) {
    write();
    if (std::string why = whyNoKernelOf(made_); !why.empty()) {
      made_->erase();
      return why;
    }
  }
  unsigned output = 0, state = count(Role::array);
  for (unsigned i = 0; i < numVariables_; ++i) {
    Value result = op_->getResult(i);
    const Variable &variable = variables_[i];
    Value now;
    if (variable.role == Role::state)
      now = made_->getResult(state++);
    else if (variable.role == Role::array)
      now = wholeArray(i, made_->getResult(output++));
    else
      now = graph_.scalarLike(static_cast<double>(variable.start + steps_), result);
    result.replaceAllUsesWith(now);
  }
  return {};
}

//===--- graph-raise-while-to-scan ------------------------------------------------------------===//

class RaiseWhileToScanPass : public impl::RaiseWhileToScanPassBase<RaiseWhileToScanPass> {
  void runOnOperation() override {
    // Inner loops first: an outer one is told apart by what they have become.
    const SmallVector<Operation *> loops = findOps(getOperation(), "while");
    for (Operation *op : llvm::reverse(loops)) {
      LoopRaiser raiser(op);
      if (const std::string why = raiser.run(); !why.empty()) {
        ++numDeclined;
        remarkMissed(op, getArgument(), why);
        continue;
      }
      ++numRaised;
      remarkPassed(op, getArgument(), "a recurrence of " + Twine(raiser.steps()) + " steps");
      op->erase();
    }
  }
};

} // namespace
} // namespace graphc
