#include "passes/PlanLowering.h"

#include "ir/Conversion.h"
#include "passes/GraphOps.h"
#include "runtime/PrimitiveCache.h"
#include "runtime/Status.h"
#include "runtime/reference/Optimizers.h"
#include "runtime/reference/Reference.h"

using namespace mlir;

namespace graphc {
namespace {

PrimitiveOperand operandOf(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  PrimitiveOperand operand{toDataType(type.getElementType()), type.getShape().vec(), {}};
  operand.strides.assign(strides.begin(), strides.end());
  return operand;
}

/// Without offsets, which are no part of what a primitive is made for.
Type typeForPrimitive(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  auto dense = MemRefType::get(type.getShape(), type.getElementType());
  if (dense.getStridesAndOffset().first == strides)
    return dense;
  return MemRefType::get(type.getShape(), type.getElementType(),
                         StridedLayoutAttr::get(type.getContext(), 0, strides));
}

} // namespace

PlanLowering::PlanLowering(ModuleOp module, const TensorAliases &aliases, plan::ProgramOp plan,
                           Options options)
    : module_(module), aliases_(aliases), plan_(plan), options_(options),
      builder_(OpBuilder::atBlockEnd(&plan.getBody().front())), symbols_(module) {}

//===--- Buffers ------------------------------------------------------------------------------===//

Value PlanLowering::buffer(plan::BufferKind kind, MemRefType type, Location location) {
  return plan::BufferOp::create(builder_, location, type, kind);
}

Value PlanLowering::temporary(MemRefType type, Location location) {
  return buffer(plan::BufferKind::temporary, type, location);
}

Value PlanLowering::bytes(std::int64_t count, Location location) {
  return temporary(MemRefType::get({count}, builder_.getIntegerType(8, /*isSigned=*/false)),
                   location);
}

Value PlanLowering::feed(std::int64_t index, MemRefType type, Location location) {
  Value &made = feeds_[index];
  if (!made) {
    made = buffer(plan::BufferKind::fed, type, location);
    made.getDefiningOp<plan::BufferOp>().setIndex(index);
  }
  return made;
}

Value PlanLowering::fetched(std::int64_t index, MemRefType type, Location location) {
  Value made = buffer(plan::BufferKind::fetched, type, location);
  made.getDefiningOp<plan::BufferOp>().setIndex(index);
  return made;
}

Value PlanLowering::variable(FlatSymbolRefAttr name, Location location) {
  Value &made = variables_[name];
  if (!made) {
    Operation *declared = symbols_.lookup(name.getValue());
    auto type = cast<RankedTensorType>(declared->getAttrOfType<TypeAttr>("type").getValue());
    made = buffer(plan::BufferKind::variable, plan::bufferTypeOf(type), location);
    made.getDefiningOp<plan::BufferOp>().setVariableAttr(name);
  }
  return made;
}

Value PlanLowering::constant(ElementsAttr value, Location location) {
  Value &made = constants_[value];
  if (!made) {
    made = buffer(plan::BufferKind::constant,
                  plan::bufferTypeOf(cast<RankedTensorType>(value.getShapedType())), location);
    made.getDefiningOp<plan::BufferOp>().setValueAttr(value);
  }
  return made;
}

Value PlanLowering::view(Value buffer, ArrayRef<std::int64_t> extents,
                         ArrayRef<std::int64_t> strides, std::int64_t offset) {
  // Always of the buffer itself, so that views do not pile up.
  const plan::Place place = plan::placeOf(buffer);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  offset += place.offset / plan::bytesOfElement(element);
  const auto dense = MemRefType::get(extents, element);
  const SmallVector<std::int64_t> denseStrides = dense.getStridesAndOffset().first;
  if (strides.empty())
    strides = denseStrides;
  MemRefType type = dense;
  if (offset != 0 || strides != ArrayRef(denseStrides))
    type = MemRefType::get(extents, element,
                           StridedLayoutAttr::get(builder_.getContext(), offset, strides));
  plan::BufferOp base = place.buffer;
  if (base.getBuffer().getType() == type)
    return base.getBuffer();
  return plan::ViewOp::create(builder_, buffer.getLoc(), type, base.getBuffer());
}

Value PlanLowering::input(Value tensor) {
  if (const auto found = buffers_.find(tensor); found != buffers_.end())
    return found->second;
  const TensorPart part = aliases_.root(tensor);
  const Value root = part.source == tensor ? output(tensor) : input(part.source);
  const Value made = view(root, extentsOf(tensor), {}, part.offset);
  buffers_[tensor] = made;
  return made;
}

Value PlanLowering::output(Value tensor) {
  if (const auto found = buffers_.find(tensor); found != buffers_.end())
    return found->second;
  const auto type = plan::bufferTypeOf(cast<RankedTensorType>(tensor.getType()));
  const Location location = tensor.getLoc();
  Value made;
  if (Operation *assignment = aliases_.assignedBy(tensor)) {
    made = view(
        variable(assignment->getAttrOfType<FlatSymbolRefAttr>("variable"), assignment->getLoc()),
        type.getShape());
    ++counts_.copiesSaved;
  } else if (const std::optional<std::int64_t> fetch = aliases_.fetchedAs(tensor)) {
    // The fetched tensor may have another shape of as many elements.
    Operation *fetchOp = &tensor.getParentBlock()->back();
    for (Operation &op : llvm::reverse(*tensor.getParentBlock())) {
      if (isGraphOp(&op, "fetch")) {
        fetchOp = &op;
        break;
      }
    }
    const ArrayRef<std::int64_t> indices = intsAttribute(fetchOp, "indices");
    const auto operand = static_cast<unsigned>(llvm::find(indices, *fetch) - indices.begin());
    const auto fetchedType =
        plan::bufferTypeOf(cast<RankedTensorType>(fetchOp->getOperand(operand).getType()));
    made = view(fetched(*fetch, fetchedType, location), type.getShape());
  } else {
    made = temporary(type, location);
  }
  buffers_[tensor] = made;
  return made;
}

//===--- Steps --------------------------------------------------------------------------------===//

void PlanLowering::copy(Value from, Value to, Location location) {
  plan::CopyOp::create(builder_, location, from, to);
  ++counts_.copies;
}

FailureOr<Value> PlanLowering::primitive(StringRef kind, const Attributes &parameters,
                                         ValueRange inputs, ValueRange outputs, Location location) {
  PrimitiveSpec spec;
  spec.kind = kind.str();
  spec.attributes = parameters;
  spec.threads = options_.threads;
  for (Value input : inputs)
    spec.inputs.push_back(operandOf(input));
  for (Value output : outputs)
    spec.outputs.push_back(operandOf(output));
  try {
    Value &made = primitives_[spec.key()];
    if (made) {
      ++counts_.sharedPrimitives;
      return made;
    }
    const std::shared_ptr<const DnnlPrimitive> found = PrimitiveCache::shared().get(spec);
    SmallVector<NamedAttribute> attributes;
    for (const auto &[name, value] : parameters.entries())
      attributes.emplace_back(builder_.getStringAttr(name),
                              toMlirAttribute(builder_.getContext(), value));
    SmallVector<Type> inputTypes, outputTypes;
    for (Value input : inputs)
      inputTypes.push_back(typeForPrimitive(input));
    for (Value output : outputs)
      outputTypes.push_back(typeForPrimitive(output));
    made = plan::CreatePrimitiveOp::create(
        builder_, location, plan::PrimitiveType::get(builder_.getContext()), kind,
        builder_.getDictionaryAttr(attributes), found->implementation(),
        static_cast<std::int64_t>(found->scratchpadBytes()),
        builder_.getFunctionType(inputTypes, outputTypes));
    ++counts_.primitives;
    return made;
  } catch (const Error &error) {
    emitError(location) << error.message();
    return failure();
  }
}

void PlanLowering::runPrimitive(Value primitive, ValueRange inputs, ValueRange outputs,
                                Location location) {
  const std::int64_t needed =
      primitive.getDefiningOp<plan::CreatePrimitiveOp>().getScratchpadBytes();
  const Value scratchpad = needed > 0 ? bytes(needed, location) : Value();
  plan::RunPrimitiveOp::create(builder_, location, primitive, inputs, outputs, scratchpad);
}

LogicalResult PlanLowering::addPrimitive(StringRef kind, const Attributes &parameters,
                                         ValueRange inputs, ValueRange outputs, Location location) {
  FailureOr<Value> made = primitive(kind, parameters, inputs, outputs, location);
  if (failed(made))
    return failure();
  runPrimitive(*made, inputs, outputs, location);
  return success();
}

FailureOr<Value> PlanLowering::keptWeights(Operation *op, Value weights, Value buffer,
                                           StringRef kind, const Attributes &parameters) {
  Operation *read = aliases_.root(weights).source.getDefiningOp();
  if (!read || !isGraphOp(read, "read_variable"))
    return Value();
  const auto name = read->getAttrOfType<FlatSymbolRefAttr>("variable");
  plan::Place place = plan::placeOf(buffer);
  if (aliases_.isWritten(name) || place.offset != 0 ||
      place.buffer.getKind() != plan::BufferKind::variable)
    return Value();

  PrimitiveSpec pack;
  pack.kind = kind.str();
  pack.threads = options_.threads;
  pack.inputs = {operandOf(buffer)};
  pack.outputs = {{uint8, {0}, {}}};
  pack.attributes = parameters;
  std::size_t bytes = 0;
  try {
    const std::shared_ptr<const DnnlPrimitive> made = PrimitiveCache::shared().get(pack);
    if (!made->changesLayout() && !options_.alwaysPack)
      return Value();
    bytes = made->opaqueBytes();
  } catch (const Error &error) {
    return op->emitOpError() << "cannot be lowered: " << error.message();
  }
  auto kept =
      plan::BufferOp::create(builder_, op->getLoc(),
                             MemRefType::get({static_cast<std::int64_t>(bytes)},
                                             builder_.getIntegerType(8, /*isSigned=*/false)),
                             plan::BufferKind::kept);
  kept.setVariableAttr(name);
  if (failed(addPrimitive(kind, parameters, buffer, kept.getBuffer(), op->getLoc())))
    return failure();
  ++counts_.keptWeights;
  return kept.getBuffer();
}

LogicalResult PlanLowering::addHostCall(Operation *op, StringRef reason) {
  const StringRef name = graphName(op);
  if (!reference::hasReference({name.data(), name.size()}) &&
      !reference::isOptimizerUpdate({name.data(), name.size()}))
    return op->emitOpError() << "cannot be lowered: " << reason
                             << ", and no reference implementation";
  SmallVector<Value> inputs, updates, outputs;
  for (Value operand : op->getOperands())
    inputs.push_back(input(operand));
  for (Value result : op->getResults())
    outputs.push_back(output(result));
  SmallVector<NamedAttribute> parameters;
  for (NamedAttribute attribute : op->getAttrDictionary()) {
    if (attribute.getName() == "control_inputs" || attribute.getName() == "gradient_target")
      continue;
    parameters.push_back(attribute);
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
      updates.push_back(variable(symbol, op->getLoc()));
  }
  plan::CallHostOp::create(builder_, op->getLoc(), name, inputs, updates, outputs,
                           builder_.getDictionaryAttr(parameters), builder_.getStringAttr(reason));
  ++counts_.hostCalls;
  return success();
}

LogicalResult PlanLowering::addKernelOrHostCall(Operation *op) {
  std::string whyNot;
  const FailureOr<bool> made = tryKernel(op, whyNot);
  if (failed(made))
    return failure();
  return *made ? success() : addHostCall(op, whyNot);
}

LogicalResult PlanLowering::addKernel(Operation *op) {
  std::string whyNot;
  const FailureOr<bool> made = tryKernel(op, whyNot);
  if (failed(made))
    return failure();
  if (!*made)
    return op->emitOpError() << "cannot become a kernel: " << whyNot;
  return success();
}

} // namespace graphc
