// From an empty graph to the first finished training step, by the number of time steps.
#include <benchmark/benchmark.h>

#include "benchmarks/HarGraph.h"

namespace graphc::benchmarks {
namespace {

void firstTrainingStep(benchmark::State &state) {
  for (auto _ : state) {
    HarGraph har(27, state.range(0), static_cast<RecurrenceForm>(state.range(1)));
    benchmark::DoNotOptimize(har.trainingStep()(har.trainingFeeds(100)));
  }
}

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
    ->Args({128, 1})
    ->Args({512, 1})
    ->Args({128, 2})
    ->Args({512, 2});

} // namespace
} // namespace graphc::benchmarks
