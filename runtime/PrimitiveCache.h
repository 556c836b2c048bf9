// Equal primitives are created once for each process.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "runtime/DnnlPrimitives.h"

namespace graphc {

/// Keeps the most recently used primitives, at most `capacity`; those that programs still hold live
/// on with them. Safe to use from many threads.
class PrimitiveCache {
public:
  explicit PrimitiveCache(std::size_t capacity = 1024) : capacity_(capacity) {}

  /// The process's cache.
  static PrimitiveCache &shared();

  std::shared_ptr<const DnnlPrimitive> get(const PrimitiveSpec &spec);

  std::size_t size() const;
  std::size_t hits() const;
  std::size_t misses() const;

private:
  using Entry = std::pair<std::string, std::shared_ptr<const DnnlPrimitive>>;

  std::size_t capacity_;
  mutable std::mutex lock_;
  std::list<Entry> entries_; ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::size_t hits_ = 0;
  std::size_t misses_ = 0;
};

} // namespace graphc
