#include "tests/unit/allocations/AllocationCounter.h"

#include <cstdlib>
#include <new>

#include <dlfcn.h>

namespace graphc {
static thread_local std::size_t allocations = 0;
std::size_t allocationsSoFar() { return allocations; }

/// The next function of that name behind this program's.
template <typename Function> static Function original(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}
} // namespace graphc

// The library's calls come here too: the program's symbols go before those of shared libraries.
void *operator new(std::size_t bytes, const std::nothrow_t &) noexcept {
  ++graphc::allocations;
  return std::malloc(bytes);
}
void *operator new(std::size_t bytes) {
  if (void *memory = operator new(bytes, std::nothrow))
    return memory;
  throw std::bad_alloc();
}
void *operator new[](std::size_t bytes) { return operator new(bytes); }
void *operator new[](std::size_t bytes, const std::nothrow_t &) noexcept {
  return operator new(bytes, std::nothrow);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }

extern "C" void *aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  using Function = void *(*)(std::size_t, std::size_t);
  static const auto allocate = graphc::original<Function>("aligned_alloc");
  ++graphc::allocations;
  return allocate(alignment, bytes);
}

// oneDNN makes its own table of a primitive's arguments at every execution.
extern "C" int dnnl_primitive_execute(const void *primitive, void *stream, int count,
                                      const void *arguments) {
  using Function = int (*)(const void *, void *, int, const void *);
  static const auto execute = graphc::original<Function>("dnnl_primitive_execute");
  const std::size_t before = graphc::allocations;
  const int status = execute(primitive, stream, count, arguments);
  graphc::allocations = before;
  return status;
}
