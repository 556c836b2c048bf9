// A warm run asks for no memory but that of its results, and for that only while earlier ones are
// held; it borrows what is fed.
#include <gtest/gtest.h>

#include <graphc/graphc.h>

#include "tests/unit/allocations/AllocationCounter.h"

namespace graphc {
namespace {

/// The list of results, and the extents of each value that is no scalar.
std::size_t allocationsOfResults(std::size_t others) { return 1 + others; }

/// Allocations of one run after a few have settled everything.
std::size_t allocationsOfWarmRun(const Callable &call, const std::vector<Tensor> &feeds) {
  for (int run = 0; run < 3; ++run)
    call(feeds);
  return allocationsOf([&] { call(feeds); });
}

TEST(WarmRun, TheCounterSeesWhatTheLibraryAllocates) {
  EXPECT_EQ(allocationsOf([] { Tensor(float32, {}); }), 2U);
}

TEST(WarmRun, OfAnEmptyProgramAllocatesItsResultAlone) {
  Graph graph;
  auto x = graph.placeholder(float32, {}, "x");
  auto y = identity(x);
  Session session(graph);
  EXPECT_EQ(allocationsOfWarmRun(session.prepare({x}, {y}), {1.f}), allocationsOfResults(0));
}

TEST(WarmRun, AllocatesAResultAnewWhileTheLastIsHeld) {
  Graph graph;
  auto x = graph.placeholder(float32, {none}, "x");
  Session session(graph);
  const Callable call = session.prepare({x}, {x * 2.f});
  const std::vector<Tensor> feeds = {Tensor::zeros(float32, {1000})};
  std::vector<Tensor> held;
  for (int run = 0; run < 3; ++run)
    held = call(feeds);
  // Storage, the count of its owners, and extents once more.
  EXPECT_EQ(allocationsOf([&] { call(feeds); }), allocationsOfResults(1) + 3);
  EXPECT_EQ(allocationsOf([&] { call(feeds); }), allocationsOfResults(1));
}

TEST(WarmRun, OfKernelsAllocatesItsResultAlone) {
  Graph graph;
  auto x = graph.placeholder(float32, {none, 1000}, "x");
  auto y = reduce_sum(tanh(x) * 2.f + 1.f, {.axis = {1}});
  Session session(graph);
  EXPECT_EQ(allocationsOfWarmRun(session.prepare({x}, {y}), {Tensor::zeros(float32, {64, 1000})}),
            allocationsOfResults(1));
}

/// The HAR LSTM, smaller: dropout, clipped gradients, Adam.
struct LstmProgram {
  Graph graph;
  Output x, y, loss;
  Operation train;

  LstmProgram() {
    constexpr std::int64_t steps = 8, hidden = 20;
    x = graph.placeholder(float32, {none, steps, 9}, "x");
    y = graph.placeholder(float32, {none, 6}, "y");
    auto h = layers::dense(reshape(transpose(x, {1, 0, 2}), {-1, 9}), hidden);
    auto layer = [&] {
      return rnn::DropoutWrapper(rnn::BasicLSTMCell(hidden), {.output_keep_prob = .5f});
    };
    auto outputs =
        rnn::static_rnn(rnn::MultiRNNCell({layer(), layer()}), split(h, steps, 0)).outputs;
    auto logits = layers::dense(outputs.back(), 6);
    loss = reduce_mean(nn::softmax_cross_entropy_with_logits({.labels = y, .logits = logits}));
    train::AdamOptimizer adam(1e-3f);
    auto gradients = adam.compute_gradients(loss);
    for (auto &[gradient, variable] : gradients)
      gradient = clip_by_value(gradient, -1.f, 1.f);
    train = adam.apply_gradients(gradients);
  }
};

TEST(WarmRun, OfALstmTrainingStepAllocatesItsLossAlone) {
  LstmProgram lstm;
  Session session(lstm.graph, {.seed = 1});
  session.run(lstm.graph.global_variables_initializer());
  const std::vector<Tensor> feeds = {Tensor::zeros(float32, {64, 8, 9}),
                                     Tensor::zeros(float32, {64, 6})};
  EXPECT_EQ(allocationsOfWarmRun(session.prepare({lstm.x, lstm.y}, {lstm.train, lstm.loss}), feeds),
            allocationsOfResults(0));
}

TEST(WarmRun, BorrowsWhatIsFed) {
  Graph graph;
  auto x = graph.placeholder(float32, {none}, "x");
  auto y = x + 1.f;
  Session session(graph);
  const Callable call = session.prepare({x}, {y});
  std::vector<float> fed = {1, 2, 3};
  const std::vector<Tensor> feeds = {Tensor::borrow<float>({3}, fed.data())};
  call(feeds);
  fed[1] = 20; // the same tensor, other values
  EXPECT_EQ(call(feeds)[0].to_string(), "float32[3] 2 21 4");
}

} // namespace
} // namespace graphc
