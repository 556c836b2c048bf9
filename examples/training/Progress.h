// One line that tells how training goes, rewritten in place on a terminal, a line now and then
// elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace graphc::examples {

struct TrainingPoint;

class Progress {
public:
  Progress(std::int64_t epochs, std::int64_t steps_per_epoch, std::string metric);

  /// After every step; draws at most ten times a second.
  void step(std::int64_t epoch, float loss);
  /// New figures, to be shown from here on.
  void mark(const TrainingPoint &point);
  /// After every epoch. Without a terminal, prints a plain line for about ten epochs of all, and
  /// for the `last`.
  void epoch(std::int64_t epoch, bool last);
  /// Ends the line.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  void draw(std::int64_t epoch) const;

  bool terminal_;
  std::int64_t epochs_;
  std::int64_t steps_per_epoch_;
  std::string metric_;
  std::int64_t steps_ = 0;
  double loss_ = 0;
  std::string figures_; ///< of the last point
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
};

} // namespace graphc::examples
