// Runs a program.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "runtime/Program.h"
#include "runtime/StepRunner.h"
#include "runtime/VariableStore.h"

namespace graphc {

class Frame;

/// One thread for each core that this process may use, or OMP_NUM_THREADS.
int defaultThreads();

/// A program bound to the variables it works on. run() may be called from many threads at once;
/// each running call has a frame (arena, addresses, oneDNN memory objects) of its own, taken from a
/// pool. Inside a step nothing is allocated, looked up by name or created; host steps alone
/// allocate.
class Executor {
public:
  /// `variables` must outlive the executor. Throws Error where the store has a variable of that
  /// name with another dtype or shape.
  Executor(std::shared_ptr<const Program> program, VariableStore &variables);
  ~Executor();

  /// `feeds` in the order of Program::feeds, of their dtypes and shapes (the session has checked
  /// what the user gave; a difference here is an internal error). Returns one tensor for each
  /// fetch, empty for a fetched op; a later run fills it again once nobody holds it. A variable read before it is initialised is an Error
  /// (failed_precondition). Whatever is thrown, variables are as they were before.
  std::vector<Tensor> run(std::span<const Tensor> feeds, const GraphcRunContext &context,
                          const StepObserver *observer = nullptr);

  const Program &program() const { return *program_; }
  /// Frames made so far: the greatest number of calls that ran at the same time.
  std::size_t frames() const;

private:
  struct Kept;
  std::unique_ptr<Frame> takeFrame();
  void giveBack(std::unique_ptr<Frame> frame);
  void checkFeeds(std::span<const Tensor> feeds) const;
  void checkInitialised() const;
  void prepareKept(Frame &frame);

  std::shared_ptr<const Program> program_;
  VariableStore &store_;
  std::vector<StoredVariable *> variables_; ///< as Program::variables
  bool writes_ = false;
  bool may_fail_after_write_ = false; ///< then a run works on a copy that it can go back to
  std::vector<std::unique_ptr<Kept>> kept_;
  mutable std::mutex pool_lock_;
  std::vector<std::unique_ptr<Frame>> pool_;
  std::size_t frames_ = 0;
};

} // namespace graphc
