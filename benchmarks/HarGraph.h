// The HAR LSTM with its sizes left open, and values to feed it.
#pragma once

#include <algorithm>

#include <graphc/graphc.h>

namespace graphc::benchmarks {

class HarGraph {
public:
  struct Ends {
    Output x, y, keep, rate, logits, cost;
    Operation train, init;
  };

  HarGraph(std::int64_t hidden, std::int64_t steps, const SessionOptions &options)
      : steps_(steps), ends_(build(hidden)), session(graph, options) {}

  const Ends &ends() const { return ends_; }
  void initialise() { session.run(ends_.init); }

  Callable trainingStep() {
    return session.prepare({ends_.x, ends_.y, ends_.keep, ends_.rate}, {ends_.train, ends_.cost});
  }
  Callable inference() { return session.prepare({ends_.x, ends_.keep}, {ends_.logits}); }

  std::vector<Tensor> trainingFeeds(std::int64_t batch) const {
    Tensor labels = Tensor::zeros(float32, {batch, 6});
    for (std::int64_t row = 0; row < batch; ++row)
      labels.data<float>()[row * 6 + row % 6] = 1;
    return {windows(batch), labels, .5f, 5e-4f};
  }
  std::vector<Tensor> inferenceFeeds(std::int64_t batch) const { return {windows(batch), 1.f}; }

private:
  Tensor windows(std::int64_t batch) const {
    Tensor windows(float32, {batch, steps_, 9});
    // A fixed saw-tooth: the time a step takes does not depend on the values.
    for (std::int64_t i = 0; i < windows.num_elements(); ++i)
      windows.data<float>()[i] = static_cast<float>(i % 37) / 37.f - 0.5f;
    return windows;
  }

  Ends build(std::int64_t hidden) {
    Ends ends;
    ends.x = graph.placeholder(float32, {none, steps_, 9}, "inputs");
    ends.y = graph.placeholder(float32, {none, 6}, "labels");
    ends.keep = graph.placeholder(float32, {}, "keep");
    ends.rate = graph.placeholder(float32, {}, "learning_rate");
    auto h = layers::dense(reshape(transpose(ends.x, {1, 0, 2}), {-1, 9}), hidden);
    auto layer = [&] {
      return rnn::DropoutWrapper(rnn::BasicLSTMCell(hidden), {.output_keep_prob = ends.keep});
    };
    rnn::MultiRNNCell cell({layer(), layer()});
    auto [outputs, state] = rnn::static_rnn(cell, split(h, steps_, 0));
    ends.logits = layers::dense(outputs.back(), 6, {.name = "logits"});
    ends.cost = reduce_mean(
        nn::softmax_cross_entropy_with_logits({.labels = ends.y, .logits = ends.logits}));
    train::AdamOptimizer adam(ends.rate);
    auto gradients = adam.compute_gradients(ends.cost);
    for (auto &[gradient, variable] : gradients)
      gradient = clip_by_value(gradient, -1.f, 1.f);
    ends.train = adam.apply_gradients(gradients);
    ends.init = graph.global_variables_initializer();
    return ends;
  }

public:
  Graph graph;

private:
  std::int64_t steps_;
  Ends ends_;

public:
  Session session;
};

} // namespace graphc::benchmarks
