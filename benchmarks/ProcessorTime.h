// Processor time, so that what else the machine does says little.
#pragma once

#include <vector>

namespace graphc::benchmarks {

/// Seconds that this process has taken by now, all threads together.
double processorSeconds();

/// Those of one run.
template <typename Runner> double secondsOfRun(Runner &runner) {
  const double start = processorSeconds();
  runner.run();
  return processorSeconds() - start;
}

/// Of at least one value; changes their order.
double median(std::vector<double> &values);

} // namespace graphc::benchmarks
