// From an empty graph to the first finished training step, by the number of time steps.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "benchmarks/HarGraph.h"

namespace graphc::benchmarks {
namespace {

void firstTrainingStep(benchmark::State &state) {
  for (auto _ : state) {
    HarGraph har(27, state.range(0),
                 {.seed = 1, .recurrence = static_cast<RecurrenceForm>(state.range(1))});
    har.initialise();
    benchmark::DoNotOptimize(har.trainingStep()(har.trainingFeeds(100)));
  }
}

/// The same where kernels are found in the cache on disk.
void firstTrainingStepCached(benchmark::State &state) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "graphc-bench-kernels";
  std::filesystem::remove_all(folder);
  setenv("GRAPHC_KERNEL_CACHE", folder.c_str(), 1);
  auto step = [&] {
    HarGraph har(27, state.range(0),
                 {.seed = 1, .recurrence = static_cast<RecurrenceForm>(state.range(1))});
    har.initialise();
    benchmark::DoNotOptimize(har.trainingStep()(har.trainingFeeds(100)));
  };
  step();
  for (auto _ : state)
    step();
  setenv("GRAPHC_KERNEL_CACHE", "off", 1);
  std::filesystem::remove_all(folder);
}

BENCHMARK(firstTrainingStepCached)
    ->ArgNames({"T", "form"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(3)
    ->Args({128, 0})
    ->Args({1024, 0});

BENCHMARK(firstTrainingStep)
    ->ArgNames({"T", "form"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1)
    ->Repetitions(3)
    ->ReportAggregatesOnly()
    ->Args({128, 0})
    ->Args({512, 0})
    ->Args({1024, 0})
    ->Args({4096, 0})
    ->Args({128, 1})
    ->Args({512, 1})
    ->Args({128, 2})
    ->Args({512, 2})
    ->Args({1024, 2})
    ->Args({4096, 2});

} // namespace
} // namespace graphc::benchmarks
