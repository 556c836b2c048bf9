// What the machine can do at best, measured.
#pragma once

namespace graphc::benchmarks {

struct Machine {
  double gflops = 0;             ///< of a large matrix product, float32
  double gigabytesPerSecond = 0; ///< read and written by a copy that leaves the caches
};

/// Of `threads` threads, 0 for one on each core; takes about a second.
Machine measureMachine(int threads);

} // namespace graphc::benchmarks
