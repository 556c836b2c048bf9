// Random numbers that are a pure function of a key and a position, so that any kernel can make any
// element in any order: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2,
// 3", SC 2011).
#pragma once

#include <array>
#include <cstdint>

namespace graphc {

/// What names one random op's stream of numbers.
struct RandomKey {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

/// `seed`, `seed2` and `stream` are the op's attributes. An op without seeds (both zero) takes the
/// session's seed and its own stream number.
RandomKey randomKey(std::uint64_t seed, std::uint64_t seed2, std::uint64_t stream,
                    std::uint64_t session_seed);

/// The four words of block `column_block` (= column / 4) in row `row` of run `run_index`.
std::array<std::uint32_t, 4> philox(RandomKey key, std::uint32_t column_block, std::uint32_t row,
                                    std::uint64_t run_index);

/// The run index that random ops see in iteration `iteration` of a loop in run `run_index`: every
/// iteration draws as a run of its own, and the same when it is run again.
std::uint64_t runIndexOfIteration(std::uint64_t run_index, std::uint64_t iteration);

/// A number in [0, 1) from 23 of the word's bits, exact in float32.
inline float uniformFromWord(std::uint32_t word) {
  return static_cast<float>(word >> 9) * 0x1p-23f;
}

} // namespace graphc
