#include "passes/kernels/RecurrenceKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/kernels/RecurrenceAnalysis.h"
#include "passes/kernels/RecurrenceEmitter.h"

using namespace mlir;

namespace graphc {

std::string whyNoRecurrenceKernel(Block &body) {
  recurrence::RecurrencePlan plan;
  return recurrence::RecurrenceAnalysis(body, plan).run();
}

static LogicalResult planOf(Block &body, recurrence::RecurrencePlan &plan) {
  const std::string why = recurrence::RecurrenceAnalysis(body, plan).run();
  if (!why.empty())
    return body.getParentOp()->emitError() << "no kernel for this recurrence: " << why;
  return success();
}

FailureOr<KernelShape> recurrenceKernelShape(Block &body) {
  recurrence::RecurrencePlan plan;
  if (failed(planOf(body, plan)))
    return failure();
  KernelShape shape;
  shape.extent = (plan.batch + plan.lanes - 1) / plan.lanes;
  shape.grain = 1;
  shape.scratchBytes = plan.scratchBytes;
  return shape;
}

LogicalResult generateRecurrenceKernel(StringRef name, Block &body, ModuleOp module) {
  recurrence::RecurrencePlan plan;
  if (failed(planOf(body, plan)))
    return failure();
  module.getContext()
      ->loadDialect<arith::ArithDialect, cf::ControlFlowDialect, LLVM::LLVMDialect,
                    math::MathDialect, scf::SCFDialect, vector::VectorDialect>();
  recurrence::RecurrenceEmitter(name, plan, body.front().getLoc(), module).emit();
  return success();
}

} // namespace graphc
