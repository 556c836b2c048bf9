// Variables: atomic runs, what a failing run leaves, weights kept reordered.
#include "tests/unit/runtime/ExecutorTesting.h"

#include <atomic>
#include <thread>

#include "tests/unit/runtime/PrimitiveTesting.h"

namespace graphc {
namespace {

using testing::ElementsAre;

/// Every element of the only buffer plus one, slowly enough for others to see a half-done update.
void increment(void *const *buffers, std::int64_t begin, std::int64_t end, void *,
               const GraphcRunContext *) {
  auto *x = static_cast<float *>(buffers[0]);
  for (std::int64_t i = begin; i < end; ++i)
    x[i] += 1;
}

std::vector<Tensor> fail(std::string_view, const Attributes &, std::span<const Tensor>,
                         const GraphcRunContext &) {
  throw Error(Code::invalid_argument, "index 7 is not below 5");
}

std::shared_ptr<const Program> initialisation(const Tensor &value) {
  ProgramMaker maker;
  maker.program.constants.push_back(value);
  const BufferId constant = maker.buffer(BufferKind::constant, value.shape());
  maker.copy(constant, maker.variable("w", value.shape(), /*written=*/true, /*read_first=*/false));
  return maker.done();
}

std::shared_ptr<const Program> update(const Shape &shape) {
  ProgramMaker maker;
  maker.kernel(increment, {maker.variable("w", shape, true, true)}, shape.num_elements());
  return maker.done();
}

std::shared_ptr<const Program> reading(const Shape &shape) {
  ProgramMaker maker;
  maker.copy(maker.variable("w", shape, false, true), maker.fetch(shape));
  return maker.done();
}

TEST(ExecutorVariables, AreInitialisedUpdatedAndRead) {
  VariableStore store;
  Executor(initialisation(Tensor::of<float>({3}, {1, 2, 3})), store).run({}, {});
  Executor updating(update({3}), store);
  updating.run({}, {});
  updating.run({}, {});
  EXPECT_THAT(Executor(reading({3}), store).run({}, {})[0].values<float>(), ElementsAre(3, 4, 5));
  EXPECT_THAT(store.get("w")->values<float>(), ElementsAre(3, 4, 5));
}

TEST(ExecutorVariables, MustBeInitialisedBeforeTheyAreRead) {
  VariableStore store;
  for (const auto &program : {reading({3}), update({3})}) {
    try {
      Executor(program, store).run({}, {});
      FAIL();
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::failed_precondition);
      EXPECT_EQ(error.message(), "variable 'w' is read before it was initialised");
      EXPECT_EQ(error.op_name(), "w/read");
      EXPECT_EQ(error.where().file, "model.cpp");
      EXPECT_EQ(error.where().line, 7u);
    }
  }
  EXPECT_EQ(store.get("w"), std::nullopt) << "a failed run initialises nothing";
}

TEST(ExecutorVariables, AreAsBeforeWhenAStepFails) {
  VariableStore store;
  store.set("w", Tensor::of<float>({3}, {1, 2, 3}));
  ProgramMaker maker;
  maker.kernel(increment, {maker.variable("w", {3}, true, true)}, 3);
  maker.step(HostStep{"gather", {}, fail, {}, {maker.fetch({})}});
  Executor executor(maker.done(), store);
  try {
    executor.run({}, {});
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(),
                 "INVALID_ARGUMENT: index 7 is not below 5 [op 'scope/op'] [at model.cpp:9]");
  }
  EXPECT_THAT(store.get("w")->values<float>(), ElementsAre(1, 2, 3));
  // And the session goes on.
  Executor(update({3}), store).run({}, {});
  EXPECT_THAT(store.get("w")->values<float>(), ElementsAre(2, 3, 4));
}

TEST(ExecutorVariables, AreNeverSeenHalfUpdated) {
  constexpr std::int64_t kLength = 20000;
  VariableStore store;
  store.set("w", Tensor::zeros(float32, {kLength}));
  Executor updating(update({kLength}), store);
  Executor reader(reading({kLength}), store);
  std::atomic<int> mixed = 0;
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&] {
      for (int run = 0; run < 50; ++run)
        updating.run({}, {});
    });
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&] {
      for (int run = 0; run < 50; ++run) {
        const Tensor seen = reader.run({}, {})[0];
        for (float value : seen.values<float>())
          mixed += value != seen.data<float>()[0];
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(mixed, 0);
  EXPECT_EQ(store.get("w")->data<float>()[kLength - 1], 200) << "every update exactly once";
}

TEST(ExecutorVariables, AreRepackedOnlyWhenTheyChange) {
  // A "packing" that squares, so that what was packed tells itself from what was not.
  const PrimitiveSpec squaring{"eltwise",
                               {{float32, {4}, {}}},
                               {{float32, {4}, {}}},
                               {{"algorithm", std::string("square")}},
                               1};
  ProgramMaker maker;
  maker.variable("w", {4}, false, true);
  maker.program.kept.push_back({0, 16, createDnnlPrimitive(squaring)});
  const BufferId kept = maker.buffer(BufferKind::kept, {4});
  maker.copy(kept, maker.fetch({4}));
  VariableStore store;
  store.set("w", Tensor::of<float>({4}, {1, 2, 3, 4}));
  Executor executor(maker.done(), store);
  EXPECT_THAT(executor.run({}, {})[0].values<float>(), ElementsAre(1, 4, 9, 16));

  // A change that no version tells of is not seen; one that a version tells of is.
  store.declare("w", float32, {4}).value.data<float>()[0] = 5;
  EXPECT_THAT(executor.run({}, {})[0].values<float>(), ElementsAre(1, 4, 9, 16));
  store.set("w", Tensor::of<float>({4}, {0, 1, 0, 1}));
  EXPECT_THAT(executor.run({}, {})[0].values<float>(), ElementsAre(0, 1, 0, 1));
  Executor(update({4}), store).run({}, {});
  EXPECT_THAT(executor.run({}, {})[0].values<float>(), ElementsAre(1, 4, 1, 4));
}

TEST(ExecutorVariables, OfAnotherShapeAreRefused) {
  VariableStore store;
  store.set("w", Tensor::zeros(float32, {3}));
  EXPECT_THROW(Executor(reading({4}), store), Error);
}

} // namespace
} // namespace graphc
