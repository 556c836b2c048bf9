// Every gradient against central differences in float64, and every gradient's gradient too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GradientCase.h"
#include "ir/GradientFlow.h"

namespace graphc::test {
namespace {

using namespace mlir;

/// A function of the case's inputs: the sum of its float64 results, each element by a weight of its
/// own. `order` 0 is the case's function itself; order k + 1 has as results the gradients of the
/// function of order k.
struct Function {
  Program program;
  std::vector<Tensor> feeds;       ///< the inputs, then the weights of every order
  std::size_t results = 0;         ///< fetched first
  std::vector<std::size_t> inputs; ///< those that gradients, fetched next, belong to

  Function(const Case &c, int order, bool withGradients) {
    feeds = drawInputs(c);
    Values values, xs;
    for (std::size_t i = 0; i < feeds.size(); ++i) {
      values.push_back(program.addFeed(feeds[i]));
      if (c.inputs[i].takesGradient()) {
        xs.push_back(values.back());
        inputs.push_back(i);
      }
    }
    Values ys = float64Only(c.build(program.graph(), values));
    for (int k = 0; k < order; ++k)
      ys = program.gradients(ys, xs, weightsOf(ys));
    Values fetched = ys;
    const Values weights = weightsOf(ys);
    if (withGradients)
      fetched.append(program.gradients(ys, xs, weights));
    results = ys.size();
    program.fetch(fetched);
  }

  Values float64Only(const Values &all) {
    Values kept;
    for (Value value : all)
      if (carriesGradient(value))
        kept.push_back(value);
    return kept;
  }

  Values weightsOf(const Values &ys) {
    Values weights;
    for (Value y : ys) {
      ArrayRef<int64_t> shape = cast<RankedTensorType>(y.getType()).getShape();
      feeds.push_back(drawn(Shape(std::vector<int64_t>(shape)), -1, 1, 100 + feeds.size()));
      weights.push_back(program.addFeed(feeds.back()));
    }
    return weights;
  }

  /// The weighted sum at `at`.
  double evaluate(const std::vector<Tensor> &at) {
    const std::vector<Tensor> made = program.run(at);
    double sum = 0;
    for (std::size_t k = 0; k < results; ++k) {
      auto values = made[k].values<double>();
      auto weights = feeds[feeds.size() - results + k].values<double>();
      for (std::size_t i = 0; i < values.size(); ++i)
        sum += values[i] * weights[i];
    }
    return sum;
  }
};

void expectFiniteDifferences(const Case &c, int order) {
  Function analytic(c, order, true), plain(c, order, false);
  ASSERT_TRUE(succeeded(analytic.program.insertGradients())) << analytic.program.diagnostics();
  ASSERT_TRUE(succeeded(plain.program.insertGradients())) << plain.program.diagnostics();
  ASSERT_TRUE(analytic.program.ops("gradients").empty());
  const std::vector<Tensor> made = analytic.program.run(analytic.feeds);
  ASSERT_EQ(made.size(), analytic.results + analytic.inputs.size());
  ASSERT_GT(analytic.results, 0u);

  for (std::size_t x = 0; x < analytic.inputs.size(); ++x) {
    const std::size_t input = analytic.inputs[x];
    auto gradient = made[analytic.results + x].values<double>();
    std::vector<Tensor> at = plain.feeds;
    at[input] = at[input].clone();
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      // The error of a central difference is about step^2 from its curvature and 1e-16 / step from
      // rounding.
      constexpr double step = 1e-5;
      double &element = at[input].data<double>()[i];
      const double middle = element;
      element = middle + step;
      const double above = plain.evaluate(at);
      element = middle - step;
      const double below = plain.evaluate(at);
      element = middle;
      const double expected = (above - below) / (2 * step);
      const double scale = std::max({1.0, std::abs(expected), std::abs(above)});
      ASSERT_NEAR(gradient[i], expected, 1e-6 * scale)
          << "operand " << input << ", element " << i << " of order " << order;
    }
  }
}

class FiniteDifferences : public testing::TestWithParam<Case> {};

TEST_P(FiniteDifferences, AgreeWithTheGradient) { expectFiniteDifferences(GetParam(), 0); }

TEST_P(FiniteDifferences, AgreeWithTheGradientsGradient) {
  if (GetParam().twice)
    expectFiniteDifferences(GetParam(), 1);
}

INSTANTIATE_TEST_SUITE_P(Ops, FiniteDifferences, testing::ValuesIn(allCases()),
                         [](const auto &info) { return info.param.name; });

// A loop's gradient has a gradient of the same form, and so it goes on.
TEST(FiniteDifferences, OfLoopsAgreeWithTheThirdDerivative) {
  for (const Case &c : controlFlowCases())
    if (c.name == "while_with_a_counter" || c.name == "while_of_products") {
      SCOPED_TRACE(c.name);
      expectFiniteDifferences(c, 2);
    }
}

// The check above would pass for all-zero gradients of functions that do not change.
TEST(FiniteDifferences, CasesHaveGradients) {
  for (const Case &c : allCases()) {
    Function function(c, 0, true);
    ASSERT_TRUE(succeeded(function.program.insertGradients())) << c.name;
    const std::vector<Tensor> made = function.program.run(function.feeds);
    for (std::size_t x = 0; x < function.inputs.size(); ++x) {
      auto gradient = made[function.results + x].values<double>();
      const bool isZero = llvm::all_of(gradient, [](double value) { return value == 0; });
      if (isZero) {
        // After three steps the first state is the tanh of itself and of nothing else; a loop that
        // is never entered reads nothing, one over all rows leaves none as it was, and only one
        // branch reads the cond's middle operand.
        EXPECT_THAT(c.name,
                    testing::AnyOf("sign_vector", "maximum_scalars", "minimum_scalars",
                                   "relu_scalar", "static_rnn_exchanged_states_first_final_only",
                                   "static_rnn_exchanged_states_first_final_only_large_weights",
                                   "while_never_entered", "while_over_rows", "cond_that_does_not"))
            << "input " << function.inputs[x];
      }
    }
  }
}

} // namespace
} // namespace graphc::test
