// Groups ops into clusters, each of which becomes one kernel. FusionPlan says which; here the
// program becomes the plain graph that it looks at, and its answer becomes graph.cluster ops.
#include "passes/Clustering.h"
#include "passes/FusionPlan.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/kernels/KernelGenerator.h"

namespace graphc {

#define GEN_PASS_DEF_FUSEELEMENTWISEPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

using Role = FusionNode::Role;

bool endsBlock(Operation *op) { return isGraphOp(op, "fetch") || isGraphOp(op, "yield"); }

class Clusterer {
public:
  Clusterer(Block &block, bool fuse, unsigned maxOps, StringRef pass)
      : block_(block), fuse_(fuse), maxOps_(maxOps), pass_(pass) {}

  void run() {
    describe();
    FusionPlan plan = planFusion(nodes_, maxOps_);
    numTooLarge = plan.cuts;
    Operation *end = block_.empty() || !endsBlock(&block_.back()) ? nullptr : &block_.back();
    for (const std::vector<int> &step : plan.steps)
      write(step, end);
  }

  unsigned numClusters = 0, numClustered = 0, numHost = 0, numTooLarge = 0;

private:
  void describe();
  Role roleOf(Operation *op);
  int domainOf(Operation *op, Role role);
  void write(const std::vector<int> &step, Operation *end);

  Block &block_;
  bool fuse_;
  unsigned maxOps_;
  StringRef pass_;
  SmallVector<Operation *> ops_;
  std::vector<FusionNode> nodes_;
  llvm::DenseMap<ArrayRef<int64_t>, int> domains_;
};

Role Clusterer::roleOf(Operation *op) {
  const Place place = placeOf(op);
  if (place == Place::host) {
    ++numHost;
    remarkMissed(op, pass_, whyNoKernelOf(op));
  }
  if (place != Place::cluster)
    return Role::apart;
  if (!fuse_)
    return Role::alone;
  if (isElementwiseOp(op))
    return isLargeSum(op) ? Role::alone : Role::elementwise;
  if (isReductionOp(op) || isGraphOp(op, "l2_loss"))
    return Role::reduction;
  return isClusterEntry(op) ? Role::entry : Role::alone;
}

int Clusterer::domainOf(Operation *op, Role role) {
  if (role == Role::apart || role == Role::alone)
    return -1;
  Value value = role == Role::reduction ? op->getOperand(0) : Value(op->getResult(0));
  return domains_.try_emplace(extentsOf(value), static_cast<int>(domains_.size())).first->second;
}

void Clusterer::describe() {
  llvm::DenseMap<Operation *, int> numbers;
  // Reads come after the last write, writes after everything since the last write.
  std::vector<int> reads;
  int lastWrite = -1;
  for (Operation &op : block_) {
    if (endsBlock(&op))
      break;
    const int number = static_cast<int>(ops_.size());
    numbers[&op] = number;
    ops_.push_back(&op);
    FusionNode node;
    node.role = roleOf(&op);
    node.domain = domainOf(&op, node.role);
    for (Value operand : op.getOperands())
      if (Operation *maker = operand.getDefiningOp())
        node.inputs.push_back(numbers.at(maker));
    if (touchesVariables(&op)) {
      if (lastWrite >= 0)
        node.after.push_back(lastWrite);
      if (isGraphOp(&op, "read_variable")) {
        reads.push_back(number);
      } else {
        node.after.insert(node.after.end(), reads.begin(), reads.end());
        reads.clear();
        lastWrite = number;
      }
    }
    nodes_.push_back(std::move(node));
  }
  // From the last op to the first: a chain of entries has the domain of its end.
  for (size_t i = ops_.size(); i-- > 0;) {
    if (nodes_[i].role != Role::entry || !ops_[i]->hasOneUse())
      continue;
    auto user = numbers.find(*ops_[i]->user_begin());
    if (user == numbers.end() || nodes_[static_cast<size_t>(user->second)].role != Role::entry)
      continue;
    nodes_[i].chained = true;
    nodes_[i].domain = nodes_[static_cast<size_t>(user->second)].domain;
  }
}

void Clusterer::write(const std::vector<int> &step, Operation *end) {
  auto place = [&](Operation *op) {
    const Block::iterator at = end ? Block::iterator(end) : block_.end();
    if (op->getBlock())
      op->moveBefore(&block_, at);
    else
      block_.getOperations().insert(at, op);
  };
  SmallVector<Operation *> ops;
  for (int node : step)
    ops.push_back(ops_[static_cast<size_t>(node)]);
  if (nodes_[static_cast<size_t>(step.front())].role == Role::apart)
    return place(ops.front());
  Operation *cluster = makeCluster(ops);
  std::string reason = ops.size() > 1 ? whyNoKernel(cluster->getRegion(0).front()) : "";
  if (reason.empty()) {
    place(cluster);
    ++numClusters;
    numClustered += static_cast<unsigned>(ops.size());
    if (ops.size() > 1)
      remarkPassed(cluster, pass_, Twine(ops.size()) + " ops in one kernel");
    return;
  }
  // Each by itself, then: that much is known to work.
  remarkMissed(ops.back(), pass_, reason);
  Operation *yield = cluster->getRegion(0).front().getTerminator();
  for (auto [result, value] : llvm::zip(cluster->getResults(), yield->getOperands()))
    result.replaceAllUsesWith(value);
  for (auto [argument, input] :
       llvm::zip(cluster->getRegion(0).front().getArguments(), cluster->getOperands()))
    argument.replaceAllUsesWith(input);
  yield->erase();
  for (Operation *op : ops)
    place(op);
  cluster->destroy();
  for (Operation *op : ops) {
    Operation *single = makeCluster(op);
    place(single);
  }
  numClusters += static_cast<unsigned>(ops.size());
  numClustered += static_cast<unsigned>(ops.size());
}

//===--- graph-fuse-elementwise ---------------------------------------------------------------===//

class FuseElementwisePass : public impl::FuseElementwisePassBase<FuseElementwisePass> {
public:
  using FuseElementwisePassBase::FuseElementwisePassBase;

private:
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    for (Block *block : programBlocks(program)) {
      Clusterer clusterer(*block, fuse, std::max(1u, unsigned(maxOps)), getArgument());
      clusterer.run();
      numClusters += clusterer.numClusters;
      numClustered += clusterer.numClustered;
      numHost += clusterer.numHost;
      numTooLarge += clusterer.numTooLarge;
    }
  }
};

} // namespace
} // namespace graphc
