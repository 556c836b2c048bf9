// Kernels in LLVM dialect to machine code in this process.
#pragma once

#include <memory>
#include <string>

#include "runtime/KernelAbi.h"

namespace mlir {
class ModuleOp;
}

namespace graphc {

struct JitOptions {
  int optimizationLevel = 3;
  /// Kernels compiled at the same time, one thread each; 0: as many as the machine has processors,
  /// at most 4.
  int threads = 0;
  /// Widest vectors in bits; 0: 256, as AVX-512's wider ones lower the clock on many machines.
  int vectorBits = 0;
  /// Keeps the optimised LLVM IR for optimizedIr(); nothing is taken from the disk cache then.
  bool keepIr = false;
};

/// Machine code of one module's kernels. Immutable once compiled: any thread may look kernels up
/// and call them. The code lives as long as the engine.
class JitEngine {
public:
  /// Compiles all llvm.func ops of `module` and of modules in it (after lowerKernels()); ops of
  /// other dialects are ignored. Throws Error (internal) where LLVM refuses.
  static std::unique_ptr<JitEngine> compile(mlir::ModuleOp module, const JitOptions &options = {});
  ~JitEngine();

  /// Null where there is no kernel of this name.
  GraphcKernel find(const std::string &name) const;
  /// All modules' LLVM IR after optimisation; empty without JitOptions::keepIr.
  const std::string &optimizedIr() const;

private:
  JitEngine();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace graphc
