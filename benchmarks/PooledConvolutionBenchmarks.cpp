// A convolution with bias, max pooling and relu as one kernel each way, and as oneDNN's primitives
// one after the other (without graph-fuse-convolution-pooling), in turns: the counter `ratio` is
// the former's median processor time, of all threads, over the latter's. Below 1 the kernels are
// faster.
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <graphc/graphc.h>

#include "benchmarks/PreparedLayer.h"
#include "benchmarks/ProcessorTime.h"

namespace graphc::benchmarks {
namespace {

struct Case {
  bool training; ///< with the gradients of image, filter and bias; else forward alone
  std::int64_t batch, height, width, channels;
  std::int64_t filterHeight, filterWidth, outputs;
  std::int64_t poolHeight, poolWidth;

  std::string name() const {
    std::string text = "pooledConvolution";
    text += training ? "/training" : "/inference";
    for (const std::int64_t number : {batch, height, width, channels, filterHeight, filterWidth,
                                      outputs, poolHeight, poolWidth})
      text += "/" + std::to_string(number);
    return text;
  }
};

Tensor drawn(const Shape &shape, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Tensor tensor(float32, shape);
  for (std::int64_t i = 0; i < shape.num_elements(); ++i)
    tensor.data<float>()[i] = normal(random);
  return tensor;
}

class Layer : public PreparedLayer {
public:
  Layer(const Case &c, std::vector<std::string> disabled)
      : PreparedLayer({.seed = 1, .disabled_passes = std::move(disabled)}) {
    unsigned seed = 0;
    const auto given = [&](const Shape &extents) { return fed(drawn(extents, seed++)); };
    const Output x = given({c.batch, c.height, c.width, c.channels});
    const Output filter = given({c.filterHeight, c.filterWidth, c.channels, c.outputs});
    const Output bias = given({c.outputs});
    const Output y =
        nn::relu(nn::max_pool(nn::bias_add(nn::conv2d(x, filter, 1, "SAME"), bias),
                              {c.poolHeight, c.poolWidth}, {c.poolHeight, c.poolWidth}, "SAME"));
    std::vector<Output> results = {y};
    if (c.training)
      for (const Output &gradient :
           gradients({y}, {x, filter, bias}, {.grad_ys = {given(y.shape())}}))
        results.push_back(gradient);
    prepare(results);
  }
};

/// The norm of the difference over that of the result. Rounding decides which of two nearly equal
/// elements is the greatest, and so where a few elements of a gradient stand.
double difference(const Tensor &ours, const Tensor &theirs) {
  double apart = 0, all = 1e-12;
  for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
    const double a = ours.data<float>()[i], b = theirs.data<float>()[i];
    apart += (a - b) * (a - b);
    all += b * b;
  }
  return std::sqrt(apart / all);
}

void compared(benchmark::State &state, const Case &c) {
  Layer kernels(c, {}), primitives(c, {"graph-fuse-convolution-pooling"});
  kernels.run();
  primitives.run();
  const std::vector<Tensor> ours = kernels.results(), theirs = primitives.results();
  for (std::size_t i = 0; i < ours.size(); ++i)
    if (const double apart = difference(ours[i], theirs[i]); apart > 1e-2) {
      state.SkipWithError(
          ("result " + std::to_string(i) + " differs by " + std::to_string(apart)).c_str());
      return;
    }
  std::vector<double> fused, apart;
  for (auto _ : state) {
    fused.push_back(secondsOfRun(kernels));
    apart.push_back(secondsOfRun(primitives));
    state.SetIterationTime(fused.back());
  }
  const double a = median(fused), b = median(apart);
  state.counters["kernels us"] = a * 1e6;
  state.counters["primitives us"] = b * 1e6;
  state.counters["ratio"] = a / b;
}

[[maybe_unused]] const bool registered = [] {
  for (const bool training : {true, false})
    for (const Case &c : {Case{training, 600, 1, 128, 9, 1, 2, 18, 1, 4},
                          {training, 600, 1, 32, 18, 1, 2, 36, 1, 4},
                          {training, 600, 1, 8, 36, 1, 2, 72, 1, 4},
                          {training, 64, 1, 512, 16, 1, 5, 32, 1, 2},
                          {training, 128, 28, 28, 1, 5, 5, 32, 2, 2},
                          {training, 128, 28, 28, 1, 3, 3, 8, 2, 2},
                          {training, 128, 14, 14, 8, 3, 3, 16, 2, 2},
                          {training, 64, 32, 32, 3, 3, 3, 32, 2, 2},
                          {training, 64, 24, 24, 16, 3, 3, 32, 3, 3},
                          {training, 64, 16, 16, 32, 1, 1, 64, 2, 2},
                          {training, 64, 64, 64, 3, 3, 3, 16, 4, 4}})
      benchmark::RegisterBenchmark(c.name().c_str(), compared, c)
          ->Unit(benchmark::kMillisecond)
          ->UseManualTime();
  return true;
}();

} // namespace
} // namespace graphc::benchmarks
