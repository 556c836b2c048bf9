// States that only sum over the batch of every step, as gradients of weights do.
#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

const Attributes kTransposed = {{"transpose_a", true}, {"transpose_b", false}};
const Attributes kOverBatch = {{"axes", std::vector<std::int64_t>{0}}};

/// Batches of one window, of less than a tile, of whole tiles, and with a last tile that is not
/// full; the last one's tiles are twice as wide with AVX-512.
constexpr std::int64_t kBatches[] = {1, 3, 16, 17, 40, 1040};

/// Of sums of some thousand terms more than of others.
double toleranceOf(std::int64_t batch) { return batch > 100 ? 1e-4 : 1e-5; }

// More columns than a block has, and odd ones; more steps than are collected, and a rest of them.
TEST(Sums, ProductsOverTheBatch) {
  for (const std::int64_t batch : kBatches)
    for (const std::int64_t columns : {1, 7, 21}) {
      Recurrence rnn;
      rnn.steps = 7;
      rnn.sequences = {floats({batch, 8}), floats({batch, columns})};
      rnn.states = {floats({8, columns}), floats({batch, 8})};
      rnn.body = [](Cell &c, const Arguments &a) {
        auto h = c.tanh(c.add(a.slices[0], a.states[1]));
        auto product = c.make("matmul", {a.states[1], a.slices[1]}, kTransposed);
        return std::vector{h, c.add(product, a.states[0]), h};
      };
      expectMatchesReference(rnn, toleranceOf(batch));
    }
}

TEST(Sums, SeveralTermsAndReductions) {
  for (const std::int64_t batch : kBatches) {
    Recurrence rnn;
    rnn.steps = 6;
    rnn.reverse = true;
    rnn.sequences = {floats({batch, 5}), floats({batch, 9})};
    rnn.states = {floats({5, 9}), floats({9})};
    rnn.body = [](Cell &c, const Arguments &a) {
      auto y = c.sigmoid(a.slices[1]);
      auto first = c.make("matmul", {a.slices[0], y}, kTransposed);
      auto second = c.make("matmul", {c.tanh(a.slices[0]), a.slices[1]}, kTransposed);
      return std::vector{c.make("add_n", {first, second, a.states[0]}),
                         c.add(a.states[1], c.make("reduce_sum", y, kOverBatch))};
    };
    expectMatchesReference(rnn, toleranceOf(batch));
  }
}

// As the sum over a batch of one window is simplified.
TEST(Sums, TheOnlyRow) {
  Recurrence rnn;
  rnn.steps = 7;
  rnn.sequences = {floats({1, 9})};
  rnn.states = {floats({9}), floats({1, 9})};
  rnn.body = [](Cell &c, const Arguments &a) {
    auto y = c.sigmoid(c.add(a.slices[0], a.states[1]));
    auto row = c.make("reshape", y, {{"shape", std::vector<std::int64_t>{9}}});
    return std::vector{c.add(a.states[0], row), y};
  };
  expectMatchesReference(rnn);
}

TEST(Sums, OfJoinedValuesInDouble) {
  const auto doubles = [](std::initializer_list<std::int64_t> extents) {
    return ValueType{float64, Shape(extents)};
  };
  Recurrence rnn;
  rnn.steps = 19;
  rnn.sequences = {doubles({11, 3}), doubles({11, 4})};
  rnn.states = {doubles({7, 4}), doubles({11, 4})};
  rnn.body = [](Cell &c, const Arguments &a) {
    auto joined = c.concat({a.slices[0], a.states[1]});
    auto product = c.make("matmul", {joined, a.slices[1]}, kTransposed);
    return std::vector{c.add(a.states[0], product), c.tanh(a.slices[1])};
  };
  expectMatchesReference(rnn, 1e-12);
}

// A state that is read, too, is no sum of its own.
TEST(Sums, NotWhereTheStateIsUsed) {
  Recurrence rnn;
  rnn.sequences = {floats({4, 2}), floats({4, 2})};
  rnn.states = {floats({2, 2})};
  rnn.body = [](Cell &c, const Arguments &a) {
    auto product = c.make("matmul", {a.slices[0], a.slices[1]}, kTransposed);
    return std::vector{c.matmul(a.slices[0], a.states[0]), c.add(a.states[0], product)};
  };
  EXPECT_EQ(Compiled(rnn).whyNot(), "matmul of two batched values");
}

} // namespace
} // namespace graphc::recurrence_testing
