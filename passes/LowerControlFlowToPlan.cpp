// Loops and branches: their regions become programs of their own, which a step of the plan runs;
// and rows that an index chooses, which such programs mostly read and write.
#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "ir/Locations.h"
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;

namespace graphc {

FlatSymbolRefAttr PlanLowering::outline(Region &region, StringRef part) {
  Operation *op = region.getParentOp();
  StringRef name = opName(op->getLoc());
  OpBuilder detached(op->getContext());
  auto program = graph::ProgramOp::create(
      detached, op->getLoc(),
      (plan_.getSymName() + "." + (name.empty() ? graphName(op) : name) + "." + part).str());
  Block &block = program.getBlock(), &source = region.front();

  SmallVector<Attribute> feedNames, feedTypes, fetchNames;
  OpBuilder builder = OpBuilder::atBlockEnd(&block);
  for (BlockArgument argument : source.getArguments()) {
    const std::string feed = part.str() + ":" + std::to_string(argument.getArgNumber());
    feedNames.push_back(builder.getStringAttr(feed));
    feedTypes.push_back(TypeAttr::get(argument.getType()));
    Operation *made =
        GraphBuilder(builder, argument.getLoc())
            .createOp("feed", argument.getType(), {},
                      {{"index", std::int64_t{argument.getArgNumber()}}, {"name", feed}});
    argument.replaceAllUsesWith(made->getResult(0));
  }
  Operation *yield = source.getTerminator();
  std::vector<std::int64_t> indices;
  for (unsigned i = 0; i < yield->getNumOperands(); ++i) {
    indices.push_back(i);
    fetchNames.push_back(builder.getStringAttr(part + ":" + Twine(i)));
  }
  block.getOperations().splice(block.end(), source.getOperations(), source.begin(),
                               Block::iterator(yield));
  builder.setInsertionPointToEnd(&block);
  GraphBuilder(builder, yield->getLoc())
      .createOp("fetch", TypeRange(), yield->getOperands(), {{"indices", indices}});
  yield->erase();
  program->setAttr("feed_names", builder.getArrayAttr(feedNames));
  program->setAttr("feed_types", builder.getArrayAttr(feedTypes));
  program->setAttr("fetch_names", builder.getArrayAttr(fetchNames));
  return FlatSymbolRefAttr::get(symbols_.insert(program, std::next(Block::iterator(plan_))));
}

namespace {

SmallVector<Value> inputsOf(PlanLowering &lowering, ValueRange tensors) {
  return llvm::map_to_vector(tensors, [&](Value tensor) { return lowering.input(tensor); });
}

SmallVector<Value> outputsOf(PlanLowering &lowering, ValueRange tensors) {
  return llvm::map_to_vector(tensors, [&](Value tensor) { return lowering.output(tensor); });
}

/// Temporaries of the same types.
SmallVector<Value> spareOf(PlanLowering &lowering, ValueRange tensors) {
  return llvm::map_to_vector(tensors, [&](Value tensor) {
    return lowering.temporary(plan::bufferTypeOf(cast<RankedTensorType>(tensor.getType())),
                              tensor.getLoc());
  });
}

LogicalResult lowerWhile(PlanLowering &lowering, Operation *op) {
  auto loop = cast<graph::WhileOp>(op);
  const SmallVector<Value> initial = inputsOf(lowering, loop.getLoopVars());
  const SmallVector<Value> captured = inputsOf(lowering, loop.getCaptured());
  const SmallVector<Value> outputs = outputsOf(lowering, loop.getOutputs());
  const SmallVector<Value> spare = spareOf(lowering, loop.getOutputs());
  const FlatSymbolRefAttr condition = lowering.outline(loop.getCond(), "cond");
  const FlatSymbolRefAttr body = lowering.outline(loop.getBody(), "body");
  plan::RunWhileOp::create(lowering.builder(), op->getLoc(), condition, body, initial, captured,
                           outputs, spare);
  return success();
}

LogicalResult lowerWhileGradient(PlanLowering &lowering, Operation *op) {
  auto loop = cast<graph::WhileGradientOp>(op);
  SmallVector<std::int64_t> kept;
  for (unsigned i = 0; i < loop.getLoopVars().size(); ++i)
    if (!loop.getGradient().getArgument(i).use_empty())
      kept.push_back(i);
  const SmallVector<Value> initial = inputsOf(lowering, loop.getLoopVars());
  const SmallVector<Value> captured = inputsOf(lowering, loop.getCaptured());
  const SmallVector<Value> gradients = inputsOf(lowering, loop.getGradients());
  const SmallVector<Value> variables = spareOf(lowering, loop.getLoopVars());
  const SmallVector<Value> spare = spareOf(lowering, loop.getLoopVars());
  const SmallVector<Value> outputs = outputsOf(lowering, loop.getOutputs());
  const SmallVector<Value> spareOutputs = spareOf(lowering, loop.getOutputs());
  const FlatSymbolRefAttr condition = lowering.outline(loop.getCond(), "cond");
  const FlatSymbolRefAttr body = lowering.outline(loop.getBody(), "body");
  const FlatSymbolRefAttr gradient = lowering.outline(loop.getGradient(), "gradient");
  plan::RunWhileGradientOp::create(lowering.builder(), op->getLoc(), condition, body, gradient,
                                   lowering.builder().getDenseI64ArrayAttr(kept), initial, captured,
                                   variables, spare, gradients, outputs, spareOutputs);
  return success();
}

LogicalResult lowerCond(PlanLowering &lowering, Operation *op) {
  auto cond = cast<graph::CondOp>(op);
  const Value pred = lowering.input(cond.getPred());
  const SmallVector<Value> captured = inputsOf(lowering, cond.getCaptured());
  const SmallVector<Value> outputs = outputsOf(lowering, cond.getOutputs());
  const FlatSymbolRefAttr then = lowering.outline(cond.getThenBranch(), "then");
  const FlatSymbolRefAttr otherwise = lowering.outline(cond.getElseBranch(), "else");
  plan::RunCondOp::create(lowering.builder(), op->getLoc(), pred, then, otherwise, captured,
                          outputs);
  return success();
}

LogicalResult lowerUpdateRow(PlanLowering &lowering, Operation *op) {
  const Value x = lowering.input(op->getOperand(0));
  const Value index = lowering.input(op->getOperand(1));
  const Value row = lowering.input(op->getOperand(2));
  const Value result = op->getResult(0);
  const bool inPlace = lowering.aliases().root(result).source != result;
  const Value y = inPlace ? lowering.input(result) : lowering.output(result);
  if (!inPlace)
    lowering.copy(x, y, op->getLoc());
  plan::WriteRowOp::create(lowering.builder(), op->getLoc(), row, y, index);
  return success();
}

/// One row along axis 0 is a copy; other slices have a kernel or none.
LogicalResult lowerGather(PlanLowering &lowering, Operation *op) {
  const std::int64_t axis = intAttribute(op, "axis"), rank = rankOf(op->getOperand(0));
  if (rankOf(op->getOperand(1)) != 0 || (axis != 0 && axis != -rank))
    return lowering.addKernelOrHostCall(op);
  const Value x = lowering.input(op->getOperand(0));
  const Value index = lowering.input(op->getOperand(1));
  plan::ReadRowOp::create(lowering.builder(), op->getLoc(), x, index,
                          lowering.output(op->getResult(0)));
  return success();
}

} // namespace

void addControlFlowLowerings(LoweringTable &table) {
  table["while"] = {lowerWhile, "loop"};
  table["while_gradient"] = {lowerWhileGradient, "loop"};
  table["cond"] = {lowerCond, "branch"};
  table["update_row"] = {lowerUpdateRow, "row copy"};
  table["gather"] = {lowerGather, "kernel"};
}

} // namespace graphc
