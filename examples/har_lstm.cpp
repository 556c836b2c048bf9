// Human activity recognition: two LSTM layers over windows of a phone's sensors.
#include <graphc/graphc.h>

#include "examples/data/HarData.h"

namespace graphc::examples {
namespace gc = graphc;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9}); // [time * batch, channel]
  h = gc::layers::dense(h, 27);
  auto seq = gc::split(h, 128, /*axis=*/0);

  auto layer = [&] {
    return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(27), {.output_keep_prob = keep});
  };
  gc::rnn::MultiRNNCell cell({layer(), layer()});
  auto [outputs, state] = gc::rnn::static_rnn(cell, seq);
  auto logits = gc::layers::dense(outputs.back(), 6, {.name = "logits"});
  auto cost = gc::reduce_mean(
      gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}), {.name = "cost"});

  gc::train::AdamOptimizer adam(lr);
  auto gradients = adam.compute_gradients(cost);
  for (auto &[gradient, variable] : gradients)
    gradient = gc::clip_by_value(gradient, -1.f, 1.f);
  auto train = adam.apply_gradients(gradients, {.name = "train"});
  return {{inputs(x), labels(y), keepProbability(keep), learningRate(lr)}, logits, cost, train};
}

Program harLstm() {
  return {.name = "har-lstm",
          .summary = "UCI HAR activities by a dense layer and two LSTM layers with dropout",
          .build = build,
          // Chosen on three groups of the training persons: accuracies of 0.961, 0.908 and 0.881,
          // where the last weights alone gave 0.924, 0.911 and 0.871, and 60 epochs from a rate of
          // 4e-3 0.929, 0.899 and 0.868.
          .training = {.epochs = 40,
                       .batch = 600,
                       .learning_rate = 1e-2,
                       .keep = 0.5,
                       .schedule = cosineRate,
                       .averaged = 1},
          .load = loadStandardHarData,
          .metric = harAccuracy,
          .target = 0.90};
}

} // namespace graphc::examples
