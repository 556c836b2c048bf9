#include "passes/Clustering.h"

#include "ir/GraphDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/TensorAliases.h"
#include "passes/kernels/KernelGenerator.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace graphc {

using namespace mlir;

std::string whyNoKernelOf(Operation *op) {
  Block body;
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&body);
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (!mapping.contains(operand))
      mapping.map(operand, body.addArgument(operand.getType(), operand.getLoc()));
  Operation *copy = builder.clone(*op, mapping);
  graph::YieldOp::create(builder, op->getLoc(), copy->getResults());
  return whyNoKernel(body);
}

// Above this, a kernel cuts its loops no more and asks at each element which piece it is of.
static constexpr unsigned kMostPieces = 32;

bool isClusterEntry(Operation *op) {
  static const llvm::StringSet<> names = {"split",
                                          "slice",
                                          "unstack",
                                          "strided_slice",
                                          "reverse",
                                          "broadcast_to",
                                          "tile",
                                          "fill",
                                          "one_hot",
                                          "pad",
                                          "concat",
                                          "stack",
                                          "random_uniform",
                                          "random_uniform_int",
                                          "reverse_sequence"};
  return names.contains(graphName(op)) && llvm::all_equal(op->getResultTypes()) &&
         op->getNumOperands() <= kMostPieces && op->getNumResults() <= kMostPieces;
}

bool isLargeSum(Operation *op) {
  constexpr unsigned kMany = 32; // a part of a sum that graph-split-sums has split
  return isGraphOp(op, "add_n") && op->getNumOperands() >= kMany;
}

Operation *makeCluster(ArrayRef<Operation *> ops) {
  const llvm::DenseSet<Operation *> members(ops.begin(), ops.end());
  llvm::SetVector<Value> inputs;
  SmallVector<Value> outputs;
  for (Operation *op : ops) {
    for (Value operand : op->getOperands())
      if (!members.contains(operand.getDefiningOp()))
        inputs.insert(operand);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !members.contains(user); }))
        outputs.push_back(result);
  }
  // The name of the first value that others see.
  Location location = outputs.empty() ? ops.back()->getLoc() : outputs.front().getLoc();
  OpBuilder builder(ops.front()->getContext());
  OperationState state(location, graph::ClusterOp::getOperationName());
  state.addOperands(inputs.getArrayRef());
  state.addTypes(ValueRange(outputs).getTypes());
  state.addRegion()->emplaceBlock();
  Operation *cluster = Operation::create(state);
  Block &body = cluster->getRegion(0).front();
  llvm::SmallDenseMap<Value, Value> arguments;
  for (Value input : inputs)
    arguments[input] = body.addArgument(input.getType(), input.getLoc());
  // From the users' side: unrolled weights have thousands of uses.
  for (Operation *op : ops) {
    for (OpOperand &operand : op->getOpOperands())
      if (Value argument = arguments.lookup(operand.get()))
        operand.set(argument);
    op->moveBefore(&body, body.end());
  }
  builder.setInsertionPointToEnd(&body);
  graph::YieldOp::create(builder, location, outputs);
  for (auto [output, result] : llvm::zip(outputs, cluster->getResults()))
    output.replaceUsesWithIf(result,
                             [&](OpOperand &use) { return use.getOwner()->getBlock() != &body; });
  return cluster;
}

bool touchesVariables(Operation *op) {
  return op
      ->walk([](Operation *inner) {
        return inner->hasAttr("variable") ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

Place placeOf(Operation *op) {
  static const llvm::StringSet<> structure = {"feed",  "fetch",   "constant",    "no_op",
                                              "yield", "cluster", "placeholder", "gradients"};
  static const llvm::StringSet<> library = {"matmul",
                                            "fused_matmul",
                                            "lstm",
                                            "lstm_gradient",
                                            "gru",
                                            "gru_gradient",
                                            "vanilla_rnn",
                                            "vanilla_rnn_gradient",
                                            "layer_normalization",
                                            "layer_normalization_gradient",
                                            "batch_normalization",
                                            "batch_normalization_gradient"};
  auto graphOp = dyn_cast<graph::GraphOpInterface>(op);
  StringRef name = graphName(op);
  if (name.empty() || structure.contains(name))
    return Place::structure;
  if (library.contains(name) || (graphOp && graphOp.getFamily() == "convolution"))
    return Place::library;
  if (name == "static_rnn")
    return Place::recurrence;
  if (isControlFlow(op))
    return Place::control;
  if (op->hasAttr("variable"))
    return Place::update;
  if (op->getNumResults() > 0 &&
      llvm::all_of(op->getResults(), [](Value result) { return partOf(result).has_value(); }))
    return Place::view;
  return whyNoKernelOf(op).empty() ? Place::cluster : Place::host;
}

} // namespace graphc
