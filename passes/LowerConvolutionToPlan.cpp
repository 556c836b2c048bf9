// Convolutions and poolings become oneDNN primitives on images as they lie in memory. Filters that
// are unchanged variables are kept in oneDNN's own layout; those that a training step changes are
// reordered as a part of the primitive.
#include "passes/GraphOps.h"
#include "passes/PlanLowering.h"
#include "runtime/Windows.h"

using namespace mlir;

namespace graphc {
namespace {

using Extents = std::vector<std::int64_t>;

Extents extentsVector(Value tensor) { return extentsOf(tensor).vec(); }

bool hasPrimitive(Operation *op) {
  const auto isEmpty = [](Value tensor) { return llvm::is_contained(extentsOf(tensor), 0); };
  return dnnlSupports(toDataType(getElementTypeOrSelf(op->getResult(0).getType()))) &&
         llvm::none_of(op->getOperands(), isEmpty) && llvm::none_of(op->getResults(), isEmpty);
}

/// The primitive's parameters: strides, dilations and the padding in numbers, for windows of
/// `sizes` over an image of `extents`.
Attributes windowParameters(Operation *op, ArrayRef<std::int64_t> extents,
                            ArrayRef<std::int64_t> sizes) {
  Attributes attributes;
  attributes.set("padding", op->getAttrOfType<StringAttr>("padding").str());
  for (StringRef name : {"strides", "dilations", "explicit_paddings"})
    if (op->hasAttr(name))
      attributes.set(name.str(), intsAttribute(op, name).vec());
  const WindowAxes axes = windowAxes(attributes, {extents[1], extents[2]}, {sizes[0], sizes[1]});
  Attributes parameters;
  for (StringRef name : {"strides", "dilations", "ksize"})
    if (op->hasAttr(name))
      parameters.set(name.str(), intsAttribute(op, name).vec());
  parameters.set("padding_before", Extents{axes[0].before, axes[1].before});
  parameters.set("padding_after", Extents{axes[0].after, axes[1].after});
  return parameters;
}

Attributes convolutionParameters(Operation *op, Value x, Value filter) {
  Attributes parameters = windowParameters(op, extentsOf(x), extentsOf(filter));
  parameters.set("depthwise", graphName(op).starts_with("depthwise"));
  return parameters;
}

/// conv2d, depthwise_conv2d, fused_conv2d.
LogicalResult lowerConvolution(PlanLowering &lowering, Operation *op) {
  if (!hasPrimitive(op))
    return lowering.addKernelOrHostCall(op);
  const Value x = op->getOperand(0), filter = op->getOperand(1), y = op->getResult(0);
  Attributes parameters = convolutionParameters(op, x, filter);
  const auto activation = op->getAttrOfType<StringAttr>("activation");
  parameters.set("activation", activation ? activation.str() : std::string("none"));
  SmallVector<Value> inputs;
  for (Value operand : op->getOperands())
    inputs.push_back(lowering.input(operand));

  Attributes pack = parameters;
  pack.set("x_extents", extentsVector(x));
  pack.set("y_extents", extentsVector(y));
  pack.set("bias", op->getNumOperands() > 2);
  const FailureOr<Value> kept =
      lowering.keptWeights(op, filter, inputs[1], "convolution_pack", pack);
  if (failed(kept))
    return failure();
  if (*kept) {
    inputs[1] = *kept;
    parameters.set("filter_extents", extentsVector(filter));
  }
  return lowering.addPrimitive("convolution", parameters, inputs, lowering.output(y), op->getLoc());
}

LogicalResult lowerInputGradient(PlanLowering &lowering, Operation *op) {
  if (!hasPrimitive(op) || op->getNumOperands() > 2)
    return lowering.addKernelOrHostCall(op);
  const Value filter = op->getOperand(0), dy = op->getOperand(1), dx = op->getResult(0);
  return lowering.addPrimitive("convolution_gradient_input", convolutionParameters(op, dx, filter),
                               {lowering.input(filter), lowering.input(dy)}, lowering.output(dx),
                               op->getLoc());
}

LogicalResult lowerFilterGradient(PlanLowering &lowering, Operation *op) {
  if (!hasPrimitive(op) || op->getNumOperands() > 2)
    return lowering.addKernelOrHostCall(op);
  const Value x = op->getOperand(0), dy = op->getOperand(1), dfilter = op->getResult(0);
  return lowering.addPrimitive("convolution_gradient_filter", convolutionParameters(op, x, dfilter),
                               {lowering.input(x), lowering.input(dy)}, lowering.output(dfilter),
                               op->getLoc());
}

LogicalResult lowerPooling(PlanLowering &lowering, Operation *op) {
  if (!hasPrimitive(op))
    return lowering.addKernelOrHostCall(op);
  const Value x = op->getOperand(0), y = op->getResult(0);
  const StringRef kind = isGraphOp(op, "max_pool2d") ? "max_pooling" : "avg_pooling";
  return lowering.addPrimitive(kind, windowParameters(op, extentsOf(x), intsAttribute(op, "ksize")),
                               lowering.input(x), lowering.output(y), op->getLoc());
}

LogicalResult lowerPoolingGradient(PlanLowering &lowering, Operation *op) {
  if (!hasPrimitive(op))
    return lowering.addKernelOrHostCall(op);
  const Value dx = op->getResult(0);
  const Attributes parameters = windowParameters(op, extentsOf(dx), intsAttribute(op, "ksize"));
  if (isGraphOp(op, "avg_pool2d_gradient"))
    return lowering.addPrimitive("avg_pooling_gradient", parameters,
                                 lowering.input(op->getOperand(0)), lowering.output(dx),
                                 op->getLoc());
  return lowering.addPrimitive(
      "max_pooling_gradient", parameters,
      {lowering.input(op->getOperand(0)), lowering.input(op->getOperand(2))}, lowering.output(dx),
      op->getLoc());
}

/// pooled_conv2d and its gradients are kernels by themselves.
LogicalResult lowerPooledConvolution(PlanLowering &lowering, Operation *op) {
  return lowering.addKernelOrHostCall(op);
}

} // namespace

void addConvolutionLowerings(LoweringTable &table) {
  for (StringRef name : {"conv2d", "depthwise_conv2d", "fused_conv2d"})
    table[name] = {lowerConvolution, "primitive"};
  for (StringRef name : {"conv2d_backprop_input", "depthwise_conv2d_backprop_input"})
    table[name] = {lowerInputGradient, "primitive"};
  for (StringRef name : {"conv2d_backprop_filter", "depthwise_conv2d_backprop_filter"})
    table[name] = {lowerFilterGradient, "primitive"};
  for (StringRef name :
       {"pooled_conv2d", "pooled_conv2d_backprop_input", "pooled_conv2d_backprop_filter"})
    table[name] = {lowerPooledConvolution, "kernel"};
  for (StringRef name : {"max_pool2d", "avg_pool2d"})
    table[name] = {lowerPooling, "primitive"};
  for (StringRef name : {"max_pool2d_gradient", "avg_pool2d_gradient"})
    table[name] = {lowerPoolingGradient, "primitive"};
}

} // namespace graphc
