// Recurrences: kernels of their own for graph.static_rnn, oneDNN's primitives for the ops that a
// pass has raised to.
#include "ir/GraphBuilder.h"
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"
#include "passes/Recurrence.h"
#include "passes/kernels/RecurrenceEnds.h"
#include "passes/kernels/RecurrenceSums.h"
#include "passes/kernels/RecurrenceTiling.h"
#include "runtime/PrimitiveCache.h"
#include "runtime/Status.h"

using namespace mlir;

namespace graphc {
namespace {

/// The kernel gives such a state's final value in parts, one for each tile.
LogicalResult sumTiles(PlanLowering &lowering, Value part, Value sum) {
  Operation *rnn = sum.getDefiningOp();
  OpBuilder builder(rnn);
  Value total = GraphBuilder(builder, rnn->getLoc())
                    .create("reduce_sum", part, {{"axes", std::vector<std::int64_t>{0}}});
  lowering.define(total, lowering.output(sum));
  return lowering.addKernelOrHostCall(total.getDefiningOp());
}

constexpr llvm::StringLiteral kPass = "graphc-lower-to-plan";

/// The form was decided by then: a recurrence that no pass has raised or unrolled is the kernel's.
void remarkKernel(Operation *op, const RecurrenceTiling &tiling) {
  remarkPassed(op, kPass,
               "form kernel: " + Twine(Recurrence(op).steps()) + " steps of " +
                   Twine(tiling.tiles()) + " tiles of " + Twine(tiling.lanes) +
                   " windows, weights " +
                   (keepsWeightsCached(op) ? "stay in the cache" : "leave the cache") +
                   (sequenceLengths(op) ? ", steps past a tile's longest window left out" : ""));
}

LogicalResult lowerStaticRnn(PlanLowering &lowering, Operation *op) {
  // A segment's lengths would count from its own first step.
  if (!op->hasAttr(kFirstStep))
    findSequenceLengths(op);
  settleTiling(op);
  chooseTiledOutputs(op);
  const RecurrenceTiling tiling = tilingOf(op);
  remarkKernel(op, tiling);
  for (std::int64_t output : intsAttribute(op, kTiledOutputs)) {
    Value sequence = op->getResult(static_cast<unsigned>(output));
    lowering.define(sequence, lowering.bytes(tiledBytes(tiling, sequence), sequence.getLoc()));
  }
  OpBuilder builder(op);
  SmallVector<std::pair<Value, Value>> sums; // part -> final state
  SmallVector<Value> outputs;
  const unsigned numStates = Recurrence(op).numStates();
  for (unsigned i = 0; i < numStates; ++i) {
    Value state = Recurrence(op).finalState(i);
    if (!matchStateSum(op, i))
      continue;
    SmallVector<std::int64_t> extents{tiling.tiles()};
    llvm::append_range(extents, extentsOf(state));
    const auto type = RankedTensorType::get(extents, getElementTypeOrSelf(state.getType()));
    // A tensor that stands for the parts, which no graph op gives.
    Value part =
        UnrealizedConversionCastOp::create(builder, op->getLoc(), type, ValueRange()).getResult(0);
    sums.push_back({part, state});
    outputs.push_back(lowering.output(state));
    lowering.define(state, lowering.input(part));
  }
  if (failed(lowering.addKernel(op)))
    return failure();
  for (auto [sum, output] : llvm::zip_equal(sums, outputs)) {
    lowering.define(sum.second, output);
    if (failed(sumTiles(lowering, sum.first, sum.second)))
      return failure();
  }
  return success();
}

Attributes recurrenceParameters(Operation *op) {
  Attributes parameters;
  if (auto activation = op->getAttrOfType<StringAttr>("activation"))
    parameters.set("activation", activation.str());
  return parameters;
}

/// lstm, gru, vanilla_rnn: the last result is the workspace, which exists for training alone.
LogicalResult lowerForward(PlanLowering &lowering, Operation *op) {
  remarkPassed(op, kPass, "form primitive: oneDNN's " + graphName(op));
  Attributes parameters = recurrenceParameters(op);
  const bool training = flagAttribute(op, "training");
  parameters.set("training", training);
  const Value workspace = op->getResults().back();
  SmallVector<Value> inputs, outputs;
  for (Value operand : op->getOperands())
    inputs.push_back(lowering.input(operand));
  for (Value result : op->getResults().drop_back())
    outputs.push_back(lowering.output(result));
  if (training) {
    PrimitiveSpec spec;
    spec.kind = graphName(op).str();
    spec.threads = lowering.options().threads;
    spec.attributes = parameters;
    for (Value operand : op->getOperands())
      spec.inputs.push_back({float32, extentsOf(operand).vec(), {}});
    try {
      const std::size_t bytes = createDnnlPrimitive(spec)->opaqueBytes();
      const Value buffer = lowering.bytes(static_cast<std::int64_t>(bytes), op->getLoc());
      lowering.define(workspace, buffer);
      outputs.push_back(buffer);
    } catch (const Error &error) {
      return op->emitOpError() << "cannot be lowered: " << error.message();
    }
  } else if (!workspace.use_empty()) {
    return op->emitOpError(
        "cannot be lowered: expected training to be set where the workspace is used");
  }
  return lowering.addPrimitive(graphName(op), parameters, inputs, outputs, op->getLoc());
}

LogicalResult lowerGradient(PlanLowering &lowering, Operation *op) {
  remarkPassed(op, kPass, "form primitive: oneDNN's " + graphName(op));
  SmallVector<Value> inputs, outputs;
  for (Value operand : op->getOperands())
    inputs.push_back(lowering.input(operand));
  for (Value result : op->getResults())
    outputs.push_back(lowering.output(result));
  return lowering.addPrimitive(graphName(op), recurrenceParameters(op), inputs, outputs,
                               op->getLoc());
}

} // namespace

void addRecurrenceLowerings(LoweringTable &table) {
  table["static_rnn"] = {lowerStaticRnn, "kernel"};
  for (StringRef name : {"lstm", "gru", "vanilla_rnn"})
    table[name] = {lowerForward, "primitive"};
  for (StringRef name : {"lstm_gradient", "gru_gradient", "vanilla_rnn_gradient"})
    table[name] = {lowerGradient, "primitive"};
}

} // namespace graphc
