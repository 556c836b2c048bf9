// Runs the steps of a program on a frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "runtime/Program.h"

namespace graphc {

class Frame;

/// Called after every step of a run: the step's number and its time in nanoseconds.
using StepObserver = std::function<void(std::size_t step, std::int64_t nanoseconds)>;

/// Runs all steps, first to last; the frame is bound. Throws Error where a host step, a row's index
/// or a program inside is wrong.
void runSteps(const Program &program, Frame &frame, const GraphcRunContext &context,
              const StepObserver *observer = nullptr);

/// Whether running the step can throw.
bool canFail(const Step &step);
/// Whether the step runs other programs.
bool runsPrograms(const Step &step);
/// The buffers that the step may write to (kernels and primitives: all of theirs).
std::vector<BufferId> writtenBuffers(const Step &step);

// The steps that run other programs; `buffers` are the addresses that the frame has for the step.
struct NestedFrames;
void runLoop(const LoopStep &step, const Program &program, NestedFrames &frames,
             void *const *buffers, const GraphcRunContext &context);
void runLoopGradient(const LoopGradientStep &step, const Program &program, NestedFrames &frames,
                     void *const *buffers, const GraphcRunContext &context);
void runBranch(const BranchStep &step, NestedFrames &frames, void *const *buffers,
               const GraphcRunContext &context);

} // namespace graphc
