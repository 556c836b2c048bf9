#include "frontend/export/WriteOrder.h"

#include "ir/Locations.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace graphc::graphdef {

using namespace mlir;

using Ops = llvm::SetVector<mlir::Operation *>;

static StringRef nameOf(mlir::Operation *op) {
  StringRef name = op->getName().getStringRef();
  name.consume_front("graph.");
  return name;
}

static bool isWrite(mlir::Operation *op) {
  const StringRef name = nameOf(op);
  return name.starts_with("assign") || name.starts_with("apply_") ||
         name.starts_with("sparse_apply_");
}

/// Their result may be their operand's buffer, or a part of it: TensorFlow cuts along the first
/// axis without copying, and hands on what a trivial permutation, padding or reduction leaves as it
/// was.
static bool passesOn(mlir::Operation *op) {
  static const llvm::StringSet<> names = {
      "add_n",         "broadcast_to",  "cast",        "concat",     "cond",
      "expand_dims",   "identity",      "while",       "pad",        "reshape",
      "reverse",       "slice",         "split",       "squeeze",    "stack",
      "stop_gradient", "strided_slice", "tile",        "transpose",  "unstack",
      "reduce_sum",    "reduce_mean",   "reduce_prod", "reduce_max", "reduce_min"};
  return names.contains(nameOf(op));
}

namespace {

class Closure {
public:
  explicit Closure(Block &program) {
    for (mlir::Operation &op : program)
      byName_.try_emplace(opName(op.getLoc()), &op);
  }

  /// Adds what `root` needs, itself included.
  void add(mlir::Operation *root, llvm::DenseSet<mlir::Operation *> &ops) const {
    SmallVector<mlir::Operation *> worklist;
    auto reach = [&](mlir::Operation *op) {
      if (op && ops.insert(op).second)
        worklist.push_back(op);
    };
    reach(root);
    while (!worklist.empty()) {
      mlir::Operation *op = worklist.pop_back_val();
      for (Value operand : op->getOperands())
        reach(operand.getDefiningOp());
      if (auto controls = op->getAttrOfType<ArrayAttr>("control_inputs"))
        for (Attribute control : controls)
          reach(byName_.lookup(cast<StringAttr>(control).getValue()));
    }
  }

private:
  llvm::StringMap<mlir::Operation *> byName_;
};

} // namespace

/// The ops of the group that see the value, `value`'s own buffer.
static void collectTakers(Value value, const llvm::DenseSet<mlir::Operation *> &group,
                          Ops &takers) {
  for (mlir::Operation *user : value.getUsers()) {
    if (!group.contains(user) || !takers.insert(user))
      continue;
    if (passesOn(user))
      for (Value result : user->getResults())
        collectTakers(result, group, takers);
  }
}

llvm::DenseMap<mlir::Operation *, SmallVector<mlir::Operation *>>
writeOrder(Block &program, const std::vector<Value> &losses) {
  const Closure closure(program);
  llvm::DenseMap<mlir::Operation *, Ops> waits;
  for (mlir::Operation &root : program) {
    if (nameOf(&root) != "no_op")
      continue;
    llvm::DenseSet<mlir::Operation *> group;
    closure.add(&root, group);
    SmallVector<mlir::Operation *> writes;
    for (mlir::Operation &op : program)
      if (group.contains(&op) && isWrite(&op))
        writes.push_back(&op);
    if (writes.empty())
      continue;
    for (Value loss : losses)
      closure.add(loss.getDefiningOp(), group);
    llvm::StringMap<SmallVector<mlir::Operation *>> reads;
    for (mlir::Operation &op : program)
      if (group.contains(&op) && nameOf(&op) == "read_variable")
        reads[op.getAttrOfType<FlatSymbolRefAttr>("variable").getValue()].push_back(&op);
    for (mlir::Operation *write : writes)
      for (NamedAttribute attribute : write->getAttrs()) {
        auto variable = dyn_cast<FlatSymbolRefAttr>(attribute.getValue());
        if (!variable)
          continue;
        for (mlir::Operation *read : reads.lookup(variable.getValue())) {
          if (!read->isBeforeInBlock(write))
            continue;
          Ops takers;
          takers.insert(read);
          collectTakers(read->getResult(0), group, takers);
          for (mlir::Operation *taker : takers)
            if (taker != write && taker->isBeforeInBlock(write))
              waits[write].insert(taker);
        }
      }
  }
  llvm::DenseMap<mlir::Operation *, SmallVector<mlir::Operation *>> result;
  for (auto &[write, before] : waits)
    result[write] = before.takeVector();
  return result;
}

} // namespace graphc::graphdef
