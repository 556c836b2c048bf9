#include <cmath>
#include <limits>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Attributes over(Ints axes, bool keep_dims = false) {
  return {{"axes", axes}, {"keep_dims", keep_dims}};
}

TEST(Reductions, SumOverAnyAxes) {
  const Tensor x = iota({2, 3, 2}); // 0 1, 2 3, 4 5 | 6 7, 8 9, 10 11
  expectTensor<float>(run("reduce_sum", {x}, over({0})), {3, 2}, {6, 8, 10, 12, 14, 16});
  expectTensor<float>(run("reduce_sum", {x}, over({1})), {2, 2}, {6, 9, 24, 27});
  expectTensor<float>(run("reduce_sum", {x}, over({0, 2})), {3}, {14, 22, 30});
  expectTensor<float>(run("reduce_sum", {x}, over({1}, true)), {2, 1, 2}, {6, 9, 24, 27});
  expectTensor<float>(run("reduce_sum", {x}), {}, {66});
  expectTensor<float>(run("reduce_sum", {x}, {{"keep_dims", true}}), {1, 1, 1}, {66});
  expectTensor<float>(run("reduce_sum", {iota({3})}, over({})), {3}, {0, 1, 2});
}

TEST(Reductions, SumsInDoubleAndWrapsIntegers) {
  expectTensor<float>(run("reduce_sum", {vector({1e8f, 1.f, -1e8f})}), {}, {1});
  expectTensor<std::int32_t>(run("reduce_sum", {vector({2147483647, 1})}), {}, {-2147483647 - 1});
}

TEST(Reductions, MeanOfIntegersIsCutOff) {
  expectTensor<float>(run("reduce_mean", {vector({1.f, 2.f})}), {}, {1.5f});
  expectTensor<std::int32_t>(run("reduce_mean", {vector({-3, 0})}), {}, {-1});
}

TEST(Reductions, ProductAndExtremes) {
  const Tensor x = Tensor::of(Shape{2, 2}, {3.f, -1.f, 2.f, 5.f});
  expectTensor<float>(run("reduce_prod", {x}, over({1})), {2}, {-3, 10});
  expectTensor<float>(run("reduce_max", {x}, over({0})), {2}, {3, 5});
  expectTensor<float>(run("reduce_min", {x}, over({0})), {2}, {2, -1});
  expectTensor<std::uint8_t>(run("reduce_max", {vector({std::uint8_t{3}, std::uint8_t{200}})}), {},
                             {200});
}

TEST(Reductions, ExtremesKeepNan) {
  for (const Tensor &x :
       {vector({kNan, 1.f, 2.f}), vector({1.f, kNan, 2.f}), vector({1.f, 2.f, kNan})}) {
    expectTensor<float>(run("reduce_max", {x}), {}, {kNan});
    expectTensor<float>(run("reduce_min", {x}), {}, {kNan});
  }
}

TEST(Reductions, OfNothingGiveTheNeutralElement) {
  const Tensor x = iota({2, 0});
  expectTensor<float>(run("reduce_sum", {x}, over({1})), {2}, {0, 0});
  expectTensor<float>(run("reduce_prod", {x}, over({1})), {2}, {1, 1});
  expectTensor<float>(run("reduce_mean", {x}, over({1})), {2}, {kNan, kNan});
  expectTensor<float>(run("reduce_max", {x}, over({1})), {2}, {-kInf, -kInf});
  expectTensor<float>(run("reduce_min", {x}, over({1})), {2}, {kInf, kInf});
  expectTensor<std::int32_t>(run("reduce_max", {x.cast(int32)}, over({1})), {2},
                             {-2147483647 - 1, -2147483647 - 1});
  expectTensor<float>(run("reduce_sum", {x}, over({0})), {0}, {});
  expectTensor<bool>(run("reduce_all", {x.cast(bool_)}), {}, {true});
  expectTensor<bool>(run("reduce_any", {x.cast(bool_)}), {}, {false});
}

TEST(Reductions, AllAndAny) {
  const Tensor x = Tensor::of(Shape{3, 2}, {true, true, false, true, false, false});
  expectTensor<bool>(run("reduce_all", {x}, over({1})), {3}, {true, false, false});
  expectTensor<bool>(run("reduce_any", {x}, over({1})), {3}, {true, true, false});
}

TEST(Reductions, ArgmaxTakesTheFirst) {
  const Attributes axis1{{"axis", std::int64_t{1}}, {"dtype", int64}};
  const Tensor x = Tensor::of(Shape{2, 3}, {1.f, 5.f, 5.f, -2.f, -7.f, -7.f});
  expectTensor<std::int64_t>(run("argmax", {x}, axis1), {2}, {1, 0});
  expectTensor<std::int64_t>(run("argmin", {x}, axis1), {2}, {0, 1});
  expectTensor<std::int32_t>(run("argmax", {x}, {{"axis", std::int64_t{0}}, {"dtype", int32}}), {3},
                             {0, 0, 0});
  expectTensor<std::int64_t>(
      run("argmax", {vector({-kInf, kNan, -3.f})}, {{"axis", std::int64_t{0}}, {"dtype", int64}}),
      {}, {2});
  EXPECT_EQ(errorOf([&] { run("argmax", {iota({2, 0})}, axis1); }),
            "INVALID_ARGUMENT: argmax expects at least one element along axis 1, got shape [2,0]");
}

TEST(Reductions, L2LossIsHalfTheSumOfSquares) {
  expectTensor<float>(run("l2_loss", {Tensor::of(Shape{2, 1}, {3.f, 4.f})}), {}, {12.5f});
  expectTensor<double>(run("l2_loss", {iota({0}, float64)}), {}, {0});
}

} // namespace
} // namespace graphc::reference
