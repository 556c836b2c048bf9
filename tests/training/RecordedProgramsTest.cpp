// graphc trains as TensorFlow does: from the same start and with the same batches, the same losses
// and first gradients, in every form of recurrence.
#include <gtest/gtest.h>

#include "tests/training/RecordedComparison.h"

namespace graphc::test {
namespace {

namespace gc = graphc;

Gradients buildHarLstm(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");
  auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9});
  h = gc::layers::dense(h, 27);
  auto seq = gc::split(h, 128, 0);
  auto layer = [&] {
    return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(27), {.output_keep_prob = keep});
  };
  gc::rnn::MultiRNNCell cell({layer(), layer()});
  auto [outputs, state] = gc::rnn::static_rnn(cell, seq);
  auto logits =
      gc::identity(gc::layers::dense(outputs.back(), 6, {.name = "logits_dense"}), "logits");
  addAccuracy(logits, y);
  auto cost = gc::reduce_mean(
      gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}), {.name = "cost"});
  gc::train::AdamOptimizer adam(lr);
  auto pairs = adam.compute_gradients(cost);
  Gradients gradients = byName(pairs);
  for (auto &[gradient, variable] : pairs)
    gradient = gc::clip_by_value(gradient, -1.f, 1.f);
  adam.apply_gradients(pairs, {.name = "train_op"});
  return gradients;
}

Gradients buildHarLstmL2(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "y");
  auto w_hidden = g.get_variable("w_hidden", {9, 32});
  auto w_out = g.get_variable("w_out", {32, 6});
  auto b_hidden = g.get_variable("b_hidden", {32});
  auto b_out = g.get_variable("b_out", {6});
  auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9});
  auto seq = gc::split(gc::nn::relu(gc::matmul(h, w_hidden) + b_hidden), 128, 0);
  gc::rnn::MultiRNNCell cell({gc::rnn::BasicLSTMCell(32), gc::rnn::BasicLSTMCell(32)});
  auto [outputs, state] = gc::rnn::static_rnn(cell, seq);
  auto pred = gc::add(gc::matmul(outputs.back(), w_out), b_out, "pred");
  addAccuracy(pred, y);
  Output penalty;
  for (const Variable &variable : g.trainable_variables())
    penalty = penalty ? penalty + gc::nn::l2_loss(variable) : gc::nn::l2_loss(variable);
  auto cost = gc::add(
      gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = pred})),
      0.0015f * penalty, "cost");
  gc::train::AdamOptimizer adam(0.0025f);
  auto pairs = adam.compute_gradients(cost);
  adam.apply_gradients(pairs, {.name = "train_op"});
  return byName(pairs);
}

struct Case {
  const char *program;
  Gradients (*build)(Graph &);
  RecurrenceForm form;
  const char *form_name;
};

class RecordedPrograms : public testing::TestWithParam<Case> {};

TEST_P(RecordedPrograms, LossesAndFirstGradientsAreTensorFlows) {
  compareWithRecorded(GetParam().program, GetParam().build, {.recurrence = GetParam().form});
}

INSTANTIATE_TEST_SUITE_P(
    AllForms, RecordedPrograms,
    testing::Values(Case{"har_lstm", buildHarLstm, RecurrenceForm::kernel, "kernel"},
                    Case{"har_lstm", buildHarLstm, RecurrenceForm::primitive, "primitive"},
                    Case{"har_lstm", buildHarLstm, RecurrenceForm::unroll, "unroll"},
                    Case{"har_lstm_l2", buildHarLstmL2, RecurrenceForm::kernel, "kernel"},
                    Case{"har_lstm_l2", buildHarLstmL2, RecurrenceForm::primitive, "primitive"},
                    Case{"har_lstm_l2", buildHarLstmL2, RecurrenceForm::unroll, "unroll"}),
    [](const auto &info) { return std::string(info.param.program) + "_" + info.param.form_name; });

} // namespace
} // namespace graphc::test
