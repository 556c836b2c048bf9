// How near to the machine's limits a benchmark comes.
#pragma once

#include <benchmark/benchmark.h>

#include "benchmarks/Machine.h"

namespace graphc::benchmarks {

/// The limits with a thread on each core, measured at the first call.
const Machine &machine();

struct Work {
  double flops = 0; ///< multiplications and additions
  double bytes = 0; ///< that have to travel between memory and the processor
};

/// Counters of a benchmark whose iteration does `work`: GFLOP/s, the floor in milliseconds (the
/// longer of arithmetic at the peak and traffic at the bandwidth), and GFLOP/s as a share of the
/// peak.
void count(benchmark::State &state, const Work &work);

/// The counter "peak MB": the most memory that this process has had since resetPeakMemory().
void countPeakMemory(benchmark::State &state);
void resetPeakMemory();

} // namespace graphc::benchmarks
