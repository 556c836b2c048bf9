// Kernels of a plan: a body for each, equal ones shared.
#include "ir/GraphDialect.h"
#include "mlir/IR/IRMapping.h"
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"
#include "passes/Recurrence.h"
#include "passes/kernels/KernelGenerator.h"

using namespace mlir;

namespace graphc {
namespace {

/// Says what a body computes, as bytes: equal for bodies that differ in nothing but locations,
/// names of values and names of variables (which are buffers of the call).
class BodyKey {
public:
  static std::string of(Block &body) {
    BodyKey key;
    key.addBlock(body);
    return std::move(key.bytes_);
  }

private:
  void add(const void *pointer) {
    bytes_.append(reinterpret_cast<const char *>(&pointer), sizeof(pointer));
  }
  void add(std::uint32_t number) {
    bytes_.append(reinterpret_cast<const char *>(&number), sizeof(number));
  }
  void addValue(Value value) {
    numbers_.try_emplace(value, static_cast<std::uint32_t>(numbers_.size()));
  }
  void addBlock(Block &block) {
    add(block.getNumArguments());
    for (BlockArgument argument : block.getArguments()) {
      addValue(argument);
      add(argument.getType().getAsOpaquePointer());
    }
    for (Operation &op : block)
      addOp(op);
  }
  void addOp(Operation &op) {
    add(op.getName().getAsOpaquePointer());
    add(op.getNumOperands());
    for (Value operand : op.getOperands())
      add(numbers_.at(operand));
    for (NamedAttribute attribute : op.getAttrDictionary()) {
      if (attribute.getName() == "control_inputs" || attribute.getName() == "gradient_target")
        continue;
      add(attribute.getName().getAsOpaquePointer());
      if (!isa<FlatSymbolRefAttr>(attribute.getValue()))
        add(attribute.getValue().getAsOpaquePointer());
    }
    for (Value result : op.getResults()) {
      addValue(result);
      add(result.getType().getAsOpaquePointer());
    }
    add(op.getNumRegions());
    for (Region &region : op.getRegions())
      for (Block &block : region)
        addBlock(block);
  }

  std::string bytes_;
  llvm::DenseMap<Value, std::uint32_t> numbers_;
};

/// The variables that the ops of a kernel update, in the order of its last arguments.
SmallVector<FlatSymbolRefAttr> updatedVariables(Operation *op) {
  SmallVector<FlatSymbolRefAttr> names;
  op->walk([&](Operation *inner) {
    if (auto variable = inner->getAttrOfType<FlatSymbolRefAttr>("variable"))
      names.push_back(variable);
    for (NamedAttribute attribute : inner->getAttrDictionary())
      if (auto slot = dyn_cast<FlatSymbolRefAttr>(attribute.getValue());
          slot && attribute.getName() != "variable")
        names.push_back(slot);
  });
  return names;
}

/// Fills the kernel's block: the cluster's ops, or `op` alone, and arguments for updated variables.
void fillBody(Block &body, Operation *op, const SymbolTable &symbols) {
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  IRMapping mapping;
  if (isGraphOp(op, "cluster")) {
    Block &source = op->getRegion(0).front();
    for (BlockArgument argument : source.getArguments())
      mapping.map(argument, body.addArgument(argument.getType(), argument.getLoc()));
    for (Operation &inner : source)
      builder.clone(inner, mapping);
  } else {
    for (Value operand : op->getOperands())
      if (!mapping.contains(operand))
        mapping.map(operand, body.addArgument(operand.getType(), operand.getLoc()));
    Operation *inner = builder.clone(*op, mapping);
    inner->removeAttr("control_inputs");
    // What an assignment gives is the variable itself.
    const bool updates = op->hasAttr("variable");
    graph::YieldOp::create(builder, op->getLoc(), updates ? ValueRange() : inner->getResults());
  }
  for (FlatSymbolRefAttr name : updatedVariables(op)) {
    Operation *variable = symbols.lookup(name.getValue());
    body.addArgument(variable->getAttrOfType<TypeAttr>("type").getValue(), variable->getLoc());
  }
}

/// Unrolled steps differ in nothing but the steps of their random ops. Where those of a body agree,
/// the call says the step in their place, so that all steps share one kernel; returns it.
std::optional<std::int64_t> takeStep(Block &body) {
  SmallVector<Operation *> drawing;
  std::optional<std::int64_t> step;
  if (Operation &op = body.front(); isGraphOp(&op, "static_rnn") && op.hasAttr(kFirstStep)) {
    step = Recurrence(&op).firstStep();
    op.removeAttr(kFirstStep);
    op.setAttr(kStepOfCall, UnitAttr::get(op.getContext()));
    return step;
  }
  for (Operation &op : body) {
    const auto own = op.getAttrOfType<IntegerAttr>("step");
    if (!own || !isRandom(&op))
      continue;
    if (step && *step != own.getInt())
      return std::nullopt;
    step = own.getInt();
    drawing.push_back(&op);
  }
  for (Operation *op : drawing) {
    op->removeAttr("step");
    op->setAttr(kStepOfCall, UnitAttr::get(op->getContext()));
  }
  return step;
}

std::string kernelName(Operation *op) {
  if (isGraphOp(op, "static_rnn"))
    return "recurrence";
  return graphName(op).str();
}

} // namespace

FailureOr<plan::KernelOp> PlanLowering::makeKernel(Operation *op, std::string &whyNot,
                                                   std::optional<std::int64_t> &step) {
  OpBuilder detached(op->getContext());
  auto kernel = plan::KernelOp::create(detached, op->getLoc(), kernelName(op), 1, 1, 0);
  Block &body = kernel.getBody().emplaceBlock();
  fillBody(body, op, symbols_);
  step = takeStep(body);
  const std::string key = BodyKey::of(body);
  if (const auto found = kernels_.find(key); found != kernels_.end()) {
    kernel.erase();
    ++counts_.sharedKernels;
    return found->second;
  }
  auto [refusal, isNew] = refused_.try_emplace(key);
  if (isNew)
    refusal->second = whyNoKernel(body);
  if (!refusal->second.empty()) {
    whyNot = refusal->second;
    kernel.erase();
    return plan::KernelOp();
  }
  symbols_.insert(kernel, Block::iterator(plan_));
  const FailureOr<KernelShape> shape = kernelShape(body);
  if (failed(shape))
    return failure();
  kernel.setExtent(shape->extent);
  kernel.setGrain(shape->grain);
  kernel.setScratchBytes(shape->scratchBytes);
  kernels_[key] = kernel;
  ++counts_.kernels;
  return kernel;
}

FailureOr<bool> PlanLowering::tryKernel(Operation *op, std::string &whyNot) {
  const SmallVector<FlatSymbolRefAttr> names = updatedVariables(op);
  llvm::SmallDenseSet<Attribute> seen;
  for (FlatSymbolRefAttr name : names)
    if (!seen.insert(name).second)
      return op->emitOpError() << "cannot become a kernel: it updates " << name << " twice";

  std::optional<std::int64_t> step;
  FailureOr<plan::KernelOp> kernel = makeKernel(op, whyNot, step);
  if (failed(kernel))
    return failure();
  if (!*kernel)
    return false;
  SmallVector<Value> inputs, updates, outputs;
  llvm::SmallDenseSet<Value> given;
  for (Value operand : op->getOperands())
    if (isGraphOp(op, "cluster") || given.insert(operand).second)
      inputs.push_back(input(operand));
  for (FlatSymbolRefAttr name : names)
    updates.push_back(variable(name, op->getLoc()));
  // What an assignment gives is the variable: its lowering says where that lies.
  if (!op->hasAttr("variable"))
    for (Value result : op->getResults())
      outputs.push_back(output(result));
  auto call = plan::CallKernelOp::create(builder_, op->getLoc(), FlatSymbolRefAttr::get(*kernel),
                                         inputs, updates, outputs);
  if (step)
    call->setAttr("step", builder_.getI64IntegerAttr(*step));
  return true;
}

} // namespace graphc
