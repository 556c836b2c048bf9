#include "passes/SpelledSteps.h"

#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "passes/StepExtent.h"

namespace graphc {
namespace {

using Role = StepOperand::Role;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Writes a graph op by op; kinds are small numbers.
class Writer {
public:
  int op(int kind, std::vector<StepGraph::Source> operands) {
    graph.ops.push_back({kind, true, std::move(operands)});
    return static_cast<int>(graph.ops.size()) - 1;
  }
  int op(int kind, std::initializer_list<int> operands) {
    std::vector<StepGraph::Source> sources;
    for (int operand : operands)
      sources.push_back({operand, 0});
    return op(kind, std::move(sources));
  }
  int input() { return op(-1, std::initializer_list<int>{}); }

  StepGraph graph;
};

struct Found {
  std::vector<SpelledSteps> accepted;
  std::vector<std::string> reasons;
};

Found find(const StepGraph &graph) {
  Found found;
  StepSearch search;
  search.accept = [&](const SpelledSteps &steps) {
    found.accepted.push_back(steps);
    return true;
  };
  search.decline = [&](int, const std::string &reason) { found.reasons.push_back(reason); };
  findSpelledSteps(graph, search);
  return found;
}

std::vector<Role> roles(const std::vector<StepOperand> &operands) {
  std::vector<Role> list;
  for (const StepOperand &operand : operands)
    list.push_back(operand.role);
  return list;
}

enum Kind { product = 1, sum, activation, other };

//   h ─ product(w) ─ sum(x[t]) ─ activation ─ product ...
TEST(SpelledSteps, RolesOfOperands) {
  Writer writer;
  const int x = writer.input(), w = writer.input();
  int h = writer.input();
  for (int t = 0; t < 5; ++t) {
    const int a = writer.op(product, {h, w});
    const int s = writer.op(sum, std::vector<StepGraph::Source>{{a, 0}, {x, t}});
    h = writer.op(activation, {s});
  }
  const Found found = find(writer.graph);
  ASSERT_THAT(found.accepted, SizeIs(1));
  const SpelledSteps &steps = found.accepted[0];
  EXPECT_EQ(steps.steps, 5);
  ASSERT_THAT(steps.columns, SizeIs(3));
  EXPECT_THAT(steps.columns[0], ElementsAre(3, 6, 9, 12, 15));
  EXPECT_THAT(roles(steps.operands[0]), ElementsAre(Role::state, Role::captured));
  EXPECT_EQ(steps.operands[0][0].column, 2);
  EXPECT_THAT(roles(steps.operands[1]), ElementsAre(Role::inStep, Role::sequence));
  EXPECT_THAT(roles(steps.operands[2]), ElementsAre(Role::inStep));
  EXPECT_THAT(steps.before, IsEmpty());
}

// Each step's input is made right before the step: all of them must come before the first step.
TEST(SpelledSteps, WhatMustComeBefore) {
  Writer writer;
  const int w = writer.input();
  int h = writer.input();
  std::vector<int> made;
  for (int t = 0; t < 4; ++t) {
    made.push_back(writer.input());
    const int a = writer.op(product, {h, w});
    h = writer.op(sum, {a, made.back()});
  }
  const Found found = find(writer.graph);
  ASSERT_THAT(found.accepted, SizeIs(1));
  EXPECT_EQ(found.accepted[0].before, std::vector<int>(made.begin() + 1, made.end()));
}

// The last steps lack the product that only a further step would read.
TEST(SpelledSteps, TheStepsThatAllColumnsHave) {
  Writer writer;
  const int x = writer.input(), w = writer.input();
  int a = writer.input();
  for (int t = 0; t < 6; ++t) {
    const int s = writer.op(sum, std::vector<StepGraph::Source>{{a, 0}, {x, t}});
    if (t < 5)
      a = writer.op(product, {s, w});
  }
  const Found found = find(writer.graph);
  ASSERT_THAT(found.accepted, SizeIs(1));
  EXPECT_EQ(found.accepted[0].steps, 5);
}

TEST(SpelledSteps, ColumnsThatOnlyFollowOrOnlyLeadToStates) {
  Writer writer;
  const int x = writer.input(), w = writer.input(), v = writer.input();
  int h = writer.input();
  for (int t = 0; t < 4; ++t) {
    const int in = writer.op(activation, std::vector<StepGraph::Source>{{x, t}});
    const int a = writer.op(product, {h, w});
    h = writer.op(sum, {a, in});
    writer.op(other, {h, v});
  }
  const Found found = find(writer.graph);
  ASSERT_THAT(found.accepted, SizeIs(1));
  EXPECT_THAT(found.accepted[0].columns, SizeIs(4));
  EXPECT_THAT(restrictTo(found.accepted[0], StepExtent::neededByState).columns, SizeIs(3));
  const SpelledSteps least = restrictTo(found.accepted[0], StepExtent::betweenStates);
  ASSERT_THAT(least.columns, SizeIs(2));
  EXPECT_THAT(roles(least.operands[1]), ElementsAre(Role::inStep, Role::sequence));
  EXPECT_THAT(least.before, ElementsAre(4, 8, 12, 16)); // the activations
}

// x[3] is what step 0 computed, changed by an op that is in no step.
TEST(SpelledSteps, NothingOutsideLiesBetweenSteps) {
  Writer writer;
  const int x = writer.input(), w = writer.input();
  int h = writer.input(), first = -1;
  for (int t = 0; t < 5; ++t) {
    StepGraph::Source in{x, t};
    if (t == 3)
      in = {writer.op(other, {first}), 0};
    const int a = writer.op(product, {h, w});
    h = writer.op(sum, std::vector<StepGraph::Source>{{a, 0}, in});
    if (t == 0)
      first = h;
  }
  const Found found = find(writer.graph);
  EXPECT_THAT(found.accepted, IsEmpty());
  EXPECT_THAT(found.reasons,
              testing::Contains("what lies between two of its steps is not alike in all of them"));
}

// Sixteen times the steps take about sixteen times the processor time; comparing pairs of ops would
// take 256 times as much. The bound lies far from both, since machines are busy.
TEST(SpelledSteps, IsLinear) {
  const auto seconds = [](int steps) {
    Writer writer;
    const int x = writer.input(), w = writer.input(), v = writer.input();
    int h = writer.input(), c = writer.input();
    for (int t = 0; t < steps; ++t) {
      const int a = writer.op(product, {h, w});
      int s = writer.op(sum, std::vector<StepGraph::Source>{{a, 0}, {x, t}});
      for (int i = 0; i < 8; ++i)
        s = writer.op(activation, {s});
      c = writer.op(other, {c, s});
      h = writer.op(product, {c, v});
    }
    const std::clock_t begin = std::clock();
    const Found found = find(writer.graph);
    const std::clock_t end = std::clock();
    EXPECT_THAT(found.accepted, SizeIs(1));
    EXPECT_EQ(found.accepted.at(0).steps, steps);
    return static_cast<double>(end - begin) / CLOCKS_PER_SEC;
  };
  const double once = std::min({seconds(400), seconds(400), seconds(400)});
  const double more = std::min(seconds(6400), seconds(6400)); // 76800 ops
  EXPECT_LT(more, 80 * once);
}

} // namespace
} // namespace graphc
