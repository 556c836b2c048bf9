// Gradients that vanish over many time steps become zero once they are too small to be normal
// numbers: they would cost a hundred times the time.
#include <limits>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;

namespace {

/// d(last output)/d(first state) of a unit that halves what flows back in each of `steps` steps.
float gradientOver(std::int64_t steps, const gc::SessionOptions &options) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {steps, 1, 1}, "x");
  auto h = g.placeholder(gc::float32, {1, 1}, "h");
  auto scope = g.variable_scope("halves", {.initializer = gc::initializers::constant(0.5f)});
  auto [outputs, state] =
      gc::rnn::static_rnn(gc::rnn::BasicRNNCell(1), gc::unstack(x), {.initial_state = h});
  auto gradient = gc::gradients({outputs.back()}, {h})[0];
  gc::Session session(g, options);
  session.run(g.global_variables_initializer());
  const gc::Tensor zero = gc::Tensor::zeros(gc::float32, {1, 1});
  const gc::Tensor zeros = gc::Tensor::zeros(gc::float32, {steps, 1, 1});
  return session.run({{x, zeros}, {h, zero}}, gradient)[0].values<float>()[0];
}

constexpr std::int64_t kNormal = 120, kDenormal = 140;

TEST(VanishingGradient, IsZeroOnceItIsDenormal) {
  EXPECT_EQ(gradientOver(kNormal, {}), 0x1p-120f);
  EXPECT_EQ(gradientOver(kDenormal, {}), 0);
  EXPECT_EQ(gradientOver(kNormal, {.recurrence = gc::RecurrenceForm::unroll}), 0x1p-120f);
  EXPECT_EQ(gradientOver(kDenormal, {.recurrence = gc::RecurrenceForm::unroll}), 0);
  // Plain loops keep what there is.
  EXPECT_EQ(gradientOver(kDenormal, {.backend = gc::Backend::reference}), 0x1p-140f);
}

TEST(VanishingGradient, LeavesTheCallersArithmeticAsItWas) {
  volatile float least = std::numeric_limits<float>::min();
  EXPECT_GT(least / 2, 0);
  gradientOver(kDenormal, {});
  EXPECT_GT(least / 2, 0);
}

} // namespace
