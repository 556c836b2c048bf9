#include "runtime/PrimitiveCache.h"

namespace graphc {

PrimitiveCache &PrimitiveCache::shared() {
  static PrimitiveCache cache;
  return cache;
}

std::shared_ptr<const DnnlPrimitive> PrimitiveCache::get(const PrimitiveSpec &spec) {
  std::string key = spec.key();
  {
    const std::lock_guard guard(lock_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      ++hits_;
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->second;
    }
    ++misses_;
  }
  // Generating a primitive's code takes milliseconds: others go on meanwhile. Two threads may make
  // the same one; the first to arrive is kept.
  std::shared_ptr<const DnnlPrimitive> made = createDnnlPrimitive(spec);
  const std::lock_guard guard(lock_);
  if (const auto found = by_key_.find(key); found != by_key_.end())
    return found->second->second;
  entries_.emplace_front(std::move(key), std::move(made));
  by_key_[entries_.front().first] = entries_.begin();
  if (entries_.size() > capacity_) {
    by_key_.erase(entries_.back().first);
    entries_.pop_back();
  }
  return entries_.front().second;
}

std::size_t PrimitiveCache::size() const {
  const std::lock_guard guard(lock_);
  return entries_.size();
}

std::size_t PrimitiveCache::hits() const {
  const std::lock_guard guard(lock_);
  return hits_;
}

std::size_t PrimitiveCache::misses() const {
  const std::lock_guard guard(lock_);
  return misses_;
}

} // namespace graphc
