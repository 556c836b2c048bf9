#include "runtime/RandomGenerator.h"

#include <set>

#include <gtest/gtest.h>

namespace graphc {
namespace {

using Words = std::array<std::uint32_t, 4>;

// The known answers that the generator's authors publish for ten rounds.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox({0, 0}, 0, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff}, 0xffffffff, 0xffffffff, 0xffffffffffffffff),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // The digits of pi; the run index is counter words 2 (low) and 3 (high).
  EXPECT_EQ(philox({0xa4093822, 0x299f31d0}, 0x243f6a88, 0x85a308d3, 0x0370734413198a2e),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, UniformNumbersAreExactAndBelowOne) {
  EXPECT_EQ(uniformFromWord(0), 0.f);
  EXPECT_EQ(uniformFromWord(0x1ff), 0.f);
  EXPECT_EQ(uniformFromWord(0x200), 0x1p-23f);
  EXPECT_EQ(uniformFromWord(0x80000000), .5f);
  EXPECT_EQ(uniformFromWord(0xffffffff), 1 - 0x1p-23f);
}

TEST(RandomKey, SeedsHideTheSession) {
  const auto key = [](std::uint64_t seed, std::uint64_t seed2, std::uint64_t stream,
                      std::uint64_t session) {
    const RandomKey made = randomKey(seed, seed2, stream, session);
    return std::uint64_t{made.high} << 32 | made.low;
  };
  EXPECT_EQ(key(1, 2, 3, 4), key(1, 2, 5, 6));
  EXPECT_EQ(key(0, 2, 3, 4), key(0, 2, 5, 6));
  const std::set<std::uint64_t> all = {key(1, 2, 0, 0), key(2, 1, 0, 0), key(0, 1, 0, 0),
                                       key(1, 0, 0, 0), key(0, 0, 0, 7), key(0, 0, 7, 0),
                                       key(0, 0, 8, 0), key(0, 0, 0, 8)};
  EXPECT_EQ(all.size(), 8u);
}

} // namespace
} // namespace graphc
