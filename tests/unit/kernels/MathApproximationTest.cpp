// The approximations' error in units in the last place, sampled over all floats of either width,
// and their values at the special ones.
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

struct Function {
  const char *name;
  long double (*exact)(long double);
  double bound32, bound64; ///< in units in the last place
};

long double sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }
long double softplus(long double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}
long double rsqrt(long double x) { return 1 / std::sqrt(x); }

const Function kFunctions[] = {
    {"exp", [](long double x) { return std::exp(x); }, 1.5, 1.5},
    {"log", [](long double x) { return std::log(x); }, 1.5, 1.5},
    {"tanh", [](long double x) { return std::tanh(x); }, 3, 3},
    {"sigmoid", sigmoid, 3, 3},
    {"softplus", softplus, 3, 3},
    {"rsqrt", rsqrt, 1.5, 1.5},
    {"expm1", [](long double x) { return std::expm1(x); }, 4, 4},
    {"log1p", [](long double x) { return std::log1p(x); }, 4, 4},
    {"erf", [](long double x) { return std::erf(x); }, 4, 4},
};

Tensor apply(const char *name, const Tensor &x) {
  Cluster cluster({typeOf(x)},
                  [&](GraphBuilder &g, const Values &v) -> Values { return {g.create(name, v)}; });
  return cluster.run({x}).front();
}

/// Distance from the exact value, in units in the last place of it as a T.
template <typename T> double ulps(T actual, long double exact) {
  const T rounded = static_cast<T>(exact);
  if (std::isnan(rounded) || std::isinf(rounded) || std::isnan(actual) || std::isinf(actual)) {
    const bool same = std::isnan(rounded) ? std::isnan(actual) : rounded == actual;
    if (same)
      return 0;
    // The largest number beside infinity is one unit off.
    const bool beside =
        std::isinf(actual) != std::isinf(rounded) && !std::isnan(actual) &&
        std::fabs(std::isinf(actual) ? rounded : actual) == std::numeric_limits<T>::max() &&
        std::signbit(actual) == std::signbit(rounded);
    return beside ? 1 : std::numeric_limits<double>::infinity();
  }
  const int exponent =
      std::max(std::ilogb(rounded == 0 ? std::numeric_limits<T>::denorm_min() : rounded),
               std::numeric_limits<T>::min_exponent - 1);
  const long double unit = std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits + 1);
  return static_cast<double>(std::fabs(static_cast<long double>(actual) - exact) / unit);
}

template <typename T> void expectWithin(const Function &function, const Tensor &x, double bound) {
  const Tensor y = apply(function.name, x);
  double worst = 0;
  T where = 0;
  for (std::int64_t i = 0; i < x.num_elements(); ++i) {
    const T in = x.data<T>()[i];
    const double error = ulps(y.data<T>()[i], function.exact(in));
    if (error > worst) {
      worst = error;
      where = in;
    }
  }
  EXPECT_LE(worst, bound) << function.name << " at " << where;
  testing::Test::RecordProperty(std::string(function.name) + (sizeof(T) == 4 ? "32" : "64"),
                                std::to_string(worst));
}

TEST(MathApproximations, EveryRangeOfFloat32) {
  // A prime step through all bit patterns: signs, denormals, infinities, NaN.
  std::vector<float> values;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += 997)
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  const Tensor x = Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
  for (const Function &function : kFunctions)
    expectWithin<float>(function, x, function.bound32);
}

TEST(MathApproximations, DenselyAroundOne) {
  // Where tanh and sigmoid bend and log is near zero.
  std::vector<float> values;
  for (int i = -1'000'000; i <= 1'000'000; ++i)
    values.push_back(static_cast<float>(i) * 1.1e-5f);
  const Tensor x = Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
  for (const Function &function : kFunctions)
    expectWithin<float>(function, x, function.bound32);
}

TEST(MathApproximations, Float64) {
  std::mt19937_64 random(1);
  std::vector<double> values;
  for (int i = 0; i < 300'000; ++i) {
    values.push_back(std::bit_cast<double>(static_cast<std::uint64_t>(random())));
    values.push_back(std::uniform_real_distribution<double>(-30, 30)(random));
    values.push_back(std::uniform_real_distribution<double>(-750, 750)(random));
    values.push_back(std::uniform_real_distribution<double>(0.5, 2)(random));
  }
  const Tensor x = Tensor::of<double>({static_cast<std::int64_t>(values.size())}, values);
  for (const Function &function : kFunctions)
    expectWithin<double>(function, x, function.bound64);
}

TEST(MathApproximations, SpecialValues) {
  const float inf = std::numeric_limits<float>::infinity(),
              nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = Tensor::of<float>({6}, {0.f, -0.f, inf, -inf, nan, 1e-45f});
  const auto expect = [&](const char *name, std::vector<float> wanted) {
    const Tensor y = apply(name, x);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const float got = y.data<float>()[i];
      if (std::isnan(wanted[i]))
        EXPECT_TRUE(std::isnan(got)) << name << " " << i;
      else
        EXPECT_EQ(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(wanted[i]))
            << name << " " << i;
    }
  };
  expect("exp", {1, 1, inf, 0, nan, 1});
  expect("log", {-inf, -inf, inf, nan, nan, std::log(1e-45f)});
  expect("tanh", {0.f, -0.f, 1, -1, nan, 1e-45f});
  expect("sigmoid", {.5f, .5f, 1, 0, nan, .5f});
  expect("rsqrt", {inf, -inf, 0, nan, nan, 1 / std::sqrt(1e-45f)});
}

TEST(MathApproximations, PowersOfFloat32) {
  std::mt19937 random(1);
  std::vector<float> bases, exponents;
  for (int i = 0; i < 200'000; ++i) {
    bases.push_back(i % 2 ? std::uniform_real_distribution<float>(0, 10)(random)
                          : std::bit_cast<float>(static_cast<std::uint32_t>(random())));
    exponents.push_back(i % 3 ? std::uniform_real_distribution<float>(-40, 40)(random)
                              : static_cast<float>(static_cast<int>(random() % 21) - 10));
  }
  const auto count = static_cast<std::int64_t>(bases.size());
  Cluster cluster({{float32, {count}}, {float32, {count}}},
                  [](GraphBuilder &g, const Values &v) -> Values { return {g.create("pow", v)}; });
  const Tensor y =
      cluster.run({Tensor::of<float>({count}, bases), Tensor::of<float>({count}, exponents)})
          .front();
  for (std::int64_t i = 0; i < count; ++i) {
    const long double exact =
        std::pow(static_cast<long double>(bases[i]), static_cast<long double>(exponents[i]));
    ASSERT_LE(ulps(y.data<float>()[i], exact), 1) << bases[i] << " to the " << exponents[i];
  }
}

TEST(MathApproximations, AreVectorised) {
  for (const Function &function : kFunctions) {
    Cluster cluster({{float32, {4096}}}, [&](GraphBuilder &g, const Values &v) -> Values {
      return {g.create(function.name, v)};
    });
    EXPECT_NE(cluster.ir().find("x float>"), std::string::npos) << function.name;
    // What calls there are, are of intrinsics.
    const std::string &ir = cluster.ir();
    for (std::size_t at = ir.find(" call "); at != std::string::npos;
         at = ir.find(" call ", at + 1))
      EXPECT_EQ(ir.compare(ir.find('@', at), 6, "@llvm."), 0) << function.name << ir.substr(at, 80);
  }
}

} // namespace
} // namespace graphc::kernel_testing
