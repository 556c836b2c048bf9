#include "ir/Dialects.h"

#include "ir/GraphDialect.h"
#include "ir/PlanDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectRegistry.h"

namespace graphc {

void registerDialects(mlir::DialectRegistry &registry) {
  registry
      .insert<graph::GraphDialect, plan::PlanDialect, mlir::LLVM::LLVMDialect,
              mlir::arith::ArithDialect, mlir::cf::ControlFlowDialect, mlir::math::MathDialect,
              mlir::memref::MemRefDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
}

} // namespace graphc
