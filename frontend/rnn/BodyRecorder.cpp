#include "frontend/rnn/BodyRecorder.h"

#include "frontend/GraphModule.h"
#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/Locations.h"

namespace graphc {

using namespace mlir;

struct BodyRecorder::Impl {
  Graph &graph;
  std::string name; ///< full name of the recurrence
  Where where;
  Region region;
  std::vector<Output> initialStates;
  std::size_t numSlices = 0;
  bool open = true;

  Block &block() { return region.front(); }
  GraphModule &module() { return graph.module(); }
  Location location() { return makeLocation(&module().context(), name, where); }
  void close();
  llvm::SmallVector<Value> capture();
};

BodyRecorder::BodyRecorder(Graph &graph, const std::string &name, std::span<const ValueType> slices,
                           std::span<const Output> states, Where where)
    : impl_(new Impl{graph, name, where, {}, {states.begin(), states.end()}, slices.size()}) {
  impl_->region.push_back(new Block);
  const Location location = impl_->location();
  for (const ValueType &slice : slices)
    impl_->block().addArgument(toMlirType(&graph.module().context(), slice), location);
  for (const Output &state : states)
    impl_->block().addArgument(valueOf(state).getType(), location);
  graph.module().pushBlock(&impl_->block());
}

void BodyRecorder::Impl::close() {
  if (std::exchange(open, false))
    module().popBlock();
}

BodyRecorder::~BodyRecorder() {
  if (!impl_->open)
    return;
  impl_->close();
  for (mlir::Operation &op : impl_->block())
    impl_->module().forgetOp(opName(op.getLoc()));
}

std::vector<Output> BodyRecorder::slices() const {
  std::vector<Output> slices;
  for (Value argument : impl_->block().getArguments().take_front(impl_->numSlices))
    slices.push_back(outputOf(impl_->graph, argument));
  return slices;
}

std::vector<Output> BodyRecorder::states() const {
  std::vector<Output> states;
  for (Value argument : impl_->block().getArguments().drop_front(impl_->numSlices))
    states.push_back(outputOf(impl_->graph, argument));
  return states;
}

static bool isScalarConstant(Value value) {
  mlir::Operation *op = value.getDefiningOp();
  auto tensor = dyn_cast<RankedTensorType>(value.getType());
  return op && op->getName().getStringRef() == "graph.constant" && tensor && tensor.getRank() == 0;
}

/// Turns what the body uses from outside into arguments and gives the values; scalar constants are
/// copied into the body instead.
llvm::SmallVector<Value> BodyRecorder::Impl::capture() {
  llvm::SmallVector<Value> captured;
  llvm::DenseMap<Value, Value> inside;
  llvm::SmallVector<mlir::Operation *> users;
  for (mlir::Operation &op : block())
    users.push_back(&op);
  // The region has no op around it yet, so that a builder cannot find the context by itself.
  OpBuilder builder(&module().context());
  builder.setInsertionPointToStart(&block());
  for (mlir::Operation *op : users)
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = operand.get();
      if (value.getParentBlock() == &block())
        continue;
      Value &replacement = inside[value];
      if (!replacement && isScalarConstant(value)) {
        replacement = builder.clone(*value.getDefiningOp())->getResult(0);
        replacement.getDefiningOp()->removeAttr("control_inputs");
      } else if (!replacement) {
        replacement = block().addArgument(value.getType(), value.getLoc());
        captured.push_back(value);
      }
      operand.set(replacement);
    }
  return captured;
}

/// `type` with a new first extent.
static Type stackedType(Type type, std::int64_t steps) {
  ValueType value = toValueType(type);
  if (!value.shape.has_rank())
    return type;
  std::vector<std::int64_t> extents{steps};
  extents.insert(extents.end(), value.shape.extents().begin(), value.shape.extents().end());
  return toMlirType(type.getContext(), ValueType{value.dtype, Shape(std::move(extents))});
}

std::vector<Output> BodyRecorder::finish(std::span<const Output> outputs,
                                         std::span<const Output> newStates,
                                         std::span<const Output> sequences, std::int64_t steps,
                                         bool reverse) {
  Impl &impl = *impl_;
  const Location location = impl.location();
  llvm::SmallVector<Value> yielded;
  llvm::SmallVector<Type> results;
  for (const Output &output : outputs) {
    yielded.push_back(valueOf(output));
    results.push_back(stackedType(yielded.back().getType(), steps));
  }
  for (const Output &state : newStates) {
    yielded.push_back(valueOf(state));
    results.push_back(yielded.back().getType());
  }
  impl.close();
  OpBuilder inside(&impl.module().context());
  inside.setInsertionPointToEnd(&impl.block());
  GraphBuilder(inside, location).createOp("yield", TypeRange(), yielded);
  const llvm::SmallVector<Value> captured = impl.capture();

  OpBuilder builder = impl.module().builder();
  OperationState state(location, "graph.static_rnn");
  for (const Output &sequence : sequences)
    state.operands.push_back(valueOf(sequence));
  for (const Output &initial : impl.initialStates)
    state.operands.push_back(valueOf(initial));
  llvm::append_range(state.operands, captured);
  state.addTypes(results);
  state.addAttribute("steps", builder.getI64IntegerAttr(steps));
  state.addAttribute("reverse", builder.getBoolAttr(reverse));
  state.addAttribute(
      "operandSegmentSizes",
      builder.getDenseI32ArrayAttr({static_cast<std::int32_t>(sequences.size()),
                                    static_cast<std::int32_t>(impl.initialStates.size()),
                                    static_cast<std::int32_t>(captured.size())}));
  state.addRegion()->takeBody(impl.region);
  mlir::Operation *op = builder.create(state);
  impl.module().addOp(impl.name, op);
  ++impl.graph.state().ops_recorded;
  std::vector<Output> made;
  for (Value result : op->getResults())
    made.push_back(outputOf(impl.graph, result));
  return made;
}

} // namespace graphc
