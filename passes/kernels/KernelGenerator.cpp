#include "passes/kernels/KernelGenerator.h"

#include "passes/kernels/ClusterKernel.h"
#include "passes/kernels/PooledConvolution.h"
#include "passes/kernels/RecurrenceKernel.h"

using namespace mlir;

namespace graphc {
namespace {

/// A recurrence is a body of its own kind.
bool isRecurrence(Block &body) {
  return llvm::any_of(
      body, [](Operation &op) { return op.getName().getStringRef() == "graph.static_rnn"; });
}

} // namespace

std::string whyNoKernel(Block &body) {
  if (isRecurrence(body))
    return whyNoRecurrenceKernel(body);
  if (isPooledConvolution(body))
    return whyNoPooledConvolutionKernel(body);
  return whyNoClusterKernel(body);
}

FailureOr<KernelShape> kernelShape(Block &body) {
  if (isRecurrence(body))
    return recurrenceKernelShape(body);
  if (const std::string why = whyNoKernel(body); !why.empty())
    return body.getParentOp()->emitError("no kernel can be made: ") << why;
  if (isPooledConvolution(body))
    return pooledConvolutionKernelShape(body);
  return planCluster(body).shape;
}

LogicalResult generateKernel(StringRef name, Block &body, ModuleOp module) {
  if (isRecurrence(body))
    return generateRecurrenceKernel(name, body, module);
  if (const std::string why = whyNoKernel(body); !why.empty())
    return body.getParentOp()->emitError("no kernel can be made: ") << why;
  if (isPooledConvolution(body)) {
    generatePooledConvolutionKernel(name, body, module);
    return success();
  }
  emitCluster(name, body, planCluster(body), module);
  return success();
}

} // namespace graphc
