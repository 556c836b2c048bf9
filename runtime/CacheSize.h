// How large the caches are that kernels are laid out for.
#pragma once

#include <cstdint>

namespace graphc {

/// Bytes of a core's second-level cache, as the system says, or 512 KB where it does not. With
/// GRAPHC_L2_KB=512 in the environment kernels are made as for a processor with 512 KB: to test
/// them, and measure them, on one that has more.
std::int64_t secondLevelCacheBytes();

/// Throws Error (invalid_argument) where GRAPHC_L2_KB says anything but a positive whole number.
void checkSecondLevelCache();

} // namespace graphc
