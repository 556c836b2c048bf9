// Programs that spell their recurrence out step by step: rolled up, they compute what they compute
// spelled out, gradients included.
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

#include "tests/unit/TensorTesting.h"

namespace gc = graphc;
using gc::test::expectNear;
using gc::test::numbers;

namespace {

constexpr std::int64_t kSteps = 6, kInputs = 5, kUnits = 7;

/// (input [batch, kInputs], state) -> (output, new state).
using Step = std::function<gc::rnn::CellOutput(const gc::Output &, const gc::rnn::State &)>;

struct Spelled {
  gc::Graph g;
  gc::Output x, keep;
  std::vector<gc::Output> fetches; ///< outputs and loss, then gradients
  std::size_t values = 0;          ///< those before the gradients
};

/// Every step by itself; the loss needs the outputs of all steps and the last one twice.
void spell(Spelled &program, const Step &step, const gc::rnn::State &first, std::int64_t axis) {
  gc::rnn::State state = first;
  std::vector<gc::Output> outputs;
  for (const gc::Output &part : gc::unstack(program.x, kSteps, axis)) {
    auto [output, next] = step(part, state);
    outputs.push_back(output);
    state = next;
  }
  auto loss = gc::reduce_mean(gc::square(gc::stack(outputs))) + gc::reduce_mean(outputs.back());
  program.fetches = {gc::stack(outputs), outputs.back(), loss};
  program.values = program.fetches.size();
  std::vector<gc::Output> xs{program.x};
  for (const gc::Variable &variable : program.g.trainable_variables())
    xs.push_back(variable.value());
  for (const gc::Output &gradient : gc::gradients({loss}, xs))
    program.fetches.push_back(gradient);
}

struct Run {
  std::vector<gc::Tensor> values;
  std::string steps; ///< of the plan
};

Run run(Spelled &program, const gc::Tensor &x, gc::SessionOptions options) {
  options.seed = 3;
  options.log_device_placement = true;
  gc::Session session(program.g, options);
  session.run(program.g.global_variables_initializer());
  std::vector<gc::Feed> feeds{{program.x, x}};
  if (program.keep)
    feeds.emplace_back(program.keep, .6f);
  std::vector<gc::Fetches::Fetch> fetches(program.fetches.begin(), program.fetches.end());
  testing::internal::CaptureStderr();
  Run result;
  result.values = session.run(feeds, gc::Fetches(std::move(fetches)));
  result.steps = testing::internal::GetCapturedStderr();
  return result;
}

bool hasRecurrence(const Run &run) {
  return run.steps.find("kernel recurrence") != std::string::npos;
}

/// The rolled up program against the one of steps, in the kernel's and the primitive's form.
void expectSameRolledUp(Spelled &program, const gc::Tensor &x) {
  const Run steps = run(program, x, {.disabled_passes = {"graph-roll-up-recurrences"}});
  EXPECT_FALSE(hasRecurrence(steps));
  EXPECT_FALSE(hasRecurrence(run(program, x, {.recurrence = gc::RecurrenceForm::unroll})));
  const Run rolled = run(program, x, {});
  EXPECT_TRUE(hasRecurrence(rolled)) << rolled.steps;
  const Run primitive = run(program, x, {.recurrence = gc::RecurrenceForm::primitive});
  ASSERT_EQ(rolled.values.size(), steps.values.size());
  for (std::size_t i = 0; i < steps.values.size(); ++i) {
    SCOPED_TRACE("fetch " + std::to_string(i));
    const float tolerance = i < program.values ? 1e-5f : 1e-4f;
    expectNear(rolled.values[i], steps.values[i], tolerance);
    expectNear(primitive.values[i], steps.values[i], tolerance);
  }
}

TEST(RollUp, Lstm) {
  for (std::int64_t axis : {0, 1}) {
    Spelled program;
    const gc::Shape shape =
        axis == 0 ? gc::Shape{kSteps, 20, kInputs} : gc::Shape{20, kSteps, kInputs};
    program.x = program.g.placeholder(gc::float32, shape, "x");
    gc::rnn::BasicLSTMCell cell(kUnits);
    spell(program, cell, cell.zero_state(program.g, 20, gc::float32), axis);
    expectSameRolledUp(program, numbers(shape));
  }
}

TEST(RollUp, Gru) {
  Spelled program;
  program.x = program.g.placeholder(gc::float32, {kSteps, gc::none, kInputs}, "x");
  gc::rnn::GRUCell cell(kUnits);
  const auto batch =
      gc::strided_slice(gc::shape(program.x), {1}, {2}, {1}, {.shrink_axis_mask = 1});
  spell(program, cell, cell.zero_state(batch, gc::float32), 0);
  expectSameRolledUp(program, numbers({kSteps, 19, kInputs}));
}

// A leaky cell with a second state, the greatest value so far.
TEST(RollUp, HandWrittenCell) {
  Spelled program;
  program.x = program.g.placeholder(gc::float32, {kSteps, 18, kInputs}, "x");
  auto w = program.g.get_variable("w", {kInputs, kUnits});
  auto u = program.g.get_variable("u", {kUnits, kUnits});
  auto leak = program.g.get_variable("leak", {kUnits});
  const auto step = [&](const gc::Output &x, const gc::rnn::State &state) {
    const gc::Output h = state[0].leaf(), most = state[1].leaf();
    const auto rate = gc::sigmoid(leak.value());
    const auto next = rate * h + (1.f - rate) * gc::tanh(gc::matmul(x, w) + gc::matmul(h, u));
    const auto greatest = gc::maximum(most, next);
    return gc::rnn::CellOutput{greatest - next * .5f, gc::rnn::State::tuple({next, greatest})};
  };
  auto zeros = gc::zeros(program.g, {18, kUnits});
  spell(program, step, gc::rnn::State::tuple({zeros, zeros - 1.f}), 0);
  expectSameRolledUp(program, numbers({kSteps, 18, kInputs}));
}

// Two layers with dropout: each step's random op keeps its draws, to the bit.
TEST(RollUp, TwoLayersWithDropout) {
  Spelled program;
  program.x = program.g.placeholder(gc::float32, {kSteps, 17, kInputs}, "x");
  program.keep = program.g.placeholder(gc::float32, {}, "keep");
  const auto layer = [&] {
    return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(kUnits),
                                   {.output_keep_prob = program.keep});
  };
  gc::rnn::MultiRNNCell cell({layer(), layer()});
  spell(program, cell, cell.zero_state(program.g, 17, gc::float32), 0);
  expectSameRolledUp(program, numbers({kSteps, 17, kInputs}));
}

} // namespace
