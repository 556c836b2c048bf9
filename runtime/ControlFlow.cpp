// Loops and branches: steps that run programs of their own, on frames that their own frame has for
// them. Nothing is copied from one iteration to the next, but addresses are exchanged.
#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/Frame.h"
#include "runtime/RandomGenerator.h"
#include "runtime/StepRunner.h"

namespace graphc {
namespace {

GraphcRunContext contextOf(const GraphcRunContext &context, std::size_t iteration) {
  GraphcRunContext inner = context;
  inner.run_index = runIndexOfIteration(context.run_index, iteration);
  return inner;
}

void bindFeeds(Frame &frame, std::size_t first, void *const *addresses, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    frame.bindFeed(first + i, addresses[i]);
}

void bindFetches(Frame &frame, void *const *addresses, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    frame.bindFetched(i, addresses[i]);
}

void run(const Program &program, Frame &frame, const GraphcRunContext &context) {
  frame.bind();
  runSteps(program, frame, context);
}

void copyAll(void *const *from, void *const *to, const std::vector<BufferId> &ids,
             const Program &program) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (from[i] != to[i] && program.buffers[ids[i]].bytes() > 0)
      std::memcpy(to[i], from[i], program.buffers[ids[i]].bytes());
}

/// Values that one program makes from those before: read at now(), written at next().
class Carried {
public:
  Carried(void *const *initial, void *const *outputs, void *const *spare)
      : now_(initial), next_(outputs), other_(spare) {}
  void *const *now() const { return now_; }
  void *const *next() const { return next_; }
  void advance() {
    now_ = next_;
    std::swap(next_, other_);
  }

private:
  void *const *now_;
  void *const *next_;
  void *const *other_;
};

/// The loop without the iterations: what holds for each of them.
class Loop {
public:
  Loop(const LoopStep &step, NestedFrames &frames, void *const *buffers)
      : step_(step), condition_(frames.programs[0]), body_(frames.programs[1]),
        variables_(step.initial.size()) {
    for (Frame *frame : {&condition_, &body_})
      bindFeeds(*frame, variables_, buffers + variables_, step.captured.size());
    condition_.bindFetched(0, &goes_on_);
  }

  bool goesOn(void *const *now, const GraphcRunContext &context) {
    bindFeeds(condition_, 0, now, variables_);
    run(*step_.condition, condition_, context);
    return goes_on_;
  }
  void iterate(void *const *now, void *const *next, const GraphcRunContext &context) {
    bindFeeds(body_, 0, now, variables_);
    bindFetches(body_, next, variables_);
    run(*step_.body, body_, context);
  }

private:
  const LoopStep &step_;
  Frame &condition_;
  Frame &body_;
  std::size_t variables_;
  bool goes_on_ = false;
};

/// The addresses of the kept loop variables before each iteration: the first ones are the step's
/// inputs, the others in memory that grows.
class KeptVariables {
public:
  KeptVariables(const LoopGradientStep &step, const Program &program, NestedFrames &frames)
      : kept_(step.kept), iterations_(frames.iterations) {
    for (std::uint32_t number : kept_) {
      offsets_.push_back(bytes_);
      bytes_ += Arena::roundUp(program.buffers[step.loop.initial[number]].bytes());
    }
  }
  /// Puts the addresses for iteration `iteration`, 1 or later, into `addresses`.
  void place(std::size_t iteration, void **addresses) {
    while (iterations_.size() < iteration)
      iterations_.emplace_back(bytes_);
    for (std::size_t i = 0; i < kept_.size(); ++i)
      addresses[kept_[i]] = iterations_[iteration - 1].data() + offsets_[i];
  }

private:
  const std::vector<std::uint32_t> &kept_;
  std::vector<Arena> &iterations_;
  std::vector<std::size_t> offsets_;
  std::size_t bytes_ = 0;
};

} // namespace

void runLoop(const LoopStep &step, const Program &program, NestedFrames &frames,
             void *const *buffers, const GraphcRunContext &context) {
  const std::size_t count = step.initial.size();
  void *const *outputs = buffers + count + step.captured.size();
  Loop loop(step, frames, buffers);
  Carried variables(buffers, outputs, outputs + count);
  for (std::size_t iteration = 0;; ++iteration) {
    const GraphcRunContext inner = contextOf(context, iteration);
    if (!loop.goesOn(variables.now(), inner))
      break;
    loop.iterate(variables.now(), variables.next(), inner);
    variables.advance();
  }
  copyAll(variables.now(), outputs, step.outputs, program);
}

void runLoopGradient(const LoopGradientStep &step, const Program &program, NestedFrames &frames,
                     void *const *buffers, const GraphcRunContext &context) {
  const std::size_t count = step.loop.initial.size();
  void *const *captured = buffers + count;
  void *const *outputs = captured + step.loop.captured.size();
  Loop loop(step.loop, frames, buffers);
  KeptVariables kept(step, program, frames);
  // Variables that are not kept move to and fro; the kept ones take the places of their iteration.
  std::vector<void *> now(buffers, buffers + count);
  std::vector<void *> places[] = {{outputs, outputs + count},
                                  {outputs + count, outputs + 2 * count}};
  std::size_t iterations = 0;
  for (;; ++iterations) {
    const GraphcRunContext inner = contextOf(context, iterations);
    if (!loop.goesOn(now.data(), inner))
      break;
    std::vector<void *> &next = places[iterations % 2];
    kept.place(iterations + 1, next.data());
    loop.iterate(now.data(), next.data(), inner);
    std::ranges::copy(next, now.begin());
  }

  void *const *initial = outputs + 2 * count;
  const std::size_t gradients = step.initial.size();
  Frame &backward = frames.programs[2];
  Carried carried(initial, initial + gradients, initial + 2 * gradients);
  bindFeeds(backward, count, captured, step.loop.captured.size());
  for (std::size_t iteration = iterations; iteration-- > 0;) {
    if (iteration > 0)
      kept.place(iteration, now.data());
    else
      std::copy(buffers, buffers + count, now.begin());
    bindFeeds(backward, 0, now.data(), count);
    bindFeeds(backward, count + step.loop.captured.size(), carried.now(), gradients);
    bindFetches(backward, carried.next(), gradients);
    run(*step.gradient, backward, contextOf(context, iteration));
    carried.advance();
  }
  copyAll(carried.now(), initial + gradients, step.outputs, program);
}

void runBranch(const BranchStep &step, NestedFrames &frames, void *const *buffers,
               const GraphcRunContext &context) {
  const bool holds = *static_cast<const bool *>(buffers[0]);
  Frame &frame = frames.programs[holds ? 0 : 1];
  bindFeeds(frame, 0, buffers + 1, step.captured.size());
  bindFetches(frame, buffers + 1 + step.captured.size(), step.outputs.size());
  run(holds ? *step.then_branch : *step.else_branch, frame, context);
}

} // namespace graphc
