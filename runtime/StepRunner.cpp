#include "runtime/StepRunner.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include <omp.h>

#include "runtime/FlushDenormals.h"
#include "runtime/Frame.h"
#include "runtime/Status.h"

namespace graphc {
namespace {

void runKernel(const KernelStep &step, void *const *buffers, const Frame &frame, int threads,
               GraphcRunContext context) {
  context.step = step.step;
  const std::int64_t worthwhile = (step.extent + step.grain - 1) / step.grain;
  const std::int64_t pieces = std::min<std::int64_t>(threads, worthwhile);
  if (pieces <= 1) {
    const FlushDenormals flush;
    step.kernel(buffers, 0, step.extent, frame.scratch(0), &context);
    return;
  }
#pragma omp parallel num_threads(static_cast<int>(pieces))
  {
    const FlushDenormals flush;
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
  if (from == to) // a loop variable that is changed where it lies
    return;
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

void runRow(const RowStep &step, void *const *buffers) {
  const std::int64_t index = step.wide ? *static_cast<const std::int64_t *>(buffers[1])
                                       : *static_cast<const std::int32_t *>(buffers[1]);
  if (index < 0 || index >= step.rows)
    throw Error(Code::invalid_argument,
                step.op + " expects " + (step.writes ? "an index" : "indices") + " in [0," +
                    std::to_string(step.rows) + "), got " + std::to_string(index));
  auto *row =
      static_cast<std::byte *>(buffers[0]) + static_cast<std::size_t>(index) * step.row_bytes;
  void *other = buffers[2];
  if (step.row_bytes > 0)
    std::memcpy(step.writes ? row : other, step.writes ? other : row, step.row_bytes);
}

} // namespace

void runSteps(const Program &program, Frame &frame, const GraphcRunContext &context,
              const StepObserver *observer) {
  using Clock = std::chrono::steady_clock;
  const std::vector<Step> &steps = program.steps;
  for (std::size_t number = 0; number < steps.size(); ++number) {
    const Clock::time_point begin = observer ? Clock::now() : Clock::time_point{};
    void *const *buffers = frame.addresses(number);
    const Step &step = steps[number];
    const auto &action = step.action;
    if (const auto *kernel = std::get_if<KernelStep>(&action)) {
      runKernel(*kernel, buffers, frame, program.threads, context);
    } else if (std::holds_alternative<PrimitiveStep>(action)) {
      frame.call(number).run(buffers);
    } else if (const auto *copy = std::get_if<CopyStep>(&action)) {
      runCopy(*copy, buffers, program.threads);
    } else {
      try {
        if (const auto *row = std::get_if<RowStep>(&action))
          runRow(*row, buffers);
        else if (const auto *loop = std::get_if<LoopStep>(&action))
          runLoop(*loop, program, frame.nested(number), buffers, context);
        else if (const auto *gradient = std::get_if<LoopGradientStep>(&action))
          runLoopGradient(*gradient, program, frame.nested(number), buffers, context);
        else if (const auto *branch = std::get_if<BranchStep>(&action))
          runBranch(*branch, frame.nested(number), buffers, context);
        else
          runHost(std::get<HostStep>(action), program.buffers, buffers, context);
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

/// The programs that a step runs.
static std::vector<const Program *> programsOf(const Step &step) {
  if (const auto *loop = std::get_if<LoopStep>(&step.action))
    return {loop->condition.get(), loop->body.get()};
  if (const auto *gradient = std::get_if<LoopGradientStep>(&step.action))
    return {gradient->loop.condition.get(), gradient->loop.body.get(), gradient->gradient.get()};
  if (const auto *branch = std::get_if<BranchStep>(&step.action))
    return {branch->then_branch.get(), branch->else_branch.get()};
  return {};
}

bool runsPrograms(const Step &step) { return !programsOf(step).empty(); }

bool canFail(const Step &step) {
  if (const auto *host = std::get_if<HostStep>(&step.action))
    return !host->update;
  if (std::holds_alternative<RowStep>(step.action))
    return true;
  return std::ranges::any_of(programsOf(step), [](const Program *program) {
    return std::ranges::any_of(program->steps, canFail);
  });
}

std::vector<BufferId> writtenBuffers(const Step &step) {
  const auto &action = step.action;
  if (const auto *kernel = std::get_if<KernelStep>(&action))
    return kernel->buffers;
  if (const auto *primitive = std::get_if<PrimitiveStep>(&action))
    return primitive->buffers;
  if (const auto *copy = std::get_if<CopyStep>(&action))
    return {copy->to};
  if (const auto *row = std::get_if<RowStep>(&action))
    return {row->writes ? row->tensor : row->row};
  if (const auto *loop = std::get_if<LoopStep>(&action))
    return loop->outputs;
  if (const auto *gradient = std::get_if<LoopGradientStep>(&action))
    return gradient->outputs;
  if (const auto *branch = std::get_if<BranchStep>(&action))
    return branch->outputs;
  const auto &host = std::get<HostStep>(action);
  std::vector<BufferId> written = host.outputs;
  written.insert(written.end(), host.updates.begin(), host.updates.end());
  return written;
}

} // namespace graphc
