// Places buffers in one arena by their sizes and lifetimes: a pure function.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace graphc {

/// A buffer that is needed from step `first` to step `last`, both included.
struct BufferInterval {
  std::int64_t bytes = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct BufferAssignment {
  std::vector<std::int64_t> offsets; ///< of each buffer, multiples of 64
  std::int64_t peak = 0;             ///< bytes of the arena
  std::int64_t unshared = 0;         ///< what it would be if no buffer shared memory with another
  std::int64_t bound = 0;            ///< lowerBound()
};

/// The most bytes that are needed at one step: no peak is lower.
std::int64_t lowerBound(std::span<const BufferInterval> buffers);

/// Buffers whose lifetimes overlap get disjoint memory. Takes the best of a few greedy orders: in
/// order of time, forward and backward, each buffer into the smallest hole that holds it; and, for
/// as many buffers as that is quick for, the largest first, or those of the fullest step first,
/// each at the lowest place that is free during its lifetime. Time grows with n log n.
BufferAssignment assignBuffers(std::span<const BufferInterval> buffers);

} // namespace graphc
