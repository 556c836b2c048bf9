#include "runtime/summary/Summary.h"

#include <limits>

#include "ReferenceTesting.h"
#include "runtime/protos/event.pb.h"

namespace graphc::reference {
namespace {

Attributes tagged(const std::string &tag) {
  Attributes attributes;
  attributes.set("tag", tag);
  return attributes;
}

TEST(SummaryOps, AScalarOfAnyDtype) {
  for (const Tensor &value : {Tensor(2.5f), Tensor(2.5), Tensor(2.5f).reshaped({1, 1})})
    EXPECT_TRUE(
        run("scalar_summary", {value}, tagged("a/b")).identical_to(scalar_summary("a/b", 2.5f)));
  EXPECT_TRUE(run("scalar_summary", {Tensor(std::int64_t{7})}, tagged("x"))
                  .identical_to(scalar_summary("x", 7)));
}

TEST(SummaryOps, AHistogramOfAnyDtypeAndShape) {
  const double wide[] = {0, 1, 2, 3, 4, 5};
  for (DataType dtype : {float32, float64, int32, int64, uint8})
    EXPECT_TRUE(run("histogram_summary", {iota({2, 3}, dtype)}, tagged("w"))
                    .identical_to(histogram_summary("w", wide)));
}

TEST(SummaryOps, AHistogramOfWhatIsNotFinite) {
  for (const auto &[value, text] : {std::pair{std::numeric_limits<float>::quiet_NaN(), "nan"},
                                    std::pair{-std::numeric_limits<float>::infinity(), "-inf"}})
    try {
      run("histogram_summary", {vector<float>({1, value})}, tagged("w"));
      FAIL() << "expected an error";
    } catch (const Error &error) {
      EXPECT_EQ(error.message(),
                std::string("histogram_summary of 'w' expects finite values, got ") + text);
    }
}

TEST(SummaryOps, MergedOnesHoldTheValuesOfAll) {
  const double values[] = {1, 2};
  const Tensor merged =
      run("merge_summary",
          {scalar_summary("a", 1), histogram_summary("w", values), scalar_summary("b", 2)});
  const proto::Summary summary = parse_summary(merged);
  ASSERT_EQ(summary.value_size(), 3);
  EXPECT_EQ(summary.value(0).simple_value(), 1);
  EXPECT_EQ(summary.value(1).histo().sum(), 3);
  EXPECT_EQ(summary.value(2).tag(), "b");
}

} // namespace
} // namespace graphc::reference
