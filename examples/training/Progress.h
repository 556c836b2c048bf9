// One line that tells how training goes, rewritten in place on a terminal, silent elsewhere.
#pragma once

#include <chrono>
#include <cstdint>

namespace graphc::examples {

class Progress {
public:
  Progress(std::int64_t epochs, std::int64_t steps_per_epoch);

  /// After every step; draws at most ten times a second.
  void step(std::int64_t epoch, float loss);
  /// After every epoch. Without a terminal, prints a plain line for about ten epochs of all.
  void epoch(std::int64_t epoch, float loss, double accuracy);
  /// Ends the line.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  void draw(std::int64_t epoch, float loss);

  bool terminal_;
  std::int64_t epochs_;
  std::int64_t steps_per_epoch_;
  std::int64_t steps_ = 0;
  double accuracy_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
};

} // namespace graphc::examples
