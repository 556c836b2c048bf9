// graphc trains as TensorFlow does: from the same start and with the same batches, the same losses
// and first gradients, in every form of recurrence.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/training/RecordedProgram.h"

namespace graphc::test {
namespace {

namespace gc = graphc;

/// The unclipped gradient of every trainable variable, by variable name.
using Gradients = std::map<std::string, Output>;

Gradients byName(const std::vector<gc::train::GradientAndVariable> &pairs) {
  Gradients gradients;
  for (const auto &[gradient, variable] : pairs)
    gradients[variable.op_name()] = gradient;
  return gradients;
}

Gradients buildHarLstm(Graph &g) {
  auto x = g.placeholder(gc::float32, {gc::none, 128, 9}, "inputs");
  auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
  auto keep = g.placeholder(gc::float32, {}, "keep");
  auto lr = g.placeholder(gc::float32, {}, "learning_rate");
  auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9});
  h = gc::layers::dense(h, 27);
  auto seq = gc::split(h, 128, 0);
  auto layer = [&] { return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(27), {.output_keep_prob = keep}); };
  gc::rnn::MultiRNNCell cell({layer(), layer()});
  auto [outputs, state] = gc::rnn::static_rnn(cell, seq);
  auto logits = gc::layers::dense(outputs.back(), 6, {.name = "logits_dense"});
  auto cost = gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}),
                              {.name = "cost"});
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
  Output penalty;
  for (const Variable &variable : g.trainable_variables())
    penalty = penalty ? penalty + gc::nn::l2_loss(variable) : gc::nn::l2_loss(variable);
  auto cost = gc::add(gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = pred})),
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

/// The largest difference, as a share of the largest element of `theirs`; NaN where one is.
float relativeDifference(const Tensor &ours, const Tensor &theirs) {
  float largest = 0;
  float difference = 0;
  for (std::int64_t i = 0; i < ours.num_elements(); ++i) {
    largest = std::max(largest, std::abs(theirs.data<float>()[i]));
    const float here = std::abs(theirs.data<float>()[i] - ours.data<float>()[i]);
    if (!(here <= difference))
      difference = here;
  }
  return difference / largest;
}

class RecordedPrograms : public testing::TestWithParam<Case> {};

TEST_P(RecordedPrograms, LossesAndFirstGradientsAreTensorFlows) {
  const auto folder = recordedProgramsFolder();
  if (!folder || !std::filesystem::exists(*folder / GetParam().program))
    GTEST_SKIP() << "no recorded program '" << GetParam().program
                 << "': set GRAPHC_PROGRAMS to the folder of recorded programs";
  const RecordedProgram recorded = readRecordedProgram(*folder / GetParam().program);
  ASSERT_FALSE(recorded.steps.empty());

  Graph graph;
  const Gradients gradients = GetParam().build(graph);
  std::vector<std::string> names;
  for (const Variable &variable : graph.global_variables())
    names.push_back(variable.op_name());
  for (const auto &[name, value] : recorded.variables)
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name << " is TensorFlow's, but not ours";
  EXPECT_EQ(names.size(), recorded.variables.size());

  Session session(graph, {.recurrence = GetParam().form});
  const gc::train::Saver saver(graph);
  saver.restore(session, *folder / GetParam().program / "initial");
  for (const auto &[name, value] : recorded.variables)
    EXPECT_TRUE(session.variable(name).identical_to(value)) << name;

  auto feedsOf = [](const RecordedProgram::Step &step) {
    std::vector<Feed> feeds;
    for (const auto &[name, value] : step.feeds)
      feeds.emplace_back(name, value);
    return feeds;
  };
  // Gradients within 1e-4 of their largest element: float32 sums over 128 steps in another order.
  for (const std::string &name : recorded.trainable) {
    const Tensor ours = session.run(feedsOf(recorded.steps[0]), gradients.at(name))[0];
    const Tensor &theirs = recorded.gradients.at(name);
    ASSERT_EQ(ours.shape(), theirs.shape()) << name;
    EXPECT_LE(relativeDifference(ours, theirs), 1e-4f) << name;
  }
  // Losses within 1e-4 relative, step after step: errors of updates would add up.
  for (std::size_t k = 0; k < recorded.steps.size(); ++k) {
    const std::vector<Tensor> out =
        session.run(feedsOf(recorded.steps[k]), {recorded.loss.c_str(), recorded.train_op.c_str()});
    EXPECT_NEAR(out[0].scalar<float>(), recorded.steps[k].loss, 1e-4 * std::abs(recorded.steps[k].loss))
        << "step " << k;
  }
  // Variables and slots after the last step within 1e-3 of their largest element.
  Session trained(graph);
  saver.restore(trained, *folder / GetParam().program / "trained");
  for (const auto &[name, start] : recorded.variables)
    EXPECT_LE(relativeDifference(session.variable(name), trained.variable(name)), 1e-3) << name;
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
