#include "runtime/summary/Summary.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/Status.h"
#include "runtime/protos/event.pb.h"

namespace graphc {
namespace {

using testing::ElementsAre;

TEST(Summary, ScalarsAreOneSizeWhateverTheirValue) {
  for (float value : {0.f, 1.f, -1e30f, std::numeric_limits<float>::infinity()}) {
    const Tensor serialized = scalar_summary("scope/loss", value);
    EXPECT_EQ(serialized.num_elements(), scalar_summary_bytes("scope/loss"));
    const proto::Summary summary = parse_summary(serialized);
    ASSERT_EQ(summary.value_size(), 1);
    EXPECT_EQ(summary.value(0).tag(), "scope/loss");
    EXPECT_EQ(summary.value(0).simple_value(), value);
  }
  EXPECT_TRUE(std::isnan(parse_summary(scalar_summary("x", NAN)).value(0).simple_value()));
}

// By hand: limits are 0 and +-1e-12 * 1.1^k; a value lies in the first bucket whose limit is above.
TEST(Summary, TheBucketsOfFewValues) {
  const double values[] = {0, -1e-13, 5e-13, 5e-13};
  const proto::Histogram histogram = histogramOf(values);
  EXPECT_EQ(histogram.min(), -1e-13);
  EXPECT_EQ(histogram.max(), 5e-13);
  EXPECT_EQ(histogram.num(), 4);
  EXPECT_DOUBLE_EQ(histogram.sum(), 1e-12 - 1e-13);
  EXPECT_DOUBLE_EQ(histogram.sum_squares(), 1e-26 + 5e-25);
  const double most = std::numeric_limits<double>::max();
  EXPECT_THAT(histogram.bucket_limit(), ElementsAre(-1e-12, 0, 1e-12, most));
  EXPECT_THAT(histogram.bucket(), ElementsAre(0, 1, 3, 0));
}

TEST(Summary, TheBucketsOfLargeValues) {
  const double values[] = {1e300, -1e300, 1.0};
  const proto::Histogram histogram = histogramOf(values);
  const double most = std::numeric_limits<double>::max();
  // -1e300 lies between the two lowest limits.
  ASSERT_EQ(histogram.bucket_size(), 6);
  EXPECT_THAT(histogram.bucket(), ElementsAre(0, 1, 0, 1, 0, 1));
  EXPECT_EQ(histogram.bucket_limit(0), -most);
  EXPECT_LT(histogram.bucket_limit(1), -9e19);
  EXPECT_GT(histogram.bucket_limit(3), 1);
  EXPECT_LT(histogram.bucket_limit(3), 1.1 + 1e-9);
  EXPECT_EQ(histogram.bucket_limit(5), most);
}

TEST(Summary, ManyValuesAreAllCounted) {
  std::vector<double> values(100000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::sin(static_cast<double>(i)) * std::pow(10, static_cast<double>(i % 60) - 30);
  const Tensor serialized = histogram_summary("w", values);
  EXPECT_EQ(serialized.num_elements(), histogram_summary_bytes("w", 100000));
  EXPECT_EQ(serialized.num_elements(), histogram_summary_bytes("w", 1000000));
  const proto::Summary summary = parse_summary(serialized);
  const proto::Histogram &histogram = summary.value(0).histo();
  EXPECT_EQ(std::accumulate(histogram.bucket().begin(), histogram.bucket().end(), 0.0), 100000);
  EXPECT_TRUE(std::ranges::is_sorted(histogram.bucket_limit()));
  EXPECT_EQ(summary.padding(), "");
}

TEST(Summary, HistogramsAreOneSizeWhateverTheirValues) {
  const std::vector<std::vector<double>> all = {
      {0, 0, 0}, {1, 2, 3}, {-1e19, 0, 1e19}, {5, 5, 5}, {-1, -2, 1e-14}};
  for (const std::vector<double> &values : all) {
    const Tensor serialized = histogram_summary("w", values);
    EXPECT_EQ(serialized.num_elements(), histogram_summary_bytes("w", 3));
    EXPECT_EQ(parse_summary(serialized).value(0).histo().num(), 3);
  }
  EXPECT_EQ(parse_summary(histogram_summary("w", {})).value(0).histo().num(), 0);
}

TEST(Summary, WhatIsNoneIsRefused) {
  auto messageOf = [](const Tensor &tensor) {
    try {
      parse_summary(tensor);
    } catch (const Error &error) {
      return error.message();
    }
    return std::string("no error");
  };
  EXPECT_EQ(messageOf(Tensor()), "expected a summary, what summary ops give, got nothing");
  EXPECT_EQ(messageOf(Tensor(1.5f)),
            "expected a summary, what summary ops give, got float32[] 1.5");
  EXPECT_EQ(messageOf(Tensor::of<std::uint8_t>({2}, {10, 255})),
            "expected a summary, what summary ops give, got uint8[2] 10 255");
}

} // namespace
} // namespace graphc
