// The one list of stages: what a graph goes through from recorded to compiled, and by which passes.
// The compiler, `graphc stages`, `graphc passes`, dumps, pages and stage tests all read it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mlir/Pass/PassManager.h"
#include "passes/gradients/CustomGradients.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace graphc {

/// How a program is compiled.
struct CompileOptions {
  /// The form of recurrences: "kernel", "primitive" or "unroll".
  std::string recurrence = "kernel";
  /// Passes to leave out, by argument ("graph-fuse-gates"). Those that correctness needs cannot be.
  std::vector<std::string> disabled_passes;
  /// Threads that the program will run with; 0 is one for each core.
  int threads = 0;
  /// Steps of a segment that the gradient of a recurrence computes again; 0: none is.
  std::int64_t recompute_every = 0;
  /// The program's own gradients, by op name; they go before the built-in ones.
  CustomGradients custom_gradients;
};

/// What becomes of a pass that is switched off.
enum class PassRole {
  required,  ///< correctness needs it: it cannot be
  optional,  ///< it does not run
  reducible, ///< it does the least that correctness needs
};

/// One run of a pass within a stage.
struct StagePass {
  llvm::StringLiteral argument; ///< "graph-prune"
  PassRole role;
  /// The recurrence forms it is for, "kernel|unroll"; empty for all.
  llvm::StringLiteral form;
  std::function<std::unique_ptr<mlir::Pass>(const CompileOptions &)> create;
};

struct Stage {
  llvm::StringLiteral name;
  llvm::StringLiteral sentence; ///< what holds after it
  llvm::StringLiteral dialects; ///< alive after it, "graph" or "plan, graph"
  std::vector<StagePass> passes;
};

/// All stages, in order.
llvm::ArrayRef<Stage> stages();
/// Null for an unknown name.
const Stage *findStage(llvm::StringRef name);
std::optional<unsigned> stageIndex(llvm::StringRef name);
/// What the pass does, in one line, as Passes.td says; empty for an unknown argument.
llvm::StringRef passSummary(llvm::StringRef argument);

/// Where a pipeline ends.
struct PipelineEnd {
  std::string stage = "compiled";
  /// Where not empty, the pipeline ends right after the first run of this pass.
  std::string pass = {};
};

/// Adds the passes of all stages up to the end, each stage followed by its verifier. Throws Error
/// (invalid_argument) for an unknown stage, pass or recurrence form, for a pass that cannot be
/// switched off, and for an end that these options never reach.
void buildPipeline(mlir::OpPassManager &manager, const CompileOptions &options,
                   const PipelineEnd &end = {});

/// Adds the passes of one stage alone, followed by its verifier. Where one of them is `untilPass`,
/// stops right after it and returns true.
bool buildStage(mlir::OpPassManager &manager, const Stage &stage, const CompileOptions &options,
                llvm::StringRef untilPass = {});

} // namespace graphc
