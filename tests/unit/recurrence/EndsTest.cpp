// Tiles end with their longest windows: lengths are below 8 in recurrences of 19 steps.
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

using Value = mlir::Value;

constexpr std::int64_t kUnits = 6;
constexpr std::int64_t kBatches[] = {1, 3, 16, 40};

Value endedColumn(Cell &c, Value lengths) {
  auto ended = c.make("greater_equal", {c.make("step_index", {}), lengths});
  return c.make("expand_dims", ended, {{"axis", std::int64_t{1}}});
}

void expectEndsEarly(const Recurrence &rnn, double tolerance = 1e-5) {
  EXPECT_TRUE(Compiled(rnn).hasLengths());
  expectMatchesReference(rnn, tolerance);
}

/// An LSTM whose last state is its windows' lengths.
Recurrence lstmWithLengths(std::int64_t batch, bool reverse) {
  Recurrence rnn = lstm(19, batch, 3, kUnits);
  rnn.reverse = reverse;
  rnn.states.push_back({int32, {batch}});
  rnn.body = [](Cell &c, const Arguments &a) {
    auto [cell, h] =
        lstmStep(c, a.slices[0], a.states[0], a.states[1], a.captured[0], a.captured[1], kUnits);
    auto ended = endedColumn(c, a.states[2]);
    const auto keep = [&](Value old, Value now) { return c.make("where", {ended, old, now}); };
    return std::vector{keep(c.make("zeros_like", h), h), keep(a.states[0], cell),
                       keep(a.states[1], h), a.states[2]};
  };
  return rnn;
}

TEST(Ends, LengthsAsAState) {
  for (const std::int64_t batch : kBatches)
    for (const bool reverse : {false, true})
      expectEndsEarly(lstmWithLengths(batch, reverse));
}

TEST(Ends, LengthsCaptured) {
  for (const std::int64_t batch : kBatches) {
    Recurrence rnn = plainRnn(19, batch, 3, kUnits);
    rnn.captured.push_back({int32, {batch}});
    rnn.body = [](Cell &c, const Arguments &a) {
      auto h = c.tanh(
          c.biasAdd(c.matmul(c.concat({a.slices[0], a.states[0]}), a.captured[0]), a.captured[1]));
      auto running = c.make("logical_not", endedColumn(c, a.captured[2]));
      return std::vector{c.make("where", {running, h, c.make("zeros_like", h)}),
                         c.make("where", {running, h, a.states[0]})};
    };
    expectEndsEarly(rnn);
  }
}

// As in a gradient: what arrives at an ended step goes on to the one before; sums of weight
// gradients are made of several steps at a time.
TEST(Ends, BackwardWithSums) {
  for (const std::int64_t batch : kBatches)
    for (const bool reverse : {false, true}) {
      Recurrence rnn;
      rnn.steps = 19;
      rnn.reverse = reverse;
      rnn.sequences = {floats({batch, 5}), floats({batch, kUnits}), floats({batch, kUnits})};
      rnn.states = {floats({batch, kUnits}), floats({5, kUnits}), floats({kUnits})};
      rnn.captured = {floats({5, kUnits}), {int32, {batch}}};
      rnn.body = [](Cell &c, const Arguments &a) {
        auto ended = endedColumn(c, a.captured[1]);
        auto zero = c.scalar(0);
        auto onward = c.make("where", {ended, a.states[0], zero});
        auto dy = c.add(c.make("where", {ended, zero, a.slices[2]}),
                        c.make("where", {ended, zero, a.states[0]}));
        auto dz = c.multiply(dy, c.subtract(c.scalar(1), c.make("square", c.tanh(a.slices[1]))));
        auto dw =
            c.make("matmul", {a.slices[0], dz}, {{"transpose_a", true}, {"transpose_b", false}});
        auto db = c.make("reduce_sum", dz, {{"axes", std::vector<std::int64_t>{0}}});
        return std::vector{c.matmul(dz, a.captured[0], true), c.add(onward, c.make("negative", dz)),
                           c.add(dw, a.states[1]), c.add(db, a.states[2])};
      };
      expectEndsEarly(rnn);
    }
}

/// Changes results of a body, which stand in the order in which it yields them.
using Change = std::function<void(Cell &, const Arguments &, std::vector<Value> &)>;

/// All steps are computed once the body's results are changed.
void expectGoesOn(Recurrence rnn, const Change &change) {
  const Body masked = rnn.body;
  rnn.body = [=](Cell &c, const Arguments &a) {
    auto results = masked(c, a);
    change(c, a, results);
    return results;
  };
  EXPECT_FALSE(Compiled(rnn).hasLengths());
  expectMatchesReference(rnn);
}

TEST(Ends, NotWhereAnOutputGoesOn) {
  expectGoesOn(lstmWithLengths(5, false), [](Cell &c, const Arguments &a, auto &results) {
    results[0] = c.tanh(a.slices[0]);
  });
}

TEST(Ends, NotWhereAStateGoesOn) {
  expectGoesOn(lstmWithLengths(5, false), [](Cell &c, const Arguments &, auto &results) {
    results[1] = c.multiply(results[1], c.scalar(0.5));
  });
}

TEST(Ends, NotWhereLengthsChange) {
  expectGoesOn(lstmWithLengths(5, false), [](Cell &c, const Arguments &a, auto &results) {
    results[3] = c.add(a.states[2], c.scalar(1, int32));
  });
}

// A state without a batch goes on: the kernel then computes all steps.
TEST(Ends, BesideACounter) {
  Recurrence rnn = lstmWithLengths(5, false);
  rnn.states.push_back({float32, {}});
  expectGoesOn(rnn, [](Cell &c, const Arguments &a, auto &results) {
    results.push_back(c.add(a.states[3], c.scalar(1)));
  });
}

} // namespace
} // namespace graphc::recurrence_testing
