#include "examples/training/Progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace graphc::examples {

Progress::Progress(std::int64_t epochs, std::int64_t steps_per_epoch)
    : terminal_(isatty(STDOUT_FILENO) != 0), epochs_(epochs), steps_per_epoch_(steps_per_epoch) {}

void Progress::draw(std::int64_t epoch, float loss) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = static_cast<double>(steps_) / std::max(seconds, 1e-9);
  const double left = static_cast<double>(epochs_ * steps_per_epoch_ - steps_) / std::max(rate, 1e-9);
  fmt::print("epoch {:>4}/{}  {:6.1f} step/s  loss {:8.5f}  accuracy {:6.4f}  {:4.0f} s left", epoch, epochs_,
             rate, loss, accuracy_, left);
}

void Progress::step(std::int64_t epoch, float loss) {
  ++steps_;
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - drawn_ < std::chrono::milliseconds(100))
    return;
  drawn_ = now;
  fmt::print("\r");
  draw(epoch, loss);
  fmt::print("\x1b[K");
  std::fflush(stdout);
}

void Progress::epoch(std::int64_t epoch, float loss, double accuracy) {
  accuracy_ = accuracy;
  const std::int64_t every = std::max<std::int64_t>(1, epochs_ / 10);
  if (terminal_ || (epoch % every != 0 && epoch != epochs_))
    return;
  draw(epoch, loss);
  fmt::print("\n");
  std::fflush(stdout);
}

void Progress::finish() {
  if (terminal_)
    fmt::print("\n");
}

} // namespace graphc::examples
