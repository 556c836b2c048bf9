// Google Benchmark's program with the machine's limits above its table.
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "benchmarks/Floor.h"

int main(int argc, char **argv) {
  // Compile times are those of the first time; see firstTrainingStepCached for later ones.
  setenv("GRAPHC_KERNEL_CACHE", "off", 1);
  char tabular[] = "--benchmark_counters_tabular=true";
  std::vector<char *> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, tabular); // options given later win
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
    return 2;
  const graphc::benchmarks::Machine &machine = graphc::benchmarks::machine();
  benchmark::AddCustomContext("peak of a matrix product",
                              fmt::format("{:.0f} GFLOP/s", machine.gflops));
  benchmark::AddCustomContext("memory bandwidth",
                              fmt::format("{:.1f} GB/s", machine.gigabytesPerSecond));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
