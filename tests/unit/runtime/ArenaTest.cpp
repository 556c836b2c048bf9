#include "runtime/Arena.h"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

namespace graphc {
namespace {

TEST(Arena, IsAlignedAndWritableToItsEnd) {
  for (std::size_t bytes :
       {std::size_t{1}, std::size_t{64}, std::size_t{100}, std::size_t{5} << 20}) {
    const Arena arena(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.data()) % Arena::kAlignment, 0u);
    EXPECT_GE(arena.bytes(), bytes);
    EXPECT_EQ(arena.bytes() % Arena::kAlignment, 0u);
    std::memset(arena.data(), 1, arena.bytes());
  }
}

TEST(Arena, OfNothingHasNoMemory) {
  EXPECT_EQ(Arena().data(), nullptr);
  EXPECT_EQ(Arena(0).bytes(), 0u);
}

} // namespace
} // namespace graphc
