// One product of several with the same left operand.
//
// Products first, then splits sink below elementwise ops, until nothing changes. New ops stand
// where the first of the ops they replace stood; that all their operands are there already is
// checked, with reads of variables moved to the front of the program where no assignment comes
// before them.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"
#include "passes/RecurrenceMotion.h"

#include "ir/GraphBuilder.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

namespace graphc {

#define GEN_PASS_DEF_FUSEGATESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

bool isBefore(Value value, Operation *place) {
  Operation *maker = value.getDefiningOp();
  return !maker || maker->isBeforeInBlock(place);
}

class GateFusion {
public:
  GateFusion(Block &block, StringRef pass) : block_(block), pass_(pass) {
    Operation *parent = block.getParentOp();
    if (isGraphOp(parent, "static_rnn"))
      dependence_.emplace(parent);
  }

  void run() {
    fuseProducts();
    for (bool changed = true; changed;) {
      changed = false;
      erased_.clear();
      // A split's place in the list is taken by the one below, which may sink further.
      for (Operation *split : findSplits())
        changed |= !erased_.contains(split) && sink(split);
    }
  }

  unsigned numFused = 0, numSunk = 0, numMissed = 0;

private:
  void fuseProducts();
  void fuse(ArrayRef<Operation *> products);
  SmallVector<Operation *> findSplits();
  bool sink(Operation *split);

  Block &block_;
  StringRef pass_;
  std::optional<BodyDependence> dependence_;
  llvm::DenseSet<Operation *> erased_; ///< splits that have moved, in the current round
};

bool isCandidate(Operation *op) {
  return isGraphOp(op, "matmul") && !flagAttribute(op, "transpose_a") && !isGradientTarget(op) &&
         isStatic(op->getResult(0).getType()) && rankOf(op->getOperand(0)) == 2 &&
         rankOf(op->getOperand(1)) == 2;
}

void GateFusion::fuseProducts() {
  llvm::MapVector<std::pair<Value, int>, SmallVector<Operation *>> groups;
  for (Operation &op : block_)
    if (isCandidate(&op))
      groups[{op.getOperand(0), flagAttribute(&op, "transpose_b")}].push_back(&op);
  for (auto &[key, products] : groups) {
    if (products.size() < 2)
      continue;
    SmallVector<Operation *> usable;
    for (Operation *product : products) {
      Value right = product->getOperand(1);
      const bool variesInBody = dependence_ && dependence_->of(right) != BodyDependence::invariant;
      if (!variesInBody && isBefore(right, products.front())) {
        usable.push_back(product);
        continue;
      }
      ++numMissed;
      remarkMissed(product, pass_,
                   variesInBody ? "the right operand differs from step to step"
                                : "the right operand comes after another product of the group");
    }
    if (usable.size() >= 2)
      fuse(usable);
  }
}

void GateFusion::fuse(ArrayRef<Operation *> products) {
  Operation *first = products.front();
  remarkPassed(first, pass_, Twine(products.size()) + " products with one left operand fused");
  numFused += static_cast<unsigned>(products.size());
  const bool transposed = flagAttribute(first, "transpose_b");
  OpBuilder opBuilder(first);
  GraphBuilder builder(opBuilder, first->getLoc());
  SmallVector<Value> rights;
  std::vector<int64_t> sizes;
  for (Operation *product : products) {
    rights.push_back(product->getOperand(1));
    sizes.push_back(extentsOf(product->getResult(0))[1]);
  }
  Value right = builder.create("concat", rights, {{"axis", int64_t{transposed ? 0 : 1}}});
  Value whole = builder.create("matmul", {first->getOperand(0), right},
                               {{"transpose_a", false}, {"transpose_b", transposed}});
  Operation *split = builder.createOp("split", whole, {{"axis", int64_t{1}}, {"sizes", sizes}});
  for (auto [product, part] : llvm::zip(products, split->getResults())) {
    product->getResult(0).replaceAllUsesWith(part);
    product->erase();
  }
}

SmallVector<Operation *> GateFusion::findSplits() {
  SmallVector<Operation *> splits;
  for (Operation &op : block_)
    if (isGraphOp(&op, "split") && op.getNumResults() >= 2 && !isGradientTarget(&op) &&
        isStatic(op.getOperand(0).getType()) &&
        intAttribute(&op, "axis") == rankOf(op.getOperand(0)) - 1)
      splits.push_back(&op);
  return splits;
}

/// What each part of a split meets in the op that uses it.
struct Meeting {
  SmallVector<Operation *> users; ///< of part 0, 1, ...
  unsigned position = 0;          ///< of the part among the user's operands
  SmallVector<Value> others;
  Operation *otherSplit = nullptr; ///< where `others` are the parts of another split
};

bool hasSinkableName(Operation *op) {
  static constexpr llvm::StringLiteral names[] = {"add", "subtract", "multiply", "bias_add"};
  return llvm::is_contained(names, graphName(op));
}

// All parts are used once, by ops of one kind, against the parts of one split or a vector each.
std::optional<Meeting> matchMeeting(Operation *split) {
  Meeting meeting;
  for (OpResult part : split->getResults()) {
    if (!part.hasOneUse())
      return std::nullopt;
    OpOperand &use = *part.getUses().begin();
    Operation *user = use.getOwner();
    if (!hasSinkableName(user) || isGradientTarget(user) ||
        user->getResult(0).getType() != part.getType())
      return std::nullopt;
    if (meeting.users.empty())
      meeting.position = use.getOperandNumber();
    const bool commutes = !isGraphOp(user, "subtract") && !isGraphOp(user, "bias_add");
    if ((use.getOperandNumber() != meeting.position && !commutes) ||
        (!meeting.users.empty() && user->getName() != meeting.users.front()->getName()))
      return std::nullopt;
    meeting.users.push_back(user);
    meeting.others.push_back(user->getOperand(1 - use.getOperandNumber()));
  }
  Operation *other = definedBy(meeting.others.front(), "split");
  const bool sameParts = other && other != split &&
                         other->getNumResults() == split->getNumResults() &&
                         other->getOperand(0).getType() == split->getOperand(0).getType() &&
                         other->getAttr("axis") == split->getAttr("axis") &&
                         other->getAttr("sizes") == split->getAttr("sizes") &&
                         llvm::equal(other->getResults(), meeting.others);
  if (sameParts) {
    meeting.otherSplit = other;
    return meeting;
  }
  ArrayRef<int64_t> sizes = intsAttribute(split, "sizes");
  for (auto [value, size] : llvm::zip(meeting.others, sizes))
    if (rankOf(value) != 1 || extentsOf(value)[0] != size)
      return std::nullopt;
  return meeting;
}

bool GateFusion::sink(Operation *split) {
  std::optional<Meeting> meeting = matchMeeting(split);
  if (!meeting)
    return false;
  Operation *place = meeting->users.front();
  for (Operation *user : meeting->users)
    if (user->isBeforeInBlock(place))
      place = user;
  for (Value other : meeting->others)
    if (!isBefore(other, place))
      return false;
  OpBuilder opBuilder(place);
  GraphBuilder builder(opBuilder, place->getLoc());
  Value other = meeting->otherSplit
                    ? meeting->otherSplit->getOperand(0)
                    : builder.create("concat", meeting->others, {{"axis", int64_t{0}}});
  SmallVector<Value> operands{split->getOperand(0), other};
  if (meeting->position == 1)
    std::swap(operands[0], operands[1]);
  Value whole = builder.create(graphName(place), operands, attributesOf(place));
  builder.setLocation(split->getLoc());
  Operation *below = builder.createOp("split", whole, attributesOf(split));
  for (auto [user, part] : llvm::zip(meeting->users, below->getResults())) {
    user->getResult(0).replaceAllUsesWith(part);
    user->erase();
  }
  if (meeting->otherSplit && meeting->otherSplit->use_empty()) {
    erased_.insert(meeting->otherSplit);
    meeting->otherSplit->erase();
  }
  erased_.insert(split);
  split->erase();
  ++numSunk;
  return true;
}

// The frontend records a read right before its use; all reads in front make products comparable.
void moveReadsToFront(Block &block) {
  Operation *front = nullptr;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (isGraphOp(&op, "read_variable")) {
      if (front)
        op.moveAfter(front);
      else
        op.moveBefore(&block, block.begin());
      front = &op;
    } else if (op.hasAttr("variable"))
      break;
  }
}

//===--- graph-fuse-gates ---------------------------------------------------------------------===//

class FuseGatesPass : public impl::FuseGatesPassBase<FuseGatesPass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    Block &main = program->getRegion(0).front();
    moveReadsToFront(main);
    for (Block *block : programBlocks(program))
      fuse(*block);
    for (Operation *op : findOps(program, "static_rnn"))
      fuse(Recurrence(op).body());
  }

  void fuse(Block &block) {
    GateFusion fusion(block, getArgument());
    fusion.run();
    numFused += fusion.numFused;
    numSunk += fusion.numSunk;
    numMissed += fusion.numMissed;
  }
};

} // namespace
} // namespace graphc
