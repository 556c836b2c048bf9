#include "passes/FusionPlan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graphc {
namespace {

using Role = FusionNode::Role;
using Steps = std::vector<std::vector<int>>;

FusionNode node(Role role, std::vector<int> inputs, int domain = 0) {
  return {role, role == Role::apart ? -1 : domain, false, std::move(inputs), {}};
}
FusionNode elementwise(std::vector<int> inputs, int domain = 0) {
  return node(Role::elementwise, std::move(inputs), domain);
}
FusionNode apart(std::vector<int> inputs) { return node(Role::apart, std::move(inputs)); }

Steps stepsOf(const std::vector<FusionNode> &nodes, unsigned maxOps = 64) {
  return planFusion(nodes, maxOps).steps;
}

// 0 -> 1 -> 2
TEST(FusionPlan, ChainIsOneStep) {
  EXPECT_EQ(stepsOf({elementwise({}), elementwise({0}), elementwise({1})}), (Steps{{0, 1, 2}}));
}

// 0 -> [1] -> 2 and 0 -> 2: one cluster of 0 and 2 would need itself through 1.
TEST(FusionPlan, NoClusterAroundAProduct) {
  EXPECT_EQ(stepsOf({elementwise({}), apart({0}), elementwise({0, 1})}), (Steps{{0}, {1}, {2}}));
}

// [0] -> 2 <- 1: the mask 1 could be made at once, and is made where it is used.
TEST(FusionPlan, EntryIsMadeWhereItIsUsed) {
  EXPECT_EQ(stepsOf({node(Role::entry, {}), apart({}), elementwise({0, 1})}), (Steps{{1}, {0, 2}}));
}

// An entry joins its user, but what it reads stays in memory.
TEST(FusionPlan, EntryDoesNotJoinItsProducer) {
  EXPECT_EQ(stepsOf({elementwise({}), node(Role::entry, {0}), elementwise({1})}),
            (Steps{{0}, {1, 2}}));
}

// ... but for an entry that it alone reads.
TEST(FusionPlan, ChainedEntriesAreOne) {
  std::vector<FusionNode> nodes{elementwise({}), node(Role::entry, {0}), node(Role::entry, {1}),
                                elementwise({2})};
  nodes[1].chained = true;
  EXPECT_EQ(stepsOf(nodes), (Steps{{0}, {1, 2, 3}}));
}

TEST(FusionPlan, OtherDomainsAreOtherSteps) {
  EXPECT_EQ(stepsOf({elementwise({}, 0), elementwise({0}, 1)}), (Steps{{0}, {1}}));
}

// 0 -> 1 -> (2): only the reduction needs 1.
TEST(FusionPlan, ReductionEndsItsProducers) {
  EXPECT_EQ(stepsOf({elementwise({}), elementwise({0}), node(Role::reduction, {1})}),
            (Steps{{0, 1, 2}}));
}

// 0 -> (1) and 0 -> 2: the value is needed elsewhere, the reduction reads it from memory.
TEST(FusionPlan, ReductionOfASharedValueStandsAlone) {
  EXPECT_EQ(stepsOf({elementwise({}), node(Role::reduction, {0}), apart({0})}),
            (Steps{{0}, {1}, {2}}));
}

// Two reductions of one value: neither may take it from the other.
TEST(FusionPlan, TwoReductionsOfOneValue) {
  EXPECT_EQ(stepsOf({elementwise({}), node(Role::reduction, {0}), node(Role::reduction, {0})}),
            (Steps{{0}, {1}, {2}}));
}

// What follows a reduction needs its whole result.
TEST(FusionPlan, NothingFollowsAReductionInItsStep) {
  EXPECT_EQ(stepsOf({elementwise({}), node(Role::reduction, {0}), elementwise({0, 1})}),
            (Steps{{0}, {1}, {2}}));
}

// write 0, read 1, elementwise 2 of it: the read stays behind the write.
TEST(FusionPlan, EffectsKeepTheirOrder) {
  std::vector<FusionNode> nodes{elementwise({}), apart({0}), apart({}), elementwise({0, 2})};
  nodes[2].after = {1};
  EXPECT_EQ(stepsOf(nodes), (Steps{{0}, {1}, {2}, {3}}));
}

TEST(FusionPlan, LargePartsAreCutInProgramOrder) {
  std::vector<FusionNode> nodes{elementwise({})};
  for (int i = 0; i < 4; ++i)
    nodes.push_back(elementwise({i}));
  const FusionPlan plan = planFusion(nodes, 2);
  EXPECT_EQ(plan.steps, (Steps{{0, 1}, {2, 3}, {4}}));
  EXPECT_EQ(plan.cuts, 2u);
}

// Every edge leads from an earlier step to a later one or stays inside, on graphs of all kinds.
TEST(FusionPlan, StepsRespectAllEdges) {
  unsigned state = 1;
  auto draw = [&](unsigned below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<FusionNode> nodes;
    for (int i = 0; i < 60; ++i) {
      FusionNode made = node(static_cast<Role>(draw(5)), {}, static_cast<int>(draw(2)));
      for (unsigned k = draw(3); k > 0 && i > 0; --k)
        made.inputs.push_back(static_cast<int>(draw(static_cast<unsigned>(i))));
      made.chained = made.role == Role::entry && draw(2) == 0;
      if (i > 0 && draw(8) == 0)
        made.after.push_back(static_cast<int>(draw(static_cast<unsigned>(i))));
      nodes.push_back(made);
    }
    const Steps steps = stepsOf(nodes, 1 + draw(12));
    std::vector<int> stepOf(nodes.size(), -1);
    for (std::size_t step = 0; step < steps.size(); ++step)
      for (int member : steps[step])
        stepOf[static_cast<std::size_t>(member)] = static_cast<int>(step);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      ASSERT_GE(stepOf[i], 0) << "node " << i << " of round " << round << " is in no step";
      for (int input : nodes[i].inputs)
        EXPECT_LE(stepOf[static_cast<std::size_t>(input)], stepOf[i]);
      for (int before : nodes[i].after)
        EXPECT_LT(stepOf[static_cast<std::size_t>(before)], stepOf[i]);
    }
  }
}

} // namespace
} // namespace graphc
