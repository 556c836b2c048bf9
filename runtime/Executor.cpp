#include "runtime/Executor.h"

#include <algorithm>
#include <optional>

#include <omp.h>

#include "runtime/Frame.h"
#include "runtime/Status.h"
#include "runtime/StepRunner.h"

namespace graphc {
namespace {

/// OpenMP's thread count is a setting of the calling thread; the caller gets it back.
class ThreadCount {
public:
  explicit ThreadCount(int threads) : before_(omp_get_max_threads()) {
    if (threads != before_)
      omp_set_num_threads(threads);
    changed_ = threads != before_;
  }
  ~ThreadCount() {
    if (changed_)
      omp_set_num_threads(before_);
  }
  ThreadCount(const ThreadCount &) = delete;
  ThreadCount &operator=(const ThreadCount &) = delete;

private:
  int before_;
  bool changed_ = false;
};

/// True where a step can throw after another has written to a variable.
bool mayFailAfterWrite(const Program &program) {
  const auto isWritten = [&](BufferId id) {
    return id != kNoBuffer && program.buffers[id].kind == BufferKind::variable &&
           program.variables[program.buffers[id].index].written;
  };
  bool touched = false;
  for (const Step &step : program.steps) {
    const bool writes = std::ranges::any_of(writtenBuffers(step), isWritten);
    // A loop may fail in a later iteration.
    if (canFail(step) && (touched || (writes && runsPrograms(step))))
      return true;
    touched |= writes;
  }
  return false;
}

} // namespace

int defaultThreads() { return omp_get_max_threads(); }

/// Memory made from one version of a variable, shared by the runs that use it.
struct Executor::Kept {
  std::mutex lock;
  std::shared_ptr<const Arena> memory;
  std::uint64_t version = 0;
  std::unique_ptr<DnnlPrimitive::Call> call;
};

Executor::Executor(std::shared_ptr<const Program> program, VariableStore &variables)
    : program_(std::move(program)), store_(variables), writes_(program_->writes_variables()),
      may_fail_after_write_(mayFailAfterWrite(*program_)) {
  for (const ProgramVariable &variable : program_->variables)
    variables_.push_back(&store_.declare(variable.name, variable.dtype, variable.shape));
  for (const KeptBuffer &kept : program_->kept) {
    kept_.push_back(std::make_unique<Kept>());
    kept_.back()->call = kept.primitive->makeCall();
  }
}

Executor::~Executor() = default;

std::size_t Executor::frames() const {
  const std::lock_guard guard(pool_lock_);
  return frames_;
}

std::unique_ptr<Frame> Executor::takeFrame() {
  {
    const std::lock_guard guard(pool_lock_);
    if (!pool_.empty()) {
      std::unique_ptr<Frame> frame = std::move(pool_.back());
      pool_.pop_back();
      return frame;
    }
    ++frames_;
  }
  return std::make_unique<Frame>(*program_, variables_);
}

void Executor::giveBack(std::unique_ptr<Frame> frame) {
  frame->release();
  const std::lock_guard guard(pool_lock_);
  pool_.push_back(std::move(frame));
}

void Executor::checkFeeds(std::span<const Tensor> feeds) const {
  if (feeds.size() != program_->feeds.size())
    throw Error(Code::internal, "the program has " + std::to_string(program_->feeds.size()) +
                                    " feeds, got " + std::to_string(feeds.size()));
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const Program::Feed &wanted = program_->feeds[i];
    if (!wanted.used)
      continue;
    if (feeds[i].empty() || feeds[i].dtype() != wanted.dtype || feeds[i].shape() != wanted.shape)
      throw Error(Code::internal, "the program was compiled for '" + wanted.name + "' of " +
                                      std::string(to_string(wanted.dtype)) +
                                      wanted.shape.to_string() + ", got " + feeds[i].to_string(0));
  }
}

void Executor::checkInitialised() const {
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const ProgramVariable &variable = program_->variables[i];
    if (variable.read_first && !variables_[i]->initialised)
      throw Error(Code::failed_precondition,
                  "variable '" + variable.name + "' is read before it was initialised",
                  variable.reader, variable.where);
  }
}

void Executor::prepareKept(Frame &frame) {
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const KeptBuffer &made = program_->kept[i];
    const StoredVariable &variable = *variables_[made.variable];
    Kept &kept = *kept_[i];
    const std::lock_guard guard(kept.lock);
    if (!kept.memory || kept.version != variable.version) {
      // New memory where an older run may still read the old one.
      if (kept.memory.use_count() != 1)
        kept.memory = std::make_shared<const Arena>(made.bytes);
      void *const buffers[] = {const_cast<void *>(variable.value.raw_data()), kept.memory->data(),
                               nullptr};
      kept.call->run(buffers);
      kept.version = variable.version;
    }
    frame.bindKept(i, kept.memory);
  }
}

std::vector<Tensor> Executor::run(std::span<const Tensor> feeds, const GraphcRunContext &context,
                                  const StepObserver *observer) {
  checkFeeds(feeds);
  std::vector<Tensor> fetched(program_->fetches.size());

  // Gives the frame back however the run ends.
  struct Lease {
    Executor &executor;
    std::unique_ptr<Frame> frame;
    ~Lease() { executor.giveBack(std::move(frame)); }
  } lease{*this, takeFrame()};
  Frame &frame = *lease.frame;
  for (std::size_t i = 0; i < feeds.size(); ++i)
    if (program_->feeds[i].used)
      frame.bindFeed(i, feeds[i]);
  for (std::size_t i = 0; i < fetched.size(); ++i)
    if (!program_->fetches[i].is_op)
      fetched[i] = frame.bindFetched(i);

  std::unique_lock<std::shared_mutex> alone;
  std::shared_lock<std::shared_mutex> together;
  if (writes_)
    alone = std::unique_lock(store_.lock());
  else if (!variables_.empty())
    together = std::shared_lock(store_.lock());
  checkInitialised();
  const ThreadCount threads(program_->threads);
  prepareKept(frame);
  frame.bind();

  if (!may_fail_after_write_) {
    runSteps(*program_, frame, context, observer);
  } else {
    std::vector<std::pair<StoredVariable *, Tensor>> before;
    for (std::size_t i = 0; i < variables_.size(); ++i)
      if (program_->variables[i].written)
        before.emplace_back(variables_[i], variables_[i]->value.clone());
    try {
      runSteps(*program_, frame, context, observer);
    } catch (...) {
      for (auto &[variable, value] : before)
        std::memcpy(variable->value.raw_data(), value.raw_data(), value.num_bytes());
      throw;
    }
  }
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (program_->variables[i].written) {
      variables_[i]->initialised = true;
      ++variables_[i]->version;
    }
  }
  return fetched;
}

} // namespace graphc
