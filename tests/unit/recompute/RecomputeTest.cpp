// Recurrences cut into segments whose gradients compute them again: less memory, the same numbers.
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

#include "tests/unit/TensorTesting.h"

namespace gc = graphc;
using gc::test::expectNear;
using gc::test::numbers;

namespace {

constexpr std::int64_t kSteps = 11, kInputs = 5;

struct Program {
  gc::Graph g;
  gc::Output x, lengths;
  gc::Output loss;
  std::vector<gc::Output> gradients;
};

/// Loss and gradients of a net over `x` [kSteps, batch, kInputs].
using Net = std::function<gc::Output(Program &)>;

void record(Program &program, std::int64_t batch, const Net &net) {
  program.x = program.g.placeholder(gc::float32, {kSteps, batch, kInputs}, "x");
  program.lengths = program.g.placeholder(gc::int32, {batch}, "lengths");
  program.loss = net(program);
  std::vector<gc::Output> xs{program.x};
  for (const gc::Variable &variable : program.g.trainable_variables())
    xs.push_back(variable.value());
  program.gradients = gc::gradients({program.loss}, xs);
}

/// The loss, then the gradients.
struct Run {
  std::vector<gc::Tensor> values;
  std::size_t arena = 0, bound = 0;
};

Run run(Program &program, std::int64_t batch, const gc::SessionOptions &options) {
  gc::Session session(program.g, options);
  session.run(program.g.global_variables_initializer());
  gc::Tensor lengths(gc::int32, {batch});
  for (std::int64_t i = 0; i < batch; ++i)
    lengths.data<std::int32_t>()[i] = static_cast<std::int32_t>(1 + i * 5 % kSteps);
  std::vector<gc::Fetches::Fetch> fetches{program.loss};
  fetches.insert(fetches.end(), program.gradients.begin(), program.gradients.end());
  std::vector<gc::Feed> feeds{{program.x, numbers({kSteps, batch, kInputs})},
                              {program.lengths, lengths}};
  Run result;
  result.values = session.run(feeds, gc::Fetches(std::move(fetches)));
  result.arena = session.peak_bytes();
  result.bound = session.arena_lower_bound();
  return result;
}

void expectSame(const Run &got, const Run &want) {
  ASSERT_EQ(got.values.size(), want.values.size());
  for (std::size_t i = 0; i < want.values.size(); ++i) {
    SCOPED_TRACE("fetch " + std::to_string(i));
    expectNear(got.values[i], want.values[i], i == 0 ? 1e-5f : 1e-4f);
  }
}

/// 11 steps: segments of 4 leave a last one of 3, those of 3 one of 2.
void expectSame(std::int64_t batch, const Net &net, const std::vector<std::int64_t> &segments) {
  Program program;
  record(program, batch, net);
  const Run whole = run(program, batch, {.seed = 3});
  for (std::int64_t every : segments) {
    SCOPED_TRACE("every " + std::to_string(every));
    const Run cut = run(program, batch, {.seed = 3, .recompute_every = every});
    if (every == 4) {
      EXPECT_LT(cut.arena, whole.arena);
    }
    EXPECT_GE(cut.arena, cut.bound);
    EXPECT_GT(cut.bound, 0U);
    expectSame(cut, whole);
  }
  SCOPED_TRACE("reference");
  expectSame(
      run(program, batch, {.seed = 3, .backend = gc::Backend::reference, .recompute_every = 4}),
      whole);
}

gc::rnn::MultiRNNCell twoLayers(std::int64_t units) {
  auto layer = [&] {
    return gc::rnn::DropoutWrapper(gc::rnn::BasicLSTMCell(units), {.output_keep_prob = .7f});
  };
  return gc::rnn::MultiRNNCell({layer(), layer()});
}

// Loss on the last output alone: the gradient of all other segments comes through the states.
TEST(Recompute, LastOutputOfTwoLayersWithDropout) {
  expectSame(40,
             [](Program &program) {
               auto [outputs, state] =
                   gc::rnn::static_rnn(twoLayers(7), gc::unstack(program.x, kSteps));
               return gc::reduce_mean(gc::square(outputs.back()));
             },
             {4, 3, 1, 11});
}

TEST(Recompute, AllOutputsAndStatesWithSequenceLength) {
  expectSame(40,
             [](Program &program) {
               auto [outputs, state] =
                   gc::rnn::dynamic_rnn(twoLayers(7), program.x,
                                        {.sequence_length = program.lengths, .time_major = true});
               auto loss = gc::reduce_mean(gc::square(outputs));
               for (const gc::Output &part : state.flatten())
                 loss = loss + gc::reduce_mean(part);
               return loss;
             },
             {4});
}

// Weights that leave the cache: products with the input are made before each segment.
TEST(Recompute, LargeWeights) {
  expectSame(20,
             [](Program &program) {
               auto [outputs, state] =
                   gc::rnn::dynamic_rnn(twoLayers(100), program.x, {.time_major = true});
               return gc::reduce_mean(gc::square(outputs));
             },
             {4});
}

TEST(Recompute, BothDirectionsAndALayerAbove) {
  expectSame(18,
             [](Program &program) {
               const auto [both, states] = gc::rnn::bidirectional_dynamic_rnn(
                   gc::rnn::GRUCell(6), gc::rnn::GRUCell(6), program.x,
                   {.sequence_length = program.lengths, .time_major = true});
               auto [outputs, state] =
                   gc::rnn::dynamic_rnn(gc::rnn::BasicLSTMCell(5),
                                        gc::concat({both.fw, both.bw}, 2), {.time_major = true});
               return gc::reduce_mean(gc::square(outputs));
             },
             {3});
}

TEST(Recompute, WhatIsNoNumberOfSteps) {
  Program program;
  record(program, 2, [](Program &p) {
    return gc::reduce_mean(
        gc::rnn::dynamic_rnn(gc::rnn::GRUCell(3), p.x, {.time_major = true}).outputs);
  });
  const auto messageOf = [&](const gc::SessionOptions &options) -> std::string {
    try {
      gc::Session session(program.g, options);
      session.run(program.g.global_variables_initializer());
    } catch (const gc::Error &error) {
      EXPECT_EQ(error.code(), gc::Code::invalid_argument);
      return error.message();
    }
    return "no error";
  };
  EXPECT_EQ(messageOf({.recompute_every = -2}),
            "recompute_every is -2, expected a number of steps, or 0 to recompute nothing");
  EXPECT_EQ(messageOf({.recurrence = gc::RecurrenceForm::unroll, .recompute_every = 4}),
            "recompute_every is of the recurrence form kernel, the form is unroll");
}

} // namespace
