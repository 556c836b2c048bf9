#include "benchmarks/Floor.h"

#include <algorithm>
#include <chrono>

#include <graphc/graphc.h>

namespace graphc::benchmarks {
namespace {

/// The least time of several runs of `fetch`, in seconds.
double bestTime(Graph &graph, const Output &fetch) {
  using Clock = std::chrono::steady_clock;
  Session session(graph);
  session.run(graph.global_variables_initializer());
  Callable call = session.prepare({}, {fetch});
  double best = 1e9;
  for (int run = 0; run < 12; ++run) {
    const auto start = Clock::now();
    benchmark::DoNotOptimize(call({}));
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

double measureGflops() {
  constexpr std::int64_t n = 1536;
  Graph graph;
  auto a = graph.get_variable("a", {n, n}), b = graph.get_variable("b", {n, n});
  return 2e-9 * n * n * n / bestTime(graph, matmul(a, b));
}

double measureBandwidth() {
  constexpr std::int64_t n = 32 << 20; // 128 MiB in, 128 MiB out
  Graph graph;
  auto a = graph.get_variable("a", {n}, {.initializer = initializers::zeros()});
  return 2e-9 * sizeof(float) * n / bestTime(graph, negative(a));
}

} // namespace

const Machine &machine() {
  static const Machine measured{measureGflops(), measureBandwidth()};
  return measured;
}

void count(benchmark::State &state, const Work &work) {
  using benchmark::Counter;
  const double floor =
      std::max(work.flops / machine().gflops, work.bytes / machine().gigabytesPerSecond) * 1e-6;
  state.counters["floor ms"] = floor;
  state.counters["GFLOP/s"] = Counter(1e-9 * work.flops, Counter::kIsIterationInvariantRate);
  state.counters["of peak"] =
      Counter(1e-9 * work.flops / machine().gflops, Counter::kIsIterationInvariantRate);
}

} // namespace graphc::benchmarks
