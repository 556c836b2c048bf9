// Sums of more tensors than one kernel adds up.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;

namespace {

gc::Tensor ramp(const gc::Shape &shape) {
  gc::Tensor tensor(gc::float32, shape);
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] = static_cast<float>(i % 17) / 17.f - .4f;
  return tensor;
}

TEST(LargeSums, InPartsHaveTheSameBits) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {7}, "x");
  std::vector<gc::Output> terms;
  for (int k = 1; k <= 100; ++k)
    terms.push_back(gc::tanh(x * (.37f * static_cast<float>(k))));
  const auto sum = gc::add_n(terms);
  const auto run = [&](gc::SessionOptions options) {
    return gc::Session(g, options).run({{x, ramp({7})}}, {sum})[0];
  };
  const gc::Tensor parts = run({}), whole = run({.disabled_passes = {"graph-split-sums"}});
  EXPECT_TRUE(std::ranges::equal(parts.values<float>(), whole.values<float>()));
  const gc::Tensor reference = run({.backend = gc::Backend::reference});
  for (int i = 0; i < 7; ++i)
    EXPECT_NEAR(parts.values<float>()[i], reference.values<float>()[i], 1e-4f) << i;
}

/// The gradient by the weights has a term for each of 70 steps.
TEST(LargeSums, OfAnUnrolledRecurrence) {
  gc::Graph g;
  const auto x = g.placeholder(gc::float32, {70, 4, 3}, "x");
  gc::rnn::BasicLSTMCell cell(5);
  const auto [outputs, state] = gc::rnn::static_rnn(cell, gc::unstack(x));
  const auto loss = gc::reduce_mean(gc::square(outputs.back()));
  const auto weights = g.trainable_variables();
  std::vector<gc::Output> by;
  for (const gc::Variable &variable : weights)
    by.push_back(variable);
  const auto gradients = gc::gradients({loss}, by);
  const auto run = [&](gc::RecurrenceForm form) {
    gc::Session session(g, {.seed = 3, .recurrence = form});
    session.run(g.global_variables_initializer());
    return session.run({{x, ramp({70, 4, 3})}}, {gradients[0], gradients[1]});
  };
  const auto unrolled = run(gc::RecurrenceForm::unroll), kernel = run(gc::RecurrenceForm::kernel);
  for (std::size_t k = 0; k < unrolled.size(); ++k) {
    float largest = 0;
    for (float value : kernel[k].values<float>())
      largest = std::max(largest, std::abs(value));
    ASSERT_GT(largest, 0);
    for (std::int64_t i = 0; i < kernel[k].num_elements(); ++i)
      EXPECT_NEAR(unrolled[k].data<float>()[i], kernel[k].data<float>()[i], 1e-5f * largest) << i;
  }
}

} // namespace
