#include "examples/training/Metric.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "runtime/Status.h"

namespace graphc::examples {

std::string Metric::report() const { return fmt::format("{} {:.6g}\n", name(), value()); }

/// The class of each row of scores, probabilities, one-hot rows or class numbers (`are_numbers`).
static std::vector<std::int64_t> classesOf(const Tensor &values, std::int64_t classes,
                                           bool are_numbers) {
  const Tensor numbers = values.cast(float32);
  const std::int64_t rows = values.shape()[0];
  const std::int64_t width = rows == 0 ? 0 : values.num_elements() / rows;
  std::vector<std::int64_t> out;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *begin = numbers.data<float>() + row * width;
    if (width == 1)
      out.push_back(are_numbers ? static_cast<std::int64_t>(*begin) : std::int64_t{*begin > 0.5f});
    else
      out.push_back(std::max_element(begin, begin + width) - begin);
    if (width > classes || out.back() < 0 || out.back() >= classes)
      throw Error(Code::invalid_argument,
                  fmt::format("expected rows of at most {} classes, got {} of shape {}", classes,
                              are_numbers ? "labels" : "predictions", values.shape().to_string()));
  }
  return out;
}

void Accuracy::add(const Tensor &predictions, const std::vector<Tensor> &rows) {
  const std::vector<std::int64_t> truth = classesOf(rows.back(), classes_, true);
  const std::vector<std::int64_t> predicted = classesOf(predictions, classes_, false);
  for (std::size_t row = 0; row < predicted.size(); ++row)
    report_.add(truth[row], predicted[row]);
}

/// More would not be told apart in a drawing.
static constexpr std::size_t kSeriesLength = 500;

void MeanError::add(const Tensor &predictions, const std::vector<Tensor> &rows) {
  const std::span<const float> truth = rows.back().values<float>();
  const std::span<const float> predicted = predictions.values<float>();
  if (truth.size() != predicted.size())
    throw Error(Code::invalid_argument,
                fmt::format("expected as many predictions as labels, got {} for {}",
                            predicted.size(), truth.size()));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double difference = static_cast<double>(predicted[i]) - truth[i];
    if (series_.truth.size() < kSeriesLength) {
      series_.truth.push_back(truth[i]);
      series_.prediction.push_back(predicted[i]);
    }
    sum_ += kind_ == Kind::squared ? difference * difference : std::abs(difference);
  }
  count_ += static_cast<std::int64_t>(truth.size());
}

} // namespace graphc::examples
