#include "examples/training/Progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "examples/training/Training.h"

namespace graphc::examples {

Progress::Progress(std::int64_t epochs, std::int64_t steps_per_epoch, std::string metric)
    : terminal_(isatty(STDOUT_FILENO) != 0), epochs_(epochs), steps_per_epoch_(steps_per_epoch),
      metric_(std::move(metric)) {}

void Progress::draw(std::int64_t epoch) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = static_cast<double>(steps_) / std::max(seconds, 1e-9);
  const double left =
      static_cast<double>(epochs_ * steps_per_epoch_ - steps_) / std::max(rate, 1e-9);
  fmt::print("epoch {:>4}/{}  {:6.1f} step/s  loss {:8.5f}{}  {:4.0f} s left", epoch, epochs_, rate,
             loss_, figures_, left);
}

void Progress::step(std::int64_t epoch, float loss) {
  ++steps_;
  loss_ = loss;
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - drawn_ < std::chrono::milliseconds(100))
    return;
  drawn_ = now;
  fmt::print("\r");
  draw(epoch);
  fmt::print("\x1b[K");
  std::fflush(stdout);
}

void Progress::mark(const TrainingPoint &point) {
  loss_ = point.train.loss;
  figures_ = fmt::format("  {} {:6.4f}", metric_, point.train.metric);
  if (point.validation)
    figures_ += fmt::format("  validation loss {:8.5f}  {} {:6.4f}", point.validation->loss,
                            metric_, point.validation->metric);
}

void Progress::epoch(std::int64_t epoch, bool last) {
  const std::int64_t every = std::max<std::int64_t>(1, epochs_ / 10);
  if (terminal_ || (epoch % every != 0 && epoch != epochs_ && !last))
    return;
  draw(epoch);
  fmt::print("\n");
  std::fflush(stdout);
}

void Progress::finish() {
  if (terminal_)
    fmt::print("\n");
}

} // namespace graphc::examples
