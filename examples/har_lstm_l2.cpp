// Human activity recognition with the input layer written out, weights from a normal distribution
// and an l2 penalty on every variable in place of dropout.
#include <graphc/graphc.h>

#include "examples/data/HarData.h"

namespace graphc::examples {
namespace gc = graphc;

static ProgramGraph build(gc::Graph &g, const Sizes &) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "y");
  auto normal = gc::initializers::random_normal();
  auto w_hidden = g.get_variable("w_hidden", {9, 32}, {.initializer = normal});
  auto w_out = g.get_variable("w_out", {32, 6}, {.initializer = normal});
  auto b_hidden =
      g.get_variable("b_hidden", {32}, {.initializer = gc::initializers::random_normal(1.0)});
  auto b_out = g.get_variable("b_out", {6}, {.initializer = normal});

  auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9}); // [time * batch, channel]
  h = gc::nn::relu(gc::matmul(h, w_hidden) + b_hidden);
  auto seq = gc::split(h, 128, /*axis=*/0);
  gc::rnn::MultiRNNCell cell({gc::rnn::BasicLSTMCell(32), gc::rnn::BasicLSTMCell(32)});
  auto [outputs, state] = gc::rnn::static_rnn(cell, seq);
  auto pred = gc::add(gc::matmul(outputs.back(), w_out), b_out, "pred");

  gc::Output penalty;
  for (const gc::Variable &variable : g.trainable_variables()) {
    auto term = gc::nn::l2_loss(variable);
    penalty = penalty ? penalty + term : term;
  }
  auto cost = gc::add(
      gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = pred})),
      0.0015f * penalty, "cost");
  auto train = gc::train::AdamOptimizer(0.0025f).minimize(cost, {.name = "train"});
  return {{inputs(x), labels(y)}, pred, cost, train};
}

Program harLstmL2() {
  return {.name = "har-lstm-l2",
          .summary = "UCI HAR activities by relu(x W + b) and two LSTM layers with an l2 penalty",
          .build = build,
          .training = {.epochs = 100, .batch = 1500},
          .load = loadHarData,
          .metric = harAccuracy};
}

} // namespace graphc::examples
