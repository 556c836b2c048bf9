// What the gradient of a recurrence looks like, where it decides how fast it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "GradientCase.h"
#include "ir/GradientFlow.h"
#include "passes/GraphOps.h"
#include "passes/Recurrence.h"
#include "passes/kernels/RecurrenceSums.h"

namespace graphc::test {
namespace {

using namespace mlir;

Case recurrentCase(StringRef name) {
  for (Case &c : recurrentCases())
    if (c.name == name)
      return c;
  ADD_FAILURE() << "no case " << name.str();
  return {};
}

/// The program of a case with the gradients of all its results by the inputs that take one.
struct Differentiated {
  Program program;

  explicit Differentiated(const std::string &name) {
    const Case c = recurrentCase("static_rnn_" + name);
    Values inputs, xs;
    for (auto [input, tensor] : llvm::zip_equal(c.inputs, drawInputs(c))) {
      inputs.push_back(program.addFeed(tensor));
      if (input.takesGradient())
        xs.push_back(inputs.back());
    }
    Values ys;
    for (Value y : c.build(program.graph(), inputs))
      if (carriesGradient(y))
        ys.push_back(y);
    program.fetch(program.gradients(ys, xs));
    EXPECT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  }

  Recurrence recurrence(unsigned i) { return Recurrence(program.ops("static_rnn").at(i)); }
};

size_t opsIn(Block &block, StringRef name) {
  return static_cast<size_t>(
      llvm::count_if(block, [&](Operation &op) { return isGraphOp(&op, name); }));
}

TEST(StaticRnnGradient, RunsTheOtherWay) {
  for (auto [name, reverse] : {std::pair{"lstm", false}, {"lstm_reverse", true}}) {
    Differentiated made(name);
    ASSERT_EQ(made.program.ops("static_rnn").size(), 2u);
    EXPECT_EQ(made.recurrence(0).reverse(), reverse);
    EXPECT_EQ(made.recurrence(1).reverse(), !reverse);
    EXPECT_EQ(made.recurrence(1).steps(), 3);
  }
}

// Saved: the four gates after their activation, and c before each step, which the forget gate's
// gradient needs. h before each step is had from the outputs. In the backward body one product is
// left, gates' gradient times weights; the weights' gradients are products after it, without an
// accumulator.
TEST(StaticRnnGradient, OfLstmSavesGatesAndMakesNoProductTwice) {
  Differentiated made("lstm_on_projection_large_weights");
  Recurrence forward = made.recurrence(0), backward = made.recurrence(1);
  EXPECT_EQ(forward.numOutputs(), 6u);
  unsigned states = 0, activations = 0;
  for (unsigned i = 1; i < forward.numOutputs(); ++i) {
    Value saved = forward.yieldedOutput(i);
    states += forward.isState(saved);
    activations += definedBy(saved, "sigmoid") || definedBy(saved, "tanh");
  }
  EXPECT_EQ(states, 1u);
  EXPECT_EQ(activations, 4u);
  EXPECT_EQ(opsIn(backward.body(), "sigmoid"), 0u);
  EXPECT_EQ(opsIn(backward.body(), "tanh"), 1u) << "of c, which is no gate";

  EXPECT_EQ(opsIn(backward.body(), "matmul"), 1u);
  EXPECT_EQ(backward.numStates(), 2u);
  EXPECT_EQ(backward.numOutputs(), 1u) << "the gates' gradient, for the projection and the weights";
  EXPECT_EQ(backward.numSequences(), 6u) << "gates, c and the outputs' gradient";
  EXPECT_EQ(backward.numCaptured(), 1u);
}

TEST(StaticRnnGradient, SumsWeightGradientsAfterTheLoop) {
  for (const char *name : {"vanilla", "lstm", "gru", "transposed_weights",
                           "transposed_state_weights", "peepholes", "embedding"}) {
    Differentiated made(name + std::string("_large_weights"));
    Recurrence forward = made.recurrence(0), backward = made.recurrence(1);
    EXPECT_EQ(backward.numStates(), forward.numStates()) << name << " accumulates in the loop";
    EXPECT_EQ(opsIn(backward.body(), "unsorted_segment_sum"), 0u) << name;
    for (Operation &op : backward.body())
      EXPECT_FALSE(isGraphOp(&op, "matmul") && flagAttribute(&op, "transpose_a")) << name;
  }
}

// Small ones are summed in the loop, in states that kernels know; what they are made of leaves it
// no more.
TEST(StaticRnnGradient, SumsSmallWeightGradientsInTheLoop) {
  for (auto [name, weights] : {std::pair{"vanilla", 3u}, {"lstm", 2u}, {"gru", 4u}}) {
    Differentiated made(name);
    Recurrence forward = made.recurrence(0), backward = made.recurrence(1);
    ASSERT_EQ(backward.numStates(), forward.numStates() + weights) << name;
    for (unsigned i = forward.numStates(); i < backward.numStates(); ++i)
      EXPECT_TRUE(matchStateSum(backward.op(), i)) << name << ", state " << i;
    EXPECT_FALSE(matchStateSum(backward.op(), 0)) << name;
    EXPECT_EQ(backward.numOutputs(), 1u) << name << ": the gradient of x alone";
  }
}

// What is a sequence already is not stored again: of concat(x, h) in lstm nothing is, of gru's
// concat(x, r * h) the second part is.
TEST(StaticRnnGradient, StoresNoSequenceTwice) {
  Differentiated made("lstm_large_weights");
  Recurrence lstm = made.recurrence(1);
  EXPECT_EQ(lstm.numOutputs(), 2u) << "the gradients of x and of the gates";
  Differentiated gru("gru_large_weights");
  Recurrence backward = gru.recurrence(1);
  EXPECT_EQ(backward.numOutputs(), 4u) << "the gradients of x, gates and candidate; r * h";
  for (unsigned i = 0; i < backward.numOutputs(); ++i)
    EXPECT_FALSE(definedBy(backward.yieldedOutput(i), "concat") &&
                 extentsOf(backward.output(i))[2] == 5)
        << "concat(x, h) is an output";
}

// The last h is an output and the final state: its gradient comes as a state's, and no sequence of
// zeros with it.
TEST(StaticRnnGradient, TakesALossOnTheLastOutputAsOneOnTheState) {
  Differentiated last("lstm_last_output_only"), all("lstm_outputs_only");
  EXPECT_EQ(last.recurrence(1).numSequences() + 1, all.recurrence(1).numSequences());
}

// A product of weights with weights is not the same as one over all steps.
TEST(StaticRnnGradient, AccumulatesWhatDoesNotLeaveTheLoop) {
  Differentiated made("powers_of_weights");
  EXPECT_GT(made.recurrence(1).numStates(), made.recurrence(0).numStates());
}

// The mask is drawn anew, from the same counters, and not stored.
TEST(StaticRnnGradient, DrawsDropoutMasksAgain) {
  Differentiated made("dropout");
  Recurrence forward = made.recurrence(0), backward = made.recurrence(1);
  EXPECT_EQ(opsIn(forward.body(), "random_uniform"), 1u);
  EXPECT_EQ(opsIn(backward.body(), "random_uniform"), 1u);
  EXPECT_EQ(forward.numOutputs(), 3u) << "outputs, tanh and nothing but h before the step";
}

// The integer state takes no gradient, and the outputs' zeros are not multiplied.
TEST(StaticRnnGradient, LeavesIntegersOut) {
  Differentiated made("sequence_lengths_large_weights");
  Recurrence backward = made.recurrence(1);
  EXPECT_EQ(backward.numStates(), 1u);
  for (unsigned i = 0; i < backward.numOutputs(); ++i)
    EXPECT_TRUE(
        isa<FloatType>(cast<RankedTensorType>(backward.output(i).getType()).getElementType()));
}

// Two requests for the same recurrence save its values once.
TEST(StaticRnnGradient, SavesValuesOnceForTwoRequests) {
  const Case c = recurrentCase("static_rnn_lstm_large_weights");
  Program program;
  Values inputs;
  for (const Tensor &tensor : drawInputs(c))
    inputs.push_back(program.addFeed(tensor));
  Values results = c.build(program.graph(), inputs);
  Values fetched = program.gradients(results[0], inputs[3]);
  fetched.append(program.gradients(results[0], inputs[3]));
  // A request's weights may be the recurrence's own results, which its first gradient replaces.
  fetched.append(program.gradients(results[2], inputs[3], results[1]));
  program.fetch(fetched);
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  ASSERT_EQ(program.ops("static_rnn").size(), 4u);
  EXPECT_EQ(Recurrence(program.ops("static_rnn")[0]).numOutputs(), 6u);
  const std::vector<Tensor> made = program.run(drawInputs(c));
  EXPECT_TRUE(made[0].identical_to(made[1]));
  EXPECT_FALSE(made[0].identical_to(made[2]));
}

// The gradient by weights only makes none for the inputs.
TEST(StaticRnnGradient, MakesOnlyWhatIsAskedFor) {
  const Case c = recurrentCase("static_rnn_lstm_large_weights");
  Program program;
  Values inputs;
  for (const Tensor &tensor : drawInputs(c))
    inputs.push_back(program.addFeed(tensor));
  program.fetch(program.gradients(c.build(program.graph(), inputs), inputs[4]));
  ASSERT_TRUE(succeeded(program.insertGradients())) << program.diagnostics();
  Recurrence backward(program.ops("static_rnn").at(1));
  EXPECT_EQ(backward.numOutputs(), 1u);
  EXPECT_EQ(extentsOf(backward.output(0)).back(), 12);
}

} // namespace
} // namespace graphc::test
