// What a run costs besides its work: an empty run, and feeding and fetching a megabyte.
#include <benchmark/benchmark.h>

#include <graphc/graphc.h>

namespace graphc::benchmarks {
namespace {

void emptyRun(benchmark::State &state) {
  Graph graph;
  auto x = graph.placeholder(float32, {}, "x");
  auto y = identity(x);
  Session session(graph);
  Callable call = session.prepare({x}, {y});
  const std::vector<Tensor> feeds = {1.f};
  call(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(call(feeds));
}
BENCHMARK(emptyRun)->Unit(benchmark::kMicrosecond);

void emptyRunByName(benchmark::State &state) {
  Graph graph;
  auto x = graph.placeholder(float32, {}, "x");
  auto y = identity(x);
  Session session(graph);
  for (auto _ : state)
    benchmark::DoNotOptimize(session.run({{x, 1.f}}, {y}));
}
BENCHMARK(emptyRunByName)->Unit(benchmark::kMicrosecond);

void feedAndFetchOneMegabyte(benchmark::State &state) {
  Graph graph;
  auto x = graph.placeholder(float32, {none}, "x");
  auto y = negative(x);
  Session session(graph);
  Callable call = session.prepare({x}, {y});
  const std::vector<Tensor> feeds = {Tensor::zeros(float32, {1 << 18})};
  call(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(call(feeds));
  state.SetBytesProcessed(state.iterations() * (1 << 21));
}
BENCHMARK(feedAndFetchOneMegabyte)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace graphc::benchmarks
