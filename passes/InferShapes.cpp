// Forward shape inference.
//
// Invariant: when an op is looked at, its operands have their final types. Values of small integer
// tensors are known as soon as their op has been looked at, so that one walk is enough.
#include "passes/GraphOps.h"
#include "passes/Passes.h"
#include "passes/Recurrence.h"

#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "mlir/IR/SymbolTable.h"
#include "runtime/Status.h"
#include "runtime/reference/Reference.h"
#include "llvm/ADT/DenseMap.h"

namespace graphc {

#define GEN_PASS_DEF_INFERSHAPESPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// Most elements of a tensor whose value is followed: shapes and index lists are shorter.
constexpr int64_t kMostElements = 256;

class ShapeInference {
public:
  explicit ShapeInference(ModuleOp module) : module_(module) {}

  LogicalResult run(Block &block);

  unsigned numRefined = 0, numComputed = 0, numUnknown = 0;

private:
  LogicalResult visit(Operation &op);
  LogicalResult visitRecurrence(Operation &op);
  LogicalResult visitLoop(Operation &op);
  LogicalResult visitCond(Operation &op);
  void enter(Block &block, ValueRange given);
  LogicalResult visitPlain(Operation &op);
  LogicalResult refine(Operation &op, OpResult result, const ValueType &inferred);
  const Tensor *known(Value value);
  /// The argument of a region has the value that it is given, where that is known. Integers, which
  /// may be parameters of ops inside, become constants there.
  void follow(BlockArgument argument, Value given);
  LogicalResult compute(Operation &op, const Attributes &attributes);

  ModuleOp module_;
  llvm::DenseMap<Value, Tensor> values_;
  SmallVector<Operation *> computed_;
};

const Tensor *ShapeInference::known(Value value) {
  auto found = values_.find(value);
  return found == values_.end() ? nullptr : &found->second;
}

void ShapeInference::follow(BlockArgument argument, Value given) {
  const Tensor *value = known(given);
  if (!value)
    return;
  Tensor copy = *value; // before the table grows
  if (!is_floating(copy.dtype()) && !argument.use_empty()) {
    OpBuilder opBuilder = OpBuilder::atBlockBegin(argument.getOwner());
    argument.replaceAllUsesWith(GraphBuilder(opBuilder, given.getLoc()).constant(copy));
  }
  values_[argument] = std::move(copy);
}

LogicalResult ShapeInference::refine(Operation &op, OpResult result, const ValueType &inferred) {
  const ValueType recorded = toValueType(result.getType());
  std::optional<Shape> merged = Shape::merge(recorded.shape, inferred.shape);
  if (recorded.dtype != inferred.dtype || !merged)
    return op.emitError() << "the recorded type is " << recorded.to_string()
                          << ", the operands give " << inferred.to_string();
  if (*merged != recorded.shape) {
    result.setType(toMlirType(op.getContext(), ValueType{recorded.dtype, *merged}));
    ++numRefined;
  }
  return success();
}

static bool isSmallStatic(Type type) {
  if (!isStatic(type))
    return false;
  return cast<RankedTensorType>(type).getNumElements() <= kMostElements;
}

// Shape arithmetic by the reference; shape, size and rank need their operand's type only.
LogicalResult ShapeInference::compute(Operation &op, const Attributes &attributes) {
  StringRef name = graphName(&op);
  const bool ofType = name == "shape" || name == "size" || name == "rank";
  if (!isPlain(&op) || isGradientTarget(&op) || op.getNumResults() == 0 ||
      !reference::hasReference(std::string_view(name.data(), name.size())))
    return success();
  for (Type type : op.getResultTypes())
    if (!isSmallStatic(type))
      return success();
  std::vector<Tensor> inputs;
  for (Value operand : op.getOperands()) {
    if (ofType) {
      if (!isStatic(operand.getType()))
        return success();
      continue;
    }
    const Tensor *value = known(operand);
    if (!value)
      return success();
    inputs.push_back(*value);
  }
  std::vector<Tensor> results;
  try {
    if (ofType) {
      const ValueType type = toValueType(op.getOperand(0).getType());
      const DataType dtype =
          toDataType(cast<TensorType>(op.getResult(0).getType()).getElementType());
      Tensor extents = Tensor::of(Shape{type.shape.rank()}, type.shape.extents());
      if (name == "size")
        extents = Tensor(type.shape.num_elements());
      if (name == "rank")
        extents = Tensor(type.shape.rank());
      results.push_back(extents.cast(dtype));
    } else {
      results = reference::evaluate(
          {std::string_view(name.data(), name.size()), attributes, inputs, GraphcRunContext{}, 0});
    }
  } catch (const Error &error) {
    return op.emitError() << error.message();
  }
  bool integers = true;
  for (auto [result, value] : llvm::zip(op.getResults(), results)) {
    values_[result] = value;
    integers &= !is_floating(value.dtype());
  }
  if (integers)
    computed_.push_back(&op);
  return success();
}

// An even split of an extent that was unknown when it was recorded has the sizes -1.
static void settleSplit(Operation &op) {
  SmallVector<int64_t> sizes;
  const int64_t axis = intAttribute(&op, "axis");
  for (Value part : op.getResults()) {
    const Shape shape = toValueType(part.getType()).shape;
    if (!shape.has_rank() || shape[axis < 0 ? axis + shape.rank() : axis] < 0)
      return;
    sizes.push_back(shape[axis < 0 ? axis + shape.rank() : axis]);
  }
  op.setAttr("sizes", DenseI64ArrayAttr::get(op.getContext(), sizes));
}

LogicalResult ShapeInference::visitPlain(Operation &op) {
  StringRef name = graphName(&op);
  const Attributes attributes = attributesOf(&op);
  std::vector<ValueType> types;
  std::vector<const Tensor *> values;
  for (Value operand : op.getOperands()) {
    types.push_back(toValueType(operand.getType()));
    values.push_back(known(operand));
  }
  InferredTypes inferred = inferTypes(
      OpSignature{std::string_view(name.data(), name.size()), types, attributes, values});
  if (!inferred.ok())
    return op.emitError() << inferred.error;
  if (inferred.results.size() != op.getNumResults())
    return op.emitError() << name << " has " << op.getNumResults() << " results, its operands give "
                          << inferred.results.size();
  for (auto [result, type] : llvm::zip(op.getResults(), inferred.results))
    if (failed(refine(op, result, type)))
      return failure();
  if (name == "split")
    settleSplit(op);
  return compute(op, attributes);
}

// A recurrence over sequences whose length is known only when they are fed, as dynamic_rnn's.
static LogicalResult settleSteps(Operation &op, const Recurrence &recurrence) {
  for (unsigned i = 0; i < recurrence.numSequences() && recurrence.steps() < 0; ++i) {
    const Shape shape = toValueType(recurrence.sequence(i).getType()).shape;
    if (!shape.has_rank() || shape.rank() == 0 || shape[0] < 0)
      continue;
    if (shape[0] == 0)
      return op.emitError() << "'" << opName(op.getLoc())
                            << "' expects sequences of one time step or more, got none";
    op.setAttr("steps", IntegerAttr::get(IntegerType::get(op.getContext(), 64), shape[0]));
  }
  return success();
}

LogicalResult ShapeInference::visitRecurrence(Operation &op) {
  Recurrence recurrence(&op);
  MLIRContext *context = op.getContext();
  if (failed(settleSteps(op, recurrence)))
    return failure();
  for (unsigned i = 0; i < recurrence.numSequences(); ++i) {
    ValueType type = toValueType(recurrence.sequence(i).getType());
    if (!type.shape.has_rank() || type.shape.rank() == 0)
      continue;
    if (type.shape[0] >= 0 && recurrence.steps() >= 0 && type.shape[0] != recurrence.steps())
      return op.emitError() << "sequence " << i << " of '" << opName(op.getLoc()) << "' has "
                            << type.shape[0] << " steps, expected " << recurrence.steps();
    std::vector<int64_t> rest(type.shape.extents().begin() + 1, type.shape.extents().end());
    recurrence.sliceArgument(i).setType(toMlirType(context, {type.dtype, Shape(rest)}));
  }
  for (unsigned i = 0; i < recurrence.numStates(); ++i)
    recurrence.stateArgument(i).setType(recurrence.initialState(i).getType());
  for (unsigned i = 0; i < recurrence.numCaptured(); ++i) {
    recurrence.capturedArgument(i).setType(recurrence.captured(i).getType());
    follow(recurrence.capturedArgument(i), recurrence.captured(i));
  }
  if (failed(run(recurrence.body())))
    return failure();
  for (unsigned i = 0; i < recurrence.numStates(); ++i) {
    const ValueType before = toValueType(recurrence.stateArgument(i).getType());
    const ValueType after = toValueType(recurrence.newState(i).getType());
    if (!before.shape.is_compatible_with(after.shape) || before.dtype != after.dtype)
      return op.emitError() << "state " << i << " of '" << opName(op.getLoc()) << "' is "
                            << before.to_string() << " before a step and " << after.to_string()
                            << " after it";
    if (failed(refine(op, cast<OpResult>(recurrence.finalState(i)), before)))
      return failure();
  }
  for (unsigned i = 0; i < recurrence.numOutputs(); ++i) {
    ValueType type = toValueType(recurrence.yieldedOutput(i).getType());
    if (!type.shape.has_rank())
      continue;
    std::vector<int64_t> extents{recurrence.steps()};
    llvm::append_range(extents, type.shape.extents());
    if (failed(refine(op, cast<OpResult>(recurrence.output(i)), {type.dtype, Shape(extents)})))
      return failure();
  }
  return success();
}

/// The arguments of a region are what the op around it gives them.
void ShapeInference::enter(Block &block, ValueRange given) {
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), given))
    argument.setType(value.getType());
}

// graph.while and graph.while_gradient, whose results are the values that their last region
// carries.
LogicalResult ShapeInference::visitLoop(Operation &op) {
  for (Region &region : op.getRegions())
    enter(region.front(), op.getOperands().take_front(region.getNumArguments()));
  // What is the same in every iteration may be followed.
  const unsigned variables = op.getRegion(1).front().getTerminator()->getNumOperands();
  const unsigned seen = op.getRegion(1).getNumArguments();
  for (Region &region : op.getRegions())
    for (unsigned i = variables; i < seen; ++i)
      follow(region.getArgument(i), op.getOperand(i));
  for (Region &region : op.getRegions())
    if (failed(run(region.front())))
      return failure();
  for (unsigned number = 1; number < op.getNumRegions(); ++number) {
    Block &block = op.getRegion(number).front();
    ValueRange yielded = block.getTerminator()->getOperands();
    const unsigned first = number == 1 ? 0 : seen;
    for (auto [i, after] : llvm::enumerate(yielded)) {
      const ValueType from =
          toValueType(block.getArgument(first + static_cast<unsigned>(i)).getType());
      const ValueType to = toValueType(after.getType());
      if (from.dtype != to.dtype || !from.shape.is_compatible_with(to.shape))
        return op.emitError() << (number == 1 ? "loop variable " : "gradient ") << i << " of '"
                              << opName(op.getLoc()) << "' is " << from.to_string()
                              << " before an iteration and " << to.to_string()
                              << " after it, expected to keep its shape";
    }
  }
  const unsigned first = op.getNumRegions() == 2 ? 0 : seen;
  for (OpResult result : op.getResults())
    if (failed(refine(op, result,
                      toValueType(op.getOperand(first + result.getResultNumber()).getType()))))
      return failure();
  return success();
}

LogicalResult ShapeInference::visitCond(Operation &op) {
  ValueRange captured = op.getOperands().drop_front();
  for (Region &region : op.getRegions()) {
    enter(region.front(), captured);
    for (auto [argument, value] : llvm::zip_equal(region.getArguments(), captured))
      follow(argument, value);
    if (failed(run(region.front())))
      return failure();
  }
  for (OpResult result : op.getResults()) {
    const unsigned number = result.getResultNumber();
    const auto yielded = [&](unsigned branch) {
      return toValueType(
          op.getRegion(branch).front().getTerminator()->getOperand(number).getType());
    };
    const ValueType then = yielded(0), otherwise = yielded(1);
    std::optional<Shape> merged = Shape::merge(then.shape, otherwise.shape);
    if (then.dtype != otherwise.dtype || !merged)
      return op.emitError() << "result " << number << " of '" << opName(op.getLoc()) << "' is "
                            << then.to_string() << " in one branch and " << otherwise.to_string()
                            << " in the other, expected the same in both";
    if (failed(refine(op, result, {then.dtype, *merged})))
      return failure();
  }
  return success();
}

LogicalResult ShapeInference::visit(Operation &op) {
  StringRef name = graphName(&op);
  if (name == "static_rnn")
    return visitRecurrence(op);
  if (name == "while" || name == "while_gradient")
    return visitLoop(op);
  if (name == "cond")
    return visitCond(op);
  if (name == "constant") {
    if (isSmallStatic(op.getResult(0).getType()) && !isGradientTarget(&op))
      values_[op.getResult(0)] = toTensor(cast<ElementsAttr>(op.getAttr("value")));
    return success();
  }
  if (name == "gradients") {
    const auto first = static_cast<unsigned>(intAttribute(&op, "num_ys"));
    for (OpResult result : op.getResults())
      if (failed(refine(op, result,
                        toValueType(op.getOperand(first + result.getResultNumber()).getType()))))
        return failure();
    return success();
  }
  if (auto symbol = op.getAttrOfType<FlatSymbolRefAttr>("variable")) {
    Operation *variable = SymbolTable::lookupSymbolIn(module_, symbol);
    if (!variable)
      return op.emitError() << "variable '" << symbol.getValue() << "' is not in the graph";
    for (OpResult result : op.getResults())
      if (failed(refine(op, result,
                        toValueType(cast<TypeAttr>(variable->getAttr("type")).getValue()))))
        return failure();
    return success();
  }
  if (!name.empty() && hasShapeFunction(std::string_view(name.data(), name.size())))
    return visitPlain(op);
  return success();
}

LogicalResult ShapeInference::run(Block &block) {
  const size_t first = computed_.size();
  for (Operation &op : block)
    if (failed(visit(op)))
      return failure();
  for (Operation &op : block)
    for (Type type : op.getResultTypes())
      numUnknown += !isStatic(type);
  for (Operation *op : ArrayRef(computed_).drop_front(first)) {
    if (op->use_empty()) // in a graph that is exported it is there to be fetched by its name
      continue;
    OpBuilder opBuilder(op);
    GraphBuilder builder(opBuilder, op->getLoc());
    for (OpResult result : op->getResults())
      if (!result.use_empty()) {
        result.replaceAllUsesWith(builder.constant(values_[result]));
        ++numComputed;
      }
    op->erase();
  }
  computed_.resize(first);
  return success();
}

//===--- graph-infer-shapes -------------------------------------------------------------------===//

class InferShapesPass : public impl::InferShapesPassBase<InferShapesPass> {
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    ShapeInference inference(getOperation());
    if (failed(inference.run(program->getRegion(0).front())))
      return signalPassFailure();
    numRefined += inference.numRefined;
    numComputed += inference.numComputed;
    numUnknown += inference.numUnknown;
  }
};

} // namespace
} // namespace graphc
