// From the plan dialect to what the executor runs.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "ir/PlanDialect.h"
#include "runtime/Program.h"

namespace graphc {

/// The address of a compiled kernel by its symbol; null where there is none.
using KernelLookup = std::function<GraphcKernel(std::string_view name)>;

/// `code` keeps the kernels' code alive as long as the program lives. Throws Error: internal where
/// a kernel is missing, unimplemented where oneDNN refuses a primitive.
std::shared_ptr<const Program> buildProgram(plan::ProgramOp plan, const KernelLookup &kernels,
                                            std::shared_ptr<const void> code = {});

} // namespace graphc
