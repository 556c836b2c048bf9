// A module of any stage as text for people: a summary, or a drawing for Graphviz.
#pragma once

#include <string>

#include "mlir/IR/BuiltinOps.h"

namespace graphc::tools {

/// A table of ops with types, of variables with parameters; of a plan its steps with oneDNN's
/// implementations, its kernels, and the bytes at peak and without sharing.
std::string summaryOf(mlir::ModuleOp module);

/// The program in Graphviz's language: ops are boxes, tensors (or a plan's buffers) are arrows.
std::string dotOf(mlir::ModuleOp module);

} // namespace graphc::tools
