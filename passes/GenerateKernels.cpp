// Writes the bodies of plan.kernel ops as functions in LLVM dialect: each into the module as a
// mixture of dialects first, then all of them lowered at once. The bodies stay, as what the
// functions mean.
#include "ir/PlanDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/Passes.h"
#include "passes/kernels/KernelGenerator.h"

namespace graphc {

#define GEN_PASS_DEF_GENERATEKERNELSPASS
#include "passes/Passes.h.inc"

namespace {

using namespace mlir;

//===--------------------------------------------------------------------------------------------===//
// --graph-generate-kernels
//===--------------------------------------------------------------------------------------------===//

struct GenerateKernelsPass : impl::GenerateKernelsPassBase<GenerateKernelsPass> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    // Functions are made in a module of their own, as plan.kernel ops hold their names here.
    OwningOpRef<ModuleOp> functions = ModuleOp::create(module.getLoc());
    for (auto kernel : module.getOps<plan::KernelOp>()) {
      if (failed(generateKernel(kernel.getSymName(), kernel.getBody().front(), *functions)))
        return signalPassFailure();
      ++numKernels;
    }
    if (failed(lowerKernels(*functions)))
      return signalPassFailure();
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    auto code = ModuleOp::create(builder, module.getLoc(), StringRef("kernels"));
    code.getBodyRegion().takeBody(functions->getBodyRegion());
  }
};

} // namespace
} // namespace graphc
