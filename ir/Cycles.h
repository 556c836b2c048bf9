// Ops that wait for each other.
#pragma once

#include <string>

#include "mlir/IR/Operation.h"

namespace graphc {

/// The ops of the first cycle in the blocks under `root`, as "a -> b -> a" (each reads the one
/// after it, or names it as a control input); empty where there is none. Needs a module that was
/// parsed but not verified: verified SSA has no cycle of values.
std::string describeCycle(mlir::Operation *root);

} // namespace graphc
