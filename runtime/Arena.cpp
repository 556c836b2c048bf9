#include "runtime/Arena.h"

#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace graphc {
namespace {
constexpr std::size_t kHugePage = std::size_t{2} << 20;
}

void Arena::Free::operator()(std::byte *memory) const { std::free(memory); }

Arena::Arena(std::size_t bytes) : bytes_(roundUp(bytes)) {
  if (bytes_ == 0)
    return;
  const bool large = bytes_ >= 2 * kHugePage;
  const std::size_t alignment = large ? kHugePage : kAlignment;
  const std::size_t size = (bytes_ + alignment - 1) / alignment * alignment;
  memory_.reset(static_cast<std::byte *>(std::aligned_alloc(alignment, size)));
  if (!memory_)
    throw std::bad_alloc();
  if (large)
    madvise(memory_.get(), size, MADV_HUGEPAGE); // a wish: refusal costs speed alone
}

} // namespace graphc
