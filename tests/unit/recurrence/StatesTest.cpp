// Where states go from one step to the next: nothing may be overwritten before its last use.
#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

Recurrence statesOnly(std::int64_t batch, unsigned count, Body body) {
  Recurrence rnn;
  rnn.steps = 5;
  rnn.sequences = {floats({batch, 3})};
  rnn.states.assign(count, floats({batch, 3}));
  rnn.body = std::move(body);
  return rnn;
}

TEST(States, Unchanged) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 2, [](Cell &c, const Arguments &a) {
      return std::vector{c.add(a.slices[0], a.states[0]), a.states[0], a.states[1]};
    }));
}

TEST(States, Swapped) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 2, [](Cell &c, const Arguments &a) {
      return std::vector{c.add(a.slices[0], a.states[0]), a.states[1], a.states[0]};
    }));
}

TEST(States, ShiftedThroughFour) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 4, [](Cell &c, const Arguments &a) {
      auto next = c.add(a.states[3], a.slices[0]);
      return std::vector{next, next, a.states[0], a.states[1], a.states[2]};
    }));
}

TEST(States, OldStateIsAnOutput) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 1, [](Cell &c, const Arguments &a) {
      return std::vector{a.states[0], c.add(a.states[0], a.slices[0])};
    }));
}

TEST(States, OneValueForTwoStates) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 2, [](Cell &c, const Arguments &a) {
      auto next = c.add(c.add(a.states[0], a.states[1]), a.slices[0]);
      return std::vector{next, next, next};
    }));
}

// The second value reads the first's old state at other features than its own.
TEST(States, OldStateIsReadAcrossFeatures) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 2, [](Cell &c, const Arguments &a) {
      auto turned = c.make("reverse", a.states[0], {{"axes", std::vector<std::int64_t>{1}}});
      auto first = c.add(a.states[0], a.slices[0]);
      auto second = c.add(turned, a.states[1]);
      return std::vector{second, first, second};
    }));
}

// A product reads all features of the state that its own result becomes.
TEST(States, ProductOfTheStateIsTheState) {
  for (std::int64_t batch : {1, 17}) {
    Recurrence rnn = statesOnly(batch, 1, [](Cell &c, const Arguments &a) {
      auto next = c.matmul(a.states[0], a.captured[0]);
      return std::vector{c.add(next, a.slices[0]), next};
    });
    rnn.captured = {floats({3, 3})};
    expectMatchesReference(rnn);
  }
}

TEST(States, ConstantAndCapturedNewStates) {
  for (std::int64_t batch : {1, 17}) {
    Recurrence rnn = statesOnly(batch, 2, [=](Cell &c, const Arguments &a) {
      auto row =
          c.make("broadcast_to", a.captured[0], {{"shape", std::vector<std::int64_t>{batch, 3}}});
      return std::vector{c.add(a.states[0], a.states[1]), c.make("zeros_like", a.states[0]), row};
    });
    rnn.captured = {floats({3})};
    expectMatchesReference(rnn);
  }
}

// A slice and a concat of states, one of them old.
TEST(States, PiecesOfStates) {
  for (std::int64_t batch : {1, 17})
    expectMatchesReference(statesOnly(batch, 2, [](Cell &c, const Arguments &a) {
      auto parts = c.split(a.states[0], {1, 2});
      auto others = c.split(a.states[1], {2, 1});
      auto mixed = c.concat({parts[1], others[1]});
      auto rest = c.concat({others[0], c.add(parts[0], parts[0])});
      return std::vector{c.add(mixed, a.slices[0]), mixed, rest};
    }));
}

TEST(States, CountersWithoutABatch) {
  for (std::int64_t batch : {1, 17}) {
    Recurrence rnn = statesOnly(batch, 1, [](Cell &c, const Arguments &a) {
      auto count = c.add(a.states[1], c.scalar(1, int32));
      auto row = c.multiply(a.states[2], c.add(a.captured[0], a.states[2]));
      auto weight = c.make("cast", count, {{"dtype", float32}});
      auto next = c.add(c.multiply(a.states[0], weight), row);
      return std::vector{next, a.states[1], row, next, count, row};
    });
    rnn.states.push_back({int32, {}});
    rnn.states.push_back(floats({3}));
    rnn.captured = {floats({3})};
    expectMatchesReference(rnn, 2e-5);
  }
}

// Only some of the results are wanted: what nothing needs is not computed.
TEST(States, UnusedResults) {
  Recurrence rnn = lstm(5, 18, 3, 7);
  Compiled all(rnn), last(rnn, {2}), twice(rnn, {0, 1, 0});
  for (Compiled *compiled : {&all, &last, &twice})
    compiled->compile();
  const std::vector<Tensor> inputs = all.randomInputs(3);
  const std::vector<Tensor> expected = all.run(inputs), finals = last.run(inputs),
                            repeated = twice.run(inputs);
  ASSERT_EQ(finals.size(), 1u);
  EXPECT_TRUE(finals[0].identical_to(expected[2]));
  ASSERT_EQ(repeated.size(), 3u);
  EXPECT_TRUE(repeated[0].identical_to(expected[0]));
  EXPECT_TRUE(repeated[1].identical_to(expected[1]));
  EXPECT_TRUE(repeated[2].identical_to(expected[0]));
}

} // namespace
} // namespace graphc::recurrence_testing
