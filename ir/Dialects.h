// The dialects that a module of any stage may hold.
#pragma once

namespace mlir {
class DialectRegistry;
}

namespace graphc {

/// graph and plan, and those that kernels are made of.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace graphc
