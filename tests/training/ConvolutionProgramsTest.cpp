// Convolutions and poolings in whole training programs, as TensorFlow ran them.
#include <gtest/gtest.h>

#include "tests/training/RecordedComparison.h"

namespace graphc::test {
namespace {

namespace gc = graphc;

Gradients buildHarCnn(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");
  auto h = x;
  for (int filters : {18, 36, 72}) {
    h = gc::layers::conv1d(h, filters, 2, {.padding = "same", .activation = gc::nn::relu});
    h = gc::layers::max_pooling1d(h, 4, 4, {.padding = "same"});
  }
  h = gc::nn::dropout(gc::reshape(h, {-1, 144}), keep);
  auto logits = gc::identity(gc::layers::dense(h, 6), "logits");
  auto cost = gc::reduce_mean(
      gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}), {.name = "cost"});
  addAccuracy(logits, y);
  gc::train::AdamOptimizer adam(lr);
  auto pairs = adam.compute_gradients(cost);
  adam.apply_gradients(pairs, {.name = "train_op"});
  return byName(pairs);
}

Gradients buildMovingSquares(Graph &g) {
  auto frames = g.placeholder(gc::float32, {gc::none, 20, 20, 20, 1}, "frames");
  auto right = g.placeholder(gc::float32, {gc::none, 1}, "right");
  auto h = gc::reshape(frames, {-1, 20, 20, 1});
  h = gc::layers::conv2d(h, 2, {2, 2}, {.activation = gc::nn::relu});
  h = gc::layers::max_pooling2d(h, 2, 2);
  h = gc::reshape(h, {-1, 20, 162});
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(50), gc::unstack(h, 20, 1));
  auto logit = gc::layers::dense(outputs.back(), 1);
  gc::sigmoid(logit, "p");
  auto cost =
      gc::reduce_mean(gc::nn::sigmoid_cross_entropy_with_logits({.labels = right, .logits = logit}),
                      {.name = "cost"});
  gc::train::AdamOptimizer adam(0.001f);
  auto pairs = adam.compute_gradients(cost);
  adam.apply_gradients(pairs, {.name = "train_op"});
  return byName(pairs);
}

Gradients buildImdbConv(Graph &g) {
  auto words = g.placeholder(gc::int32, {gc::none, 120}, "words");
  auto positive = g.placeholder(gc::float32, {gc::none, 1}, "positive");
  auto h = gc::nn::embedding_lookup(g.get_variable("embedding", {500, 32}), words);
  h = gc::layers::conv1d(h, 32, 7, {.activation = gc::nn::relu});
  h = gc::layers::max_pooling1d(h, 5, 5);
  h = gc::layers::conv1d(h, 32, 7, {.activation = gc::nn::relu});
  auto logit = gc::layers::dense(gc::reduce_max(h, 1), 1, {.name = "logit"});
  auto cost = gc::reduce_mean(
      gc::nn::sigmoid_cross_entropy_with_logits({.labels = positive, .logits = logit}),
      {.name = "cost"});
  gc::train::RMSPropOptimizer rms_prop(0.001f);
  auto pairs = rms_prop.compute_gradients(cost);
  rms_prop.apply_gradients(pairs, {.name = "train_op"});
  return byName(pairs);
}

TEST(RecordedPrograms, HarCnn) { compareWithRecorded("har_cnn", buildHarCnn); }
TEST(RecordedPrograms, MovingSquares) { compareWithRecorded("moving_squares", buildMovingSquares); }
TEST(RecordedPrograms, ImdbConv) { compareWithRecorded("imdb_conv", buildImdbConv); }

} // namespace
} // namespace graphc::test
