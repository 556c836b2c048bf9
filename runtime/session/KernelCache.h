// Compiled kernels kept on disk between processes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace graphc {

/// A folder of entries named by keys. Any number of processes may use one folder at the same time:
/// an entry appears whole or not at all. What is damaged, or could have been written by somebody
/// else, is treated as absent. Nothing here throws: without a cache, kernels are compiled again.
class KernelCache {
public:
  /// What $GRAPHC_KERNEL_CACHE says: a folder, or "off"; by default `graphc/kernels` under
  /// $XDG_CACHE_HOME or ~/.cache. Asked anew with every call.
  static KernelCache ofUser();

  /// An empty path makes a cache that keeps nothing. A folder is made when the first entry is
  /// stored, for its user alone (mode 0700); one that others may write to is not used.
  explicit KernelCache(std::filesystem::path folder, std::size_t maxBytes = kMaxBytes);

  bool enabled() const { return !folder_.empty(); }
  /// `key`: letters and digits only, such as a hash in hexadecimal.
  std::optional<std::string> find(std::string_view key) const;
  /// Removes the entries used longest ago while all together are larger than `maxBytes`.
  void store(std::string_view key, std::string_view bytes) const;

private:
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

  bool isPrivate() const;
  void removeOldest() const;

  std::filesystem::path folder_;
  std::size_t maxBytes_;
};

} // namespace graphc
