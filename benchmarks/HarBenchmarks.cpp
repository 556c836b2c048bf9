// A training step and inference of the HAR LSTM, in every form of recurrence.
#include <benchmark/benchmark.h>

#include "benchmarks/HarGraph.h"

namespace graphc::benchmarks {
namespace {

constexpr const char *kForms[] = {"kernel", "primitive", "unroll"};

/// Multiplications and additions of the matrix products in one forward pass: the dense layer, and
/// for each of two LSTM layers the products with inputs and with the last output.
double forwardFlops(std::int64_t batch, std::int64_t hidden, std::int64_t steps) {
  const double windows = static_cast<double>(batch * steps);
  return 2 * windows * (9.0 * static_cast<double>(hidden) + 2 * 2 * 4.0 * static_cast<double>(hidden * hidden));
}

void trainingStep(benchmark::State &state) {
  const std::int64_t batch = state.range(0), hidden = state.range(1), steps = state.range(2);
  HarGraph har(hidden, steps, static_cast<RecurrenceForm>(state.range(3)));
  Callable step = har.trainingStep();
  const std::vector<Tensor> feeds = har.trainingFeeds(batch);
  step(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(step(feeds));
  // The backward pass has two products for every one of the forward pass.
  state.counters["GFLOP/s"] =
      benchmark::Counter(3e-9 * forwardFlops(batch, hidden, steps), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["arena MB"] = static_cast<double>(har.session.peak_bytes()) / 1e6;
  state.SetLabel(kForms[state.range(3)]);
}

void inference(benchmark::State &state) {
  const std::int64_t batch = state.range(0), hidden = state.range(1), steps = state.range(2);
  HarGraph har(hidden, steps, static_cast<RecurrenceForm>(state.range(3)));
  Callable step = har.inference();
  const std::vector<Tensor> feeds = har.inferenceFeeds(batch);
  step(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(step(feeds));
  state.counters["GFLOP/s"] =
      benchmark::Counter(1e-9 * forwardFlops(batch, hidden, steps), benchmark::Counter::kIsIterationInvariantRate);
  state.SetLabel(kForms[state.range(3)]);
}

void forms(benchmark::internal::Benchmark *benchmark, std::initializer_list<std::pair<int, int>> sizes) {
  benchmark->ArgNames({"B", "H", "T", "form"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (auto [batch, hidden] : sizes)
    for (int form = 0; form < 3; ++form)
      benchmark->Args({batch, hidden, 128, form});
}

BENCHMARK(trainingStep)->Apply([](auto *b) { forms(b, {{600, 27}, {1500, 32}, {128, 128}, {32, 512}}); });
BENCHMARK(inference)->Apply([](auto *b) { forms(b, {{600, 27}, {1500, 32}, {16, 27}, {1, 27}}); });

} // namespace
} // namespace graphc::benchmarks
