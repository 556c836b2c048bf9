// Keeps what the fetches need.
//
// Idea: give every fed tensor its feed first, so that nothing behind a feed is reached; then walk
// backwards from the fetches through operands and control inputs and erase the rest. The order of
// ops, which is the order of their effects, never changes.
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

#define GEN_PASS_DEF_PRUNEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

static constexpr llvm::StringLiteral kControlInputs = "control_inputs";

namespace {

/// "name:2" in its parts; no index where the name has no colon followed by digits only.
struct TensorReference {
  StringRef op;
  std::optional<unsigned> index;

  explicit TensorReference(StringRef text) : op(text) {
    auto [name, digits] = text.rsplit(':');
    unsigned number = 0;
    if (name.size() < text.size() && !digits.getAsInteger(10, number)) {
      op = name;
      index = number;
    }
  }
};

class Pruner {
public:
  Pruner(ModuleOp module, Operation *program)
      : module_(module), program_(program), block_(program->getRegion(0).front()),
        start_(OpBuilder::atBlockBegin(&block_)) {
    for (Operation &op : block_)
      byName_.try_emplace(opName(op.getLoc()), &op);
  }

  LogicalResult run();

  unsigned numErased = 0, numKept = 0, numFeeds = 0, numVariablesErased = 0;

private:
  Value findTensor(StringRef kind, StringRef text, OpBuilder &readHere);
  LogicalResult replaceFeeds();
  LogicalResult collectFetches();
  void markLive();
  LogicalResult eraseDead();
  void eraseUnusedVariables();

  ModuleOp module_;
  Operation *program_;
  Block &block_;
  OpBuilder start_;
  llvm::StringMap<Operation *> byName_;
  llvm::DenseMap<Value, Value> feeds_;
  SmallVector<Value> fetched_;
  SmallVector<int64_t> fetchIndices_;
  SmallVector<Operation *> roots_;
  llvm::DenseSet<Operation *> live_;
};

// A variable's own name stands for its value: TensorFlow's `v:0`.
Value Pruner::findTensor(StringRef kind, StringRef text, OpBuilder &readHere) {
  TensorReference reference(text);
  auto fail = [&](const Twine &why) {
    program_->emitError() << kind << " '" << text << "' " << why;
    return Value();
  };
  auto found = byName_.find(reference.op);
  if (found == byName_.end()) {
    auto variable = dyn_cast_or_null<Operation *>(
        SymbolTable::lookupSymbolIn(module_, StringAttr::get(module_.getContext(), reference.op)));
    if (!isGraphOp(variable, "variable") || reference.index.value_or(0) != 0)
      return fail("is not in the graph");
    GraphBuilder builder(readHere, makeLocation(module_.getContext(), reference.op, SourceLine()));
    return builder
        .createOp("read_variable", cast<TypeAttr>(variable->getAttr("type")).getValue(), {},
                  {{"variable", SymbolName{reference.op.str()}}})
        ->getResult(0);
  }
  Operation *op = found->second;
  const unsigned index = reference.index.value_or(0);
  if (index >= op->getNumResults())
    return fail(
        "is not in the graph: op '" + reference.op + "' has " +
        (op->getNumResults() == 0 ? Twine("no output") : Twine(op->getNumResults()) + " outputs"));
  return op->getResult(index);
}

LogicalResult Pruner::replaceFeeds() {
  auto names = program_->getAttrOfType<ArrayAttr>("feed_names");
  auto types = program_->getAttrOfType<ArrayAttr>("feed_types");
  for (auto [index, name] : llvm::enumerate(names ? names.getValue() : ArrayRef<Attribute>())) {
    StringRef text = cast<StringAttr>(name).getValue();
    // A variable that is fed is fed to all its readers.
    SmallVector<Value> targets;
    TensorReference reference(text);
    if (!byName_.contains(reference.op) && reference.index.value_or(0) == 0)
      for (Operation &op : block_)
        if (isGraphOp(&op, "read_variable") &&
            op.getAttrOfType<FlatSymbolRefAttr>("variable").getValue() == reference.op)
          targets.push_back(op.getResult(0));
    if (targets.empty()) {
      targets.push_back(findTensor("feed", text, start_));
      if (!targets.front())
        return failure();
    }
    Type type = targets.front().getType();
    if (types && index < types.size()) {
      Type fed = cast<TypeAttr>(types[index]).getValue();
      ValueType want = toValueType(type), got = toValueType(fed);
      if (want.dtype != got.dtype || !want.shape.is_compatible_with(got.shape))
        return emitError(targets.front().getLoc()) << "feed '" << text << "' is " << got.to_string()
                                                   << ", the tensor is " << want.to_string();
      type = fed;
    }
    GraphBuilder builder(start_, targets.front().getLoc());
    Value feed = builder
                     .createOp("feed", type, {},
                               {{"index", static_cast<int64_t>(index)}, {"name", text.str()}})
                     ->getResult(0);
    ++numFeeds;
    for (Value target : targets) {
      target.replaceAllUsesWith(feed);
      feeds_[target] = feed;
    }
  }
  return success();
}

LogicalResult Pruner::collectFetches() {
  OpBuilder end = OpBuilder::atBlockEnd(&block_);
  auto names = program_->getAttrOfType<ArrayAttr>("fetch_names");
  for (auto [index, name] : llvm::enumerate(names)) {
    StringRef text = cast<StringAttr>(name).getValue();
    TensorReference reference(text);
    if (!reference.index) {
      auto found = byName_.find(text);
      if (found != byName_.end()) {
        roots_.push_back(found->second);
        continue;
      }
    }
    Value value = findTensor("fetch", text, end);
    if (!value)
      return failure();
    auto fed = feeds_.find(value);
    fetched_.push_back(fed == feeds_.end() ? value : fed->second);
    fetchIndices_.push_back(static_cast<int64_t>(index));
  }
  GraphBuilder builder(end, program_->getLoc());
  Operation *fetch = builder.createOp(
      "fetch", TypeRange(), fetched_,
      {{"indices", std::vector<int64_t>(fetchIndices_.begin(), fetchIndices_.end())}});
  roots_.push_back(fetch);
  return success();
}

void Pruner::markLive() {
  SmallVector<Operation *> worklist;
  auto reach = [&](Operation *op) {
    if (op && op->getBlock() == &block_ && live_.insert(op).second)
      worklist.push_back(op);
  };
  for (Operation *root : roots_)
    reach(root);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (Value operand : op->getOperands())
      reach(operand.getDefiningOp());
    op->walk([&](Operation *inner) {
      auto controls = inner->getAttrOfType<ArrayAttr>(kControlInputs);
      if (!controls)
        return;
      for (Attribute control : controls) {
        auto found = byName_.find(cast<StringAttr>(control).getValue());
        if (found == byName_.end())
          continue;
        // A fed placeholder does nothing that one could wait for.
        Operation *target = found->second;
        const bool fedPlaceholder =
            isGraphOp(target, "placeholder") && feeds_.contains(target->getResult(0));
        if (!fedPlaceholder)
          reach(target);
      }
    });
  }
}

LogicalResult Pruner::eraseDead() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block_))) {
    if (live_.contains(&op)) {
      op.walk([](Operation *inner) { inner->removeAttr(kControlInputs); });
      if (isGraphOp(&op, "no_op"))
        op.erase();
      continue;
    }
    op.erase();
    ++numErased;
  }
  LogicalResult result = success();
  for (Operation &op : block_) {
    ++numKept;
    if (isGraphOp(&op, "placeholder"))
      result = op.emitError() << "placeholder '" << opName(op.getLoc()) << "' ("
                              << toValueType(op.getResult(0).getType()).to_string()
                              << ") must be fed";
  }
  return result;
}

void Pruner::eraseUnusedVariables() {
  llvm::DenseSet<StringAttr> used;
  program_->walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs())
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        used.insert(symbol.getAttr());
  });
  for (Operation &op : llvm::make_early_inc_range(*module_.getBody()))
    if (isGraphOp(&op, "variable") && !used.contains(SymbolTable::getSymbolName(&op))) {
      op.erase();
      ++numVariablesErased;
    }
}

LogicalResult Pruner::run() {
  if (failed(replaceFeeds()) || failed(collectFetches()))
    return failure();
  markLive();
  if (failed(eraseDead()))
    return failure();
  eraseUnusedVariables();
  return success();
}

//===--- graph-prune --------------------------------------------------------------------------===//

class PrunePass : public impl::PrunePassBase<PrunePass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program || !program->hasAttr("fetch_names"))
      return markAllAnalysesPreserved();
    Block &block = program->getRegion(0).front();
    if (!block.empty() && isGraphOp(&block.back(), "fetch"))
      return markAllAnalysesPreserved();
    Pruner pruner(getOperation(), program);
    if (failed(pruner.run()))
      return signalPassFailure();
    numErased += pruner.numErased;
    numKept += pruner.numKept;
    numFeeds += pruner.numFeeds;
    numVariablesErased += pruner.numVariablesErased;
  }
};

} // namespace
} // namespace graphc
