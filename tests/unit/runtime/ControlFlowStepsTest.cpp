// Steps that run other programs, put together by hand; and rows chosen by an index.
#include "ExecutorTesting.h"
#include "runtime/InPlaceUpdates.h"

namespace graphc {
namespace {

using testing::ElementsAre;

/// buffers[1] = buffers[0][0] < 3
void belowThree(void *const *buffers, std::int64_t, std::int64_t, void *,
                const GraphcRunContext *) {
  *static_cast<bool *>(buffers[1]) = *static_cast<const float *>(buffers[0]) < 3;
}

/// buffers[2] = 2 * buffers[1], where buffers[0] is at hand
void twice(void *const *buffers, std::int64_t begin, std::int64_t end, void *,
           const GraphcRunContext *) {
  for (std::int64_t i = begin; i < end; ++i)
    static_cast<float *>(buffers[2])[i] = 2 * static_cast<const float *>(buffers[1])[i] +
                                          0 * static_cast<const float *>(buffers[0])[i];
}

/// buffers[0][0] = something that differs from run to run, 3 or more
void markRun(void *const *buffers, std::int64_t, std::int64_t, void *,
             const GraphcRunContext *context) {
  *static_cast<float *>(buffers[0]) = 3 + static_cast<float>(context->run_index % 1000);
}

std::shared_ptr<const Program> condition() {
  ProgramMaker maker;
  const BufferId x = maker.feed({2});
  maker.program.fetches.push_back({{"fetch:0", bool_, Shape{}}, false});
  const BufferId y = maker.buffer(BufferKind::fetched, {}, 0, 0, bool_);
  maker.kernel(belowThree, {x, y}, 1);
  return maker.done();
}

std::shared_ptr<const Program> increment() {
  ProgramMaker maker;
  const BufferId x = maker.feed({2}), y = maker.fetch({2});
  maker.kernel(addOne, {x, y}, 2);
  return maker.done();
}

Tensor pair(float a, float b) { return Tensor::of<float>({2}, {a, b}); }

std::vector<float> runOn(const ProgramMaker &maker, std::vector<Tensor> feeds) {
  VariableStore store;
  Executor executor(std::make_shared<const Program>(maker.program), store);
  // Twice: a frame is used again.
  executor.run(feeds, {});
  const Tensor result = executor.run(feeds, {})[0];
  const auto values = result.values<float>();
  return {values.begin(), values.end()};
}

TEST(LoopStep, RunsTheBodyWhileTheConditionHolds) {
  ProgramMaker maker;
  const BufferId x = maker.feed({2}), y = maker.fetch({2});
  maker.step(LoopStep{condition(), increment(), {x}, {}, {y}, {maker.temporary({2})}});
  EXPECT_THAT(runOn(maker, {pair(0, 10)}), ElementsAre(3, 13)); // an odd number of iterations
  EXPECT_THAT(runOn(maker, {pair(1, 10)}), ElementsAre(3, 12)); // an even one
  EXPECT_THAT(runOn(maker, {pair(5, 10)}), ElementsAre(5, 10)); // none
}

TEST(LoopStep, IterationsDrawByTheRunTheyAreOf) {
  ProgramMaker body, maker;
  body.feed({2});
  const BufferId marked = body.fetch({2});
  body.copy(0, marked);
  body.kernel(markRun, {marked}, 1);
  const BufferId x = maker.feed({2}), y = maker.fetch({2});
  maker.step(LoopStep{condition(), body.done(), {x}, {}, {y}, {maker.temporary({2})}});
  VariableStore store;
  Executor executor(maker.done(), store);
  const auto run = [&](std::uint64_t index) {
    return executor
        .run(std::vector<Tensor>{pair(0, 0)}, {.session_seed = 0, .run_index = index, .step = 0})[0]
        .data<float>()[0];
  };
  EXPECT_EQ(run(5), run(5));
  EXPECT_NE(run(5), run(6));
}

TEST(LoopGradientStep, GoesBackThroughAllIterations) {
  ProgramMaker backward, maker;
  const BufferId kept = backward.feed({2}), before = backward.feed({2}),
                 after = backward.fetch({2});
  backward.kernel(twice, {kept, before, after}, 2);
  const BufferId x = maker.feed({2}), g = maker.feed({2}), y = maker.fetch({2});
  const LoopStep loop{condition(),           increment(), {x}, {}, {maker.temporary({2})},
                      {maker.temporary({2})}};
  maker.step(LoopGradientStep{loop, backward.done(), {0}, {g}, {y}, {maker.temporary({2})}});
  EXPECT_THAT(runOn(maker, {pair(0, 0), pair(1, 10)}), ElementsAre(8, 80)); // 2^3
  EXPECT_THAT(runOn(maker, {pair(1, 0), pair(1, 10)}), ElementsAre(4, 40));
  EXPECT_THAT(runOn(maker, {pair(9, 0), pair(1, 10)}), ElementsAre(1, 10));
}

/// Copies its feed and then adds one to what it fetches. With `late`, it looks at the feed again.
std::shared_ptr<const Program> incrementInPlace(bool late) {
  ProgramMaker maker;
  const BufferId x = maker.feed({2}), y = maker.fetch({2});
  maker.copy(x, y);
  maker.kernel(addOne, {late ? x : y, y}, 2);
  return maker.done();
}

TEST(InPlaceUpdates, AreThoseWhoseFeedIsCopiedAndNotLookedAtAgain) {
  EXPECT_THAT(updatedInPlace(*incrementInPlace(false), 0), ElementsAre(0));
  EXPECT_THAT(updatedInPlace(*incrementInPlace(true), 0), ElementsAre());
  EXPECT_THAT(updatedInPlace(*increment(), 0), ElementsAre());
  // Two variables change places: each copy is of the other's feed.
  ProgramMaker exchange;
  const BufferId a = exchange.feed({2}), b = exchange.feed({2});
  exchange.copy(b, exchange.fetch({2}));
  exchange.copy(a, exchange.fetch({2}));
  EXPECT_THAT(updatedInPlace(exchange.program, 0), ElementsAre());
  // What it was given is fetched once more, but as another fetch.
  ProgramMaker twoFetches;
  const BufferId x = twoFetches.feed({2}), y = twoFetches.fetch({2}), z = twoFetches.fetch({2});
  twoFetches.copy(x, y);
  twoFetches.kernel(addOne, {y, y}, 2);
  twoFetches.copy(x, z);
  EXPECT_THAT(updatedInPlace(twoFetches.program, 0), ElementsAre());
}

// The result is that of moving to and fro, and what the loop started from is as it was.
TEST(LoopStep, ChangesVariablesWhereTheyLie) {
  ProgramMaker maker;
  const BufferId x = maker.feed({2}), y = maker.fetch({2}), same = maker.fetch({2});
  maker.step(
      LoopStep{condition(), incrementInPlace(false), {x}, {}, {y}, {maker.temporary({2})}, {0}});
  maker.copy(x, same);
  VariableStore store;
  Executor executor(maker.done(), store);
  for (const auto &[first, expected] : {std::pair{0.f, 3.f}, {1.f, 3.f}, {5.f, 5.f}, {0.f, 3.f}}) {
    const std::vector<Tensor> out = executor.run(std::vector<Tensor>{pair(first, 10)}, {});
    EXPECT_THAT(out[0].values<float>(), ElementsAre(expected, 10 + expected - first));
    EXPECT_THAT(out[1].values<float>(), ElementsAre(first, 10));
  }
}

TEST(LoopGradientStep, ChangesGradientsWhereTheyLie) {
  ProgramMaker backward, maker;
  const BufferId before = (backward.feed({2}), backward.feed({2})), after = backward.fetch({2});
  backward.copy(before, after);
  backward.kernel(addOne, {after, after}, 2);
  const BufferId x = maker.feed({2}), g = maker.feed({2}), y = maker.fetch({2});
  const LoopStep loop{condition(), incrementInPlace(false), {x},
                      {},          {maker.temporary({2})},  {maker.temporary({2})},
                      {0}};
  maker.step(LoopGradientStep{loop, backward.done(), {}, {g}, {y}, {maker.temporary({2})}, {0}});
  EXPECT_THAT(runOn(maker, {pair(0, 0), pair(1, 10)}), ElementsAre(4, 13)); // three iterations
  EXPECT_THAT(runOn(maker, {pair(9, 0), pair(1, 10)}), ElementsAre(1, 10));
}

TEST(BranchStep, RunsOneOfTwoPrograms) {
  ProgramMaker same, maker;
  same.copy(same.feed({2}), same.fetch({2}));
  maker.program.feeds.push_back({{"p:0", bool_, Shape{}}, true});
  const BufferId p = maker.buffer(BufferKind::fed, {}, 0, 0, bool_);
  const BufferId x = maker.feed({2}), y = maker.fetch({2});
  maker.step(BranchStep{p, increment(), same.done(), {x}, {y}});
  EXPECT_THAT(runOn(maker, {Tensor(true), pair(1, 2)}), ElementsAre(2, 3));
  EXPECT_THAT(runOn(maker, {Tensor(false), pair(1, 2)}), ElementsAre(1, 2));
}

TEST(RowStep, ReadsAndWritesTheRowThatTheIndexSays) {
  ProgramMaker maker;
  const BufferId x = maker.feed({3, 2});
  maker.program.feeds.push_back({{"i:0", int32, Shape{}}, true});
  const BufferId i = maker.buffer(BufferKind::fed, {}, 1, 0, int32);
  const BufferId row = maker.temporary({2}), y = maker.fetch({3, 2});
  maker.copy(x, y);
  maker.step(RowStep{"gather", x, i, row, 3, 8, false, false});
  const BufferId greater = maker.temporary({2});
  maker.kernel(addOne, {row, greater}, 2);
  maker.step(RowStep{"update_row", y, i, greater, 3, 8, false, true});
  const Tensor rows = Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(runOn(maker, {rows, Tensor(std::int32_t{1})}), ElementsAre(1, 2, 4, 5, 5, 6));
  VariableStore store;
  Executor executor(maker.done(), store);
  for (const std::int32_t index : {-1, 3})
    try {
      executor.run(std::vector<Tensor>{rows, Tensor(index)}, {});
      ADD_FAILURE() << "row " << index << " was read";
    } catch (const Error &error) {
      EXPECT_EQ(error.message(), "gather expects indices in [0,3), got " + std::to_string(index));
      EXPECT_EQ(error.op_name(), "scope/op");
    }
}

} // namespace
} // namespace graphc
