// A depth-first walk with a stack of its own, as recurrences written step by step are deep.
#include "ir/Cycles.h"

#include "ir/Locations.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

using namespace mlir;

namespace {

enum class Visit { open, done };

class CycleFinder {
public:
  explicit CycleFinder(Block &block) : block_(block) {
    for (Operation &op : block)
      byName_.try_emplace(opName(op.getLoc()), &op);
  }

  std::string find() {
    for (Operation &op : block_)
      if (std::string cycle = from(&op); !cycle.empty())
        return cycle;
    return "";
  }

private:
  /// The ops of this block that `op` waits for; a region waits as its op does.
  SmallVector<Operation *> inputs(Operation *op) const {
    SmallVector<Operation *> result;
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands()) {
        Operation *producer = operand.getDefiningOp();
        Operation *here = producer ? block_.findAncestorOpInBlock(*producer) : nullptr;
        if (here && (here != op || inner == op))
          result.push_back(here);
      }
    });
    if (auto names = op->getAttrOfType<ArrayAttr>("control_inputs"))
      for (Attribute name : names)
        if (auto text = dyn_cast<StringAttr>(name))
          if (Operation *before = byName_.lookup(text.getValue()))
            result.push_back(before);
    return result;
  }

  std::string from(Operation *start) {
    struct Frame {
      Operation *op;
      SmallVector<Operation *> inputs;
      std::size_t next = 0;
    };
    std::vector<Frame> path;
    auto enter = [&](Operation *op) {
      visits_[op] = Visit::open;
      path.push_back({op, inputs(op)});
    };
    if (!visits_.contains(start))
      enter(start);
    while (!path.empty()) {
      Frame &top = path.back();
      if (top.next == top.inputs.size()) {
        visits_[top.op] = Visit::done;
        path.pop_back();
        continue;
      }
      Operation *input = top.inputs[top.next++];
      auto visit = visits_.find(input);
      if (visit == visits_.end()) {
        enter(input);
      } else if (visit->second == Visit::open) {
        std::string text;
        auto at = llvm::find_if(path, [&](const Frame &frame) { return frame.op == input; });
        for (; at != path.end(); ++at)
          text += opName(at->op->getLoc()).str() + " -> ";
        return text + opName(input->getLoc()).str();
      }
    }
    return "";
  }

  Block &block_;
  llvm::StringMap<Operation *> byName_;
  llvm::DenseMap<Operation *, Visit> visits_;
};

} // namespace

std::string describeCycle(Operation *root) {
  std::string cycle;
  root->walk([&](Block *block) {
    cycle = CycleFinder(*block).find();
    return cycle.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  return cycle;
}

} // namespace graphc
