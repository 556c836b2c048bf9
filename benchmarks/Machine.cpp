#include "benchmarks/Machine.h"

#include <algorithm>
#include <chrono>

#include <graphc/graphc.h>

namespace graphc::benchmarks {
namespace {

/// The least time of several runs of `fetch`, in seconds.
double bestTime(Graph &graph, const Output &fetch, int threads) {
  using Clock = std::chrono::steady_clock;
  Session session(graph, {.intra_op_parallelism_threads = threads});
  session.run(graph.global_variables_initializer());
  Callable call = session.prepare({}, {fetch});
  double best = 1e9;
  for (int run = 0; run < 12; ++run) {
    const auto start = Clock::now();
    call({});
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

double measureGflops(int threads) {
  constexpr std::int64_t n = 1536;
  Graph graph;
  auto a = graph.get_variable("a", {n, n}), b = graph.get_variable("b", {n, n});
  return 2e-9 * n * n * n / bestTime(graph, matmul(a, b), threads);
}

double measureBandwidth(int threads) {
  constexpr std::int64_t n = 32 << 20; // 128 MiB in, 128 MiB out
  Graph graph;
  auto a = graph.get_variable("a", {n}, {.initializer = initializers::zeros()});
  return 2e-9 * sizeof(float) * n / bestTime(graph, negative(a), threads);
}

} // namespace

Machine measureMachine(int threads) { return {measureGflops(threads), measureBandwidth(threads)}; }

} // namespace graphc::benchmarks
