// Batches that are gathered while something else goes on.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples/training/BatchReader.h"
#include "runtime/Status.h"

namespace graphc::examples {
namespace {

using testing::ElementsAre;
using Rows = std::vector<std::int64_t>;

TEST(BatchReader, GivesTheRowsThatWereAskedForOnOneThread) {
  std::thread::id worker;
  bool same = true;
  const Dataset numbers{
      1000, [&](std::span<const std::int64_t> wanted) -> std::vector<Tensor> {
        same &= worker == std::thread::id() || worker == std::this_thread::get_id();
        worker = std::this_thread::get_id();
        return {Tensor::of<std::int64_t>({std::ssize(wanted)}, Rows(wanted.begin(), wanted.end()))};
      }};
  BatchReader reader(numbers);
  for (std::int64_t i = 0; i < 200; ++i) {
    const Rows wanted = {3 * i, 3 * i + 1};
    reader.start(wanted);
    const std::vector<Tensor> batch = reader.take();
    EXPECT_THAT(batch[0].values<std::int64_t>(), ElementsAre(3 * i, 3 * i + 1));
  }
  EXPECT_TRUE(same);
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST(BatchReader, HandsOnWhatWasThrownAndGoesOn) {
  const Dataset torn{2, [](std::span<const std::int64_t> wanted) -> std::vector<Tensor> {
                       if (wanted[0] == 1)
                         throw Error(Code::data_loss, "row 1 is torn");
                       return {Tensor(1.f)};
                     }};
  BatchReader reader(torn);
  const Rows whole = {0}, broken = {1};
  reader.start(broken);
  EXPECT_THROW(reader.take(), Error);
  reader.start(whole);
  EXPECT_EQ(reader.take()[0].scalar<float>(), 1);
}

// As where training stops early.
TEST(BatchReader, EndsWithABatchThatNobodyTook) {
  std::atomic<int> gathered = 0;
  const Dataset rows{1, [&](std::span<const std::int64_t>) -> std::vector<Tensor> {
                       ++gathered;
                       return {Tensor(1.f)};
                     }};
  const Rows wanted = {0};
  {
    const BatchReader idle(rows);
  }
  EXPECT_EQ(gathered, 0);
  {
    BatchReader left(rows);
    left.start(wanted);
  }
  EXPECT_LE(gathered, 1);
}

} // namespace
} // namespace graphc::examples
