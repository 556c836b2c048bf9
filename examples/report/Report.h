// What one run of a program came to, as a page and as a few lines.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "examples/training/ClassificationReport.h"
#include "examples/training/Metric.h"
#include "examples/training/Training.h"

namespace graphc::examples {

struct Report {
  struct ModelRow {
    std::string name;
    std::string type; ///< "float32[9,27]"
    std::int64_t parameters = 0;
    bool trainable = true;
  };

  std::string program;
  std::string summary;
  std::string source; ///< of the data
  Outcome outcome;
  double test_loss = 0;
  std::vector<TrainingPoint> history = {};
  std::optional<ClassificationReport> classification = {}; ///< of the test rows
  std::optional<Series> series = {};                       ///< of the first test rows
  std::vector<ModelRow> model = {};
  std::vector<std::pair<std::string, std::string>> timings = {}; ///< what, how long
};

/// The report on a trained net over test rows that `metric` judged.
Report makeReport(const Program &program, const Data &data, const Trainer &trainer,
                  const Metric &metric, const Outcome &outcome, double test_loss);

/// One page of HTML that loads nothing: curves of loss and metric, the confusion matrix or
/// predictions beside the truth, the model's variables, timings.
std::string toHtml(const Report &report);

/// The curves in a few lines for a terminal.
std::string toText(const Report &report);

} // namespace graphc::examples
