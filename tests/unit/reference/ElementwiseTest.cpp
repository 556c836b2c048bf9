#include <cmath>
#include <limits>

#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

TEST(Elementwise, BroadcastsRowsColumnsAndScalars) {
  const Tensor x = iota({2, 3});
  expectTensor<float>(run("add", {x, vector({10.f, 20.f, 30.f})}), {2, 3},
                      {10, 21, 32, 13, 24, 35});
  expectTensor<float>(run("multiply", {Tensor::of(Shape{2, 1}, {2.f, 3.f}), x}), {2, 3},
                      {0, 2, 4, 9, 12, 15});
  expectTensor<float>(run("subtract", {Tensor(1.f), x}), {2, 3}, {1, 0, -1, -2, -3, -4});
  expectTensor<float>(
      run("add", {Tensor::of(Shape{2, 1}, {1.f, 2.f}), Tensor::of(Shape{1, 2}, {10.f, 20.f})}),
      {2, 2}, {11, 21, 12, 22});
  expectTensor<float>(run("add", {Tensor::of(Shape{2, 1, 2}, {0.f, 1.f, 2.f, 3.f}),
                                  Tensor::of(Shape{2, 1}, {10.f, 20.f})}),
                      {2, 2, 2}, {10, 11, 20, 21, 12, 13, 22, 23});
}

TEST(Elementwise, KeepsEmptyTensorsEmpty) {
  expectTensor<float>(run("add", {iota({0, 3}), vector({1.f, 2.f, 3.f})}), {0, 3}, {});
  expectTensor<float>(run("exp", {iota({2, 0})}), {2, 0}, {});
  expectTensor<bool>(run("less", {iota({0}), Tensor(1.f)}), {0}, {});
}

TEST(Elementwise, RefusesShapesThatDoNotBroadcast) {
  EXPECT_EQ(errorOf([] { run("add", {iota({2, 3}), iota({2})}); }),
            "INVALID_ARGUMENT: add expects shapes that broadcast, got [2,3] and [2]");
}

TEST(Elementwise, RefusesBoolAndIntegersWhereTheyMeanNothing) {
  EXPECT_EQ(errorOf([] { run("add", {Tensor(true), Tensor(true)}); }),
            "INVALID_ARGUMENT: add expects numbers, got bool");
  EXPECT_EQ(errorOf([] { run("exp", {Tensor(1)}); }),
            "INVALID_ARGUMENT: exp expects float32 or float64, got int32");
}

TEST(Elementwise, DividesIntegersTowardZeroAndFloordivDown) {
  const Tensor x = vector({7, -7, 7, -7, 6, kLeast});
  const Tensor y = vector({2, 2, -2, -2, -3, -1});
  expectTensor<std::int32_t>(run("divide", {x, y}), {6}, {3, -3, -3, 3, -2, kLeast});
  expectTensor<std::int32_t>(run("floordiv", {x, y}), {6}, {3, -4, -4, 3, -2, kLeast});
  expectTensor<std::int32_t>(run("floormod", {x, y}), {6}, {1, 1, -1, -1, 0, 0});
}

TEST(Elementwise, FloordivAndFloormodTakeTheDivisorsSign) {
  const Tensor x = vector({7.f, -7.f, 7.f, -7.f, 5.5f, 1.f, 6.f});
  const Tensor y = vector({2.f, 2.f, -2.f, -2.f, 2.f, 0.f, -3.f});
  expectTensor<float>(run("floordiv", {x, y}), {7}, {3, -4, -4, 3, 2, kInf, -2});
  expectTensor<float>(run("floormod", {x, y}), {7}, {1, 1, -1, -1, 1.5f, kNan, 0});
}

TEST(Elementwise, IntegerDivisionByZeroIsAnError) {
  for (std::string_view op : {"divide", "floordiv", "floormod"}) {
    EXPECT_EQ(errorOf([&] { run(op, {vector({1, 2}), vector({1, 0})}); }),
              "INVALID_ARGUMENT: " + std::string(op) +
                  " expects integer divisors other than 0, got 0");
  }
  expectTensor<float>(run("divide", {vector({1.f, -1.f, 0.f}), Tensor(0.f)}), {3},
                      {kInf, -kInf, kNan});
}

TEST(Elementwise, IntegersWrapAround) {
  expectTensor<std::int32_t>(run("add", {vector({kMost}), Tensor(1)}), {1}, {kLeast});
  expectTensor<std::int32_t>(run("negative", {vector({kLeast, 5})}), {2}, {kLeast, -5});
  expectTensor<std::int32_t>(run("abs", {vector({kLeast, -5})}), {2}, {kLeast, 5});
  expectTensor<std::int64_t>(
      run("multiply", {Tensor(std::int64_t{1} << 62), Tensor(std::int64_t{4})}), {}, {0});
  expectTensor<std::uint8_t>(run("add", {vector({std::uint8_t{250}}), vector({std::uint8_t{10}})}),
                             {1}, {4});
}

TEST(Elementwise, MaximumAndMinimumKeepNan) {
  const Tensor x = vector({kNan, 1.f, 2.f, -kInf}), y = vector({1.f, kNan, -3.f, 0.f});
  expectTensor<float>(run("maximum", {x, y}), {4}, {kNan, kNan, 2, 0});
  expectTensor<float>(run("minimum", {x, y}), {4}, {kNan, kNan, -3, -kInf});
  expectTensor<std::int32_t>(run("maximum", {vector({1, 5}), Tensor(3)}), {2}, {3, 5});
}

TEST(Elementwise, PowOfIntegersAndFloats) {
  expectTensor<std::int32_t>(run("pow", {vector({2, -3, 0, 7}), vector({10, 3, 0, 1})}), {4},
                             {1024, -27, 1, 7});
  expectTensor<float>(run("pow", {vector({2.f, 4.f, -2.f, -2.f}), vector({-1.f, .5f, 3.f, .5f})}),
                      {4}, {.5f, 2, -8, kNan});
  EXPECT_EQ(errorOf([] { run("pow", {Tensor(2), Tensor(-1)}); }),
            "INVALID_ARGUMENT: pow expects exponents of at least 0 for integers, got -1");
}

TEST(Elementwise, SquaredDifferenceAndSquare) {
  expectTensor<float>(run("squared_difference", {vector({1.f, 5.f}), Tensor(3.f)}), {2}, {4, 4});
  expectTensor<std::int64_t>(run("square", {vector({std::int64_t{-3}, std::int64_t{4}})}), {2},
                             {9, 16});
}

TEST(Elementwise, RoundsHalvesToEven) {
  const Tensor x = vector({.5f, 1.5f, 2.5f, -.5f, -1.5f, 2.4f});
  expectTensor<float>(run("round", {x}), {6}, {0, 2, 2, -0.f, -2, 2});
  expectTensor<float>(run("floor", {x}), {6}, {0, 1, 2, -1, -2, 2});
  expectTensor<float>(run("ceil", {x}), {6}, {1, 2, 3, -0.f, -1, 3});
  expectTensor<std::int32_t>(run("round", {vector({3, -4})}), {2}, {3, -4});
}

TEST(Elementwise, SignAndReluKeepNan) {
  const Tensor x = vector({-2.f, 0.f, 3.f, kNan});
  expectTensor<float>(run("sign", {x}), {4}, {-1, 0, 1, kNan});
  expectTensor<float>(run("relu", {x}), {4}, {0, 0, 3, kNan});
  expectTensor<std::int32_t>(run("sign", {vector({-7, 0, 9})}), {3}, {-1, 0, 1});
}

TEST(Elementwise, RootsAndReciprocalsFollowIeee) {
  const Tensor x = vector({4.f, 0.f, -1.f, kInf});
  expectTensor<float>(run("sqrt", {x}), {4}, {2, 0, kNan, kInf});
  expectTensor<float>(run("rsqrt", {x}), {4}, {.5f, kInf, kNan, 0});
  expectTensor<float>(run("reciprocal", {x}), {4}, {.25f, kInf, -1, 0});
  expectTensor<float>(run("log", {vector({1.f, 0.f, -1.f})}), {3}, {0, -kInf, kNan});
}

TEST(Elementwise, ActivationsHoldTheirLimits) {
  const Tensor x = vector({0.0, 1.0, -1.0, 1000.0, -1000.0});
  // 1 / (1 + e^-1) = 0.731058578630005
  expectNear<double>(run("sigmoid", {x}), {5}, {.5, .731058578630005, .268941421369995, 1, 0},
                     1e-14);
  // ln 2 = 0.693147180559945, ln(1 + e) = 1.31326168751822
  expectNear<double>(run("softplus", {x}), {5},
                     {.693147180559945, 1.31326168751822, .313261687518223, 1000, 0}, 1e-13);
  expectNear<double>(run("tanh", {x}), {5}, {0, .761594155955765, -.761594155955765, 1, -1}, 1e-14);
  expectTensor<float>(run("exp", {vector({0.f, 1000.f, -1000.f, kNan})}), {4}, {1, kInf, 0, kNan});
}

TEST(Elementwise, TranscendentalFunctionsKeepTheirDigits) {
  const Tensor x = vector({0.0, 1.0, -0.5, 1e-10});
  // e - 1 = 1.71828182845905, exp(-1/2) - 1 = -0.393469340287367
  expectNear<double>(run("expm1", {x}), {4}, {0, 1.71828182845905, -.393469340287367, 1e-10},
                     1e-14);
  expectNear<double>(run("log1p", {x}), {4}, {0, .693147180559945, -.693147180559945, 1e-10},
                     1e-14);
  expectNear<double>(run("sin", {x}), {4}, {0, .841470984807897, -.479425538604203, 1e-10}, 1e-14);
  expectNear<double>(run("cos", {x}), {4}, {1, .54030230586814, .877582561890373, 1}, 1e-14);
  // erf(1) = 0.842700792949715, erf'(0) = 2 / sqrt(pi) = 1.12837916709551
  expectNear<double>(run("erf", {x}), {4},
                     {0, .842700792949715, -.520499877813047, 1.12837916709551e-10}, 1e-14);
}

TEST(Elementwise, CastsAsTheProcessorDoes) {
  const auto to = [](DataType dtype) { return Attributes{{"dtype", dtype}}; };
  expectTensor<std::int32_t>(run("cast", {vector({1.9f, -1.9f, kNan, 3e9f})}, to(int32)), {4},
                             {1, -1, kLeast, kLeast});
  expectTensor<std::int64_t>(run("cast", {vector({3e9, -2.5})}, to(int64)), {2}, {3000000000, -2});
  expectTensor<bool>(run("cast", {vector({0.f, -0.f, .1f, kNan})}, to(bool_)), {4},
                     {false, false, true, true});
  expectTensor<float>(run("cast", {vector({true, false})}, to(float32)), {2}, {1, 0});
  expectTensor<std::int32_t>(run("cast", {vector({std::int64_t{1} << 32 | 7})}, to(int32)), {1},
                             {7});
  expectTensor<std::uint8_t>(run("cast", {vector({255.9f, 3.f})}, to(uint8)), {2}, {255, 3});
  expectTensor<double>(run("cast", {vector({2})}, to(float64)), {1}, {2});
}

TEST(Elementwise, ComparesWithNan) {
  const Tensor x = vector({1.f, 2.f, kNan}), y = vector({2.f, 2.f, kNan});
  expectTensor<bool>(run("equal", {x, y}), {3}, {false, true, false});
  expectTensor<bool>(run("not_equal", {x, y}), {3}, {true, false, true});
  expectTensor<bool>(run("less", {x, y}), {3}, {true, false, false});
  expectTensor<bool>(run("less_equal", {x, y}), {3}, {true, true, false});
  expectTensor<bool>(run("greater", {x, y}), {3}, {false, false, false});
  expectTensor<bool>(run("greater_equal", {x, y}), {3}, {false, true, false});
  expectTensor<bool>(run("equal", {vector({true, false}), Tensor(true)}), {2}, {true, false});
}

TEST(Elementwise, CombinesLogically) {
  const Tensor x = vector({false, false, true, true}), y = vector({false, true, false, true});
  expectTensor<bool>(run("logical_and", {x, y}), {4}, {false, false, false, true});
  expectTensor<bool>(run("logical_or", {x, y}), {4}, {false, true, true, true});
  expectTensor<bool>(run("logical_xor", {x, y}), {4}, {false, true, true, false});
  expectTensor<bool>(run("logical_not", {x}), {4}, {true, true, false, false});
}

TEST(Elementwise, WhereBroadcastsAllThree) {
  expectTensor<float>(
      run("where", {Tensor::of(Shape{2, 1}, {true, false}), vector({1.f, 2.f, 3.f}), Tensor(-1.f)}),
      {2, 3}, {1, 2, 3, -1, -1, -1});
  expectTensor<bool>(
      run("where", {vector({true, false}), vector({false, false}), vector({true, true})}), {2},
      {false, true});
}

TEST(Elementwise, ClipsAndKeepsNan) {
  expectTensor<float>(
      run("clip_by_value", {vector({-2.f, .5f, 2.f, kNan, kInf}), Tensor(-1.f), Tensor(1.f)}), {5},
      {-1, .5f, 1, kNan, 1});
  expectTensor<std::int32_t>(run("clip_by_value", {vector({-9, 0, 9}), Tensor(-1), Tensor(4)}), {3},
                             {-1, 0, 4});
}

TEST(Elementwise, AddsManyAndBiases) {
  const Tensor x = vector({1.f, 2.f});
  expectTensor<float>(run("add_n", {x, x, x}), {2}, {3, 6});
  expectTensor<float>(run("add_n", {x}), {2}, {1, 2});
  // In float32 arithmetic 1e8 + 1 is 1e8; the sum is carried in double.
  expectTensor<float>(run("add_n", {Tensor(1e8f), Tensor(1.f), Tensor(-1e8f)}), {}, {1});
  expectTensor<float>(run("bias_add", {iota({2, 1, 2}), vector({10.f, 20.f})}), {2, 1, 2},
                      {10, 21, 12, 23});
}

TEST(Elementwise, FillsLikeAndRenames) {
  const Tensor x = iota({2, 2});
  expectTensor<float>(run("zeros_like", {x}), {2, 2}, {0, 0, 0, 0});
  expectTensor<float>(run("ones_like", {x}), {2, 2}, {1, 1, 1, 1});
  expectTensor<bool>(run("ones_like", {vector({false})}), {1}, {true});
  EXPECT_EQ(run("identity", {x}).raw_data(), x.raw_data());
  EXPECT_EQ(run("stop_gradient", {x}).raw_data(), x.raw_data());
}

TEST(Reference, KnowsItsOps) {
  EXPECT_TRUE(hasReference("matmul"));
  EXPECT_FALSE(hasReference("assign"));
  EXPECT_EQ(errorOf([] { run("assign", {}); }),
            "UNIMPLEMENTED: op 'assign' has no reference implementation");
}

} // namespace
} // namespace graphc::reference
