#include "passes/BufferAssignment.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

namespace graphc {
namespace {

constexpr std::int64_t kAlignment = 64;
/// The quadratic orders are tried up to here: some milliseconds.
constexpr std::size_t kFewBuffers = 2000;

std::int64_t roundUp(std::int64_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

struct Layout {
  std::vector<std::int64_t> offsets;
  std::int64_t peak = 0;
};

/// The holes of an arena that grows at its end.
class Holes {
public:
  /// The smallest hole that holds `bytes`; else the last hole where it reaches the end, which then
  /// grows; else new memory at the end.
  std::int64_t take(std::int64_t bytes) {
    const auto fitting = by_size_.lower_bound({bytes, 0});
    if (fitting != by_size_.end()) {
      const auto [size, offset] = *fitting;
      remove(offset, size);
      if (size > bytes)
        insert(offset + bytes, size - bytes);
      return offset;
    }
    std::int64_t offset = end_;
    if (!by_offset_.empty()) {
      const auto [lastOffset, lastSize] = *by_offset_.rbegin();
      if (lastOffset + lastSize == end_) {
        offset = lastOffset;
        remove(lastOffset, lastSize);
      }
    }
    end_ = offset + bytes;
    return offset;
  }

  void give(std::int64_t offset, std::int64_t bytes) {
    auto next = by_offset_.lower_bound(offset);
    if (next != by_offset_.end() && offset + bytes == next->first) {
      bytes += next->second;
      remove(next->first, next->second);
    }
    next = by_offset_.lower_bound(offset);
    if (next != by_offset_.begin()) {
      const auto [before, size] = *std::prev(next);
      if (before + size == offset) {
        remove(before, size);
        offset = before;
        bytes += size;
      }
    }
    insert(offset, bytes);
  }

  std::int64_t end() const { return end_; }

private:
  void insert(std::int64_t offset, std::int64_t size) {
    by_offset_[offset] = size;
    by_size_.insert({size, offset});
  }
  void remove(std::int64_t offset, std::int64_t size) {
    by_offset_.erase(offset);
    by_size_.erase({size, offset});
  }

  std::map<std::int64_t, std::int64_t> by_offset_;
  std::set<std::pair<std::int64_t, std::int64_t>> by_size_;
  std::int64_t end_ = 0;
};

/// In order of time: buffers that end before a step leave holes for those that begin there. Buffers
/// that begin at the same step go by size, the largest first.
Layout inOrderOfTime(std::span<const BufferInterval> buffers) {
  std::vector<std::size_t> byFirst(buffers.size());
  std::iota(byFirst.begin(), byFirst.end(), 0);
  std::vector<std::size_t> byLast = byFirst;
  std::ranges::sort(byFirst, [&](std::size_t a, std::size_t b) {
    if (buffers[a].first != buffers[b].first)
      return buffers[a].first < buffers[b].first;
    return buffers[a].bytes != buffers[b].bytes ? buffers[a].bytes > buffers[b].bytes : a < b;
  });
  std::ranges::sort(byLast, [&](std::size_t a, std::size_t b) {
    return buffers[a].last != buffers[b].last ? buffers[a].last < buffers[b].last : a < b;
  });
  Layout layout{std::vector<std::int64_t>(buffers.size(), 0), 0};
  Holes holes;
  auto ending = byLast.begin();
  for (std::size_t number : byFirst) {
    for (; ending != byLast.end() && buffers[*ending].last < buffers[number].first; ++ending)
      if (buffers[*ending].bytes > 0)
        holes.give(layout.offsets[*ending], roundUp(buffers[*ending].bytes));
    if (buffers[number].bytes > 0)
      layout.offsets[number] = holes.take(roundUp(buffers[number].bytes));
  }
  layout.peak = holes.end();
  return layout;
}

Layout backward(std::span<const BufferInterval> buffers) {
  std::vector<BufferInterval> mirrored;
  for (const BufferInterval &buffer : buffers)
    mirrored.push_back({buffer.bytes, -buffer.last, -buffer.first});
  return inOrderOfTime(mirrored);
}

/// In the given order, each at the lowest place that no buffer of an overlapping lifetime has.
Layout inOrder(std::span<const BufferInterval> buffers, std::span<const std::size_t> order) {
  Layout layout{std::vector<std::int64_t>(buffers.size(), 0), 0};
  std::vector<std::size_t> placed; // by offset
  for (std::size_t number : order) {
    const BufferInterval &buffer = buffers[number];
    const std::int64_t bytes = roundUp(buffer.bytes);
    if (bytes == 0)
      continue;
    std::int64_t offset = 0;
    for (std::size_t other : placed) {
      if (buffers[other].last < buffer.first || buffers[other].first > buffer.last)
        continue;
      if (layout.offsets[other] >= offset + bytes)
        break;
      offset = std::max(offset, layout.offsets[other] + roundUp(buffers[other].bytes));
    }
    layout.offsets[number] = offset;
    layout.peak = std::max(layout.peak, offset + bytes);
    placed.insert(std::ranges::upper_bound(placed, offset, {},
                                           [&](std::size_t p) { return layout.offsets[p]; }),
                  number);
  }
  return layout;
}

std::vector<std::size_t> largestFirst(std::span<const BufferInterval> buffers) {
  std::vector<std::size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return buffers[i].bytes; });
  return order;
}

/// Bytes that are needed from a step on, until the next step named.
std::map<std::int64_t, std::int64_t> bytesBySteps(std::span<const BufferInterval> buffers) {
  std::map<std::int64_t, std::int64_t> bytes;
  for (const BufferInterval &buffer : buffers) {
    bytes[buffer.first] += roundUp(buffer.bytes);
    bytes[buffer.last + 1] -= roundUp(buffer.bytes);
  }
  std::int64_t now = 0;
  for (auto &[step, change] : bytes)
    change = now += change;
  return bytes;
}

/// The buffers of the step that needs most, the largest first; then those of the next fullest step
/// that are left; and so on.
std::vector<std::size_t> fullestStepFirst(std::span<const BufferInterval> buffers) {
  const std::map<std::int64_t, std::int64_t> bytes = bytesBySteps(buffers);
  std::vector<std::int64_t> fullest; // the most bytes during each buffer's lifetime
  for (const BufferInterval &buffer : buffers) {
    std::int64_t most = 0;
    for (auto at = bytes.find(buffer.first); at->first <= buffer.last; ++at)
      most = std::max(most, at->second);
    fullest.push_back(most);
  }
  std::vector<std::size_t> order = largestFirst(buffers);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return fullest[i]; });
  return order;
}

} // namespace

std::int64_t lowerBound(std::span<const BufferInterval> buffers) {
  std::int64_t most = 0;
  for (const auto &[step, bytes] : bytesBySteps(buffers))
    most = std::max(most, bytes);
  return most;
}

BufferAssignment assignBuffers(std::span<const BufferInterval> buffers) {
  BufferAssignment result;
  for (const BufferInterval &buffer : buffers)
    result.unshared += roundUp(buffer.bytes);
  result.bound = lowerBound(buffers);
  Layout best = inOrderOfTime(buffers);
  if (best.peak > result.bound)
    if (Layout other = backward(buffers); other.peak < best.peak)
      best = std::move(other);
  for (const auto orderOf : {largestFirst, fullestStepFirst})
    if (best.peak > result.bound && buffers.size() <= kFewBuffers)
      if (Layout other = inOrder(buffers, orderOf(buffers)); other.peak < best.peak)
        best = std::move(other);
  result.offsets = std::move(best.offsets);
  result.peak = best.peak;
  return result;
}

} // namespace graphc
