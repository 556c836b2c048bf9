// How often the calling thread asks for memory, outside of oneDNN. The program's operator new and
// aligned_alloc are replaced, for graphc's library too.
#pragma once

#include <cstddef>

namespace graphc {

std::size_t allocationsSoFar();

/// Allocations of the calling thread while `work` runs.
template <typename Work> std::size_t allocationsOf(Work work) {
  const std::size_t before = allocationsSoFar();
  work();
  return allocationsSoFar() - before;
}

} // namespace graphc
