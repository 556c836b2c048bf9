#include "passes/Stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/GraphDialect.h"
#include "passes/Passes.h"
#include "runtime/Status.h"

namespace graphc {
namespace {

class StagesTest : public testing::Test {
protected:
  StagesTest() : manager_(&context_, "builtin.module") {}

  std::string messageOf(const CompileOptions &options, const PipelineEnd &end = {}) {
    try {
      buildPipeline(manager_, options, end);
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::invalid_argument);
      return error.message();
    }
    return "no error";
  }
  std::vector<std::string> passes(const CompileOptions &options, const PipelineEnd &end = {}) {
    mlir::PassManager manager(&context_, "builtin.module");
    buildPipeline(manager, options, end);
    std::vector<std::string> names;
    for (mlir::Pass &pass : manager.getPasses())
      if (pass.getArgument() != "graph-verify-stage")
        names.push_back(pass.getArgument().str());
    return names;
  }

  mlir::MLIRContext context_;
  mlir::PassManager manager_;
};

TEST_F(StagesTest, NamesInTheOrderOfTheDesign) {
  std::vector<std::string> names;
  for (const Stage &stage : stages())
    names.push_back(stage.name.str());
  EXPECT_THAT(names, testing::ElementsAre("recorded", "pruned", "shaped", "fused", "unrolled",
                                          "differentiated", "clustered", "planned", "compiled"));
}

TEST_F(StagesTest, EveryPassHasASummary) {
  for (const Stage &stage : stages())
    for (const StagePass &pass : stage.passes)
      EXPECT_FALSE(passSummary(pass.argument).empty()) << pass.argument.str();
  EXPECT_TRUE(passSummary("graph-nothing").empty());
}

TEST_F(StagesTest, RecurrenceFormsHavePassesOfTheirOwn) {
  const PipelineEnd end{.stage = "unrolled", .pass = ""};
  CompileOptions options;
  EXPECT_THAT(passes(options, end), testing::Not(testing::Contains("graph-unroll-static-rnn")));
  EXPECT_THAT(passes(options, end), testing::Contains("graph-hoist-input-projection"));
  options.recurrence = "unroll";
  EXPECT_THAT(passes(options, end), testing::Contains("graph-unroll-static-rnn"));
  options.recurrence = "primitive";
  EXPECT_THAT(passes(options, end), testing::Contains("graph-raise-recurrences"));
  EXPECT_THAT(passes(options, end),
              testing::Not(testing::Contains("graph-hoist-input-projection")));
}

TEST_F(StagesTest, APassCanBeSwitchedOff) {
  CompileOptions options;
  options.disabled_passes = {"graph-fuse-gates", "cse"};
  EXPECT_THAT(passes(options), testing::Not(testing::Contains("graph-fuse-gates")));
  EXPECT_THAT(passes(options), testing::Not(testing::Contains("cse")));
}

// Without it nothing would become a kernel: it stays, and leaves every op in a cluster of its own.
TEST_F(StagesTest, FusionSwitchedOffStillMakesClusters) {
  CompileOptions options;
  options.disabled_passes = {"graph-fuse-elementwise"};
  EXPECT_THAT(passes(options), testing::Contains("graph-fuse-elementwise"));
}

TEST_F(StagesTest, EndsAfterAPass) {
  EXPECT_EQ(passes({}, {.stage = "compiled", .pass = "graph-fuse-gates"}).back(),
            "graph-fuse-gates");
  EXPECT_EQ(passes({}, {.stage = "pruned", .pass = ""}).front(), "graph-prune");
  EXPECT_TRUE(passes({}, {.stage = "recorded", .pass = ""}).empty());
}

TEST_F(StagesTest, WrongNames) {
  EXPECT_EQ(messageOf({}, {.stage = "baked", .pass = ""}),
            "unknown stage 'baked', expected one of recorded, pruned, shaped, fused, unrolled, "
            "differentiated, clustered, planned, compiled");
  EXPECT_EQ(messageOf({}, {.stage = "compiled", .pass = "graph-nothing"}),
            "unknown pass 'graph-nothing', see `graphc passes`");
  CompileOptions options;
  options.disabled_passes = {"graph-nothing"};
  EXPECT_EQ(messageOf(options), "unknown pass 'graph-nothing', see `graphc passes`");
  options.disabled_passes = {"graph-infer-shapes"};
  EXPECT_EQ(messageOf(options),
            "pass 'graph-infer-shapes' cannot be switched off: correctness needs it");
  options.disabled_passes.clear();
  options.recurrence = "spiral";
  EXPECT_EQ(messageOf(options),
            "unknown recurrence form 'spiral', expected kernel, primitive or unroll");
}

TEST_F(StagesTest, AnEndThatIsNeverReached) {
  EXPECT_EQ(
      messageOf({}, {.stage = "compiled", .pass = "graph-unroll-static-rnn"}),
      "pass 'graph-unroll-static-rnn' does not run up to stage 'compiled' with these options");
  EXPECT_EQ(messageOf({}, {.stage = "shaped", .pass = "graph-fuse-gates"}),
            "pass 'graph-fuse-gates' does not run up to stage 'shaped' with these options");
}

} // namespace
} // namespace graphc
