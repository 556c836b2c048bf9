#include "runtime/Executor.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <omp.h>

#include "runtime/Frame.h"
#include "runtime/Status.h"

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

void runKernel(const KernelStep &step, void *const *buffers, const Frame &frame, int threads,
               GraphcRunContext context) {
  context.step = step.step;
  const std::int64_t worthwhile = (step.extent + step.grain - 1) / step.grain;
  const std::int64_t pieces = std::min<std::int64_t>(threads, worthwhile);
  if (pieces <= 1) {
    step.kernel(buffers, 0, step.extent, frame.scratch(0), &context);
    return;
  }
#pragma omp parallel num_threads(static_cast<int>(pieces))
  {
    // Inside a parallel region of the caller's, OpenMP gives one thread, which then does all
    // pieces.
    const int team = omp_get_num_threads();
    const int thread = omp_get_thread_num();
    for (std::int64_t piece = thread; piece < pieces; piece += team)
      step.kernel(buffers, step.extent * piece / pieces, step.extent * (piece + 1) / pieces,
                  frame.scratch(thread), &context);
  }
}

/// From here on a copy is worth more than one thread.
constexpr std::size_t kLargeCopy = std::size_t{1} << 19;

void runCopy(const CopyStep &step, void *const *buffers, int threads) {
  const auto *from = static_cast<const std::byte *>(buffers[0]);
  auto *to = static_cast<std::byte *>(buffers[1]);
  const auto copyRows = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row)
      std::memcpy(to + static_cast<std::size_t>(row) * step.to_stride,
                  from + static_cast<std::size_t>(row) * step.from_stride, step.row_bytes);
  };
  const std::size_t bytes = static_cast<std::size_t>(step.rows) * step.row_bytes;
  if (threads == 1 || bytes < kLargeCopy)
    return copyRows(0, step.rows);
#pragma omp parallel num_threads(threads)
  {
    const std::int64_t team = omp_get_num_threads();
    const std::int64_t thread = omp_get_thread_num();
    if (step.rows > 1) {
      copyRows(step.rows * thread / team, step.rows * (thread + 1) / team);
    } else {
      const std::size_t begin =
          bytes * static_cast<std::size_t>(thread) / static_cast<std::size_t>(team);
      const std::size_t end =
          bytes * static_cast<std::size_t>(thread + 1) / static_cast<std::size_t>(team);
      std::memcpy(to + begin, from + begin, end - begin);
    }
  }
}

void runHost(const HostStep &step, const std::vector<Buffer> &table, void *const *buffers,
             const GraphcRunContext &context) {
  const auto borrow = [&](const std::vector<BufferId> &ids, std::size_t first) {
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < ids.size(); ++i)
      tensors.push_back(
          Tensor::borrow(table[ids[i]].dtype, table[ids[i]].shape, buffers[first + i]));
    return tensors;
  };
  const std::vector<Tensor> inputs = borrow(step.inputs, 0);
  if (step.update) {
    std::vector<Tensor> variables = borrow(step.updates, step.inputs.size());
    step.update(step.op, step.attributes, inputs, step.update_names, variables);
    return;
  }
  const std::vector<Tensor> outputs = step.function(step.op, step.attributes, inputs, context);
  if (outputs.size() != step.outputs.size())
    throw Error(Code::internal, step.op + " gave " + std::to_string(outputs.size()) +
                                    " results where the plan has " +
                                    std::to_string(step.outputs.size()));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Buffer &buffer = table[step.outputs[i]];
    if (outputs[i].dtype() != buffer.dtype || outputs[i].shape() != buffer.shape)
      throw Error(Code::internal,
                  step.op + " gave " + outputs[i].to_string(0) + " where the plan has " +
                      std::string(to_string(buffer.dtype)) + buffer.shape.to_string());
    std::memcpy(buffers[step.inputs.size() + i], outputs[i].raw_data(), buffer.bytes());
  }
}

/// True where a step can throw after another has written to a variable.
bool mayFailAfterWrite(const Program &program) {
  const auto isWritten = [&](BufferId id) {
    return id != kNoBuffer && program.buffers[id].kind == BufferKind::variable &&
           program.variables[program.buffers[id].index].written;
  };
  bool touched = false;
  for (const Step &step : program.steps) {
    if (const auto *host = std::get_if<HostStep>(&step.action)) {
      if (touched && !host->update)
        return true;
      touched |= host->update || std::ranges::any_of(host->outputs, isWritten);
    } else if (const auto *kernel = std::get_if<KernelStep>(&step.action)) {
      touched |= std::ranges::any_of(kernel->buffers, isWritten);
    } else if (const auto *primitive = std::get_if<PrimitiveStep>(&step.action)) {
      touched |= std::ranges::any_of(primitive->buffers, isWritten);
    } else {
      touched |= isWritten(std::get<CopyStep>(step.action).to);
    }
  }
  return false;
}

} // namespace

int defaultThreads() { return omp_get_max_threads(); }

bool Program::writes_variables() const {
  return std::ranges::any_of(variables, &ProgramVariable::written);
}

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

void Executor::runSteps(Frame &frame, const GraphcRunContext &context,
                        const StepObserver *observer) {
  using Clock = std::chrono::steady_clock;
  const std::vector<Step> &steps = program_->steps;
  for (std::size_t number = 0; number < steps.size(); ++number) {
    const Clock::time_point begin = observer ? Clock::now() : Clock::time_point{};
    void *const *buffers = frame.addresses(number);
    const auto &action = steps[number].action;
    if (const auto *kernel = std::get_if<KernelStep>(&action)) {
      runKernel(*kernel, buffers, frame, program_->threads, context);
    } else if (std::holds_alternative<PrimitiveStep>(action)) {
      frame.call(number).run(buffers);
    } else if (const auto *copy = std::get_if<CopyStep>(&action)) {
      runCopy(*copy, buffers, program_->threads);
    } else {
      const Step &step = steps[number];
      try {
        runHost(std::get<HostStep>(action), program_->buffers, buffers, context);
      } catch (const Error &error) {
        if (!error.op_name().empty())
          throw;
        throw Error(error.code(), error.message(), step.op_name, step.where);
      }
    }
    if (observer)
      (*observer)(number, std::chrono::nanoseconds(Clock::now() - begin).count());
  }
}

std::vector<Tensor> Executor::run(std::span<const Tensor> feeds, const GraphcRunContext &context,
                                  const StepObserver *observer) {
  checkFeeds(feeds);
  std::vector<Tensor> fetched(program_->fetches.size());
  for (std::size_t i = 0; i < fetched.size(); ++i)
    if (const Program::Fetch &fetch = program_->fetches[i]; !fetch.is_op)
      fetched[i] = Tensor(fetch.dtype, fetch.shape);

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
    if (fetched[i])
      frame.bindFetched(i, fetched[i]);

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
    runSteps(frame, context, observer);
  } else {
    std::vector<std::pair<StoredVariable *, Tensor>> before;
    for (std::size_t i = 0; i < variables_.size(); ++i)
      if (program_->variables[i].written)
        before.emplace_back(variables_[i], variables_[i]->value.clone());
    try {
      runSteps(frame, context, observer);
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
