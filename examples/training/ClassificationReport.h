// How well a classifier did: accuracy, precision, recall and F1 per class, confusion matrix.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graphc::examples {

class ClassificationReport {
public:
  /// `rows`: what is classified, as "windows".
  explicit ClassificationReport(std::span<const std::string_view> classes,
                                std::string_view rows = "windows")
      : classes_(classes.begin(), classes.end()), rows_(rows),
        counts_(classes.size() * classes.size(), 0) {}

  void add(std::int64_t truth, std::int64_t prediction) {
    ++counts_[static_cast<std::size_t>(truth) * classes_.size() +
              static_cast<std::size_t>(prediction)];
  }

  const std::vector<std::string_view> &classes() const { return classes_; }
  std::int64_t count(std::size_t truth, std::size_t prediction) const {
    return counts_[truth * classes_.size() + prediction];
  }
  std::int64_t total() const;
  double accuracy() const;
  /// Of what was taken for the class, the share that was; 0 where nothing was taken for it.
  double precision(std::size_t of) const;
  /// Of what was the class, the share that was found; 0 where nothing was.
  double recall(std::size_t of) const;
  /// The harmonic mean of precision and recall.
  double f1(std::size_t of) const;

  /// Two aligned tables: figures per class; then the confusion matrix, truth down, prediction
  /// across.
  std::string toString() const;

private:
  std::vector<std::string_view> classes_;
  std::string_view rows_;
  std::vector<std::int64_t> counts_; ///< [truth, prediction]
};

} // namespace graphc::examples
