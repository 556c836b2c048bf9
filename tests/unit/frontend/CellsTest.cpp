// Cells and static_rnn: variables, names, and the recorded recurrence.
#include "FrontendTesting.h"

using testing::ElementsAre;
namespace rnn = gc::rnn;

namespace {

struct Cells : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 5}, "x");
  std::vector<gc::Output> steps{x, x, x};

  ~Cells() override { EXPECT_EQ(g.verify(), ""); }
};

TEST_F(Cells, BasicRnnHasTensorFlowsVariables) {
  auto [outputs, state] = rnn::static_rnn(rnn::BasicRNNCell(3), steps);
  EXPECT_THAT(variableNames(g),
              ElementsAre("rnn/basic_rnn_cell/kernel:0", "rnn/basic_rnn_cell/bias:0"));
  EXPECT_EQ(typeOf(outputs[2]), "float32[?,3]");
  EXPECT_EQ(typeOf(state), "float32[?,3]");
  EXPECT_EQ(g.get_operation_by_name("rnn/basic_rnn_cell/Tanh").type(), "tanh");
}

TEST_F(Cells, BasicLstmHasTensorFlowsVariables) {
  auto [outputs, state] = rnn::static_rnn(rnn::BasicLSTMCell(3), steps);
  EXPECT_THAT(variableNames(g),
              ElementsAre("rnn/basic_lstm_cell/kernel:0", "rnn/basic_lstm_cell/bias:0"));
  EXPECT_EQ(g.global_variables()[0].shape(), (gc::Shape{8, 12}));
  EXPECT_EQ(typeOf(state.c()), "float32[?,3]");
  EXPECT_EQ(typeOf(state.h()), "float32[?,3]");
  EXPECT_EQ(g.get_operation_by_name("rnn/BasicLSTMCellZeroState/zeros_1").type(), "fill");
}

TEST_F(Cells, LstmHasPeepholesAndProjection) {
  rnn::LSTMCell cell(11,
                     {.use_peepholes = true, .cell_clip = 3.0, .num_proj = 7, .proj_clip = 2.0});
  auto [outputs, state] = rnn::static_rnn(cell, steps);
  EXPECT_THAT(variableNames(g),
              ElementsAre("rnn/lstm_cell/kernel:0", "rnn/lstm_cell/bias:0",
                          "rnn/lstm_cell/w_f_diag:0", "rnn/lstm_cell/w_i_diag:0",
                          "rnn/lstm_cell/w_o_diag:0", "rnn/lstm_cell/projection/kernel:0"));
  EXPECT_EQ(typeOf(outputs[0]), "float32[?,7]");
  EXPECT_EQ(typeOf(state.c()), "float32[?,11]");
  EXPECT_EQ(typeOf(state.h()), "float32[?,7]");
  for (const char *name : {"rnn/lstm_cell/clip_by_value", "rnn/lstm_cell/MatMul_1",
                           "rnn/lstm_cell/clip_by_value_1", "rnn/lstm_cell/mul_5"})
    EXPECT_TRUE(g.get_operation_by_name(name)) << name;
}

TEST_F(Cells, GruHasTensorFlowsVariables) {
  auto [outputs, state] = rnn::static_rnn(rnn::GRUCell(3), steps);
  EXPECT_THAT(variableNames(g),
              ElementsAre("rnn/gru_cell/gates/kernel:0", "rnn/gru_cell/gates/bias:0",
                          "rnn/gru_cell/candidate/kernel:0", "rnn/gru_cell/candidate/bias:0"));
  EXPECT_EQ(g.global_variables()[1].initial_value().name(),
            "rnn/gru_cell/gates/bias/Initializer/Const:0");
  EXPECT_EQ(g.get_operation_by_name("rnn/gru_cell/sub/x").type(), "constant");
}

TEST_F(Cells, MayHaveNames) {
  rnn::MultiRNNCell cell({rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm0"}),
                          rnn::LSTMCell(8, {.activation = gc::nn::relu, .name = "lstm1"})});
  rnn::static_rnn(cell, steps);
  EXPECT_THAT(variableNames(g), ElementsAre("rnn/multi_rnn_cell/cell_0/lstm0/kernel:0",
                                            "rnn/multi_rnn_cell/cell_0/lstm0/bias:0",
                                            "rnn/multi_rnn_cell/cell_1/lstm1/kernel:0",
                                            "rnn/multi_rnn_cell/cell_1/lstm1/bias:0"));
}

TEST_F(Cells, CalledByHandShareTheirVariables) {
  rnn::BasicLSTMCell cell(3);
  rnn::State state = cell.zero_state(gc::shape(x, "batch").op().graph(), 2, gc::float32);
  auto fixed = g.placeholder(gc::float32, {2, 5}, "fixed");
  for (int step = 0; step < 3; ++step) {
    auto [output, next] = cell(fixed, state);
    state = next;
  }
  EXPECT_THAT(variableNames(g), ElementsAre("basic_lstm_cell/kernel:0", "basic_lstm_cell/bias:0"));
  EXPECT_EQ(state.h().name(), "basic_lstm_cell/Mul_8:0");
  EXPECT_EQ(typeOf(state.h()), "float32[2,3]");
}

TEST_F(Cells, CopiesAreTheSameCell) {
  rnn::BasicRNNCell cell(5);
  rnn::MultiRNNCell twice({cell, cell});
  rnn::static_rnn(twice, steps);
  EXPECT_EQ(g.global_variables().size(), 2u);
}

TEST_F(Cells, OfOneGraphBeginAfreshInAnother) {
  rnn::BasicRNNCell cell(3);
  rnn::static_rnn(cell, steps);
  gc::Graph other;
  auto y = other.placeholder(gc::float32, {gc::none, 7}, "y");
  rnn::static_rnn(cell, {y, y});
  EXPECT_EQ(other.global_variables()[0].shape(), (gc::Shape{10, 3}));
}

TEST_F(Cells, DropOnAllSides) {
  auto keep = g.placeholder(gc::float32, {}, "keep");
  rnn::DropoutWrapper cell(
      rnn::BasicLSTMCell(3),
      {.input_keep_prob = 0.9, .output_keep_prob = keep, .state_keep_prob = 0.8, .seed = 4});
  auto [output, state] = cell(x, cell.zero_state(gc::unstack(gc::shape(x))[0], gc::float32));
  EXPECT_EQ(output.name(), "dropout_2/mul:0");
  EXPECT_EQ(state.h().name(), "dropout_1/mul:0");
  EXPECT_EQ(state.c().name(), "basic_lstm_cell/Add_1:0"); // an LSTM's memory is never dropped
}

TEST_F(Cells, TakeAnInitialState) {
  auto h = g.placeholder(gc::float32, {gc::none, 3}, "h");
  auto [outputs, state] = rnn::static_rnn(rnn::BasicRNNCell(3), steps, {.initial_state = h});
  EXPECT_EQ(g.get_operation_by_name("rnn/static_rnn").inputs()[1], h);
}

TEST_F(Cells, CaptureWhatTheirBodiesUse) {
  rnn::static_rnn(rnn::BasicRNNCell(3), steps);
  const std::vector<gc::Output> inputs = g.get_operation_by_name("rnn/static_rnn").inputs();
  std::vector<std::string> names;
  for (const gc::Output &input : inputs)
    names.push_back(input.name());
  EXPECT_THAT(names,
              ElementsAre("rnn/stack:0", "rnn/BasicRNNCellZeroState/zeros:0",
                          "rnn/basic_rnn_cell/kernel/read:0", "rnn/basic_rnn_cell/bias/read:0"));
}

TEST_F(Cells, StopAtTheSequenceLengths) {
  auto lengths = g.placeholder(gc::int64, {gc::none}, "lengths");
  auto [outputs, state] =
      rnn::static_rnn(rnn::BasicLSTMCell(3), steps, {.sequence_length = lengths});
  EXPECT_EQ(typeOf(outputs[2]), "float32[?,3]");
  EXPECT_EQ(typeOf(state.c()), "float32[?,3]");
  EXPECT_EQ(g.get_operation_by_name("rnn/time").type(), "step_index");
  EXPECT_EQ(g.get_operation_by_name("rnn/static_rnn").num_outputs(), 4); // lengths as a state
}

TEST_F(Cells, RunOverSequencesOfUnknownLength) {
  auto x = g.placeholder(gc::float32, {gc::none, gc::none, 5}, "sequences");
  auto lengths = g.placeholder(gc::int64, {gc::none}, "lengths");
  auto [outputs, state] = rnn::dynamic_rnn(rnn::BasicLSTMCell(3), x, {.sequence_length = lengths});
  EXPECT_EQ(typeOf(outputs), "float32[?,?,3]");
  EXPECT_EQ(outputs.name(), "rnn/transpose_1:0");
  EXPECT_EQ(typeOf(state.c()), "float32[?,3]");
  EXPECT_EQ(g.trainable_variables()[0].name(), "rnn/basic_lstm_cell/kernel:0");
  auto major = rnn::dynamic_rnn(rnn::BasicRNNCell(3), x, {.time_major = true, .scope = "major"});
  EXPECT_EQ(major.outputs.op().type(), "static_rnn");
  EXPECT_EQ(typeOf(major.outputs), "float32[?,?,3]");
}

TEST_F(Cells, RunInBothDirections) {
  auto x = g.placeholder(gc::float32, {6, 7, 5}, "sequences");
  auto both = rnn::bidirectional_dynamic_rnn(rnn::LSTMCell(3), rnn::LSTMCell(4), x);
  EXPECT_EQ(typeOf(both.outputs.fw), "float32[6,7,3]");
  EXPECT_EQ(typeOf(both.outputs.bw), "float32[6,7,4]");
  EXPECT_EQ(typeOf(both.states.bw.h()), "float32[6,4]");
  EXPECT_EQ(g.trainable_variables()[0].name(), "bidirectional_rnn/fw/lstm_cell/kernel:0");
  EXPECT_EQ(g.trainable_variables()[2].name(), "bidirectional_rnn/bw/lstm_cell/kernel:0");
  auto merged = rnn::Bidirectional(rnn::LSTMCell(3), rnn::LSTMCell(4), x, {.scope = "merged"});
  EXPECT_EQ(typeOf(merged), "float32[6,7,7]");
  auto last = rnn::Bidirectional(
      rnn::GRUCell(3), rnn::GRUCell(3), x,
      {.merge_mode = rnn::MergeMode::sum, .return_sequences = false, .scope = "last"});
  EXPECT_EQ(typeOf(last), "float32[6,3]");
  auto unequal = [&] {
    rnn::Bidirectional(rnn::GRUCell(3), rnn::GRUCell(4), x, {.merge_mode = rnn::MergeMode::ave});
  };
  EXPECT_EQ(errorFrom(unequal).message(),
            "expected cells of one output size to merge, got 3 and 4");
}

TEST_F(Cells, RefuseSequencesThatAreNone) {
  auto refusal = [&](const gc::Output &x, const gc::Output &lengths = {}) {
    return errorFrom(
               [&] { rnn::dynamic_rnn(rnn::BasicRNNCell(3), x, {.sequence_length = lengths}); })
        .message();
  };
  EXPECT_EQ(refusal(g.placeholder(gc::float32, {gc::none, 5})),
            "expected inputs [batch, time, depth], got [?,5]");
  EXPECT_EQ(refusal(g.placeholder(gc::float32, {gc::none, 7, gc::none})),
            "expected inputs of known depth, got [?,7,?]");
  EXPECT_EQ(refusal(g.placeholder(gc::float32, {6, 7, 5}), g.placeholder(gc::int32, {5})),
            "expected sequence lengths [6], got [5]");
}

TEST_F(Cells, ResetAfterHasTheVariablesOfKeras) {
  auto x = g.placeholder(gc::float32, {gc::none, 7, 5}, "x7");
  rnn::dynamic_rnn(rnn::GRUCell(3, {.reset_after = true}), x);
  std::vector<std::string> found;
  for (const gc::Variable &variable : g.trainable_variables())
    found.push_back(variable.name() + variable.shape().to_string());
  EXPECT_THAT(found,
              ElementsAre("rnn/gru_cell/kernel:0[5,9]", "rnn/gru_cell/recurrent_kernel:0[3,9]",
                          "rnn/gru_cell/bias:0[2,9]"));
}

TEST_F(Cells, LayersOfSequences) {
  auto ids = g.placeholder(gc::int32, {gc::none, 7}, "ids");
  auto embedded = gc::layers::embedding(ids, 10, 4);
  EXPECT_EQ(typeOf(embedded), "float32[?,7,4]");
  EXPECT_EQ(g.trainable_variables()[0].name(), "embedding/embeddings:0");
  auto dense = gc::layers::time_distributed(
      embedded, [](const gc::Output &step) { return gc::layers::dense(step, 2); });
  EXPECT_EQ(typeOf(dense), "float32[?,7,2]");
  auto unknown = g.placeholder(gc::float32, {gc::none, gc::none, 4}, "unknown");
  auto same = [](const gc::Output &step) { return step; };
  EXPECT_EQ(
      errorFrom([&] { gc::layers::time_distributed(unknown, same); }).message(),
      "expected inputs [batch, time, ...] of which only the batch or the time is unknown, got "
      "[?,?,4]");
  EXPECT_EQ(errorFrom([&] { gc::layers::embedding(ids, 0, 4); }).message(),
            "expected one row or more of one number or more, got [0,4]");
}

TEST_F(Cells, OfKnownBatchKeepIt) {
  auto fixed = g.placeholder(gc::float32, {6, 5}, "fixed");
  auto h = g.placeholder(gc::float32, {gc::none, 3}, "h");
  auto [outputs, state] =
      rnn::static_rnn(rnn::BasicRNNCell(3), {fixed, fixed}, {.initial_state = h});
  EXPECT_EQ(typeOf(outputs[1]), "float32[6,3]");
  EXPECT_EQ(typeOf(state), "float32[6,3]");
}

/// A cell of a user's own: a leaky average of its inputs through a weight.
class LeakyCell : public rnn::RNNCell {
public:
  explicit LeakyCell(std::int64_t units) : units_(units) {}
  rnn::StateSize state_size() const override { return units_; }
  std::int64_t output_size() const override { return units_; }

protected:
  rnn::CellOutput call(const gc::Output &inputs, const rnn::State &state,
                       gc::Where) const override {
    auto w = inputs.graph().get_variable("w", {inputs.shape()[1], units_});
    auto next = 0.9f * state + 0.1f * gc::matmul(inputs, w);
    return {next, next};
  }

private:
  std::int64_t units_;
};

TEST_F(Cells, OfOnesOwnAreNamedAfterTheirClass) {
  auto [outputs, state] = rnn::static_rnn(LeakyCell(3), steps);
  EXPECT_THAT(variableNames(g), ElementsAre("rnn/leaky_cell/w:0"));
  EXPECT_TRUE(g.get_operation_by_name("rnn/rnn/leaky_cell/MatMul"));
  EXPECT_EQ(typeOf(outputs[0]), "float32[?,3]");
}

/// A cell whose state grows.
class GrowingCell : public LeakyCell {
public:
  using LeakyCell::LeakyCell;

protected:
  rnn::CellOutput call(const gc::Output &, const rnn::State &state, gc::Where) const override {
    return {state, gc::concat({state, state}, 1)};
  }
};

TEST_F(Cells, MustKeepTheTypeOfTheirState) {
  const gc::Error error = errorFrom([&] { rnn::static_rnn(GrowingCell(3), steps); });
  EXPECT_EQ(error.op_name(), "rnn/static_rnn");
  EXPECT_EQ(error.message(),
            "expected the cell to keep the type of its state, but tensor 0 goes in "
            "as float32[?,3] and comes out as float32[?,6]");
}

TEST_F(Cells, RefuseWrongInputs) {
  auto message = [&](const std::vector<gc::Output> &inputs) {
    return errorFrom([&] { rnn::static_rnn(rnn::BasicRNNCell(3), inputs); }).message();
  };
  EXPECT_EQ(message({}), "'static_rnn' expects at least one operand, got none");
  EXPECT_EQ(message({x, g.placeholder(gc::float32, {gc::none, 6})}),
            "expected inputs of one type, got float32[?,5] at step 0 and float32[?,6] at step 1");
  EXPECT_EQ(message({g.placeholder(gc::float32, {gc::none, gc::none})}),
            "expected inputs of which all but the batch is known, got [?,?]");
  EXPECT_EQ(message({g.placeholder(gc::float32, {3})}), "expected inputs [batch, depth], got [3]");
}

TEST_F(Cells, RefuseWrongStates) {
  auto message = [&](const rnn::RNNCell &cell, const rnn::State &state) {
    return errorFrom([&] { cell(x, state); }).message();
  };
  EXPECT_EQ(message(rnn::BasicLSTMCell(3), x), "expected a state of 2 parts, got one tensor");
  EXPECT_EQ(message(rnn::GRUCell(3), rnn::LSTMStateTuple{x, x}),
            "expected a state of one tensor, got a tuple of 2");
  EXPECT_EQ(errorFrom([] { rnn::MultiRNNCell cell({}); }).message(),
            "a MultiRNNCell expects at least one cell, got none");
}

TEST_F(Cells, KeepWhatIsInsideInside) {
  rnn::static_rnn(rnn::BasicRNNCell(3), steps);
  auto inner = g.get_tensor_by_name("rnn/basic_rnn_cell/Tanh:0");
  EXPECT_EQ(errorFrom([&] { gc::square(inner); }).message(),
            "operand 0, 'rnn/basic_rnn_cell/Tanh:0', is computed inside the body of a recurrence, "
            "loop or branch and is unknown outside of it");
}

TEST_F(Cells, LeaveNothingBehindWhenTheyFail) {
  const std::size_t before = g.get_operations().size();
  errorFrom([&] { rnn::static_rnn(GrowingCell(3), {g.placeholder(gc::float32, {2, 5})}); });
  EXPECT_EQ(errorFrom([&] { g.get_operation_by_name("rnn/rnn/growing_cell/concat"); }).code(),
            gc::Code::not_found);
  EXPECT_GT(g.get_operations().size(), before);
  EXPECT_EQ(gc::tanh(x).name(), "Tanh:0");
}

} // namespace
