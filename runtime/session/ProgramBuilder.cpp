#include "runtime/session/ProgramBuilder.h"

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/ArenaUse.h"
#include "passes/GraphOps.h"
#include "runtime/InPlaceUpdates.h"
#include "runtime/PrimitiveCache.h"
#include "runtime/Status.h"
#include "runtime/reference/Optimizers.h"
#include "runtime/reference/Reference.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace graphc {
namespace {

std::vector<Tensor> evaluateOnHost(std::string_view op, const Attributes &attributes,
                                   std::span<const Tensor> inputs,
                                   const GraphcRunContext &context) {
  return reference::evaluate({op, attributes, inputs, context, attributes.int_or("step", 0)});
}

void updateOnHost(std::string_view op, const Attributes &attributes, std::span<const Tensor> inputs,
                  std::span<const std::string> names, std::span<Tensor> variables) {
  std::map<std::string, Tensor *> slots;
  for (std::size_t i = 0; i < names.size(); ++i)
    slots[names[i]] = &variables[i];
  reference::applyOptimizer({op, attributes, inputs}, slots);
}

Shape shapeOf(MemRefType type) { return Shape(type.getShape().vec()); }

PrimitiveOperand operandOf(Type type) {
  auto buffer = cast<MemRefType>(type);
  const SmallVector<std::int64_t> strides = buffer.getStridesAndOffset().first;
  return {toDataType(buffer.getElementType()),
          buffer.getShape().vec(),
          {strides.begin(), strides.end()}};
}

class Builder {
public:
  Builder(plan::ProgramOp plan, const KernelLookup &kernels)
      : plan_(plan), kernels_(kernels), module_(plan->getParentOfType<ModuleOp>()),
        symbols_(module_), program_(std::make_shared<Program>()) {}

  std::shared_ptr<Program> build();

private:
  void addEndpoints();
  void addBuffer(plan::BufferOp op);
  void addPrimitive(plan::CreatePrimitiveOp op);
  void addKernelCall(plan::CallKernelOp op);
  void addPrimitiveRun(plan::RunPrimitiveOp op);
  void addHostCall(plan::CallHostOp op);
  void addCopy(plan::CopyOp op);
  void addRow(Operation *op, Value tensor, Value index, Value row, bool writes);
  void addLoop(plan::RunWhileOp op);
  void addLoopGradient(plan::RunWhileGradientOp op);
  void addBranch(plan::RunCondOp op);

  BufferId idOf(Value value);
  std::uint32_t variableNumber(FlatSymbolRefAttr name, Location location);
  void read(Value value);
  void write(Value value);
  /// Their numbers, as values that are read, written, or neither.
  std::vector<BufferId> readAll(ValueRange values);
  std::vector<BufferId> writeAll(ValueRange values);
  std::vector<BufferId> idsOf(ValueRange values);
  /// The program of that name, built for a step of this one.
  std::shared_ptr<const Program> callee(FlatSymbolRefAttr name);
  void addStep(decltype(Step::action) action, Location location) {
    program_->steps.push_back({std::move(action), opName(location).str(), sourceLine(location)});
  }

  plan::ProgramOp plan_;
  const KernelLookup &kernels_;
  ModuleOp module_;
  SymbolTable symbols_;
  std::shared_ptr<Program> program_;
  llvm::DenseMap<Value, BufferId> ids_;
  llvm::DenseMap<Value, std::shared_ptr<const DnnlPrimitive>> primitives_;
  llvm::DenseMap<Attribute, std::uint32_t> variables_;
  /// Variables that some step has written already.
  llvm::DenseSet<std::uint32_t> written_;
};

void Builder::addEndpoints() {
  for (StringRef name : plan_.getFeedNames().getAsValueRange<StringAttr>())
    program_->feeds.push_back({{name.str(), float32, Shape{}}, /*used=*/false});
  for (StringRef name : plan_.getFetchNames().getAsValueRange<StringAttr>())
    program_->fetches.push_back({{name.str(), float32, Shape{}}, /*is_op=*/true});
}

std::uint32_t Builder::variableNumber(FlatSymbolRefAttr name, Location location) {
  const auto [found, isNew] =
      variables_.try_emplace(name, static_cast<std::uint32_t>(program_->variables.size()));
  if (isNew) {
    Operation *declared = symbols_.lookup(name.getValue());
    if (!declared || !declared->hasAttr("type"))
      throw Error(Code::internal, "there is no variable " + name.getValue().str(),
                  opName(location).str(), sourceLine(location));
    const ValueType type = toValueType(declared->getAttrOfType<TypeAttr>("type").getValue());
    ProgramVariable variable;
    variable.name = name.getValue().str();
    variable.dtype = type.dtype;
    variable.shape = type.shape;
    variable.reader = opName(location).str();
    variable.where = sourceLine(location);
    program_->variables.push_back(std::move(variable));
  }
  return found->second;
}

void Builder::addBuffer(plan::BufferOp op) {
  MemRefType type = op.getBuffer().getType();
  Buffer buffer;
  buffer.dtype = toDataType(type.getElementType());
  buffer.shape = shapeOf(type);
  switch (op.getKind()) {
  case plan::BufferKind::fed: {
    buffer.kind = BufferKind::fed;
    buffer.index = static_cast<std::uint32_t>(*op.getIndex());
    Program::Feed &feed = program_->feeds.at(buffer.index);
    feed.dtype = buffer.dtype;
    feed.shape = buffer.shape;
    feed.used = true;
    break;
  }
  case plan::BufferKind::fetched: {
    buffer.kind = BufferKind::fetched;
    buffer.index = static_cast<std::uint32_t>(*op.getIndex());
    Program::Fetch &fetch = program_->fetches.at(buffer.index);
    fetch.dtype = buffer.dtype;
    fetch.shape = buffer.shape;
    fetch.is_op = false;
    break;
  }
  case plan::BufferKind::temporary:
    buffer.kind = BufferKind::temporary;
    if (!op.getOffset())
      throw Error(Code::internal, "a temporary has no offset: graphc-assign-buffers has not run",
                  opName(op.getLoc()).str(), sourceLine(op.getLoc()));
    buffer.offset = static_cast<std::size_t>(*op.getOffset());
    break;
  case plan::BufferKind::variable:
    buffer.kind = BufferKind::variable;
    buffer.index = variableNumber(op.getVariableAttr(), op.getLoc());
    break;
  case plan::BufferKind::kept:
    buffer.kind = BufferKind::kept;
    buffer.index = static_cast<std::uint32_t>(program_->kept.size());
    program_->kept.push_back(
        {variableNumber(op.getVariableAttr(), op.getLoc()), buffer.bytes(), nullptr});
    break;
  case plan::BufferKind::constant:
    buffer.kind = BufferKind::constant;
    buffer.index = static_cast<std::uint32_t>(program_->constants.size());
    program_->constants.push_back(toTensor(*op.getValue()));
    break;
  }
  ids_[op.getBuffer()] = static_cast<BufferId>(program_->buffers.size());
  program_->buffers.push_back(std::move(buffer));
}

BufferId Builder::idOf(Value value) {
  if (!value)
    return kNoBuffer;
  if (const auto found = ids_.find(value); found != ids_.end())
    return found->second;
  plan::Place place = plan::placeOf(value);
  Buffer view = program_->buffers[ids_.at(place.buffer.getBuffer())];
  auto type = cast<MemRefType>(value.getType());
  view.dtype = toDataType(type.getElementType());
  view.shape = shapeOf(type);
  view.offset += static_cast<std::size_t>(place.offset);
  const auto id = static_cast<BufferId>(program_->buffers.size());
  program_->buffers.push_back(std::move(view));
  ids_[value] = id;
  return id;
}

void Builder::read(Value value) {
  plan::BufferOp buffer = plan::placeOf(value).buffer;
  if (buffer.getKind() != plan::BufferKind::variable && buffer.getKind() != plan::BufferKind::kept)
    return;
  const std::uint32_t number = variableNumber(buffer.getVariableAttr(), buffer.getLoc());
  if (written_.contains(number) || program_->variables[number].read_first)
    return;
  ProgramVariable &variable = program_->variables[number];
  variable.read_first = true;
  variable.reader = opName(buffer.getLoc()).str();
  variable.where = sourceLine(buffer.getLoc());
}

void Builder::write(Value value) {
  plan::BufferOp buffer = plan::placeOf(value).buffer;
  if (buffer.getKind() != plan::BufferKind::variable)
    return;
  const std::uint32_t number = variableNumber(buffer.getVariableAttr(), buffer.getLoc());
  program_->variables[number].written = true;
  written_.insert(number);
}

void Builder::addPrimitive(plan::CreatePrimitiveOp op) {
  PrimitiveSpec spec;
  spec.kind = op.getKind().str();
  spec.attributes = toAttributes(op.getParameters());
  spec.threads = program_->threads;
  FunctionType type = op.getOperandTypes();
  for (Type input : type.getInputs())
    spec.inputs.push_back(operandOf(input));
  for (Type output : type.getResults())
    spec.outputs.push_back(operandOf(output));
  std::shared_ptr<const DnnlPrimitive> made = PrimitiveCache::shared().get(spec);
  if (made->scratchpadBytes() > static_cast<std::size_t>(op.getScratchpadBytes()))
    throw Error(Code::failed_precondition,
                "the plan was made for another processor: '" + spec.kind +
                    "' needs a scratchpad of " + std::to_string(made->scratchpadBytes()) +
                    " bytes here, the plan has " + std::to_string(op.getScratchpadBytes()),
                opName(op.getLoc()).str(), sourceLine(op.getLoc()));
  primitives_[op.getPrimitive()] = std::move(made);
}

void Builder::addKernelCall(plan::CallKernelOp op) {
  auto kernel = symbols_.lookup<plan::KernelOp>(op.getKernel());
  KernelStep step;
  step.name = op.getKernel().str();
  step.kernel = kernels_(step.name);
  if (!step.kernel)
    throw Error(Code::internal, "there is no compiled kernel '" + step.name + "'",
                opName(op.getLoc()).str(), sourceLine(op.getLoc()));
  step.extent = static_cast<std::int64_t>(kernel.getExtent());
  step.grain = static_cast<std::int64_t>(kernel.getGrain());
  step.scratch_bytes = static_cast<std::size_t>(kernel.getScratchBytes());
  if (const auto number = op->getAttrOfType<IntegerAttr>("step"))
    step.step = static_cast<std::uint64_t>(number.getInt());
  for (Value input : op.getInputs()) {
    read(input);
    step.buffers.push_back(idOf(input));
  }
  for (Value update : op.getUpdates()) {
    read(update);
    write(update);
    step.buffers.push_back(idOf(update));
  }
  for (Value output : op.getOutputs()) {
    write(output);
    step.buffers.push_back(idOf(output));
  }
  addStep(std::move(step), op.getLoc());
}

void Builder::addPrimitiveRun(plan::RunPrimitiveOp op) {
  std::shared_ptr<const DnnlPrimitive> primitive = primitives_.at(op.getPrimitive());
  for (Value input : op.getInputs())
    read(input);
  for (Value output : op.getOutputs()) {
    plan::BufferOp buffer = plan::placeOf(output).buffer;
    if (buffer.getKind() == plan::BufferKind::kept) {
      program_->kept[program_->buffers[idOf(output)].index].primitive = std::move(primitive);
      return;
    }
    write(output);
  }
  PrimitiveStep step;
  step.primitive = std::move(primitive);
  for (Value input : op.getInputs())
    step.buffers.push_back(idOf(input));
  for (Value output : op.getOutputs())
    step.buffers.push_back(idOf(output));
  step.buffers.push_back(idOf(op.getScratchpad()));
  addStep(std::move(step), op.getLoc());
}

void Builder::addHostCall(plan::CallHostOp op) {
  HostStep step;
  step.op = op.getName().str();
  step.attributes = toAttributes(op.getParameters());
  step.function = evaluateOnHost;
  for (Value input : op.getInputs()) {
    read(input);
    step.inputs.push_back(idOf(input));
  }
  for (Value update : op.getUpdates()) {
    read(update);
    write(update);
    step.updates.push_back(idOf(update));
    step.update = updateOnHost;
  }
  if (step.update)
    for (NamedAttribute attribute : op.getParameters())
      if (isa<FlatSymbolRefAttr>(attribute.getValue()))
        step.update_names.push_back(attribute.getName().str());
  for (Value output : op.getOutputs()) {
    write(output);
    step.outputs.push_back(idOf(output));
  }
  addStep(std::move(step), op.getLoc());
}

void Builder::addCopy(plan::CopyOp op) {
  read(op.getSource());
  write(op.getTarget());
  const plan::CopyShape shape =
      *plan::copyShape(op.getSource().getType(), op.getTarget().getType());
  addStep(CopyStep{idOf(op.getSource()), idOf(op.getTarget()),
                   static_cast<std::size_t>(shape.rowBytes), shape.rows,
                   static_cast<std::size_t>(shape.sourceStride),
                   static_cast<std::size_t>(shape.targetStride)},
          op.getLoc());
}

std::vector<BufferId> Builder::idsOf(ValueRange values) {
  std::vector<BufferId> ids;
  for (Value value : values)
    ids.push_back(idOf(value));
  return ids;
}

std::vector<BufferId> Builder::readAll(ValueRange values) {
  for (Value value : values)
    read(value);
  return idsOf(values);
}

std::vector<BufferId> Builder::writeAll(ValueRange values) {
  for (Value value : values)
    write(value);
  return idsOf(values);
}

std::shared_ptr<const Program> Builder::callee(FlatSymbolRefAttr name) {
  return Builder(symbols_.lookup<plan::ProgramOp>(name.getValue()), kernels_).build();
}

void Builder::addRow(Operation *op, Value tensor, Value index, Value row, bool writes) {
  auto whole = cast<MemRefType>(tensor.getType()), part = cast<MemRefType>(row.getType());
  read(index);
  read(writes ? row : tensor);
  write(writes ? tensor : row);
  RowStep step;
  step.op = writes ? "update_row" : "gather";
  step.tensor = idOf(tensor);
  step.index = idOf(index);
  step.row = idOf(row);
  step.rows = whole.getDimSize(0);
  step.row_bytes = static_cast<std::size_t>(plan::bytesOf(part));
  step.wide = cast<MemRefType>(index.getType()).getElementType().isInteger(64);
  step.writes = writes;
  addStep(std::move(step), op->getLoc());
}

void Builder::addLoop(plan::RunWhileOp op) {
  LoopStep step;
  step.condition = callee(op.getConditionAttr());
  step.body = callee(op.getBodyAttr());
  step.initial = readAll(op.getInitial());
  step.captured = readAll(op.getCaptured());
  step.outputs = writeAll(op.getOutputs());
  step.spare = idsOf(op.getSpare());
  step.in_place = updatedInPlace(*step.body, 0);
  addStep(std::move(step), op.getLoc());
}

void Builder::addLoopGradient(plan::RunWhileGradientOp op) {
  LoopGradientStep step;
  step.loop.condition = callee(op.getConditionAttr());
  step.loop.body = callee(op.getBodyAttr());
  step.loop.initial = readAll(op.getInitial());
  step.loop.captured = readAll(op.getCaptured());
  step.loop.outputs = idsOf(op.getVariables());
  step.loop.spare = idsOf(op.getSpare());
  step.gradient = callee(op.getGradientAttr());
  for (std::int64_t number : op.getKept())
    step.kept.push_back(static_cast<std::uint32_t>(number));
  step.initial = readAll(op.getGradients());
  step.outputs = writeAll(op.getOutputs());
  step.spare = idsOf(op.getSpareOutputs());
  // What is kept has memory of its own in every iteration.
  step.loop.in_place = updatedInPlace(*step.loop.body, 0);
  std::erase_if(step.loop.in_place, [&](std::uint32_t number) {
    return std::ranges::find(step.kept, number) != step.kept.end();
  });
  step.in_place =
      updatedInPlace(*step.gradient, step.loop.initial.size() + step.loop.captured.size());
  addStep(std::move(step), op.getLoc());
}

void Builder::addBranch(plan::RunCondOp op) {
  BranchStep step;
  read(op.getPred());
  step.predicate = idOf(op.getPred());
  step.then_branch = callee(op.getThenBranchAttr());
  step.else_branch = callee(op.getElseBranchAttr());
  step.captured = readAll(op.getCaptured());
  step.outputs = writeAll(op.getOutputs());
  addStep(std::move(step), op.getLoc());
}

std::shared_ptr<Program> Builder::build() {
  program_->threads = static_cast<int>(plan_.getThreads());
  program_->arena_bytes = static_cast<std::size_t>(plan_.getPeakBytes().value_or(0));
  program_->arena_lower_bound = static_cast<std::size_t>(arenaLowerBound(plan_));
  program_->unshared_bytes = static_cast<std::size_t>(plan_.getUnsharedBytes().value_or(0));
  addEndpoints();
  for (Operation &op : plan_.getBody().front())
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](plan::BufferOp buffer) { addBuffer(buffer); })
        .Case([&](plan::CreatePrimitiveOp create) { addPrimitive(create); })
        .Case([&](plan::CallKernelOp call) { addKernelCall(call); })
        .Case([&](plan::RunPrimitiveOp run) { addPrimitiveRun(run); })
        .Case([&](plan::CallHostOp call) { addHostCall(call); })
        .Case([&](plan::CopyOp copy) { addCopy(copy); })
        .Case([&](plan::ReadRowOp row) {
          addRow(row, row.getTensor(), row.getIndex(), row.getRow(), /*writes=*/false);
        })
        .Case([&](plan::WriteRowOp row) {
          addRow(row, row.getTensor(), row.getIndex(), row.getRow(), /*writes=*/true);
        })
        .Case([&](plan::RunWhileOp loop) { addLoop(loop); })
        .Case([&](plan::RunWhileGradientOp gradient) { addLoopGradient(gradient); })
        .Case([&](plan::RunCondOp branch) { addBranch(branch); });
  return std::move(program_);
}

} // namespace

std::shared_ptr<const Program> buildProgram(plan::ProgramOp plan, const KernelLookup &kernels,
                                            std::shared_ptr<const void> code) {
  std::shared_ptr<Program> program = Builder(plan, kernels).build();
  program->code = std::move(code);
  return program;
}

} // namespace graphc
