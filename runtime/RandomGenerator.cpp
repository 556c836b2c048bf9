#include "runtime/RandomGenerator.h"

namespace graphc {

// The finaliser of SplitMix64: every input bit reaches every output bit.
static std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

RandomKey randomKey(std::uint64_t seed, std::uint64_t seed2, std::uint64_t stream,
                    std::uint64_t session_seed) {
  const bool seeded = seed != 0 || seed2 != 0;
  const std::uint64_t key = mix(mix(seeded ? seed : session_seed) ^ (seeded ? seed2 : stream));
  return {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

std::uint64_t runIndexOfIteration(std::uint64_t run_index, std::uint64_t iteration) {
  // Mixed twice, so that iterations of neighbouring runs and of loops in loops do not meet.
  return mix(mix(run_index) ^ (iteration + 1));
}

std::array<std::uint32_t, 4> philox(RandomKey key, std::uint32_t column_block, std::uint32_t row,
                                    std::uint64_t run_index) {
  std::array<std::uint32_t, 4> x = {column_block, row, static_cast<std::uint32_t>(run_index),
                                    static_cast<std::uint32_t>(run_index >> 32)};
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * x[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * x[2];
    x = {static_cast<std::uint32_t>(product1 >> 32) ^ x[1] ^ key.low,
         static_cast<std::uint32_t>(product1),
         static_cast<std::uint32_t>(product0 >> 32) ^ x[3] ^ key.high,
         static_cast<std::uint32_t>(product0)};
    key.low += 0x9E3779B9u;
    key.high += 0xBB67AE85u;
  }
  return x;
}

} // namespace graphc
