#include "frontend/control_flow/RegionRecorder.h"

#include "frontend/GraphModule.h"
#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "llvm/ADT/SetVector.h"

namespace graphc {

using namespace mlir;

struct RegionRecorder::Impl {
  Graph &graph;
  std::string name;
  Where where;
  Region region = {};
  bool open = true;   ///< ops go to the region
  bool taken = false; ///< an op has it

  Block &block() { return region.front(); }
  Location location() { return makeLocation(&module().context(), name, where); }
  GraphModule &module() { return graph.module(); }
  void stop() {
    if (std::exchange(open, false))
      module().popBlock();
  }
};

RegionRecorder::RegionRecorder(Graph &graph, const std::string &name,
                               std::span<const ValueType> arguments, Where where)
    : impl_(new Impl{graph, name, where}) {
  impl_->region.push_back(new Block);
  for (const ValueType &type : arguments)
    impl_->block().addArgument(toMlirType(&graph.module().context(), type), impl_->location());
  graph.module().pushBlock(&impl_->block());
}

RegionRecorder::~RegionRecorder() {
  impl_->stop();
  if (impl_->taken)
    return;
  impl_->region.walk([&](mlir::Operation *op) { impl_->module().forgetOp(opName(op->getLoc())); });
}

std::vector<Output> RegionRecorder::arguments() const {
  std::vector<Output> arguments;
  for (Value argument : impl_->block().getArguments())
    arguments.push_back(outputOf(impl_->graph, argument));
  return arguments;
}

bool RegionRecorder::close(std::span<const Output> yielded) {
  llvm::SmallVector<Value> values;
  for (const Output &output : yielded) {
    values.push_back(valueOf(output));
    if (!impl_->module().isOpen(values.back().getParentBlock())) {
      fail(impl_->graph, Code::invalid_argument,
           "result " + std::to_string(values.size() - 1) + ", '" + output.name() + "', " +
               kUnknownOutside.str(),
           impl_->name + "/", impl_->where);
      return false;
    }
  }
  impl_->stop();
  // The region has no op around it yet, so that a builder cannot find the context by itself.
  OpBuilder builder(&impl_->module().context());
  builder.setInsertionPointToEnd(&impl_->block());
  GraphBuilder(builder, impl_->location()).createOp("yield", TypeRange(), values);
  return true;
}

static bool isScalarConstant(Value value) {
  mlir::Operation *op = value.getDefiningOp();
  auto tensor = dyn_cast<RankedTensorType>(value.getType());
  return op && op->getName().getStringRef() == "graph.constant" && tensor && tensor.getRank() == 0;
}

/// What the ops of the block use from outside of it.
static void findCaptured(Block &block, llvm::SetVector<Value> &captured) {
  for (mlir::Operation &op : block)
    for (Value operand : op.getOperands())
      if (operand.getParentBlock() != &block && !isScalarConstant(operand))
        captured.insert(operand);
}

/// Puts arguments in the places of captured values, and copies in those of scalar constants.
static void useInside(Block &block, llvm::ArrayRef<Value> captured, MLIRContext *context) {
  llvm::DenseMap<Value, Value> inside;
  for (Value value : captured)
    inside[value] = block.addArgument(value.getType(), value.getLoc());
  llvm::SmallVector<mlir::Operation *> users;
  for (mlir::Operation &op : block)
    users.push_back(&op);
  OpBuilder builder(context);
  builder.setInsertionPointToStart(&block);
  for (mlir::Operation *op : users)
    for (OpOperand &operand : op->getOpOperands()) {
      if (operand.get().getParentBlock() == &block)
        continue;
      Value &replacement = inside[operand.get()];
      if (!replacement) {
        replacement = builder.clone(*operand.get().getDefiningOp())->getResult(0);
        replacement.getDefiningOp()->removeAttr("control_inputs");
      }
      operand.set(replacement);
    }
}

std::vector<Output> recordRegionOp(Graph &graph, const RegionOp &op,
                                   std::initializer_list<RegionRecorder *> regions) {
  GraphModule &module = graph.module();
  llvm::SetVector<Value> captured;
  for (RegionRecorder *region : regions)
    findCaptured(region->impl().block(), captured);
  for (RegionRecorder *region : regions)
    useInside(region->impl().block(), captured.getArrayRef(), &module.context());

  OpBuilder builder = module.builder();
  OperationState state(makeLocation(&module.context(), op.name, op.where),
                       ("graph." + llvm::StringRef(op.op.data(), op.op.size())).str());
  llvm::SmallVector<std::int32_t> segments;
  for (const std::vector<Output> &group : op.operands) {
    for (const Output &operand : group)
      state.operands.push_back(valueOf(operand));
    segments.push_back(static_cast<std::int32_t>(group.size()));
  }
  llvm::append_range(state.operands, captured);
  segments.push_back(static_cast<std::int32_t>(captured.size()));
  for (const ValueType &type : op.results)
    state.addTypes(toMlirType(&module.context(), type));
  for (const auto &[name, value] : op.attributes.entries())
    state.addAttribute(name, toMlirAttribute(&module.context(), value));
  if (op.segmented)
    state.addAttribute("operandSegmentSizes", builder.getDenseI32ArrayAttr(segments));
  if (const std::vector<std::string> &controls = graph.state().controls; !controls.empty()) {
    const llvm::SmallVector<StringRef> names(controls.begin(), controls.end());
    state.addAttribute("control_inputs", builder.getStrArrayAttr(names));
  }
  for (RegionRecorder *region : regions) {
    state.addRegion()->takeBody(region->impl().region);
    region->impl().taken = true;
  }
  mlir::Operation *made = builder.create(state);
  module.addOp(op.name, made);
  ++graph.state().ops_recorded;
  std::vector<Output> outputs;
  for (Value result : made->getResults())
    outputs.push_back(outputOf(graph, result));
  return outputs;
}

} // namespace graphc
