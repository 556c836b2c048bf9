// What recomputation in time makes of a plan like the HAR LSTM's: fewer bytes, and no more kernels
// for more segments.
#include <set>

#include <gtest/gtest.h>

#include "frontend/GraphModule.h"
#include "passes/ArenaUse.h"
#include "runtime/session/Compiler.h"

#include <graphc/graphc.h>

namespace graphc {
namespace {

constexpr std::int64_t kSteps = 128;

struct Plan {
  std::int64_t peak = 0, bound = 0;
  std::size_t kernels = 0; ///< of recurrences
  int calls = 0;           ///< of these
};

Plan planOf(std::int64_t recomputeEvery) {
  constexpr std::int64_t batch = 600, units = 27;
  Graph graph;
  const Output x = graph.placeholder(float32, {batch, kSteps, 9}, "x");
  const auto layer = [&] {
    return rnn::DropoutWrapper(rnn::BasicLSTMCell(units), {.output_keep_prob = .5f});
  };
  const Output h = reshape(layers::dense(reshape(transpose(x, {1, 0, 2}), {-1, 9}), units),
                           {kSteps, batch, units});
  const auto [outputs, state] =
      rnn::static_rnn(rnn::MultiRNNCell({layer(), layer()}), unstack(h, kSteps));
  const Operation step = train::AdamOptimizer(1e-3f).minimize(reduce_mean(square(outputs.back())));
  CompileRequest request;
  request.feeds = {{x.name(), {float32, Shape({batch, kSteps, 9})}}};
  request.fetches = {step.name()};
  mlir::OwningOpRef<mlir::ModuleOp> module = graph.module().module().clone();
  setEndpoints(*module, request);
  CompileOptions options;
  options.recompute_every = recomputeEvery;
  runPipeline(*module, options, {.stage = "planned"});
  Plan result;
  std::set<std::string> kernels;
  for (auto plan : module->getOps<plan::ProgramOp>()) {
    result.peak = plan.getPeakBytes().value();
    result.bound = arenaLowerBound(plan);
    plan.walk([&](plan::CallKernelOp call) {
      if (!call.getKernel().starts_with("recurrence"))
        return;
      kernels.insert(call.getKernel().str());
      ++result.calls;
    });
  }
  result.kernels = kernels.size();
  return result;
}

// Beside the segments, the input of all steps, its gradient and the states stay.
TEST(RecomputePlan, TakesFewerBytes) {
  const Plan whole = planOf(0), quarters = planOf(32), eighths = planOf(16);
  EXPECT_EQ(whole.calls, 2);
  EXPECT_LT(quarters.peak, whole.peak / 2);
  EXPECT_LT(eighths.peak, quarters.peak);
  EXPECT_LE(static_cast<double>(eighths.peak), 1.1 * static_cast<double>(eighths.bound));
}

// Each segment runs forwards, all but the last one again, and backwards. The last one, which the
// loss looks at, has kernels of its own forwards and backwards; the first one begins with one
// tensor of zeros as all its states and has its own forwards, both times.
TEST(RecomputePlan, EqualSegmentsShareTheirKernels) {
  const Plan quarters = planOf(32), eighths = planOf(16);
  EXPECT_EQ(quarters.calls, 4 + 3 + 4);
  EXPECT_EQ(eighths.calls, 8 + 7 + 8);
  EXPECT_EQ(quarters.kernels, 7U);
  EXPECT_EQ(eighths.kernels, 7U);
}

} // namespace
} // namespace graphc
