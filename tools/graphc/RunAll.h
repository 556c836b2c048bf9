// graphc run --all: every program, and a table of what they came to.
#pragma once

#include <span>

#include "examples/Programs.h"

namespace graphc::tools {

/// Trains and evaluates the programs, one after the other, and prints a table: name, result,
/// target, seconds, and whether it passed. 1 where one fails or misses its target, else 0.
/// Accuracies and errors are judged where the program was trained as usual on real data, other
/// conditions on any data, nothing with `--quick`.
int runAll(std::span<const examples::Program> programs, const examples::RunOptions &options);

} // namespace graphc::tools
