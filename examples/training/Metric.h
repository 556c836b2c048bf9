// How good predictions are, added up batch by batch.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "examples/training/ClassificationReport.h"
#include "runtime/Tensor.h"

namespace graphc::examples {

/// Predictions beside the truth, in the order in which they came.
struct Series {
  std::vector<double> truth;
  std::vector<double> prediction;
};

class Metric {
public:
  virtual ~Metric() = default;

  /// `rows`: the batch as the data set gave it. Labels are its last tensor, unless a metric says
  /// otherwise.
  virtual void add(const Tensor &predictions, const std::vector<Tensor> &rows) = 0;
  /// "accuracy".
  virtual std::string name() const = 0;
  virtual double value() const = 0;
  virtual bool higher_is_better() const = 0;
  /// Everything there is to say, as lines.
  virtual std::string report() const;
  /// What there is to draw: a confusion matrix, or curves; null where not.
  virtual const ClassificationReport *classification() const { return nullptr; }
  virtual const Series *series() const { return nullptr; }
};

/// The share of rows whose class was found. Predictions [batch, classes] are scores, of which the
/// largest wins; predictions [batch] or [batch, 1] are probabilities of class 1. Labels are class
/// numbers [batch], or [batch, 1], of any dtype, or one-hot [batch, classes].
class Accuracy : public Metric {
public:
  /// `rows`: what rows are called, as "windows".
  Accuracy(std::span<const std::string_view> classes, std::string_view rows = "rows")
      : report_(classes, rows), classes_(static_cast<std::int64_t>(classes.size())) {}
  void add(const Tensor &predictions, const std::vector<Tensor> &rows) override;
  std::string name() const override { return "accuracy"; }
  double value() const override { return report_.accuracy(); }
  bool higher_is_better() const override { return true; }
  std::string report() const override { return report_.toString(); }
  const ClassificationReport *classification() const override { return &report_; }

private:
  ClassificationReport report_;
  std::int64_t classes_;
};

/// The mean of |prediction - label| or of its square, over all elements.
class MeanError : public Metric {
public:
  enum class Kind { absolute, squared };
  explicit MeanError(Kind kind) : kind_(kind) {}
  void add(const Tensor &predictions, const std::vector<Tensor> &rows) override;
  std::string name() const override {
    return kind_ == Kind::squared ? "mean squared error" : "mean absolute error";
  }
  double value() const override { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  bool higher_is_better() const override { return false; }
  /// The first 500 values.
  const Series *series() const override { return &series_; }

private:
  Kind kind_;
  double sum_ = 0;
  std::int64_t count_ = 0;
  Series series_;
};

} // namespace graphc::examples
