// Loops and branches: steps that run programs of their own, on frames that their own frame has for
// them. Nothing is copied from one iteration to the next, but addresses are exchanged; a variable
// that the body changes where it lies has one address.
#include <algorithm>
#include <cstring>
#include <span>
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

/// Values that one program makes from those before: read at now(), written at next(). They move to
/// and fro between `outputs` and `spare`, but for those that the program changes where they lie:
/// these stay in `outputs`.
class Carried {
public:
  /// `addresses` is memory for three of each value.
  Carried(const Program &program, const std::vector<BufferId> &ids,
          const std::vector<std::uint32_t> &in_place, void *const *initial, void *const *outputs,
          void *const *spare, std::span<void *> addresses)
      : now_(addresses.first(ids.size())), next_(addresses.subspan(ids.size(), ids.size())),
        other_(addresses.subspan(2 * ids.size(), ids.size())) {
    std::copy_n(initial, ids.size(), now_.begin());
    std::copy_n(outputs, ids.size(), next_.begin());
    std::copy_n(spare, ids.size(), other_.begin());
    for (std::uint32_t number : in_place) {
      copyTensor(initial[number], outputs[number], program.buffers[ids[number]]);
      now_[number] = other_[number] = outputs[number];
    }
  }
  std::span<void *> now() { return now_; }
  std::span<void *> next() { return next_; }
  void advance() {
    std::ranges::copy(next_, now_.begin());
    std::swap(next_, other_);
  }
  /// Puts the values of now() into `outputs`.
  void finish(const Program &program, const std::vector<BufferId> &ids, void *const *outputs) {
    for (std::size_t i = 0; i < ids.size(); ++i)
      copyTensor(now_[i], outputs[i], program.buffers[ids[i]]);
  }

private:
  static void copyTensor(const void *from, void *to, const Buffer &buffer) {
    if (from != to && buffer.bytes() > 0)
      std::memcpy(to, from, buffer.bytes());
  }

  std::span<void *> now_, next_, other_;
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
  frames.addresses.resize(3 * count);
  Carried variables(program, step.outputs, step.in_place, buffers, outputs, outputs + count,
                    frames.addresses);
  for (std::size_t iteration = 0;; ++iteration) {
    const GraphcRunContext inner = contextOf(context, iteration);
    if (!loop.goesOn(variables.now().data(), inner))
      break;
    loop.iterate(variables.now().data(), variables.next().data(), inner);
    variables.advance();
  }
  variables.finish(program, step.outputs, outputs);
}

void runLoopGradient(const LoopGradientStep &step, const Program &program, NestedFrames &frames,
                     void *const *buffers, const GraphcRunContext &context) {
  const std::size_t count = step.loop.initial.size(), gradients = step.initial.size();
  void *const *captured = buffers + count;
  void *const *outputs = captured + step.loop.captured.size();
  void *const *initial = outputs + 2 * count;
  Loop loop(step.loop, frames, buffers);
  frames.addresses.resize(3 * (count + gradients));
  const auto addresses = std::span(frames.addresses);
  // Variables that are not kept move to and fro; the kept ones take the places of their iteration.
  Carried variables(program, step.loop.outputs, step.loop.in_place, buffers, outputs,
                    outputs + count, addresses.first(3 * count));
  KeptVariables kept(step, program, frames);
  std::size_t iterations = 0;
  for (;; ++iterations) {
    const GraphcRunContext inner = contextOf(context, iterations);
    if (!loop.goesOn(variables.now().data(), inner))
      break;
    kept.place(iterations + 1, variables.next().data());
    loop.iterate(variables.now().data(), variables.next().data(), inner);
    variables.advance();
  }

  Frame &backward = frames.programs[2];
  Carried carried(program, step.outputs, step.in_place, initial, initial + gradients,
                  initial + 2 * gradients, addresses.subspan(3 * count));
  bindFeeds(backward, count, captured, step.loop.captured.size());
  for (std::size_t iteration = iterations; iteration-- > 0;) {
    void **now = variables.now().data();
    if (iteration > 0)
      kept.place(iteration, now);
    else
      std::copy(buffers, buffers + count, now);
    bindFeeds(backward, 0, now, count);
    bindFeeds(backward, count + step.loop.captured.size(), carried.now().data(), gradients);
    bindFetches(backward, carried.next().data(), gradients);
    run(*step.gradient, backward, contextOf(context, iteration));
    carried.advance();
  }
  carried.finish(program, step.outputs, initial + gradients);
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
