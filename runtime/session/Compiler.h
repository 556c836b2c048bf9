// From a recorded graph to a program: the one path that the session and the tools share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ir/ShapeFunctions.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Stages.h"
#include "runtime/Program.h"
#include "runtime/Status.h"

namespace mlir {
class PassManager;
}

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

/// Runs the pipeline up to `end`. Throws Error, with the op's name and the user's source line,
/// where a pass reports an error; the module is of no use then.
void runPipeline(mlir::ModuleOp module, const CompileOptions &options, const PipelineEnd &end);

/// Runs the passes of `manager`. Throws Error, of code `code`, as runPipeline.
void runPasses(mlir::ModuleOp module, mlir::PassManager &manager, Code code);

/// Compiles a module that has endpoints; the module is consumed.
std::shared_ptr<const Program> compileProgram(mlir::ModuleOp module, const CompileOptions &options);

/// The optimised LLVM IR of a module's kernels, after stage `compiled`.
std::string optimizedKernels(mlir::ModuleOp module);

} // namespace graphc
