#include "examples/training/ClassificationReport.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace graphc::examples {

std::int64_t ClassificationReport::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

static double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double ClassificationReport::accuracy() const {
  std::int64_t right = 0;
  for (std::size_t c = 0; c < classes_.size(); ++c)
    right += count(c, c);
  return ratio(right, total());
}

double ClassificationReport::precision(std::size_t of) const {
  std::int64_t taken = 0;
  for (std::size_t truth = 0; truth < classes_.size(); ++truth)
    taken += count(truth, of);
  return ratio(count(of, of), taken);
}

double ClassificationReport::recall(std::size_t of) const {
  std::int64_t was = 0;
  for (std::size_t prediction = 0; prediction < classes_.size(); ++prediction)
    was += count(of, prediction);
  return ratio(count(of, of), was);
}

double ClassificationReport::f1(std::size_t of) const {
  const double sum = precision(of) + recall(of);
  return sum == 0 ? 0 : 2 * precision(of) * recall(of) / sum;
}

std::string ClassificationReport::toString() const {
  std::size_t width = 10;
  for (std::string_view name : classes_)
    width = std::max(width, name.size());
  std::string text = fmt::format("{:<{}}  precision  recall      F1  {:>7}\n", "", width, rows_);
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    std::int64_t total_of_class = 0;
    for (std::size_t prediction = 0; prediction < classes_.size(); ++prediction)
      total_of_class += count(c, prediction);
    text += fmt::format("{:<{}}     {:6.4f}  {:6.4f}  {:6.4f}  {:7}\n", classes_[c], width,
                        precision(c), recall(c), f1(c), total_of_class);
  }
  text += fmt::format("\nconfusion matrix (rows: truth, columns: prediction in the same order)\n");
  for (std::size_t truth = 0; truth < classes_.size(); ++truth) {
    text += fmt::format("{:<{}}", classes_[truth], width);
    for (std::size_t prediction = 0; prediction < classes_.size(); ++prediction)
      text += fmt::format(" {:5}", count(truth, prediction));
    text += '\n';
  }
  text += fmt::format("\naccuracy {:.4f} over {} {}\n", accuracy(), total(), rows_);
  return text;
}

} // namespace graphc::examples
