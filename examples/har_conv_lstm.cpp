// Human activity recognition: a convolution and a pooling make short sequences of the windows of a
// phone's sensors, and two LSTM layers read them.
#include <graphc/graphc.h>

#include "examples/data/HarData.h"

namespace graphc::examples {
namespace gc = graphc;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");

  auto h = gc::layers::conv1d(x, 18, 2, {.padding = "same", .activation = gc::nn::relu});
  h = gc::layers::max_pooling1d(h, 4, 4, {.padding = "same"}); // [batch, 32, 18]
  h = gc::reshape(gc::transpose(h, {1, 0, 2}), {-1, 18});      // [time * batch, channel]
  h = gc::nn::dropout(h, keep);
  auto seq = gc::split(gc::layers::dense(h, 32), 32, /*axis=*/0);

  auto layer = [&] {
    return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(32), {.output_keep_prob = keep});
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

Program harConvLstm() {
  return {.name = "har-conv-lstm",
          .summary = "UCI HAR activities by a convolution with pooling in front of two LSTM layers",
          .build = build,
          .training = {.epochs = 40,
                       .batch = 600,
                       .learning_rate = 1e-2,
                       .keep = 0.5,
                       .schedule = cosineRate,
                       .averaged = 0.5},
          .load = loadStandardHarData,
          .metric = harAccuracy,
          .target = 0.92};
}

} // namespace graphc::examples
