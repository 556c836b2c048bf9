// The table of gradient flow, the rules and the cases fit together.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GradientCase.h"
#include "ir/GradientFlow.h"
#include "ir/GraphDialect.h"
#include "passes/GraphOps.h"
#include "passes/gradients/GradientRules.h"

namespace graphc::test {
namespace {

using namespace mlir;

std::set<std::string> opsOfAllCases() {
  std::set<std::string> names;
  for (const Case &c : allCases()) {
    Program program;
    Values inputs;
    for (const Tensor &tensor : drawInputs(c))
      inputs.push_back(program.addFeed(tensor));
    c.build(program.graph(), inputs);
    program.module().walk([&](Operation *op) { names.insert(graphName(op).str()); });
  }
  return names;
}

TEST(Coverage, EveryOpThatGradientsFlowThroughHasARuleAndACase) {
  const std::set<std::string> tested = opsOfAllCases();
  for (const GradientFlowRow &row : gradientFlowTable()) {
    if (row.name == "gradients") // expanded before anything is differentiated
      continue;
    const bool flows = row.flow == GradientFlow::flows;
    EXPECT_EQ(GradientRules::all().find(row.name) != nullptr, flows) << row.name.str();
    EXPECT_TRUE(!flows || tested.contains(row.name.str())) << row.name.str();
  }
}

// A new op has to be given a row; only ops without results that could be differentiated have none.
TEST(Coverage, EveryOpOfTheDialectIsInTheTable) {
  MLIRContext context;
  context.loadDialect<graph::GraphDialect>();
  std::set<std::string> rows;
  for (const GradientFlowRow &row : gradientFlowTable())
    EXPECT_TRUE(rows.insert(row.name.str()).second) << row.name.str() << " stands twice";
  for (RegisteredOperationName op : context.getRegisteredOperationsByDialect("graph")) {
    const std::string name = op.stripDialect().str();
    const bool hasNoResult = name.find("apply_") != std::string::npos || name == "program" ||
                             name == "variable" || name == "fetch" || name == "yield";
    EXPECT_EQ(rows.erase(name), hasNoResult ? 0u : 1u) << name;
  }
  EXPECT_THAT(rows, testing::IsEmpty()) << "rows of ops that do not exist";
}

/// What a user is told about `x` of the program `build` makes from two vectors.
bool reaches(const std::function<Value(GraphBuilder &, Value, Value)> &build) {
  Program program;
  Value x = program.addFeed(drawn({3}, 1, 2, 1)), y = program.addFeed(drawn({3}, 1, 2, 2));
  return gradientReaches(build(program.graph(), x, y), x);
}

TEST(GradientFlow, EndsWhereTensorFlowHasNone) {
  EXPECT_TRUE(reaches([](GraphBuilder &g, Value x, Value y) { return g.create("add", {x, y}); }));
  EXPECT_TRUE(reaches([](GraphBuilder &, Value x, Value) { return x; }));
  EXPECT_TRUE(reaches([](GraphBuilder &g, Value x, Value) { return g.create("sign", {x}); }));
  EXPECT_FALSE(reaches([](GraphBuilder &g, Value, Value y) { return g.create("exp", {y}); }));
  for (const char *op : {"floor", "ceil", "round", "stop_gradient", "zeros_like", "ones_like"})
    EXPECT_FALSE(reaches([&](GraphBuilder &g, Value x, Value y) {
      return g.create("add", {g.create(op, {x}), y});
    })) << op;
  // A condition, and what went through integers.
  EXPECT_FALSE(reaches([](GraphBuilder &g, Value x, Value y) {
    return g.create("where", {g.create("less", {x, y}), y, y});
  }));
  EXPECT_FALSE(reaches([](GraphBuilder &g, Value x, Value) {
    Value integer = g.create("cast", {x}, {{"dtype", int32}});
    return g.create("cast", {integer}, {{"dtype", float64}});
  }));
  // Unknown is not none: the error comes when the gradient is made.
  EXPECT_TRUE(reaches([](GraphBuilder &g, Value x, Value) {
    Value matrix = g.create("reshape", {x}, {{"shape", std::vector<std::int64_t>{3, 1}}});
    return g.createOp("qr", {matrix})->getResult(0);
  }));
}

TEST(GradientFlow, OpensForOpsWithGradientsOfTheirOwn) {
  Program program;
  Value x = program.addFeed(drawn({3}, 1, 2, 1));
  Value y = program.graph().create("floor", {x});
  EXPECT_FALSE(gradientReaches(y, x));
  CustomGradientOps custom;
  custom.insert("floor");
  EXPECT_TRUE(gradientReaches(y, x, custom));
}

// States a, b, c of which each becomes the one before; c starts over from the captured w.
TEST(GradientFlow, FollowsStatesThroughTheSteps) {
  Program program;
  Tensor like = drawn({3}, 1, 2, 1);
  Values states;
  for (int i = 0; i < 3; ++i)
    states.push_back(program.addFeed(like));
  Value used = program.addFeed(like), unused = program.addFeed(like);
  Values results =
      staticRnn(program.graph(), {}, states, {used, unused}, 5, false,
                [](GraphBuilder &g, ArrayRef<Value>, ArrayRef<Value> s, ArrayRef<Value> w) -> Step {
                  return {{s[0], g.create("exp", {w[1]})}, {s[1], s[2], w[0]}};
                });
  // Results: two outputs, then the final a, b, c.
  EXPECT_THAT(gradientsReach(results[0], states), testing::ElementsAre(true, true, true));
  EXPECT_THAT(gradientsReach(results[2], states), testing::ElementsAre(false, true, true));
  EXPECT_THAT(gradientsReach(results[3], states), testing::ElementsAre(false, false, true));
  EXPECT_TRUE(gradientReaches(results[2], used));
  EXPECT_FALSE(gradientReaches(results[2], unused));
  EXPECT_TRUE(gradientReaches(results[1], unused));
}

} // namespace
} // namespace graphc::test
