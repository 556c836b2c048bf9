// What the machine can do at best, measured, and how near to it a workload comes.
#pragma once

#include <benchmark/benchmark.h>

namespace graphc::benchmarks {

struct Machine {
  double gflops = 0;             ///< of a large matrix product, float32, all threads
  double gigabytesPerSecond = 0; ///< read and written by a copy that leaves the caches
};

/// Measured at the first call, in about a second.
const Machine &machine();

struct Work {
  double flops = 0; ///< multiplications and additions
  double bytes = 0; ///< that have to travel between memory and the processor
};

/// Counters of a benchmark whose iteration does `work`: GFLOP/s, the floor in milliseconds (the
/// longer of arithmetic at the peak and traffic at the bandwidth), and GFLOP/s as a share of the
/// peak.
void count(benchmark::State &state, const Work &work);

} // namespace graphc::benchmarks
