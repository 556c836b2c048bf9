// A training step of a multilayer perceptron: matrix products, their gradients and updates alone.
#include <benchmark/benchmark.h>

#include <graphc/graphc.h>

#include "benchmarks/Floor.h"

namespace graphc::benchmarks {
namespace {

void denseTrainingStep(benchmark::State &state) {
  const std::int64_t batch = state.range(0), width = state.range(1);
  constexpr std::int64_t kInputs = 784, kClasses = 10;
  Graph graph;
  auto x = graph.placeholder(float32, {none, kInputs}, "x");
  auto y = graph.placeholder(int32, {none}, "y");
  auto h = layers::dense(x, width, {.activation = nn::relu});
  h = layers::dense(h, width, {.activation = nn::relu});
  auto logits = layers::dense(h, kClasses);
  auto loss =
      reduce_mean(nn::sparse_softmax_cross_entropy_with_logits({.labels = y, .logits = logits}));
  auto train = train::AdamOptimizer(1e-3f).minimize(loss);
  Session session(graph, {.seed = 1});
  session.run(graph.global_variables_initializer());
  Callable step = session.prepare({x, y}, {train, loss});
  const std::vector<Tensor> feeds = {Tensor::zeros(float32, {batch, kInputs}),
                                     Tensor::zeros(int32, {batch})};
  step(feeds);
  for (auto _ : state)
    benchmark::DoNotOptimize(step(feeds));
  // Three products a layer, but the first layer's input needs no gradient. Weights and Adam's two
  // slots are read and written.
  const double first = static_cast<double>(kInputs * width);
  const double others = static_cast<double>(width * width + width * kClasses);
  count(state, {2 * static_cast<double>(batch) * (2 * first + 3 * others),
                6 * sizeof(float) * (first + others)});
}

BENCHMARK(denseTrainingStep)
    ->ArgNames({"B", "width"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Args({128, 512})
    ->Args({1024, 1024});

} // namespace
} // namespace graphc::benchmarks
