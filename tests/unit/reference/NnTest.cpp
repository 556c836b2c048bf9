#include <cmath>
#include <limits>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Softmax, SumsToOneAlongItsAxis) {
  // e^0, e^ln2, e^ln5 = 1, 2, 5 of 8
  const Tensor x = Tensor::of(Shape{3, 1}, {0., std::log(2.), std::log(5.)});
  expectNear<double>(run("softmax", {x}, {{"axis", std::int64_t{0}}}), {3, 1}, {.125, .25, .625},
                     1e-15);
  expectNear<double>(run("softmax", {x}), {3, 1}, {1, 1, 1}, 1e-15);
  expectNear<double>(run("log_softmax", {x}, {{"axis", std::int64_t{0}}}), {3, 1},
                     {std::log(.125), std::log(.25), std::log(.625)}, 1e-15);
}

TEST(Softmax, NeitherOverflowsNorLosesNan) {
  expectNear<double>(run("softmax", {vector({1000., 1000., -1000.})}), {3}, {.5, .5, 0}, 1e-15);
  expectNear<double>(run("log_softmax", {vector({1000., 0.})}), {2}, {0, -1000}, 1e-12);
  const Tensor y = run("softmax", {vector({1.f, std::numeric_limits<float>::quiet_NaN()})});
  EXPECT_TRUE(std::isnan(y.data<float>()[0]));
  EXPECT_TRUE(std::isnan(y.data<float>()[1]));
}

TEST(CrossEntropy, GivesLossAndGradient) {
  // softmax = (1, 2, 5) / 8; loss = -(0.5 ln 0.125 + 0.5 ln 0.625)
  const Tensor logits = Tensor::of(Shape{1, 3}, {0., std::log(2.), std::log(5.)});
  const std::vector<Tensor> r =
      runAll("softmax_cross_entropy_with_logits", {logits, Tensor::of(Shape{1, 3}, {.5, 0., .5})});
  expectNear<double>(r[0], {1}, {-.5 * std::log(.125) - .5 * std::log(.625)}, 1e-14);
  expectNear<double>(r[1], {1, 3}, {.125 - .5, .25, .625 - .5}, 1e-14);
}

TEST(CrossEntropy, OfClassesIsThatOfTheirOneHotRows) {
  const Tensor logits =
      run("cast", {Tensor::of(Shape{2, 1, 3}, {1., 2., 3., -1., 0., 4.})}, {{"dtype", float64}});
  const Tensor labels = Tensor::of(Shape{2, 1}, {2, 0});
  const Tensor rows = run("one_hot", {labels, Tensor(1.), Tensor(0.)},
                          {{"depth", std::int64_t{3}}, {"axis", std::int64_t{-1}}});
  const auto dense = runAll("softmax_cross_entropy_with_logits", {logits, rows});
  for (const Tensor &ids : {labels, labels.cast(int64)}) {
    const auto sparse = runAll("sparse_softmax_cross_entropy_with_logits", {logits, ids});
    EXPECT_TRUE(sparse[0].identical_to(dense[0]));
    EXPECT_TRUE(sparse[1].identical_to(dense[1]));
  }
  EXPECT_EQ(dense[0].shape(), (Shape{2, 1}));
}

TEST(CrossEntropy, AnImpossibleOtherClassIsNoNan) {
  const auto r = runAll("sparse_softmax_cross_entropy_with_logits",
                        {Tensor::of(Shape{1, 2}, {0., -kInf}), vector({0})});
  expectTensor<double>(r[0], {1}, {0});
  expectTensor<double>(r[1], {1, 2}, {0, 0});
}

TEST(CrossEntropy, RefusesWrongLabels) {
  EXPECT_EQ(
      errorOf([] {
        runAll("sparse_softmax_cross_entropy_with_logits", {iota({2, 6}), vector({0, 6})});
      }),
      "INVALID_ARGUMENT: sparse_softmax_cross_entropy_with_logits expects labels in [0,6), got 6");
  EXPECT_EQ(errorOf([] {
              runAll("sparse_softmax_cross_entropy_with_logits", {iota({2, 6}), vector({0})});
            }),
            "INVALID_ARGUMENT: sparse_softmax_cross_entropy_with_logits expects labels of shape "
            "[2], got [1]");
  EXPECT_EQ(
      errorOf([] { runAll("softmax_cross_entropy_with_logits", {iota({2, 6}), iota({1, 6})}); }),
      "INVALID_ARGUMENT: softmax_cross_entropy_with_logits expects labels of shape [2,6], "
      "got [1,6]");
}

} // namespace
} // namespace graphc::reference
