// The program of the README: what is recorded for it.
#include "FrontendTesting.h"

namespace {

struct Har {
  gc::Graph g;
  std::vector<gc::Output> outputs;
  gc::Output logits;
  gc::Output cost;
  gc::Operation train;

  explicit Har(int steps = 128) {
    auto x = g.placeholder(gc::float32, {gc::none, steps, 9}, "inputs");
    auto y = g.placeholder(gc::float32, {gc::none, 6}, "labels");
    auto keep = g.placeholder(gc::float32, {}, "keep");
    auto lr = g.placeholder(gc::float32, {}, "learning_rate");
    auto h = gc::reshape(gc::transpose(x, {1, 0, 2}), {-1, 9});
    h = gc::layers::dense(h, 27);
    auto seq = gc::split(h, steps, /*axis=*/0);
    auto layer = [&] {
      return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(27), {.output_keep_prob = keep});
    };
    gc::rnn::MultiRNNCell cell({layer(), layer()});
    auto [all, state] = gc::rnn::static_rnn(cell, seq);
    outputs = all;
    logits = gc::layers::dense(outputs.back(), 6, {.name = "logits"});
    cost =
        gc::reduce_mean(gc::nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}));
    gc::train::AdamOptimizer adam(lr);
    auto gradients = adam.compute_gradients(cost);
    for (auto &[gradient, variable] : gradients)
      gradient = gc::clip_by_value(gradient, -1.f, 1.f);
    train = adam.apply_gradients(gradients);
  }
};

TEST(HarProgram, NamesItsVariablesAsTensorFlow) {
  Har har;
  EXPECT_THAT(variableNames(har.g),
              testing::ElementsAre(
                  "dense/kernel:0", "dense/bias:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/kernel:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/bias:0", "logits/kernel:0",
                  "logits/bias:0", "beta1_power:0", "beta2_power:0", "dense/kernel/Adam:0",
                  "dense/kernel/Adam_1:0", "dense/bias/Adam:0", "dense/bias/Adam_1:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel/Adam:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel/Adam_1:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias/Adam:0",
                  "rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias/Adam_1:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/kernel/Adam:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/kernel/Adam_1:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/bias/Adam:0",
                  "rnn/multi_rnn_cell/cell_1/basic_lstm_cell/bias/Adam_1:0", "logits/kernel/Adam:0",
                  "logits/kernel/Adam_1:0", "logits/bias/Adam:0", "logits/bias/Adam_1:0"));
}

TEST(HarProgram, NamesItsOpsAsTensorFlow) {
  Har har;
  EXPECT_THAT(opNames(har.g),
              testing::IsSupersetOf(
                  {"inputs",
                   "transpose",
                   "Reshape",
                   "dense/kernel/Assign",
                   "dense/kernel/read",
                   "dense/MatMul",
                   "dense/BiasAdd",
                   "split",
                   "rnn/Shape",
                   "rnn/strided_slice",
                   "rnn/MultiRNNCellZeroState/DropoutWrapperZeroState/BasicLSTMCellZeroState/zeros",
                   "rnn/MultiRNNCellZeroState/DropoutWrapperZeroState/BasicLSTMCellZeroState/"
                   "zeros_1",
                   "rnn/MultiRNNCellZeroState/DropoutWrapperZeroState_1/BasicLSTMCellZeroState/"
                   "ExpandDims_2",
                   "logits/MatMul",
                   "logits/BiasAdd",
                   "softmax_cross_entropy_with_logits_sg/labels_stop_gradient",
                   "softmax_cross_entropy_with_logits_sg",
                   "Mean",
                   "gradients",
                   "clip_by_value/Minimum/y",
                   "clip_by_value/y",
                   "clip_by_value",
                   "clip_by_value_7",
                   "Adam/beta1",
                   "Adam/beta2",
                   "Adam/epsilon",
                   "Adam/update_dense/kernel/ApplyAdam",
                   "Adam/mul",
                   "Adam/Assign",
                   "Adam/mul_1",
                   "Adam/Assign_1",
                   "Adam"}));
  EXPECT_EQ(har.train.name(), "Adam");
  EXPECT_EQ(har.cost.name(), "Mean:0");
}

TEST(HarProgram, NamesTheOpsOfItsCellAsTensorFlowsFirstStep) {
  Har har;
  for (const char *name : {"rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/concat",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/MatMul",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/BiasAdd",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/split",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Const_1",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Add",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Sigmoid",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Mul",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Sigmoid_1",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Tanh",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Mul_1",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Add_1",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Tanh_1",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Sigmoid_2",
                           "rnn/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/Mul_2",
                           "rnn/rnn/multi_rnn_cell/cell_0/dropout/random_uniform",
                           "rnn/rnn/multi_rnn_cell/cell_0/dropout/mul",
                           "rnn/rnn/multi_rnn_cell/cell_1/basic_lstm_cell/Mul_2"})
    EXPECT_EQ(har.g.get_operation_by_name(name).name(), name);
}

TEST(HarProgram, IsOneRecurrenceHoweverManySteps) {
  EXPECT_EQ(opNames(Har(16).g).size(), opNames(Har(128).g).size());
  Har har;
  EXPECT_EQ(har.outputs.size(), 128u);
  EXPECT_EQ(har.outputs.back().shape().to_string(), "[?,27]");
  EXPECT_EQ(har.g.get_operation_by_name("rnn/static_rnn").type(), "static_rnn");
  EXPECT_EQ(har.g.get_operation_by_name("rnn/static_rnn").num_outputs(), 5);
}

TEST(HarProgram, IsValid) { EXPECT_EQ(Har().g.verify(), ""); }

} // namespace
