// One session, many threads: readers see whole updates, every update counts once.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <graphc/graphc.h>

namespace gc = graphc;

namespace {

TEST(SessionThreads, EightThreadsInOneSession) {
  constexpr int kThreads = 8;
  constexpr int kRuns = 25;
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 4}, "x");
  auto zeros = gc::initializers::zeros();
  auto count = g.get_variable("count", gc::Shape{}, {.initializer = zeros});
  // Every element of `all` gets the same updates: a reader that saw half of one would see them
  // differ.
  auto all = g.get_variable("all", gc::Shape{4, 4}, {.initializer = zeros});
  auto bump = g.group({count.assign_add(1.f), all.assign_add(gc::ones(g, {4, 4}))});
  auto product = gc::matmul(x, all);
  // One thread a run: eight runs go side by side instead.
  gc::Session session(g, {.intra_op_parallelism_threads = 1});
  session.run(g.global_variables_initializer());

  std::atomic<int> torn = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      try {
        // Different batch sizes, so that programs are compiled while others run.
        const std::int64_t batch = 1 + t % 3;
        const gc::Tensor ones = gc::Tensor::of<float>(
            {batch, 4}, std::vector<float>(static_cast<std::size_t>(batch * 4), 1.f));
        for (int i = 0; i < kRuns; ++i) {
          session.run(bump);
          const gc::Tensor out = session.run({{x, ones}}, product)[0];
          for (float value : out.values<float>())
            if (value != out.data<float>()[0])
              ++torn;
        }
      } catch (const gc::Error &) {
        ++failures;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(session.variable("count").scalar<float>(), kThreads * kRuns);
}

} // namespace
