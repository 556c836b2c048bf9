// Requests for gradients.
#include "FrontendTesting.h"

namespace {

struct Gradients : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  gc::Variable w = g.get_variable("w", {4, 3});
  gc::Output y = gc::matmul(x, w);

  template <typename Build> std::string messageOf(Build build) {
    return errorFrom(build).message();
  }
};

TEST_F(Gradients, HaveTheTypesOfTheXs) {
  auto dy = gc::gradients({gc::reduce_sum(y)}, {x, w});
  EXPECT_EQ(dy[0].shape(), x.shape());
  EXPECT_EQ(dy[1].shape(), w.shape());
  EXPECT_EQ(dy[0].name(), "gradients:0");
  EXPECT_EQ(gc::gradients({y}, {w})[0].name(), "gradients_1:0");
  EXPECT_EQ(g.verify(), "");
}

TEST_F(Gradients, AreEmptyWhereNoneReaches) {
  auto other = g.placeholder(gc::float32, {4}, "other");
  auto dy = gc::gradients({gc::reduce_sum(y)}, {other, w, gc::stop_gradient(y)});
  EXPECT_FALSE(dy[0]);
  EXPECT_TRUE(dy[1]);
  EXPECT_FALSE(dy[2]);
  EXPECT_FALSE(gc::gradients({gc::reduce_sum(gc::stop_gradient(y))}, {w})[0]);
  EXPECT_FALSE(gc::gradients({gc::cast(gc::argmax(y, 1), gc::float32)}, {w})[0]);
}

TEST_F(Gradients, GoThroughRecurrences) {
  auto [outputs, state] = gc::rnn::static_rnn(gc::rnn::BasicLSTMCell(3), {x, x});
  auto dy = gc::gradients({outputs.back()}, {x, g.global_variables()[1], w});
  EXPECT_TRUE(dy[0]);
  EXPECT_TRUE(dy[1]);
  EXPECT_FALSE(dy[2]);
}

TEST_F(Gradients, TakeWeights) {
  auto dy = gc::gradients({y}, {w}, {.grad_ys = {gc::ones_like(y)}});
  EXPECT_EQ(dy[0].op().inputs().size(), 3u);
  EXPECT_EQ(messageOf([&] { gc::gradients({y}, {w}, {.grad_ys = {y, y}}); }),
            "expected 1 grad_ys, got 2");
  EXPECT_EQ(messageOf([&] { gc::gradients({y}, {w}, {.grad_ys = {gc::ones(g, {2, 2})}}); }),
            "expected grad_ys 0 of float32[?,3], got float32[2,2]");
}

TEST_F(Gradients, RefuseIntegersAndNothing) {
  EXPECT_EQ(messageOf([&] { gc::gradients({gc::argmax(y, 1)}, {w}); }),
            "expected floating-point tensors to differentiate, but 'ArgMax:0' is int64");
  EXPECT_EQ(messageOf([&] { gc::gradients({y}, {gc::Output()}); }),
            "expected tensors to differentiate by, got an empty one");
  EXPECT_EQ(messageOf([&] { gc::gradients({}, {w}); }),
            "'gradients' expects at least one operand, got none");
}

TEST_F(Gradients, OfOnesOwnReachAsTheyLike) {
  gc::register_gradient(
      g, "stop_gradient",
      [](const gc::Operation &, const std::vector<gc::Output> &gradients) { return gradients; });
  EXPECT_TRUE(gc::gradients({gc::stop_gradient(y)}, {w})[0]);
  EXPECT_EQ(messageOf([&] {
              gc::register_gradient(g, "stop_gradient",
                                    [](auto &, auto &) { return std::vector<gc::Output>(); });
            }),
            "a gradient for 'stop_gradient' is registered already");
}

} // namespace
