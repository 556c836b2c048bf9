// Human activity recognition: three convolutions over windows of a phone's sensors.
#include <graphc/graphc.h>

#include "examples/data/HarData.h"

namespace graphc::examples {
namespace gc = graphc;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto h = x; // [batch, 128, 9] -> [batch, 32, 18] -> [batch, 8, 36] -> [batch, 2, 72]
  for (int filters : {18, 36, 72}) {
    h = gc::layers::conv1d(h, filters, 2, {.padding = "same", .activation = gc::nn::relu});
    h = gc::layers::max_pooling1d(h, 4, 4, {.padding = "same"});
  }
  h = gc::nn::dropout(gc::reshape(h, {-1, 144}), keep);
  auto logits = gc::layers::dense(h, 6);
  auto cost = gc::reduce_mean(
      gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}), {.name = "cost"});
  auto train = gc::train::AdamOptimizer(lr).minimize(cost, {.name = "train"});
  return {{inputs(x), labels(y), keepProbability(keep), learningRate(lr)}, logits, cost, train};
}

Program harCnn() {
  return {.name = "har-cnn",
          .summary = "UCI HAR activities by three convolutions with pooling and dropout",
          .build = build,
          .training = {.epochs = 200,
                       .batch = 600,
                       .learning_rate = 1e-3,
                       .keep = 0.5,
                       .schedule = cosineRate},
          .load = loadStandardHarData,
          .metric = harAccuracy,
          .target = 0.92,
          .most_seconds = 180};
}

} // namespace graphc::examples
