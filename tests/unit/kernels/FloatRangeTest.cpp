// tanh and sigmoid of every float32 there is: all 2^32 bit patterns, some 20 s on two cores.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/kernels/KernelTesting.h"

namespace graphc::kernel_testing {
namespace {

constexpr std::uint64_t kPatterns = std::uint64_t{1} << 32;
/// Values a call: inputs and outputs stay in the second-level cache.
constexpr std::uint64_t kPart = std::uint64_t{1} << 16;
constexpr double kBound = 4; ///< units in the last place

/// To some 1e-15 of itself. Small arguments take the series, whose next term is below that, and
/// large ones the limit: four fifths of all patterns need no library call.
double exactTanh(double x) {
  if (std::fabs(x) < 0x1p-12)
    return x - x * x * x / 3;
  return std::fabs(x) > 20 ? std::copysign(1.0, x) : std::tanh(x);
}

/// The same; below -120 the exact value is less than 1e-6 of the smallest float32.
double exactSigmoid(double x) {
  if (std::fabs(x) < 0x1p-12)
    return 0.5 + x / 4 - x * x * x / 48;
  if (std::fabs(x) > 120)
    return x > 0 ? 1 : 0;
  return 1 / (1 + std::exp(-x));
}

/// Distance in units in the last place of the exact value as a float32; both functions are finite.
double ulps(float actual, double exact) {
  const auto exponent = std::max<std::uint32_t>(
      std::bit_cast<std::uint32_t>(static_cast<float>(exact)) >> 23 & 0xff, 1);
  // 2^-(exponent - 127 - 23), by its bits.
  const auto per_unit = std::bit_cast<double>(std::uint64_t{1023 + 150 - exponent} << 52);
  return std::fabs(actual - exact) * per_unit;
}

struct Worst {
  std::uint64_t checked = 0;
  double error = 0;
  float at = 0;
  std::uint64_t nan_lost = 0; ///< NaN in, a number out
  std::uint64_t not_finite = 0;

  void merge(const Worst &other) {
    checked += other.checked;
    nan_lost += other.nan_lost;
    not_finite += other.not_finite;
    if (other.error > error) {
      error = other.error;
      at = other.at;
    }
  }
};

/// Patterns [begin, begin + kPart).
template <double (*exact)(double)>
Worst checkPart(GraphcKernel kernel, std::uint64_t begin, std::vector<float> &x,
                std::vector<float> &y, Tensor &scratch) {
  for (std::uint64_t i = 0; i < kPart; ++i)
    x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(begin + i));
  void *buffers[] = {x.data(), y.data()};
  kernel(buffers, 0, kPart, scratch.raw_data(), &kContext);
  Worst worst{.checked = kPart};
  for (std::uint64_t i = 0; i < kPart; ++i) {
    if (std::isnan(x[i])) {
      worst.nan_lost += !std::isnan(y[i]);
      continue;
    }
    worst.not_finite += !std::isfinite(y[i]);
    const double error = ulps(y[i], exact(x[i]));
    if (error > worst.error) {
      worst.error = error;
      worst.at = x[i];
    }
  }
  return worst;
}

template <double (*exact)(double)> void checkAll(const char *op) {
  Cluster cluster({{float32, {kPart}}},
                  [&](GraphBuilder &g, const Values &v) -> Values { return {g.create(op, v)}; });
  const GraphcKernel kernel = cluster.kernel();
  ASSERT_NE(kernel, nullptr);
  ASSERT_EQ(cluster.shape().extent, static_cast<std::int64_t>(kPart));
  const std::int64_t scratch_bytes = std::max<std::int64_t>(1, cluster.shape().scratchBytes);
  std::atomic<std::uint64_t> next{0};
  std::vector<Worst> found(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::jthread> threads;
  for (Worst &worst : found)
    threads.emplace_back([&] {
      std::vector<float> x(kPart), y(kPart);
      Tensor scratch(uint8, {scratch_bytes});
      for (std::uint64_t begin; (begin = next.fetch_add(kPart)) < kPatterns;)
        worst.merge(checkPart<exact>(kernel, begin, x, y, scratch));
    });
  threads.clear(); // joins them
  Worst worst;
  for (const Worst &part : found)
    worst.merge(part);
  EXPECT_EQ(worst.checked, kPatterns);
  EXPECT_EQ(worst.nan_lost, 0u);
  EXPECT_EQ(worst.not_finite, 0u);
  EXPECT_LE(worst.error, kBound) << op << " of " << worst.at;
  EXPECT_GT(worst.error, 0.5) << "less than rounding costs: nothing was measured";
  std::printf("%s: at most %.3f ulp, at %a\n", op, worst.error, static_cast<double>(worst.at));
}

TEST(FloatRange, Tanh) { checkAll<exactTanh>("tanh"); }
TEST(FloatRange, Sigmoid) { checkAll<exactSigmoid>("sigmoid"); }

} // namespace
} // namespace graphc::kernel_testing
