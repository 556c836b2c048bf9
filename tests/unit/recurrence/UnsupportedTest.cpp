// What has no recurrence kernel, and the words that say so.
#include <gtest/gtest.h>

#include "tests/unit/recurrence/Cells.h"

namespace graphc::recurrence_testing {
namespace {

using Ints = std::vector<std::int64_t>;

std::string whyNot(Body body, std::vector<ValueType> captured = {}) {
  Recurrence rnn;
  rnn.sequences = {floats({20, 6})};
  rnn.states = {floats({20, 6})};
  rnn.captured = std::move(captured);
  rnn.body = std::move(body);
  return Compiled(rnn).whyNot();
}

TEST(Unsupported, Products) {
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto square = c.matmul(a.slices[0], a.states[0], true);
              return std::vector{square, a.states[0]};
            }),
            "matmul of two batched values");
  EXPECT_EQ(whyNot(
                [](Cell &c, const Arguments &a) {
                  auto sum = c.make("matmul", {a.slices[0], a.captured[0]},
                                    {{"transpose_a", true}, {"transpose_b", false}});
                  return std::vector{sum, a.states[0]};
                },
                {floats({20, 4})}),
            "matmul that sums over the batch");
  EXPECT_EQ(whyNot(
                [](Cell &c, const Arguments &a) {
                  return std::vector{c.matmul(a.slices[0], c.tanh(a.captured[0])), a.states[0]};
                },
                {floats({6, 4})}),
            "matmul whose right operand is computed in the body");
}

TEST(Unsupported, TheBatchTakenApart) {
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto sum =
                  c.make("reduce_sum", a.slices[0], {{"axes", Ints{0}}, {"keep_dims", false}});
              return std::vector{sum, a.states[0]};
            }),
            "reduce_sum over the batch");
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto part =
                  c.make("slice", a.slices[0], {{"begin", Ints{1, 0}}, {"size", Ints{4, -1}}});
              return std::vector{part, a.states[0]};
            }),
            "slice along the batch");
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto longer =
                  c.make("concat", {a.slices[0], a.states[0]}, {{"axis", std::int64_t{0}}});
              return std::vector{longer, a.states[0]};
            }),
            "concat along the batch");
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto flat = c.make("reshape", a.slices[0], {{"shape", Ints{120}}});
              return std::vector{flat, a.states[0]};
            }),
            "reshape that does not keep the batch as axis 0");
}

TEST(Unsupported, OpsWithoutCode) {
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              auto y = c.make("softmax", a.slices[0], {{"axis", std::int64_t{1}}});
              return std::vector{y, a.states[0]};
            }),
            "softmax in a recurrence");
}

// What nothing needs does not matter.
TEST(Unsupported, UnusedOpsAreLeftOut) {
  EXPECT_EQ(whyNot([](Cell &c, const Arguments &a) {
              c.make("softmax", a.slices[0], {{"axis", std::int64_t{1}}});
              return std::vector{a.slices[0], a.states[0]};
            }),
            "");
}

} // namespace
} // namespace graphc::recurrence_testing
