// The recorded programs with dynamic_rnn, embeddings and cells of all kinds, in every form of
// recurrence.
#include <gtest/gtest.h>

#include "tests/training/RecordedComparison.h"

namespace graphc::test {
namespace {

namespace gc = graphc;

/// Minimizes without clipping; gives the gradients.
template <typename Optimizer> Gradients minimize(Optimizer optimizer, const Output &loss) {
  auto pairs = optimizer.compute_gradients(loss);
  Gradients gradients = byName(pairs);
  optimizer.apply_gradients(pairs, {.name = "train_op"});
  return gradients;
}

Gradients buildSmsSpam(Graph &g) {
  auto words = g.placeholder(gc::int32, {gc::none, 25}, "x_data");
  auto spam = g.placeholder(gc::int32, {gc::none}, "y_output");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto embedded = gc::nn::embedding_lookup(g.get_variable("embedding_mat", {933, 50}), words);
  auto [outputs, state] = gc::rnn::dynamic_rnn(gc::rnn::BasicRNNCell(10), embedded);
  auto output = gc::transpose(gc::nn::dropout(outputs, keep), {1, 0, 2});
  auto last = gc::gather(output, 24);
  auto weight = g.get_variable("weight", {10, 2});
  auto bias = g.get_variable("bias", {2});
  auto logits_out = gc::nn::softmax(gc::matmul(last, weight) + bias, -1, "logits_out");
  auto losses =
      gc::nn::sparse_softmax_cross_entropy_with_logits({.labels = spam, .logits = logits_out});
  auto loss = gc::reduce_mean(losses, {.name = "loss"});
  auto right = gc::equal(gc::argmax(logits_out, 1), gc::cast(spam, gc::int64));
  gc::reduce_mean(gc::cast(right, gc::float32), {.name = "accuracy"});
  return minimize(gc::train::RMSPropOptimizer(0.001), loss);
}

Gradients buildAirline(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 5, 1}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, 5}, "y");
  auto w = g.get_variable("W_out", {10, 1});
  auto b = g.get_variable("b_out", {1});
  auto [outputs, state] = gc::rnn::dynamic_rnn(gc::rnn::BasicLSTMCell(10), x);
  auto batch = gc::strided_slice(gc::shape(x), {0}, {1}, {1}, {.shrink_axis_mask = 1});
  auto one = g.constant(Tensor(std::int32_t{1}));
  auto w_repeated = gc::tile(gc::expand_dims(w, 0), gc::stack({batch, one, one}));
  auto model = gc::squeeze(gc::matmul(outputs, w_repeated) + b, {2}, "model");
  auto cost = gc::reduce_mean(gc::square(model - y), {.name = "cost"});
  return minimize(gc::train::AdamOptimizer(0.003), cost);
}

Gradients buildSentiment(Graph &g) {
  auto input = g.placeholder(gc::int32, {gc::none, gc::none}, "input");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  auto target = g.placeholder(gc::float32, {gc::none, 2}, "target");
  auto keep = g.placeholder(gc::float32, {}, "dropout_keep_prob");
  Output embedded, outputs;
  {
    auto scope = g.name_scope("word_embeddings");
    embedded = gc::nn::embedding_lookup(g.get_variable("embeddings", {300, 75}), input);
  }
  {
    auto scope = g.variable_scope("rnn_layer");
    gc::rnn::DropoutWrapper cell(gc::rnn::LSTMCell(75),
                                 {.input_keep_prob = keep, .output_keep_prob = keep, .seed = 42});
    outputs = gc::rnn::dynamic_rnn(cell, embedded, {.sequence_length = lengths}).outputs;
  }
  auto mean = gc::reduce_mean(outputs, 1);
  auto w = g.get_variable("w", {75, 2});
  auto b = g.get_variable("b", {2});
  Output scores, loss;
  {
    auto scope = g.name_scope("final_layer");
    {
      auto inner = g.name_scope("wx_plus_b");
      scores = gc::nn::xw_plus_b(mean, w, b, "scores");
    }
    auto inner = g.name_scope("softmax");
    gc::nn::softmax(scores, -1, "predictions");
  }
  {
    auto scope = g.name_scope("loss");
    loss = gc::reduce_mean(
        gc::nn::softmax_cross_entropy_with_logits_v2({.labels = target, .logits = scores}),
        {.name = "loss"});
  }
  return minimize(gc::train::RMSPropOptimizer(0.01), loss);
}

Gradients buildIntervalLstm(Graph &g) {
  auto intervals = g.placeholder(gc::float32, {gc::none, 3, 1}, "intervals");
  auto bins = g.placeholder(gc::float32, {gc::none, 5}, "bins");
  gc::rnn::MultiRNNCell cell({gc::rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm0"}),
                              gc::rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm1"})});
  auto [outputs, state] = gc::rnn::static_rnn(cell, gc::unstack(intervals, 3, 1));
  auto hidden = gc::nn::softmax(gc::layers::dense(outputs.back(), 8));
  auto p = gc::nn::softmax(gc::layers::dense(hidden, 5), -1, "p");
  auto mse = gc::reduce_mean(gc::square(p - bins), {.name = "mse"});
  return minimize(gc::train::RMSPropOptimizer(0.001), mse);
}

Gradients buildPeepholeProjection(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, gc::none, 5}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, 4}, "y");
  auto lengths = g.placeholder(gc::int32, {gc::none}, "lengths");
  auto cell = [] {
    return gc::rnn::LSTMCell(11, {.use_peepholes = true, .cell_clip = 3., .num_proj = 7});
  };
  auto both = gc::rnn::bidirectional_dynamic_rnn(cell(), cell(), x, {.sequence_length = lengths});
  auto summed = gc::reduce_sum(gc::concat({both.outputs.fw, both.outputs.bw}, 2), 1);
  auto logits = gc::layers::dense(summed, 4, {.name = "logits"});
  auto cost =
      gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits_v2({.labels = y, .logits = logits}),
                      {.name = "cost"});
  gc::train::MomentumOptimizer optimizer(0.05, 0.9);
  auto pairs = optimizer.compute_gradients(cost);
  Gradients gradients = byName(pairs);
  std::vector<VariableGradient> unclipped;
  for (const auto &[gradient, variable] : pairs)
    unclipped.push_back(gradient);
  const auto clipped = gc::clip_by_global_norm(unclipped, 0.5);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    pairs[i].gradient = clipped.gradients[i];
  optimizer.apply_gradients(pairs, {.name = "train_op"});
  return gradients;
}

Gradients buildJenaConvGru(Graph &g) {
  auto weather = g.placeholder(gc::float32, {gc::none, gc::none, 14}, "weather");
  auto target = g.placeholder(gc::float32, {gc::none}, "target");
  auto h = gc::layers::conv1d(weather, 32, 5, {.activation = gc::nn::relu});
  h = gc::layers::max_pooling1d(h, 3, 3);
  h = gc::layers::conv1d(h, 32, 5, {.activation = gc::nn::relu});
  auto [outputs, state] = gc::rnn::dynamic_rnn(gc::rnn::GRUCell(32), h);
  auto forecast = gc::squeeze(gc::layers::dense(state, 1), 1, "forecast");
  auto mae = gc::reduce_mean(gc::abs(forecast - target), {.name = "mae"});
  return minimize(gc::train::RMSPropOptimizer(0.001), mae);
}

struct Form {
  const char *name;
  RecurrenceForm form;
};

class SequencePrograms : public testing::TestWithParam<Form> {
protected:
  static void compare(const char *program, Gradients (*build)(Graph &)) {
    compareWithRecorded(program, build, {.recurrence = GetParam().form});
  }
};

TEST_P(SequencePrograms, SmsSpam) { compare("sms_spam", buildSmsSpam); }
TEST_P(SequencePrograms, Airline) { compare("airline", buildAirline); }
TEST_P(SequencePrograms, Sentiment) { compare("sentiment", buildSentiment); }
TEST_P(SequencePrograms, IntervalLstm) { compare("interval_lstm", buildIntervalLstm); }
TEST_P(SequencePrograms, JenaConvGru) { compare("jena_conv_gru", buildJenaConvGru); }
TEST_P(SequencePrograms, PeepholeProjection) {
  compare("peephole_projection", buildPeepholeProjection);
}

INSTANTIATE_TEST_SUITE_P(AllForms, SequencePrograms,
                         testing::Values(Form{"kernel", RecurrenceForm::kernel},
                                         Form{"primitive", RecurrenceForm::primitive},
                                         Form{"unroll", RecurrenceForm::unroll}),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
} // namespace graphc::test
