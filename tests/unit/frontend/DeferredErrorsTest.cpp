// Graphs that keep their first error instead of throwing it.
#include "FrontendTesting.h"

namespace {

struct Deferred : testing::Test {
  gc::Graph g{gc::Graph::Options{.deferred_errors = true}};
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
};

TEST_F(Deferred, KeepTheFirstError) {
  EXPECT_FALSE(g.error());
  auto wrong = gc::matmul(x, gc::ones(g, {3, 2}), {.name = "first"});
  EXPECT_TRUE(wrong);
  EXPECT_TRUE(wrong.is_poisoned());
  gc::matmul(x, gc::ones(g, {5, 2}), {.name = "second"});
  ASSERT_TRUE(g.error());
  EXPECT_EQ(g.error()->op_name(), "first");
  EXPECT_EQ(errorFrom([&] { g.check(); }).op_name(), "first");
}

TEST_F(Deferred, LaterOpsDoNothing) {
  auto wrong = gc::reduce_sum(x, 7);
  const std::size_t before = g.get_operations().size();
  auto y = gc::tanh(wrong) * 2.f;
  auto parts = gc::split(y, 3, 0);
  EXPECT_EQ(parts.size(), 3u);
  auto h = gc::layers::dense(y, 3);
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(3), {h, h});
  EXPECT_EQ(outputs.size(), 2u);
  EXPECT_TRUE(outputs[1].is_poisoned());
  EXPECT_TRUE(state.c().is_poisoned());
  EXPECT_TRUE(gc::gradients({y}, {x})[0].is_poisoned());
  EXPECT_EQ(g.get_operations().size(), before + 1); // the number 2
  EXPECT_EQ(g.error()->op_name(), "Sum");
}

TEST_F(Deferred, WrongVariablesArePoisoned) {
  auto v = g.get_variable("v", {gc::none});
  EXPECT_TRUE(v.value().is_poisoned());
  EXPECT_TRUE((x + v).is_poisoned());
  EXPECT_TRUE(v.assign(1.f).is_poisoned());
  EXPECT_EQ(g.error()->message(), "the shape of a new variable 'v' must be fully known, got [?]");
}

TEST_F(Deferred, WrongScopesAreKeptToo) {
  auto scope = g.name_scope("a b");
  EXPECT_EQ(g.error()->message(), "'a b' is not a valid scope name");
  EXPECT_FALSE(gc::tanh(x).is_poisoned());
}

TEST_F(Deferred, TrainingWithoutGradientsIsKept) {
  g.get_variable("v", {2});
  auto train = gc::train::AdamOptimizer(0.1).minimize(gc::reduce_sum(x));
  EXPECT_TRUE(train.is_poisoned());
  EXPECT_EQ(g.error()->message(),
            "no gradients provided for any variable: no gradient of 'Sum:0' reaches 'v'");
}

} // namespace
