#include "passes/kernels/PooledConvolution.h"

#include <algorithm>

#include "ir/Conversion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/PooledConvolutionEmitter.h"
#include "runtime/VectorWidth.h"

using namespace mlir;

namespace graphc {
namespace {

using Extents = ArrayRef<std::int64_t>;

Extents extentsOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

Extents listOf(Operation *op, StringRef name) {
  auto attribute = op->getAttrOfType<DenseI64ArrayAttr>(name);
  return attribute ? attribute.asArrayRef() : Extents();
}

/// Windows by the op's attributes; `pooling` says whose.
WindowAxes windowsOf(Operation *op, bool pooling, Extents image, Extents window) {
  Attributes attributes{{"padding", op->getAttrOfType<StringAttr>("padding").str()}};
  for (StringRef name :
       {"strides", "dilations", "explicit_paddings", "ksize", "pool_strides", "pool_paddings"})
    if (op->hasAttr(name))
      attributes.set(name.str(), listOf(op, name).vec());
  return windowAxes(pooling ? poolingOf(attributes) : attributes, {image[0], image[1]},
                    {window[0], window[1]});
}

void placeScratch(PooledConvolution &conv) {
  std::int64_t end = 0;
  const auto place = [&](std::int64_t elements) {
    const std::int64_t begin = end;
    end += (elements + conv.lanes - 1) / conv.lanes * conv.lanes;
    return begin;
  };
  const std::int64_t padded = conv.paddedOutputs();
  switch (conv.kind) {
  case PooledConvolution::forward:
    conv.filter = place(conv.depth() * padded);
    conv.bias = place(padded);
    conv.image = place(conv.readsInPlace() ? 0 : conv.imageStride());
    break;
  case PooledConvolution::filterGradient:
    conv.filter = place(conv.depth() * padded);
    conv.bias = place(padded);
    conv.image = place(conv.readsInPlace() ? 0 : conv.imagesAtOnce * conv.imageStride());
    conv.spread = place(conv.imagesAtOnce * conv.positions() * padded);
    break;
  case PooledConvolution::inputGradient:
    conv.filter = place(conv.outputs * conv.runs() * conv.runVectors() * conv.lanes);
    conv.spread = place(conv.windowElements() * padded);
    // A run's last vector may reach past the image.
    conv.image = place(conv.imageStride() + conv.lanes);
    break;
  }
  conv.scratch = end;
}

PooledConvolution describe(Operation *op) {
  PooledConvolution conv;
  const StringRef name = op->getName().stripDialect();
  Extents x, filter;
  if (name == "pooled_conv2d") {
    x = extentsOf(op->getOperand(0));
    filter = extentsOf(op->getOperand(1));
    conv.hasBias = op->getNumOperands() > 2;
    auto activation = op->getAttrOfType<StringAttr>("activation");
    conv.hasRelu = activation && activation.getValue() == "relu";
  } else if (name == "pooled_conv2d_backprop_input") {
    conv.kind = PooledConvolution::inputGradient;
    x = extentsOf(op->getResult(0));
    filter = extentsOf(op->getOperand(0));
  } else {
    conv.kind = PooledConvolution::filterGradient;
    x = extentsOf(op->getOperand(0));
    filter = listOf(op, "filter_sizes");
    conv.parts = op->getAttrOfType<IntegerAttr>("parts").getInt();
  }
  conv.batch = x[0];
  conv.channels = filter[2];
  conv.outputs = filter[3];
  const WindowAxes convolution = windowsOf(op, false, x.slice(1, 2), filter.take_front(2));
  const std::int64_t result[] = {convolution[0].output, convolution[1].output};
  const WindowAxes pooling = windowsOf(op, true, result, listOf(op, "ksize"));
  conv.rows = {convolution[0], pooling[0]};
  conv.columns = {convolution[1], pooling[1]};
  conv.lanes = vectorBits() / 32;
  conv.outputVectors = (conv.outputs + conv.lanes - 1) / conv.lanes;
  constexpr std::int64_t longLoop = 128; // positions
  conv.imagesAtOnce =
      std::clamp<std::int64_t>(longLoop / std::max<std::int64_t>(conv.positions(), 1), 1, 16);
  placeScratch(conv);
  return conv;
}

} // namespace

bool isPooledConvolution(Block &body) {
  return !body.empty() && body.front().getName().getStringRef().starts_with("graph.pooled_conv2d");
}

std::string whyNoPooledConvolutionKernel(Block &body) {
  Operation &op = body.front();
  if (!llvm::hasNItems(body, 2))
    return "a pooled convolution is a kernel by itself";
  if (!llvm::equal(op.getOperands(), body.getArguments()))
    return "a pooled convolution of one tensor by itself has no kernel";
  for (const Type type : op.getResultTypes())
    if (!cast<ShapedType>(type).hasStaticShape() || cast<ShapedType>(type).getNumElements() == 0)
      return "a pooled convolution has a kernel where it has elements, as many as is known";
  for (const Value operand : op.getOperands()) {
    auto type = cast<ShapedType>(operand.getType());
    if (!type.hasStaticShape() || type.getNumElements() == 0)
      return "a pooled convolution has a kernel where it has elements, as many as is known";
    if (!type.getElementType().isF32() && !type.getElementType().isUnsignedInteger(8))
      return "a pooled convolution has a kernel for float32 only";
  }
  return {};
}

KernelShape pooledConvolutionKernelShape(Block &body) {
  const PooledConvolution conv = describe(&body.front());
  const bool inParts = conv.kind == PooledConvolution::filterGradient;
  KernelShape shape;
  shape.extent = inParts ? conv.parts : conv.batch;
  constexpr std::int64_t worthThread = std::int64_t{1} << 17; // multiply-adds
  const std::int64_t step =
      std::max<std::int64_t>(conv.positions() * conv.depth() * conv.outputs *
                                 (inParts ? conv.batch : 1) / (inParts ? conv.parts : 1),
                             1);
  shape.grain = (worthThread + step - 1) / step;
  shape.scratchBytes = conv.scratch * static_cast<std::int64_t>(sizeof(float));
  return shape;
}

void generatePooledConvolutionKernel(StringRef name, Block &body, ModuleOp module) {
  module.getContext()
      ->loadDialect<arith::ArithDialect, cf::ControlFlowDialect, LLVM::LLVMDialect, scf::SCFDialect,
                    vector::VectorDialect>();
  Operation *op = &body.front();
  const unsigned buffers = op->getNumOperands() + op->getNumResults();
  PooledConvolutionEmitter(name, describe(op), buffers, op->getLoc(), module).emit();
}

} // namespace graphc
