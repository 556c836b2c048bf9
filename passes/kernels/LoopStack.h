// The loops around the point where a kernel is being built, and building at the outermost of them
// that a computation depends on.
#pragma once

#include "passes/kernels/KernelFunction.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

class LoopStack {
public:
  explicit LoopStack(KernelFunction &kernel);

  unsigned depth() const { return static_cast<unsigned>(levels_.size()) - 1; }
  /// The innermost loop that `value` depends on: 0 for none. What is computed in no known loop's
  /// block counts as of the innermost.
  unsigned levelOf(mlir::Value value) const;

  /// Nothing is built further out than this loop.
  void setOutermost(unsigned level) { outermost_ = level; }

  /// Builds what `build` builds in loop `level`, before the loop inside it.
  void atLevel(unsigned level, llvm::function_ref<void()> build);

  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value counter,
                                                                 mlir::ValueRange carried)>;
  /// A loop over i64 [lower, upper) by `step`; `body` returns what it carries to the next round.
  llvm::SmallVector<mlir::Value> loop(mlir::Location loc, mlir::Value lower, mlir::Value upper,
                                      std::int64_t step, mlir::ValueRange initial, Body body);

  /// What was computed under a name at loop `level` or further out; null if nothing was.
  mlir::Value recall(llvm::StringRef name) const;
  void remember(unsigned level, llvm::StringRef name, mlir::Value value);

private:
  struct Level {
    mlir::Block *block = nullptr;
    mlir::Operation *inner = nullptr; ///< the loop inside, while that is being built
    llvm::StringMap<mlir::Value> known;
  };
  KernelFunction &kernel_;
  std::vector<Level> levels_;
  unsigned outermost_ = 0;
};

} // namespace graphc
