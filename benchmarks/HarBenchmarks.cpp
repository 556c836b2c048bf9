// Training steps and inference of the HAR LSTM, in every form of recurrence, and of the HAR CNN.
#include <benchmark/benchmark.h>

#include "benchmarks/Floor.h"
#include "benchmarks/HarGraph.h"
#include "examples/Programs.h"

namespace graphc::benchmarks {
namespace {

constexpr const char *kForms[] = {"kernel", "primitive", "unroll"};

struct Case {
  std::int64_t batch, hidden, steps;
  RecurrenceForm form;

  explicit Case(const benchmark::State &state)
      : batch(state.range(0)), hidden(state.range(1)), steps(state.range(2)),
        form(static_cast<RecurrenceForm>(state.range(3))) {}
};

/// The matrix products of one forward pass: the dense layer, and for each of two LSTM layers the
/// products with inputs and with the last output. A window comes in once.
Work forwardWork(const Case &sizes) {
  const double windows = static_cast<double>(sizes.batch * sizes.steps);
  const double hidden = static_cast<double>(sizes.hidden);
  return {2 * windows * (9 * hidden + 2 * 2 * 4 * hidden * hidden), windows * 9 * sizeof(float)};
}

/// The backward pass has two products for every one of the forward pass, and reads again what that
/// must have written: two layers' outputs at every step.
Work trainingWork(const Case &sizes) {
  const Work forward = forwardWork(sizes);
  const double outputs =
      static_cast<double>(sizes.batch * sizes.steps * sizes.hidden) * 2 * sizeof(float);
  return {3 * forward.flops, 2 * forward.bytes + 2 * outputs};
}

void run(benchmark::State &state, Callable step, const std::vector<Tensor> &feeds,
         const Work &work) {
  step(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(step(feeds));
  count(state, work);
}

void trainingStep(benchmark::State &state) {
  const Case sizes(state);
  resetPeakMemory();
  HarGraph har(sizes.hidden, sizes.steps, {.seed = 1, .recurrence = sizes.form});
  har.initialise();
  run(state, har.trainingStep(), har.trainingFeeds(sizes.batch), trainingWork(sizes));
  state.SetLabel(kForms[state.range(3)]);
  state.counters["arena MB"] = static_cast<double>(har.session.peak_bytes()) / 1e6;
  countPeakMemory(state);
}

/// In the kernel form, where every segment of so many steps but the last is computed twice; 0:
/// none is, for comparison.
void recomputedTrainingStep(benchmark::State &state) {
  const std::int64_t batch = state.range(0), hidden = state.range(1), steps = state.range(2);
  HarGraph har(hidden, steps, {.seed = 1, .recompute_every = state.range(3)});
  har.initialise();
  Callable step = har.trainingStep();
  const std::vector<Tensor> feeds = har.trainingFeeds(batch);
  step(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(step(feeds));
  state.counters["arena MB"] = static_cast<double>(har.session.peak_bytes()) / 1e6;
}

void inference(benchmark::State &state) {
  const Case sizes(state);
  HarGraph har(sizes.hidden, sizes.steps, {.seed = 1, .recurrence = sizes.form});
  har.initialise();
  run(state, har.inference(), har.inferenceFeeds(sizes.batch), forwardWork(sizes));
  state.SetLabel(kForms[state.range(3)]);
}

/// Windows of 2 over 128, 32 and 8 positions, then a dense layer; backward twice that.
Work cnnWork(std::int64_t batch) {
  const double products = 2. * 9 * 18 * 128 + 2. * 18 * 36 * 32 + 2. * 36 * 72 * 8 + 144 * 6;
  const double windows = static_cast<double>(batch) * 128 * 9 * sizeof(float);
  return {3 * 2 * static_cast<double>(batch) * products, 2 * windows};
}

void cnnTrainingStep(benchmark::State &state) {
  const std::int64_t batch = state.range(0);
  Graph graph;
  const examples::ProgramGraph ends = examples::findProgram("har-cnn").build(graph, {});
  Session session(graph, {.seed = 1});
  session.run(graph.global_variables_initializer());
  std::vector<Output> fed;
  for (const examples::FedTensor &feed : ends.feeds)
    fed.push_back(feed.tensor);
  run(state, session.prepare(fed, {ends.train, ends.loss}),
      {Tensor::zeros(float32, {batch, 128, 9}), Tensor::zeros(float32, {batch, 6}), .5f, 5e-4f},
      cnnWork(batch));
  state.counters["arena MB"] = static_cast<double>(session.peak_bytes()) / 1e6;
}

/// In every form; the unrolled one only while it compiles in seconds.
void forms(benchmark::internal::Benchmark *benchmark,
           std::initializer_list<std::array<std::int64_t, 3>> sizes) {
  benchmark->ArgNames({"B", "H", "T", "form"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (auto [batch, hidden, steps] : sizes)
    for (int form = 0; form < (steps > 128 ? 2 : 3); ++form)
      benchmark->Args({batch, hidden, steps, form});
}

BENCHMARK(cnnTrainingStep)->ArgName("B")->Unit(benchmark::kMillisecond)->UseRealTime()->Arg(600);
BENCHMARK(trainingStep)->Apply([](auto *b) {
  forms(b, {{600, 27, 128}, {1500, 32, 128}, {128, 128, 128}, {32, 512, 128}, {100, 27, 1024}});
});
BENCHMARK(recomputedTrainingStep)
    ->ArgNames({"B", "H", "T", "every"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->ArgsProduct({{100}, {27}, {1024}, {0, 32, 128}});
BENCHMARK(inference)->Apply([](auto *b) {
  forms(b, {{600, 27, 128},
            {1500, 32, 128},
            {128, 128, 128},
            {32, 512, 128},
            {16, 27, 128},
            {1, 27, 128}});
});

} // namespace
} // namespace graphc::benchmarks
