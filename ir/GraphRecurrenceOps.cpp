#include "ir/GraphDialect.h"

#include "ir/Conversion.h"

#define GET_OP_CLASSES
#include "ir/GraphRecurrenceOps.cpp.inc"

namespace graphc::graph {

void GraphDialect::registerRecurrenceOps() {
  addOperations<
#define GET_OP_LIST
#include "ir/GraphRecurrenceOps.cpp.inc"
      >();
}

//===--- static_rnn ---------------------------------------------------------------------------===//

mlir::Type StaticRnnOp::sliceType(mlir::Type sequence) {
  ValueType type = toValueType(sequence);
  if (type.shape.has_rank() && type.shape.rank() > 0)
    type.shape =
        Shape(std::vector<int64_t>(type.shape.extents().begin() + 1, type.shape.extents().end()));
  return toMlirType(sequence.getContext(), type);
}

mlir::Type StaticRnnOp::sequenceType(mlir::Type slice, int64_t steps) {
  ValueType type = toValueType(slice);
  if (type.shape.has_rank()) {
    std::vector<int64_t> extents = type.shape.extents();
    extents.insert(extents.begin(), steps);
    type.shape = Shape(std::move(extents));
  }
  return toMlirType(slice.getContext(), type);
}

void StaticRnnOp::build(mlir::OpBuilder &builder, mlir::OperationState &state,
                        mlir::TypeRange outputs, mlir::ValueRange sequences,
                        mlir::ValueRange states, mlir::ValueRange captured, int64_t steps,
                        bool reverse) {
  state.addOperands(sequences);
  state.addOperands(states);
  state.addOperands(captured);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.operandSegmentSizes = {static_cast<int32_t>(sequences.size()),
                                    static_cast<int32_t>(states.size()),
                                    static_cast<int32_t>(captured.size())};
  properties.steps = builder.getI64IntegerAttr(steps);
  properties.reverse = builder.getBoolAttr(reverse);
  state.addTypes(outputs);
  state.addTypes(states.getTypes());
  mlir::Block &block = state.addRegion()->emplaceBlock();
  for (mlir::Value value : sequences)
    block.addArgument(sliceType(value.getType()), value.getLoc());
  for (mlir::ValueRange values : {states, captured})
    for (mlir::Value value : values)
      block.addArgument(value.getType(), value.getLoc());
}

YieldOp StaticRnnOp::getYield() { return llvm::cast<YieldOp>(getBlock().back()); }

mlir::OperandRange StaticRnnOp::getStepOutputs() {
  return getYield().getValues().take_front(getNumOutputs());
}

mlir::OperandRange StaticRnnOp::getNewStates() {
  return getYield().getValues().drop_front(getNumOutputs());
}

void StaticRnnOp::getAsmBlockArgumentNames(mlir::Region &body, mlir::OpAsmSetValueNameFn setName) {
  if (body.empty())
    return;
  // By number, since an op that is wrong is printed, too.
  const unsigned numSlices = getSequences().size();
  for (mlir::BlockArgument argument : body.getArguments()) {
    const unsigned number = argument.getArgNumber();
    setName(argument, number < numSlices                    ? "slice"
                      : number < numSlices + getNumStates() ? "state"
                                                            : "captured");
  }
}

mlir::LogicalResult StaticRnnOp::verify() {
  const int64_t steps = getSteps();
  if (steps <= 0 && steps != none)
    return emitOpError("expects one step or more, got ") << steps;
  if (steps == none && getSequences().empty())
    return emitOpError("expects a known number of steps, since it has no sequences");
  mlir::Block &block = getBlock();
  auto yield = block.empty() ? YieldOp() : llvm::dyn_cast<YieldOp>(block.back());
  if (!yield)
    return emitOpError("expects its body to end in graph.yield");

  if (block.getNumArguments() != getNumOperands())
    return emitOpError("expects a block argument for each of its ")
           << getNumOperands() << " operands, got " << block.getNumArguments();
  auto checkArgument = [&](mlir::Value argument, mlir::Type expected,
                           llvm::StringRef what) -> mlir::LogicalResult {
    if (areCompatible(argument.getType(), expected))
      return mlir::success();
    return emitOpError("expects block argument ")
           << llvm::cast<mlir::BlockArgument>(argument).getArgNumber() << " to be "
           << toText(expected) << " like its " << what << ", got " << toText(argument.getType());
  };
  for (auto [index, sequence, argument] : llvm::enumerate(getSequences(), getSliceArguments())) {
    const Shape shape = toValueType(sequence.getType()).shape;
    if (shape.has_rank() &&
        (shape.rank() == 0 || (steps != none && shape[0] >= 0 && shape[0] != steps)))
      return emitOpError("expects sequence ") << index << " to have the extent " << steps
                                              << " at axis 0, got " << toText(sequence.getType());
    if (mlir::failed(checkArgument(argument, sliceType(sequence.getType()), "sequence's slices")))
      return mlir::failure();
  }
  for (auto [state, argument] : llvm::zip(getInitialStates(), getStateArguments()))
    if (mlir::failed(checkArgument(argument, state.getType(), "initial state")))
      return mlir::failure();
  for (auto [value, argument] : llvm::zip(getCaptured(), getCapturedArguments()))
    if (mlir::failed(checkArgument(argument, value.getType(), "captured value")))
      return mlir::failure();

  auto failAtYield = [&](mlir::InFlightDiagnostic error) -> mlir::LogicalResult {
    error.attachNote(yield.getLoc()) << "the yield is here";
    return error;
  };
  const unsigned numStates = getNumStates();
  if (yield.getValues().size() != getNumResults() || getNumResults() < numStates)
    return failAtYield(emitOpError("expects as many results as yielded values, ")
                       << numStates << " states among them, got " << getNumResults()
                       << " results and " << yield.getValues().size() << " yielded values");
  for (auto [index, value, result] : llvm::enumerate(getStepOutputs(), getOutputs())) {
    const mlir::Type expected = sequenceType(value.getType(), steps);
    if (!areCompatible(result.getType(), expected))
      return failAtYield(emitOpError("expects output ")
                         << index << " to be " << toText(expected)
                         << ", the yielded value at every step, got " << toText(result.getType()));
  }
  for (auto [index, value, state, result] :
       llvm::enumerate(getNewStates(), getStateArguments(), getFinalStates())) {
    if (!areCompatible(value.getType(), state.getType()))
      return failAtYield(emitOpError("expects state ")
                         << index << " to stay " << toText(state.getType()) << ", got "
                         << toText(value.getType()));
    if (!areCompatible(result.getType(), value.getType()))
      return failAtYield(emitOpError("expects final state ")
                         << index << " to be " << toText(value.getType())
                         << " like the yielded value, got " << toText(result.getType()));
  }
  return mlir::success();
}

mlir::LogicalResult StepIndexOp::verify() {
  if (!(*this)->getParentOfType<StaticRnnOp>())
    return emitOpError("expects to be in the body of a graph.static_rnn");
  return mlir::success();
}

} // namespace graphc::graph
