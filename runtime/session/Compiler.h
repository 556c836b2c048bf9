// From a recorded graph to a program: the one path that the session and the tools share.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ir/ShapeFunctions.h"
#include "passes/Stages.h"
#include "runtime/Program.h"

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace graphc {

/// What one program is compiled for.
struct CompileRequest {
  struct FedTensor {
    std::string name; ///< "inputs:0"
    ValueType type;   ///< fully known
  };
  std::vector<FedTensor> feeds;
  std::vector<std::string> fetches; ///< "cost:0", or "train" for an op
};

/// Writes feeds and fetches onto the module's graph.program, where the first pass looks for them.
void setEndpoints(mlir::ModuleOp module, const CompileRequest &request);

/// Runs the stages after `from` (none: from the recorded graph) up to and including `to`.
/// Throws Error with the op's name and the user's source line where a pass reports an error.
void runStages(mlir::ModuleOp module, const CompileOptions &options, llvm::StringRef to,
               llvm::StringRef from = "recorded");

/// Compiles a module that has endpoints. The module is consumed: it ends in stage `compiled`.
std::shared_ptr<const Program> compileProgram(mlir::ModuleOp module, const CompileOptions &options);

} // namespace graphc
