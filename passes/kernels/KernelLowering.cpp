// From the scf, arith, math and vector ops of generated kernels to LLVM dialect, for all kernels of
// a module in one conversion.
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "passes/kernels/KernelGenerator.h"

using namespace mlir;

namespace graphc {

LogicalResult lowerKernels(ModuleOp module) {
  MLIRContext *context = module.getContext();
  SmallVector<Operation *> functions;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    functions.push_back(function);
  if (functions.empty())
    return success();

  // What scf is lowered through.
  context->getOrLoadDialect<cf::ControlFlowDialect>();
  LowerToLLVMOptions options(context);
  const LLVMTypeConverter converter(context, options);
  RewritePatternSet patterns(context);
  populateSCFToControlFlowConversionPatterns(patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  vector::populateVectorBroadcastLoweringPatterns(patterns);
  vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns);
  LLVMConversionTarget target(*context);
  return applyFullConversion(functions, target, std::move(patterns));
}

} // namespace graphc
