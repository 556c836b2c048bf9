// The arena of every built-in program, in every form, against the least that its buffers need.
#include <gtest/gtest.h>

#include "examples/Programs.h"
#include "frontend/GraphModule.h"
#include "passes/ArenaUse.h"
#include "runtime/session/Compiler.h"

namespace graphc {
namespace {

using Case = std::tuple<std::string, bool>; ///< program, training

class BuiltInPrograms : public testing::TestWithParam<Case> {};

void expectNearBound(const std::string &name, bool training, const std::string &form) {
  const examples::Program &program = examples::findProgram(name);
  Graph graph;
  const examples::ProgramGraph ends = program.build(graph, program.typical_sizes);
  const std::int64_t batch = program.training.batch > 0 ? program.training.batch : 100;
  CompileRequest request;
  for (const examples::FedTensor &feed : ends.feeds)
    if (training || !feed.training_only)
      request.feeds.push_back({feed.tensor.name(), {feed.tensor.dtype(), feed.shape(batch)}});
  request.fetches = {training ? ends.train.name() : ends.predictions.name()};
  mlir::OwningOpRef<mlir::ModuleOp> module = graph.module().module().clone();
  setEndpoints(*module, request);
  CompileOptions options;
  options.recurrence = form;
  runPipeline(*module, options, {.stage = "planned"});
  int plans = 0;
  for (auto plan : module->getOps<plan::ProgramOp>()) {
    ++plans;
    const std::int64_t bound = arenaLowerBound(plan);
    const std::int64_t peak = plan.getPeakBytes().value();
    EXPECT_GT(bound, 0);
    EXPECT_GE(peak, bound);
    EXPECT_LE(static_cast<double>(peak), 1.1 * static_cast<double>(bound)) << form;
  }
  EXPECT_EQ(plans, 1);
}

TEST_P(BuiltInPrograms, ArenaIsWithinTenPercentOfTheBound) {
  const auto &[name, training] = GetParam();
  for (const char *form : {"kernel", "primitive"})
    expectNearBound(name, training, form);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const examples::Program &program : examples::programs())
    for (bool training : {true, false})
      all.emplace_back(program.name, training);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, BuiltInPrograms, testing::ValuesIn(cases()), [](const auto &test) {
  std::string name =
      std::get<0>(test.param) + (std::get<1>(test.param) ? "_training" : "_inference");
  std::ranges::replace(name, '-', '_');
  return name;
});

} // namespace
} // namespace graphc
