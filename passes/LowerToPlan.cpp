// Graph ops on tensors become steps on buffers. Each family of ops has a file of lowerings
// (Lower<Family>ToPlan.cpp); what they share is PlanLowering, and which tensors share memory is
// TensorAliases. The block's order stays, since it is the order of the effects on variables.
#include "ir/GraphBuilder.h"
#include "ir/GraphDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/PlanLowering.h"
#include "runtime/Executor.h"

using namespace mlir;

namespace graphc {

#define GEN_PASS_DEF_LOWERTOPLANPASS
#include "passes/Passes.h.inc"

namespace {

const LoweringTable &loweringTable() {
  static const LoweringTable table = [] {
    LoweringTable all;
    addStateLowerings(all);
    addConvolutionLowerings(all);
    addMatmulLowerings(all);
    addNnLowerings(all);
    addNormalizationLowerings(all);
    addElementwiseLowerings(all);
    addShapeLowerings(all);
    addControlFlowLowerings(all);
    addRecurrenceLowerings(all);
    addSummaryLowerings(all);
    return all;
  }();
  return table;
}

/// A cluster of one op is lowered as that op would be, whose family may know something better than
/// a kernel. Null for other ops.
Operation *onlyOpOf(Operation *op) {
  if (!isGraphOp(op, "cluster"))
    return nullptr;
  Block &body = op->getRegion(0).front();
  if (body.getOperations().size() != 2)
    return nullptr;
  Operation *only = &body.front();
  const bool passesAll = llvm::equal(only->getOperands(), body.getArguments()) &&
                         llvm::equal(only->getResults(), body.back().getOperands());
  return passesAll && !only->getNumRegions() ? only : nullptr;
}

/// Replaces clusters of one op by the op, where its family has a lowering of its own for it.
void unwrapClusters(Block &program) {
  for (Operation &op : llvm::make_early_inc_range(program)) {
    Operation *only = onlyOpOf(&op);
    if (!only || !loweringTable().contains(graphName(only)))
      continue;
    OpBuilder builder(&op);
    IRMapping mapping;
    mapping.map(only->getOperands(), op.getOperands());
    op.replaceAllUsesWith(builder.clone(*only, mapping)->getResults());
    op.erase();
  }
}

/// oneDNN's relu gives 0 for NaN, TensorFlow's NaN: it is computed after the product or
/// convolution.
void splitRelu(Block &program) {
  for (Operation &op : llvm::make_early_inc_range(program)) {
    auto activation = op.getAttrOfType<StringAttr>("activation");
    const bool fused = isGraphOp(&op, "fused_matmul") || isGraphOp(&op, "fused_conv2d");
    if (!fused || !activation || activation.getValue() != "relu")
      continue;
    OpBuilder builder(op.getContext());
    builder.setInsertionPointAfter(&op);
    op.setAttr("activation", builder.getStringAttr("none"));
    Value product = op.getResult(0);
    Operation *relu =
        GraphBuilder(builder, op.getLoc()).createOp("relu", product.getType(), product);
    product.replaceAllUsesExcept(relu->getResult(0), relu);
  }
}

LogicalResult requireStatic(Operation &op) {
  for (Value result : op.getResults()) {
    // Workspaces are as large as the library says.
    const bool opaque = getElementTypeOrSelf(result.getType()).isUnsignedInteger(8);
    if (!isStatic(result.getType()) && !opaque)
      return op.emitOpError() << "cannot be lowered: expected results of known extents, got "
                              << result.getType();
  }
  return success();
}

class LowerToPlanPass : public impl::LowerToPlanPassBase<LowerToPlanPass> {
public:
  using LowerToPlanPassBase::LowerToPlanPassBase;

  void runOnOperation() override {
    // Loops and branches leave further programs behind the one that they stand in.
    while (Operation *program = findProgram(getOperation()))
      if (failed(lower(program)))
        return signalPassFailure();
  }

private:
  LogicalResult lower(Operation *program);
  LogicalResult lowerFetch(PlanLowering &lowering, Operation *fetch);
};

LogicalResult LowerToPlanPass::lower(Operation *program) {
  Block &block = program->getRegion(0).front();
  unwrapClusters(block);
  splitRelu(block);
  for (Operation &op : block)
    if (failed(requireStatic(op)))
      return failure();

  const TensorAliases aliases(block);
  OpBuilder builder(program);
  const auto names = [&](StringRef attribute) {
    auto given = program->getAttrOfType<ArrayAttr>(attribute);
    return given ? given : builder.getArrayAttr({});
  };
  const std::int64_t numThreads = threads > 0 ? std::int64_t{threads} : defaultThreads();
  auto plan = plan::ProgramOp::create(
      builder, program->getLoc(), SymbolTable::getSymbolName(program).getValue(),
      names("feed_names"), names("fetch_names"), numThreads, IntegerAttr(), IntegerAttr());
  plan.getBody().emplaceBlock();
  // One symbol at a time may have the name.
  const StringAttr name = plan.getSymNameAttr();
  SymbolTable::setSymbolName(program, (name.getValue() + ".graph").str());
  PlanLowering lowering(getOperation(), aliases, plan,
                        PlanLowering::Options{static_cast<int>(numThreads), bool{alwaysPack}});

  Operation *fetch = nullptr;
  for (Operation &op : block) {
    if (isGraphOp(&op, "fetch")) {
      fetch = &op;
      continue;
    }
    // A part of another tensor costs nothing: it becomes a view where it is needed.
    if (op.getNumResults() > 0 &&
        llvm::all_of(op.getResults(), [](Value v) { return partOf(v).has_value(); }))
      continue;
    const auto found = loweringTable().find(graphName(&op));
    const LogicalResult lowered = found != loweringTable().end()
                                      ? found->second.lower(lowering, &op)
                                      : lowering.addKernelOrHostCall(&op);
    if (failed(lowered))
      return failure();
  }
  if (fetch && failed(lowerFetch(lowering, fetch)))
    return failure();
  program->erase();
  // Views and primitives that were looked at and not taken.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(plan.getBody().front())))
    if (op.use_empty() && isa<plan::ViewOp, plan::BufferOp, plan::CreatePrimitiveOp>(op))
      op.erase();

  const PlanCounts &counts = lowering.counts();
  numKernels += counts.kernels;
  numSharedKernels += counts.sharedKernels;
  numPrimitives += counts.primitives;
  numSharedPrimitives += counts.sharedPrimitives;
  numHostCalls += counts.hostCalls;
  numCopies += counts.copies;
  numCopiesSaved += counts.copiesSaved;
  numKeptWeights += counts.keptWeights;
  return success();
}

/// Fetched tensors that no step wrote are copied: a variable goes on changing, a feed is the
/// caller's.
LogicalResult LowerToPlanPass::lowerFetch(PlanLowering &lowering, Operation *fetch) {
  for (auto [value, index] :
       llvm::zip_equal(fetch->getOperands(), intsAttribute(fetch, "indices"))) {
    const Value root = lowering.aliases().root(value).source;
    if (lowering.aliases().fetchedAs(root) == index)
      continue;
    const auto type = plan::bufferTypeOf(cast<RankedTensorType>(value.getType()));
    lowering.copy(lowering.input(value), lowering.fetched(index, type, value.getLoc()),
                  value.getLoc());
  }
  return success();
}

} // namespace

StringRef loweringOf(StringRef name) {
  const auto found = loweringTable().find(name);
  return found == loweringTable().end() ? StringRef("kernel") : StringRef(found->second.becomes);
}

} // namespace graphc
