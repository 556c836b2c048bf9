#include "runtime/summary/Summary.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "runtime/Status.h"
#include "runtime/protos/event.pb.h"

namespace graphc {

/// The upper limits of all buckets, ascending.
static const std::vector<double> &bucketLimits() {
  static const std::vector<double> limits = [] {
    std::vector<double> positive;
    for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
      positive.push_back(limit);
    positive.push_back(std::numeric_limits<double>::max());
    std::vector<double> all;
    for (auto limit = positive.rbegin(); limit != positive.rend(); ++limit)
      all.push_back(-*limit);
    all.push_back(0);
    all.insert(all.end(), positive.begin(), positive.end());
    return all;
  }();
  return limits;
}

/// Each value has its bucket, and before it a run of empty ones; one more may end the list.
static std::int64_t mostBuckets(std::int64_t count) {
  const auto all = static_cast<std::int64_t>(bucketLimits().size());
  return count < all / 2 ? 2 * count + 1 : all;
}

proto::Histogram histogramOf(std::span<const double> values) {
  const std::vector<double> &limits = bucketLimits();
  std::vector<double> counts(limits.size(), 0);
  double least = std::numeric_limits<double>::max();
  double greatest = -least;
  double sum = 0;
  double squares = 0;
  for (double value : values) {
    // The first limit above the value.
    const auto limit = std::ranges::upper_bound(limits, value);
    const auto bucket = std::min<std::ptrdiff_t>(limit - limits.begin(),
                                                 static_cast<std::ptrdiff_t>(limits.size()) - 1);
    ++counts[static_cast<std::size_t>(bucket)];
    least = std::min(least, value);
    greatest = std::max(greatest, value);
    sum += value;
    squares += value * value;
  }
  proto::Histogram histogram;
  histogram.set_min(least);
  histogram.set_max(greatest);
  histogram.set_num(static_cast<double>(values.size()));
  histogram.set_sum(sum);
  histogram.set_sum_squares(squares);
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const bool runGoesOn = counts[i] == 0 && i + 1 < limits.size() && counts[i + 1] == 0;
    if (runGoesOn)
      continue;
    histogram.add_bucket_limit(limits[i]);
    histogram.add_bucket(counts[i]);
  }
  return histogram;
}

static proto::Summary scalarMessage(const std::string &tag, float value) {
  proto::Summary summary;
  proto::Summary::Value &entry = *summary.add_value();
  entry.set_tag(tag);
  entry.set_simple_value(value); // of a oneof: written even where it is zero
  return summary;
}

static Tensor toTensor(const std::string &bytes) {
  Tensor tensor(uint8, Shape{static_cast<std::int64_t>(bytes.size())});
  std::ranges::copy(bytes, reinterpret_cast<char *>(tensor.data<std::uint8_t>()));
  return tensor;
}

Tensor scalar_summary(const std::string &tag, float value) {
  return toTensor(scalarMessage(tag, value).SerializeAsString());
}

std::int64_t scalar_summary_bytes(const std::string &tag) {
  return static_cast<std::int64_t>(scalarMessage(tag, 0).ByteSizeLong());
}

/// Field and length of the padding: the length always in five bytes, so that every remainder can be
/// filled.
static constexpr std::size_t kPaddingHead = 2 + 5;

static std::string padding(std::size_t bytes) {
  constexpr unsigned kKey = proto::Summary::kPaddingFieldNumber << 3 | 2;
  std::string text = {static_cast<char>(kKey | 0x80), static_cast<char>(kKey >> 7)};
  std::size_t length = bytes - kPaddingHead;
  for (int byte = 0; byte < 4; ++byte, length >>= 7)
    text += static_cast<char>(length | 0x80);
  text += static_cast<char>(length);
  text.resize(bytes, '\0');
  return text;
}

static proto::Summary histogramMessage(const std::string &tag, proto::Histogram histogram) {
  proto::Summary summary;
  proto::Summary::Value &entry = *summary.add_value();
  entry.set_tag(tag);
  *entry.mutable_histo() = std::move(histogram);
  return summary;
}

std::int64_t histogram_summary_bytes(const std::string &tag, std::int64_t count) {
  proto::Histogram largest;
  largest.set_min(1);
  largest.set_max(1);
  largest.set_num(1);
  largest.set_sum(1);
  largest.set_sum_squares(1);
  for (std::int64_t i = 0; i < mostBuckets(count); ++i) {
    largest.add_bucket_limit(1);
    largest.add_bucket(1);
  }
  return static_cast<std::int64_t>(histogramMessage(tag, std::move(largest)).ByteSizeLong() +
                                   kPaddingHead);
}

Tensor histogram_summary(const std::string &tag, std::span<const double> values) {
  std::string bytes = histogramMessage(tag, histogramOf(values)).SerializeAsString();
  const auto size = static_cast<std::size_t>(
      histogram_summary_bytes(tag, static_cast<std::int64_t>(values.size())));
  bytes += padding(size - bytes.size());
  return toTensor(bytes);
}

proto::Summary parse_summary(const Tensor &serialized) {
  proto::Summary summary;
  if (serialized.empty() || serialized.dtype() != uint8 ||
      !summary.ParseFromArray(serialized.raw_data(), static_cast<int>(serialized.num_bytes())))
    throw Error(Code::invalid_argument,
                "expected a summary, what summary ops give, got " +
                    (serialized.empty() ? "nothing" : serialized.to_string(4)));
  summary.clear_padding();
  return summary;
}

} // namespace graphc
