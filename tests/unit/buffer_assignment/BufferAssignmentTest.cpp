#include "passes/BufferAssignment.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graphc {
namespace {

using testing::ElementsAre;

/// No two buffers of overlapping lifetimes share a byte; all lie inside the arena, aligned.
void expectValid(const std::vector<BufferInterval> &buffers, const BufferAssignment &assignment) {
  ASSERT_EQ(assignment.offsets.size(), buffers.size());
  EXPECT_GE(assignment.peak, assignment.bound);
  EXPECT_LE(assignment.peak, assignment.unshared);
  std::vector<std::size_t> order(buffers.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    EXPECT_EQ(assignment.offsets[i] % 64, 0);
    EXPECT_GE(assignment.offsets[i], 0);
    EXPECT_LE(assignment.offsets[i] + buffers[i].bytes, assignment.peak);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return buffers[i].first; });
  for (std::size_t a = 0; a < order.size(); ++a) {
    const BufferInterval &x = buffers[order[a]];
    for (std::size_t b = a + 1; b < order.size() && buffers[order[b]].first <= x.last; ++b) {
      const BufferInterval &y = buffers[order[b]];
      const std::int64_t at = assignment.offsets[order[a]], other = assignment.offsets[order[b]];
      ASSERT_TRUE(x.bytes == 0 || y.bytes == 0 || at + x.bytes <= other || other + y.bytes <= at)
          << "buffers " << order[a] << " and " << order[b] << " overlap";
    }
  }
}

TEST(BufferAssignment, OfNothingIsEmpty) {
  const BufferAssignment assignment = assignBuffers({});
  EXPECT_EQ(assignment.peak, 0);
  EXPECT_EQ(assignment.unshared, 0);
}

TEST(BufferAssignment, ReusesMemoryInAChain) {
  // step   0    1    2    3
  // a     [aaaaaaa]
  // b          [bbbbbbb]
  // c               [ccccccc]      c goes where a was
  const std::vector<BufferInterval> buffers = {{100, 0, 1}, {100, 1, 2}, {100, 2, 3}};
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_THAT(assignment.offsets, ElementsAre(0, 128, 0));
  EXPECT_EQ(assignment.peak, 256);
  EXPECT_EQ(assignment.unshared, 384); // 100 bytes take 128
  EXPECT_EQ(assignment.bound, 256);
}

TEST(BufferAssignment, DoesNotShareAtTheStepWhereOneEndsAndTheOtherBegins) {
  // step 1 reads a and writes b
  const std::vector<BufferInterval> buffers = {{64, 0, 1}, {64, 1, 2}};
  EXPECT_EQ(assignBuffers(buffers).peak, 128);
}

TEST(BufferAssignment, TakesTheSmallestHole) {
  //            step  0   1   2
  //   0 .. 256     [ a ]
  // 256 .. 448     [ long    ]
  // 448 .. 576     [ b ][ c  ]    c fits where b was, though there is more room where a was
  // 576 .. 640     [ long    ]
  const std::vector<BufferInterval> buffers = {
      {256, 0, 0}, {192, 0, 2}, {128, 0, 0}, {64, 0, 2}, {128, 1, 2}};
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_THAT(assignment.offsets, ElementsAre(0, 256, 448, 576, 448));
  EXPECT_EQ(assignment.peak, 640);
}

TEST(BufferAssignment, JoinsNeighbouringHoles) {
  // step   0    1
  // a     [a]            64
  // b     [b]            64
  // c          [c]      128: both holes together
  const std::vector<BufferInterval> buffers = {{64, 0, 0}, {64, 0, 0}, {128, 1, 1}};
  EXPECT_EQ(assignBuffers(buffers).peak, 128);
}

TEST(BufferAssignment, FindsTheOrderThatSharesBest) {
  // In order of time: a at 0, b behind it, and c finds a's hole too small: 64 + 64 + 128.
  // The largest first: c at 0, a below it, b behind it.
  // step   0    1    2
  // a     [a]              64
  // b     [bbbbbbb]        64
  // c          [ccccccc]  128
  const std::vector<BufferInterval> buffers = {{64, 0, 0}, {64, 0, 1}, {128, 1, 2}};
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_EQ(assignment.peak, 192);
}

TEST(BufferAssignment, PlacesTheFullestStepFirst) {
  // Step 3 is the fullest, 3 * 192. The largest buffer, b, placed first, would push a above itself.
  //            step  0    1    2    3    4
  //   0 .. 192            [      a      ]
  // 192 .. 384      [   b   ]      [ c  ]     b, 256 bytes, reaches up to 448
  // 384 .. 576                     [   d    ]
  const std::vector<BufferInterval> buffers = {{192, 1, 3}, {256, 0, 1}, {192, 3, 3}, {192, 3, 4}};
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_EQ(assignment.bound, 576);
  EXPECT_EQ(assignment.peak, 576);
}

TEST(BufferAssignment, GivesNothingToBuffersOfNoBytes) {
  const std::vector<BufferInterval> buffers = {{0, 0, 5}, {64, 0, 5}};
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_EQ(assignment.peak, 64);
}

/// As in training: forward buffers live until their step of the backward pass.
std::vector<BufferInterval> trainingLike(int steps, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<BufferInterval> buffers;
  for (int i = 0; i < steps; ++i) {
    const auto bytes = static_cast<std::int64_t>(random() % 100000 + 1);
    buffers.push_back({bytes, i, 2 * steps - i});
    buffers.push_back({bytes, i, i + 1});
    buffers.push_back({bytes, 2 * steps - i, 2 * steps - i + 1});
  }
  return buffers;
}

TEST(BufferAssignment, IsValidAndCloseToTheBoundForManyShapes) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const std::vector<BufferInterval> buffers = trainingLike(100, seed);
    const BufferAssignment assignment = assignBuffers(buffers);
    expectValid(buffers, assignment);
    EXPECT_LE(static_cast<double>(assignment.peak), 1.2 * static_cast<double>(assignment.bound));
  }
  std::mt19937 random(1);
  std::vector<BufferInterval> buffers;
  for (int i = 0; i < 1500; ++i) {
    const auto first = static_cast<std::int64_t>(random() % 500);
    buffers.push_back({static_cast<std::int64_t>(random() % 5000), first,
                       first + static_cast<std::int64_t>(random() % 40)});
  }
  const BufferAssignment assignment = assignBuffers(buffers);
  expectValid(buffers, assignment);
  EXPECT_LE(static_cast<double>(assignment.peak), 1.15 * static_cast<double>(assignment.bound));
}

TEST(BufferAssignment, PlacesTwentyThousandBuffers) {
  const std::vector<BufferInterval> buffers = trainingLike(7000, 3);
  const BufferAssignment assignment = assignBuffers(buffers);
  EXPECT_LE(static_cast<double>(assignment.peak), 1.2 * static_cast<double>(assignment.bound));
  // Each against its neighbours in time alone: all pairs would take a minute.
  for (std::size_t i = 0; i + 3 < buffers.size(); i += 3)
    expectValid(
        {buffers.begin() + static_cast<long>(i), buffers.begin() + static_cast<long>(i) + 3},
        {{assignment.offsets.begin() + static_cast<long>(i),
          assignment.offsets.begin() + static_cast<long>(i) + 3},
         assignment.peak,
         assignment.unshared,
         0});
}

TEST(BufferAssignment, IsTheSameEveryTime) {
  const std::vector<BufferInterval> buffers = trainingLike(300, 5);
  EXPECT_EQ(assignBuffers(buffers).offsets, assignBuffers(buffers).offsets);
}

} // namespace
} // namespace graphc
