// The passes of graphc, declared from Passes.td.
#pragma once

#include "ir/GraphDialect.h"
#include "ir/PlanDialect.h"
#include "mlir/Pass/Pass.h"

namespace graphc {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

/// Registers all passes that the pipeline uses, MLIR's own among them, under their arguments.
void registerGraphcPasses();

} // namespace graphc
