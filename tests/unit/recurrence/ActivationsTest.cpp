// tanh and sigmoid as tiles compute them, in whole vectors; and dropout switched off and on.
#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/recurrence/RecurrenceTesting.h"

namespace graphc::recurrence_testing {
namespace {

constexpr std::uint64_t kPatterns = std::uint64_t{1} << 32;
constexpr std::uint64_t kStride = 251; ///< every so many of all bit patterns
constexpr std::int64_t kBatch = 64, kFeatures = 1024, kSteps = 16;
constexpr double kBound = 4; ///< units in the last place

double ulps(float actual, double exact) {
  const int exponent = std::max(std::ilogb(static_cast<float>(exact)), -126);
  return exact == 0 ? std::fabs(actual) * 0x1p149
                    : std::fabs(actual - exact) / std::ldexp(1.0, exponent - 23);
}

void check(bool isTanh) {
  Recurrence rnn;
  rnn.steps = kSteps;
  rnn.sequences = {floats({kBatch, kFeatures})};
  rnn.states = {floats({kBatch, 1})};
  rnn.body = [&](Cell &c, const Arguments &a) {
    return std::vector{isTanh ? c.tanh(a.slices[0]) : c.sigmoid(a.slices[0]), a.states[0]};
  };
  Compiled compiled(rnn, {0});
  ASSERT_EQ(compiled.whyNot(), "");
  compiled.compile();
  std::vector<Tensor> inputs = compiled.randomInputs(1);
  double worst = 0;
  float at = 0;
  std::uint64_t checked = 0;
  for (std::uint64_t next = 0; next < kPatterns;) {
    const std::uint64_t begin = next;
    auto *x = inputs[0].data<float>();
    for (std::int64_t i = 0; i < inputs[0].num_elements(); ++i, next += kStride)
      x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(std::min(next, kPatterns - 1)));
    const Tensor y = compiled.run(inputs)[0];
    ASSERT_EQ(y.num_elements(), inputs[0].num_elements()) << begin;
    for (std::int64_t i = 0; i < y.num_elements(); ++i) {
      const float result = y.data<float>()[i];
      if (std::isnan(x[i])) {
        EXPECT_TRUE(std::isnan(result)) << x[i];
        continue;
      }
      ++checked;
      const double exact = isTanh ? std::tanh(static_cast<double>(x[i]))
                                  : 1 / (1 + std::exp(-static_cast<double>(x[i])));
      if (const double error = ulps(result, exact); !(error <= worst)) {
        worst = error;
        at = x[i];
      }
    }
  }
  EXPECT_LE(worst, kBound) << "at " << at;
  EXPECT_GT(worst, 0.5) << "less than rounding costs: nothing was measured";
  EXPECT_GT(checked, kPatterns / kStride * 9 / 10);
}

TEST(Activations, TanhToFourUnitsInTheLastPlace) { check(true); }
TEST(Activations, SigmoidToFourUnitsInTheLastPlace) { check(false); }

// Random numbers are not drawn where the number added to them is one, and are where it is not.
TEST(Activations, DropoutOffAndOn) {
  Recurrence rnn;
  rnn.sequences = {floats({20, 6})};
  rnn.states = {floats({20, 6})};
  rnn.captured = {floats({})};
  rnn.body = [](Cell &c, const Arguments &a) {
    auto mask = c.make("floor", {c.add(a.captured[0], c.random({20, 6}, 3))});
    auto h = c.add(c.multiply(a.slices[0], mask), a.states[0]);
    return std::vector{h, h};
  };
  Compiled compiled(rnn);
  ASSERT_EQ(compiled.whyNot(), "");
  compiled.compile();
  std::vector<Tensor> inputs = compiled.randomInputs(1);
  for (const float keep : {1.f, 0.5f, 1.5f}) {
    inputs.back().data<float>()[0] = keep;
    const std::vector<Tensor> expected = compiled.reference(inputs), actual = compiled.run(inputs);
    bool differs = false;
    for (std::int64_t i = 0; i < actual[0].num_elements(); ++i) {
      EXPECT_NEAR(actual[0].data<float>()[i], expected[0].data<float>()[i], 1e-5) << keep;
      differs |= actual[0].data<float>()[i] != 0;
    }
    EXPECT_TRUE(differs);
  }
}

} // namespace
} // namespace graphc::recurrence_testing
