#include "passes/Clustering.h"

#include "ir/GraphDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/TensorAliases.h"
#include "passes/kernels/KernelGenerator.h"
#include "llvm/ADT/StringSet.h"

namespace graphc {

using namespace mlir;

std::string whyNoKernelOf(Operation *op) {
  Block body;
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (!mapping.contains(operand))
      mapping.map(operand, body.addArgument(operand.getType(), operand.getLoc()));
  Operation *copy = builder.clone(*op, mapping);
  graph::YieldOp::create(builder, op->getLoc(), copy->getResults());
  return whyNoKernel(body);
}

Place placeOf(Operation *op) {
  static const llvm::StringSet<> structure = {"feed", "fetch", "constant", "no_op", "yield",
                                              "cluster", "placeholder", "gradients"};
  static const llvm::StringSet<> library = {
      "matmul", "fused_matmul", "lstm", "lstm_gradient", "gru", "gru_gradient", "vanilla_rnn",
      "vanilla_rnn_gradient"};
  StringRef name = graphName(op);
  if (name.empty() || structure.contains(name))
    return Place::structure;
  if (library.contains(name))
    return Place::library;
  if (name == "static_rnn")
    return Place::recurrence;
  if (op->hasAttr("variable"))
    return Place::update;
  if (op->getNumResults() > 0 &&
      llvm::all_of(op->getResults(), [](Value result) { return partOf(result).has_value(); }))
    return Place::view;
  return whyNoKernelOf(op).empty() ? Place::cluster : Place::host;
}

} // namespace graphc
