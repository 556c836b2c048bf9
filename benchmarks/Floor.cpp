#include "benchmarks/Floor.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace graphc::benchmarks {

const Machine &machine() {
  static const Machine measured = measureMachine(0);
  return measured;
}

void count(benchmark::State &state, const Work &work) {
  using benchmark::Counter;
  const double floor =
      std::max(work.flops / machine().gflops, work.bytes / machine().gigabytesPerSecond) * 1e-6;
  state.counters["floor ms"] = floor;
  state.counters["GFLOP/s"] = Counter(1e-9 * work.flops, Counter::kIsIterationInvariantRate);
  state.counters["of peak"] =
      Counter(1e-9 * work.flops / machine().gflops, Counter::kIsIterationInvariantRate);
}

void countPeakMemory(benchmark::State &state) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      state.counters["peak MB"] = std::stod(line.substr(6)) * 1024 / 1e6;
}

void resetPeakMemory() { std::ofstream("/proc/self/clear_refs") << 5; }

} // namespace graphc::benchmarks
