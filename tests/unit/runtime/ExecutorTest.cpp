#include "tests/unit/runtime/ExecutorTesting.h"

#include <atomic>
#include <set>
#include <thread>

#include <omp.h>

#include "tests/unit/runtime/PrimitiveTesting.h"

namespace graphc {
namespace {

using testing::ElementsAre;

void checkAlignment(void *const *buffers, std::int64_t begin, std::int64_t end, void *scratch,
                    const GraphcRunContext *context) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffers[0]) % alignof(float), 0u);
  addOne(buffers, begin, end, scratch, context);
}

TEST(Executor, RunsStepsInOrderOnFedTemporaryAndFetchedMemory) {
  ProgramMaker maker;
  const BufferId x = maker.feed({4});
  const BufferId t = maker.temporary({4});
  const BufferId y = maker.fetch({4});
  maker.kernel(addOne, {x, t}, 4);
  maker.kernel(addOne, {t, y}, 4);
  VariableStore store;
  Executor executor(maker.done(), store);
  const Tensor feed = Tensor::of<float>({4}, {1, 2, 3, 4});
  const std::vector<Tensor> first = executor.run({{feed}}, {});
  EXPECT_THAT(first[0].values<float>(), ElementsAre(3, 4, 5, 6));
  const Tensor other = Tensor::of<float>({4}, {0, 0, 0, 0});
  EXPECT_THAT(executor.run({{other}}, {})[0].values<float>(), ElementsAre(2, 2, 2, 2));
  // A fetched tensor is the caller's: later runs do not touch it.
  EXPECT_THAT(first[0].values<float>(), ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(executor.frames(), 1u);
}

TEST(Executor, FillsAFetchedTensorAgainOnceNobodyHoldsIt) {
  ProgramMaker maker;
  maker.kernel(addOne, {maker.feed({2}), maker.fetch({2})}, 2);
  VariableStore store;
  Executor executor(maker.done(), store);
  const auto run = [&](float value) {
    return executor.run({{Tensor::of<float>({2}, {value, value})}}, {})[0];
  };
  Tensor held = run(1);
  const void *memory = held.raw_data();
  const Tensor view = held.rows(0, 1);
  held = {};
  EXPECT_NE(run(2).raw_data(), memory); // the view holds it
  EXPECT_THAT(view.values<float>(), ElementsAre(2));
  const void *second = run(3).raw_data();
  const Tensor again = run(4);
  EXPECT_EQ(again.raw_data(), second);
  EXPECT_THAT(again.values<float>(), ElementsAre(5, 5));
  // A result that is fed is held by the feed while the run writes its own.
  EXPECT_THAT(executor.run({{again}}, {})[0].values<float>(), ElementsAre(6, 6));
}

TEST(Executor, ReadsViewsAndConstants) {
  ProgramMaker maker;
  maker.program.constants.push_back(Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}));
  const BufferId row = maker.buffer(BufferKind::constant, {3}, 0, 3 * sizeof(float));
  const BufferId y = maker.fetch({3});
  maker.kernel(addOne, {row, y}, 3);
  VariableStore store;
  EXPECT_THAT(Executor(maker.done(), store).run({}, {})[0].values<float>(), ElementsAre(5, 6, 7));
}

TEST(Executor, CopiesRows) {
  // The last two columns of [2, 3] into the first two of another [2, 3].
  ProgramMaker maker;
  const BufferId x = maker.feed({2, 3});
  const BufferId y = maker.fetch({2, 3});
  const BufferId from = maker.buffer(BufferKind::fed, {2, 2}, 0, sizeof(float));
  maker.copy(x, y);
  maker.step(CopyStep{from, y, 2 * sizeof(float), 2, 3 * sizeof(float), 3 * sizeof(float)});
  VariableStore store;
  const Tensor feed = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(Executor(maker.done(), store).run({{feed}}, {})[0].values<float>(),
              ElementsAre(2, 3, 3, 5, 6, 6));
}

TEST(Executor, CopiesMuchByAllThreads) {
  // [1000, 300] whole, and its last 299 columns: both beyond half a megabyte.
  const Tensor feed = randomTensor({1000, 300}, 1);
  ProgramMaker maker;
  maker.program.threads = 3;
  maker.copy(maker.feed({1000, 300}), maker.fetch({1000, 300}));
  const BufferId columns = maker.buffer(BufferKind::fed, {1000, 299}, 0, sizeof(float));
  maker.step(CopyStep{columns, maker.fetch({1000, 299}), 299 * sizeof(float), 1000,
                      300 * sizeof(float), 299 * sizeof(float)});
  VariableStore store;
  const std::vector<Tensor> results = Executor(maker.done(), store).run({{feed}}, {});
  EXPECT_TRUE(results[0].identical_to(feed));
  for (std::int64_t row = 0; row < 1000; ++row)
    for (std::int64_t column = 0; column < 299; ++column)
      ASSERT_EQ(results[1].data<float>()[row * 299 + column],
                feed.data<float>()[row * 300 + column + 1]);
}

TEST(Executor, TakesFeedsFromAnyAddress) {
  ProgramMaker maker;
  const BufferId x = maker.feed({4});
  maker.kernel(checkAlignment, {x, maker.fetch({4})}, 4);
  VariableStore store;
  Executor executor(maker.done(), store);
  const Tensor aligned = Tensor::of<float>({4}, {1, 2, 3, 4});
  std::vector<std::byte> bytes(64);
  for (std::size_t offset : {0, 1, 2, 3, 4, 5}) {
    std::memcpy(bytes.data() + offset, aligned.raw_data(), 16);
    const Tensor feed = Tensor::borrow(float32, {4}, bytes.data() + offset);
    EXPECT_THAT(executor.run({{feed}}, {})[0].values<float>(), ElementsAre(2, 3, 4, 5))
        << "offset " << offset;
  }
}

TEST(Executor, GivesNothingForAFetchedOp) {
  ProgramMaker maker;
  maker.program.fetches.push_back({{"train", float32, {}}, true});
  VariableStore store;
  const std::vector<Tensor> results = Executor(maker.done(), store).run({}, {});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].empty());
}

/// Writes the number of the call's thread, and checks that scratch is its own.
std::mutex seen_lock;
std::set<void *> seen_scratch;
void recordScratch(void *const *buffers, std::int64_t begin, std::int64_t end, void *scratch,
                   const GraphcRunContext *) {
  std::memset(scratch, 1, 100);
  for (std::int64_t i = begin; i < end; ++i)
    ++static_cast<float *>(buffers[0])[i];
  const std::lock_guard guard(seen_lock);
  seen_scratch.insert(scratch);
}

TEST(Executor, SplitsAnExtentOverThreadsWithScratchOfTheirOwn) {
  for (const auto &[grain, calls] :
       {std::pair<std::int64_t, std::size_t>{1, 3}, {5, 2}, {10, 1}, {100, 1}}) {
    seen_scratch.clear();
    ProgramMaker maker;
    maker.program.threads = 3;
    const BufferId y = maker.fetch({10});
    maker.program.constants.push_back(Tensor::zeros(float32, {10}));
    maker.copy(maker.buffer(BufferKind::constant, {10}), y);
    maker.kernel(recordScratch, {y}, 10, grain, 100);
    VariableStore store;
    omp_set_num_threads(2);
    const std::vector<Tensor> results = Executor(maker.done(), store).run({}, {});
    EXPECT_THAT(results[0].values<float>(), testing::Each(1.f))
        << "every element once, grain " << grain;
    EXPECT_EQ(seen_scratch.size(), calls) << "grain " << grain;
    EXPECT_EQ(omp_get_max_threads(), 2) << "the caller's setting comes back";
  }
}

TEST(Executor, WorksInsideOfAParallelRegion) {
  ProgramMaker maker;
  maker.program.threads = 2;
  const BufferId x = maker.feed({8});
  maker.kernel(addOne, {x, maker.fetch({8})}, 8);
  VariableStore store;
  Executor executor(maker.done(), store);
  const Tensor feed = Tensor::zeros(float32, {8});
  std::atomic<int> right = 0;
#pragma omp parallel num_threads(2)
  {
    const Tensor result = executor.run({{feed}}, {})[0];
    right += std::ranges::all_of(result.values<float>(), [](float v) { return v == 1; });
  }
  EXPECT_EQ(right, 2);
}

TEST(Executor, RunsPrimitivesWithScratchpadsInTheArena) {
  const Tensor a = randomTensor({61, 9}, 1);
  const Tensor b = randomTensor({9, 27}, 2);
  PrimitiveSpec spec{"matmul",
                     {operandOf(a), operandOf(b)},
                     {{float32, {61, 27}, {}}},
                     {{"activation", std::string("tanh")}},
                     2};
  const auto primitive = createDnnlPrimitive(spec);
  ProgramMaker maker;
  maker.program.threads = 2;
  const BufferId x = maker.feed({61, 9});
  const BufferId w = maker.feed({9, 27});
  const BufferId y = maker.fetch({61, 27});
  const auto bytes = static_cast<std::int64_t>(primitive->scratchpadBytes());
  const BufferId scratchpad = bytes ? maker.temporary({bytes / 4 + 1}) : kNoBuffer;
  maker.step(PrimitiveStep{primitive, {x, w, y, scratchpad}});
  VariableStore store;
  Executor executor(maker.done(), store);
  const Attributes attributes{
      {"transpose_a", false}, {"transpose_b", false}, {"activation", std::string("tanh")}};
  expectClose(executor.run({{a, b}}, {})[0], evaluated("fused_matmul", {a, b}, attributes)[0],
              1e-5);
}

std::vector<Tensor> addContext(std::string_view op, const Attributes &attributes,
                               std::span<const Tensor> inputs, const GraphcRunContext &context) {
  EXPECT_EQ(op, "shift");
  const float by =
      static_cast<float>(attributes.get_double("by")) + static_cast<float>(context.run_index);
  return {Tensor(inputs[0].scalar<float>() + by)};
}

TEST(Executor, CallsHostFunctionsWithAttributesAndContext) {
  ProgramMaker maker;
  const BufferId x = maker.feed({});
  maker.step(HostStep{"shift", {{"by", 10.0}}, addContext, {x}, {maker.fetch({})}});
  VariableStore store;
  const Tensor feed(1.f);
  EXPECT_EQ(Executor(maker.done(), store).run({{feed}}, {0, 100, 0})[0].scalar<float>(), 111);
}

TEST(Executor, RunsAtTheSameTimeInFramesOfTheirOwn) {
  ProgramMaker maker;
  const BufferId x = maker.feed({1000});
  const BufferId t = maker.temporary({1000});
  maker.kernel(addOne, {x, t}, 1000);
  maker.kernel(addOne, {t, maker.fetch({1000})}, 1000);
  VariableStore store;
  Executor executor(maker.done(), store);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&, number] {
      const Tensor feed =
          Tensor::of<float>({1000}, std::vector<float>(1000, static_cast<float>(number)));
      for (int run = 0; run < 50; ++run) {
        const Tensor result = executor.run({{feed}}, {})[0];
        for (float value : result.values<float>())
          wrong += value != static_cast<float>(number + 2);
      }
    });
  }
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(executor.frames(), 8u);
}

TEST(Executor, TellsAnObserverEveryStep) {
  ProgramMaker maker;
  const BufferId x = maker.feed({4});
  const BufferId t = maker.temporary({4});
  maker.kernel(addOne, {x, t}, 4);
  maker.copy(t, maker.fetch({4}));
  VariableStore store;
  std::vector<std::size_t> steps;
  const StepObserver observer = [&](std::size_t step, std::int64_t nanoseconds) {
    steps.push_back(step);
    EXPECT_GE(nanoseconds, 0);
  };
  const Tensor feed = Tensor::zeros(float32, {4});
  Executor(maker.done(), store).run({{feed}}, {}, &observer);
  EXPECT_THAT(steps, ElementsAre(0, 1));
}

TEST(Executor, RefusesFeedsThatItWasNotCompiledFor) {
  ProgramMaker maker;
  const BufferId x = maker.feed({4});
  maker.kernel(addOne, {x, maker.fetch({4})}, 4);
  VariableStore store;
  Executor executor(maker.done(), store);
  const auto message = [&](std::vector<Tensor> feeds) -> std::string {
    try {
      executor.run(feeds, {});
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::internal);
      return error.message();
    }
    return "no error";
  };
  EXPECT_EQ(message({}), "the program has 1 feeds, got 0");
  EXPECT_EQ(message({Tensor::zeros(float32, {5})}),
            "the program was compiled for 'feed:0' of float32[4], got float32[5] ...");
}

} // namespace
} // namespace graphc
