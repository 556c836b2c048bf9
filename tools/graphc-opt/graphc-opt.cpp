// MLIR's opt driver over our dialects and passes, for lit tests and for developers.
#include "ir/Dialects.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/Passes.h"

int main(int argc, char **argv) {
  graphc::registerGraphcPasses();
  mlir::DialectRegistry registry;
  graphc::registerDialects(registry);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "graphc's passes, one by one\n", registry));
}
