#include <cmath>

#include "runtime/RandomGenerator.h"
#include "tests/unit/reference/ReferenceTesting.h"

namespace graphc::reference {
namespace {

using Ints = std::vector<std::int64_t>;

Attributes random(Ints shape, DataType dtype = float32) {
  return {{"shape", shape},
          {"dtype", dtype},
          {"seed", std::int64_t{1}},
          {"seed2", std::int64_t{2}},
          {"stream", std::int64_t{0}}};
}

TEST(Random, UniformIsPhiloxByColumnAndRow) {
  const Tensor y = run("random_uniform", {}, random({2, 3, 6}), 0,
                       {.session_seed = 0, .run_index = 9, .step = 0});
  const RandomKey key = randomKey(1, 2, 0, 0);
  for (std::uint32_t row = 0; row < 6; ++row)
    for (std::uint32_t column = 0; column < 6; ++column)
      EXPECT_EQ(y.data<float>()[row * 6 + column],
                uniformFromWord(philox(key, column / 4, row, 9)[column % 4]));
}

TEST(Random, UniformInFloat64TakesTwoWords) {
  const Tensor y = run("random_uniform", {}, random({1, 3}, float64));
  const RandomKey key = randomKey(1, 2, 0, 0);
  for (std::uint32_t column = 0; column < 3; ++column) {
    const auto words = philox(key, column / 2, 0, 0);
    const double wanted =
        ((words[column % 2 * 2] >> 5) * 67108864. + (words[column % 2 * 2 + 1] >> 6)) /
        9007199254740992.;
    EXPECT_EQ(y.data<double>()[column], wanted);
  }
}

TEST(Random, BitsDoNotDependOnHowRowsAreGrouped) {
  for (const char *op : {"random_uniform", "random_normal", "truncated_normal"})
    for (DataType dtype : {float32, float64}) {
      const Tensor whole = run(op, {}, random({2, 3, 5}, dtype));
      EXPECT_TRUE(run(op, {}, random({6, 5}, dtype)).reshaped({2, 3, 5}).identical_to(whole)) << op;
      // Step 1 of a body with three rows a step is the second half.
      EXPECT_TRUE(
          run(op, {}, random({3, 5}, dtype), 1).identical_to(whole.rows(1, 2).reshaped({3, 5})))
          << op;
      Attributes unrolled = random({3, 5}, dtype);
      unrolled.set("step", std::int64_t{1});
      EXPECT_TRUE(run(op, {}, unrolled).identical_to(whole.rows(1, 2).reshaped({3, 5}))) << op;
      // A narrower row is a prefix of a wider one.
      const Tensor narrow = run(op, {}, random({6, 3}, dtype));
      EXPECT_EQ(std::memcmp(narrow.rows(5, 6).raw_data(),
                            whole.reshaped({6, 5}).rows(5, 6).raw_data(), 3 * size_of(dtype)),
                0)
          << op;
    }
}

TEST(Random, SeedsStreamsAndRunsDiffer) {
  const Attributes seeded = random({8});
  const Attributes unseeded{{"shape", Ints{8}}, {"dtype", float32}, {"stream", std::int64_t{5}}};
  const Attributes other{{"shape", Ints{8}}, {"dtype", float32}, {"stream", std::int64_t{6}}};
  const GraphcRunContext a{.session_seed = 1, .run_index = 0, .step = 0},
      b{.session_seed = 2, .run_index = 0, .step = 0},
      next{.session_seed = 1, .run_index = 1, .step = 0};
  const auto draw = [](const Attributes &attributes, GraphcRunContext context) {
    return run("random_uniform", {}, attributes, 0, context);
  };
  EXPECT_TRUE(draw(seeded, a).identical_to(draw(seeded, b)));
  EXPECT_FALSE(draw(seeded, a).identical_to(draw(seeded, next)));
  EXPECT_FALSE(draw(unseeded, a).identical_to(draw(unseeded, b)));
  EXPECT_FALSE(draw(unseeded, a).identical_to(draw(other, a)));
  EXPECT_TRUE(draw(unseeded, a).identical_to(draw(unseeded, a)));
}

struct Moments {
  double mean = 0, variance = 0, least = 0, most = 0;
  explicit Moments(const Tensor &x) {
    const Tensor wide = x.cast(float64);
    for (double value : wide.values<double>()) {
      mean += value / static_cast<double>(x.num_elements());
      least = std::min(least, value);
      most = std::max(most, value);
    }
    for (double value : wide.values<double>())
      variance += (value - mean) * (value - mean) / static_cast<double>(x.num_elements());
  }
};

// Of n = 40,000 numbers the mean is off by sigma / 200 and the variance by about sqrt(2) / 200 on
// the average; the tolerances are four of these.
TEST(Random, DistributionsHaveTheirMoments) {
  for (DataType dtype : {float32, float64}) {
    const Moments uniform(run("random_uniform", {}, random({200, 200}, dtype)));
    EXPECT_NEAR(uniform.mean, .5, .006);
    EXPECT_NEAR(uniform.variance, 1. / 12, .002);
    EXPECT_LT(uniform.most, 1);
    const Moments normal(run("random_normal", {}, random({200, 200}, dtype)));
    EXPECT_NEAR(normal.mean, 0, .02);
    EXPECT_NEAR(normal.variance, 1, .03);
    EXPECT_GT(normal.most, 3);
    // 1 - 2 * 2 phi(2) / (Phi(2) - Phi(-2)) = 0.7737
    const Moments truncated(run("truncated_normal", {}, random({200, 200}, dtype)));
    EXPECT_NEAR(truncated.mean, 0, .02);
    EXPECT_NEAR(truncated.variance, .7737, .02);
    EXPECT_LE(truncated.most, 2);
    EXPECT_GE(truncated.least, -2);
    EXPECT_GT(truncated.most, 1.95);
  }
}

TEST(Random, IntegersFillTheirInterval) {
  const Attributes attributes = random({1000});
  for (DataType dtype : {int32, int64}) {
    const Tensor y =
        run("random_uniform_int", {Tensor(-2).cast(dtype), Tensor(3).cast(dtype)}, attributes)
            .cast(int64);
    std::vector<int> count(5, 0);
    for (std::int64_t value : y.values<std::int64_t>()) {
      ASSERT_GE(value, -2);
      ASSERT_LT(value, 3);
      ++count[static_cast<std::size_t>(value + 2)];
    }
    for (int n : count)
      EXPECT_NEAR(n, 200, 60);
  }
  EXPECT_EQ(run("random_uniform_int", {Tensor(0), Tensor(9), vector({2, 2})}).shape(),
            (Shape{2, 2}));
  EXPECT_EQ(errorOf([&] { run("random_uniform_int", {Tensor(5), Tensor(5)}, attributes); }),
            "INVALID_ARGUMENT: random_uniform_int expects minval < maxval, got 5 and 5");
}

TEST(Random, TakesItsShapeFromAnOperand) {
  Attributes attributes{{"dtype", float32}, {"seed", std::int64_t{1}}, {"seed2", std::int64_t{2}}};
  EXPECT_TRUE(run("random_uniform", {vector({2, 3})}, attributes)
                  .identical_to(run("random_uniform", {}, random({2, 3}))));
  EXPECT_EQ(run("random_uniform", {}, random({})).shape(), Shape{});
  EXPECT_EQ(run("random_uniform", {}, random({0, 3})).num_elements(), 0);
  EXPECT_EQ(errorOf([&] { run("random_uniform", {vector({2, -3})}, attributes); }),
            "INVALID_ARGUMENT: random_uniform expects extents of at least 0, got shape [2,?]");
}

} // namespace
} // namespace graphc::reference
