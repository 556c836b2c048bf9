// Every pass of graphc: what it matches, makes and leaves alone. `graphc passes` and
// docs/generated/Passes.md are made of these files; passes/Stages.cpp says in which order they run.
#ifndef GRAPHC_PASSES
#define GRAPHC_PASSES

include "mlir/Pass/PassBase.td"

class Graph_Pass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::graphc::graph::GraphDialect"];
}

include "passes/ShapingPasses.td"
include "passes/RecurrencePasses.td"
include "passes/TrainingPasses.td"
include "passes/FusionPasses.td"
include "passes/PlanPasses.td"

#endif
