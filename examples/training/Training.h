// The loop over epochs and batches that all built-in programs share.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "examples/Programs.h"

namespace graphc::examples {

/// Loss and metric over some rows.
struct Figures {
  double loss = 0;
  double metric = 0;
};

/// How training went: one point for each epoch, or for each validation where these are more often.
struct TrainingPoint {
  std::int64_t step = 0; ///< steps taken
  double epochs = 0;     ///< passes over the data, a whole number at the end of each
  Figures train;         ///< since the point before
  std::optional<Figures> validation = {};
};

/// Seconds, and the steps that took them.
struct Timings {
  double first_step = 0; ///< recording and compiling included
  double training = 0;   ///< all of it
  std::int64_t steps = 0;
};

/// One program's graph, session and data.
class Trainer {
public:
  /// Throws Error (invalid_argument) for options that the program cannot take.
  Trainer(const Program &program, const Data &data, const RunOptions &options);
  ~Trainer();

  /// Initialises all variables, or takes them from the checkpoint that the options name, and trains
  /// as the program and the options say, showing progress.
  void fit();
  /// Adds the rows' predictions to `metric` and returns the mean loss; needs no more memory than
  /// training.
  double evaluate(const Dataset &rows, Metric &metric);
  /// Predictions, of fed rows in order, labels left out; keep is 1.
  Tensor predict(const std::vector<Tensor> &rows);
  /// Runs one training step in this session and in one of reference kernels and prints how far they
  /// are apart; true where they agree.
  bool compareWithReference();

  Graph &graph() { return graph_; }
  const Graph &graph() const { return graph_; }
  Session &session() { return *session_; }
  const ProgramGraph &ends() const { return ends_; }
  const std::vector<TrainingPoint> &history() const { return history_; }
  const Timings &timings() const { return timings_; }
  std::int64_t epochs() const { return settings_.epochs; }
  std::int64_t batch() const { return settings_.batch; }
  const RunOptions &options() const { return options_; }
  bool quick() const { return options_.quick; }
  std::filesystem::path outputFolder() const { return options_.output; }

private:
  struct Runner;

  const Program &program_;
  const RunOptions &options_;
  Training settings_; ///< the program's, with the options over them
  Dataset train_;
  Dataset validation_;
  Sizes sizes_;
  Graph graph_;
  ProgramGraph ends_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Runner> runner_;
  std::vector<TrainingPoint> history_;
  Timings timings_;
};

/// Loads the data, trains, tests and prints; the whole of `graphc run NAME`.
Outcome runProgram(const Program &program, const RunOptions &options);

} // namespace graphc::examples
