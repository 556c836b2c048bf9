#include <cmath>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

TEST(LayerNormalization, MovesEveryRow) {
  // Means 2 and 20, variances 1 and 64; with epsilon 3 and 17 the roots are 2 and 9.
  const Tensor x = Tensor::of<double>({2, 2}, {1, 3, 12, 28});
  const Tensor gamma = vector({2., 4.}), beta = vector({10., 20.});
  const auto r = runAll("layer_normalization", {x, gamma, beta}, {{"epsilon", 3.0}});
  expectNear<double>(r[1], {2}, {2, 20}, 1e-14);
  expectNear<double>(r[2], {2}, {1, 64}, 1e-14);
  const double second = std::sqrt(67.0);
  expectNear<double>(r[0], {2, 2},
                     {10 - 2 / 2., 20 + 4 / 2., 10 - 2 * 8 / second, 20 + 4 * 8 / second}, 1e-14);
}

TEST(BatchNormalization, MovesEveryChannel) {
  const Tensor x = Tensor::of<float>({2, 1, 2}, {1, 12, 3, 28});
  const auto r = runAll("batch_normalization", {x, vector({2.f, 4.f}), vector({10.f, 20.f})},
                        {{"epsilon", 0.0}});
  expectNear<float>(r[0], {2, 1, 2}, {8, 16, 12, 24}, 1e-6);
  expectNear<float>(r[1], {2}, {2, 20}, 1e-6);
  expectNear<float>(r[2], {2}, {1, 64}, 1e-6);
}

// Of the whole: the gradient by differences is tests/gradients'.
TEST(NormalizationGradients, LeaveNothingAlongTheMeanAndTheValueItself) {
  const Tensor x = Tensor::of<double>({3, 3}, {1, 3, 8, -2, 0, 5, 7, 1, 1});
  const Tensor dy = Tensor::of<double>({3, 3}, {1, 2, 3, -1, 5, 0, 2, 2, -4});
  const Tensor gamma = vector({2., 4., -1.});
  for (const bool layers : {true, false}) {
    const std::string op = layers ? "layer_normalization" : "batch_normalization";
    const Attributes epsilon{{"epsilon", 0.0}};
    const auto forward = runAll(op, {x, vector({1., 1., 1.}), vector({0., 0., 0.})}, epsilon);
    const auto back = runAll(op + "_gradient", {x, gamma, forward[1], forward[2], dy}, epsilon);
    for (int group = 0; group < 3; ++group) {
      double sum = 0, along = 0, scale = 0, shift = 0;
      for (int i = 0; i < 3; ++i) {
        const int element = layers ? 3 * group + i : 3 * i + group;
        sum += back[0].data<double>()[element];
        along += back[0].data<double>()[element] * forward[0].data<double>()[element];
        const int ofChannel = 3 * i + group;
        scale += dy.data<double>()[ofChannel] * forward[0].data<double>()[ofChannel];
        shift += dy.data<double>()[ofChannel];
      }
      EXPECT_NEAR(sum, 0, 1e-12) << op;
      EXPECT_NEAR(along, 0, 1e-12) << op;
      EXPECT_NEAR(back[1].data<double>()[group], scale, 1e-12) << op;
      EXPECT_NEAR(back[2].data<double>()[group], shift, 1e-12) << op;
    }
  }
}

} // namespace
} // namespace graphc::reference
