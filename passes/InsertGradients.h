// The pass that inserts gradients, for graphs with gradients of their users' own.
#pragma once

#include <memory>

#include "mlir/Pass/Pass.h"
#include "passes/gradients/CustomGradients.h"

namespace graphc {

std::unique_ptr<mlir::Pass> createInsertGradientsPass(CustomGradients customGradients);

} // namespace graphc
