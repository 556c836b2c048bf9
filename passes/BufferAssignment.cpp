#include "passes/BufferAssignment.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace graphc {
namespace {

constexpr std::int64_t kAlignment = 64;
/// The quadratic order is tried up to here: some milliseconds.
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

/// The largest first, each at the lowest place that no buffer of an overlapping lifetime has.
Layout largestFirst(std::span<const BufferInterval> buffers) {
  std::vector<std::size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return buffers[a].bytes != buffers[b].bytes ? buffers[a].bytes > buffers[b].bytes : a < b;
  });
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

std::int64_t mostAtOneStep(std::span<const BufferInterval> buffers) {
  // What begins at a step adds before what ended at the step before has gone: so ends come first.
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;
  for (const BufferInterval &buffer : buffers) {
    changes.emplace_back(buffer.first, roundUp(buffer.bytes));
    changes.emplace_back(buffer.last + 1, -roundUp(buffer.bytes));
  }
  std::ranges::sort(changes);
  std::int64_t now = 0;
  std::int64_t most = 0;
  for (const auto &[step, change] : changes) {
    now += change;
    most = std::max(most, now);
  }
  return most;
}

} // namespace

BufferAssignment assignBuffers(std::span<const BufferInterval> buffers) {
  BufferAssignment result;
  for (const BufferInterval &buffer : buffers)
    result.unshared += roundUp(buffer.bytes);
  result.bound = mostAtOneStep(buffers);
  Layout best = inOrderOfTime(buffers);
  if (best.peak > result.bound)
    if (Layout other = backward(buffers); other.peak < best.peak)
      best = std::move(other);
  if (best.peak > result.bound && buffers.size() <= kFewBuffers)
    if (Layout other = largestFirst(buffers); other.peak < best.peak)
      best = std::move(other);
  result.offsets = std::move(best.offsets);
  result.peak = best.peak;
  return result;
}

} // namespace graphc
