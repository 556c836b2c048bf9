// One block of memory for all that a run needs besides what it is given and what it gives back.
#pragma once

#include <cstddef>
#include <memory>

namespace graphc {

/// Uninitialised memory that begins on a multiple of 64. Large arenas ask for huge pages: a
/// training step walks through all of it, and page faults and TLB misses would show.
class Arena {
public:
  static constexpr std::size_t kAlignment = 64;

  explicit Arena(std::size_t bytes = 0);
  Arena(Arena &&) = default;
  Arena &operator=(Arena &&) = default;

  std::byte *data() const { return memory_.get(); }
  std::size_t bytes() const { return bytes_; }

  static std::size_t roundUp(std::size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }

private:
  struct Free {
    void operator()(std::byte *memory) const;
  };
  std::unique_ptr<std::byte[], Free> memory_;
  std::size_t bytes_ = 0;
};

} // namespace graphc
