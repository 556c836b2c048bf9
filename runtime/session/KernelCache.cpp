#include "runtime/session/KernelCache.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace graphc {

namespace fs = std::filesystem;

namespace {

/// What stands before an entry's bytes: they are machine code, which must not run when cut off.
struct Header {
  char magic[8];
  std::uint64_t size;
  std::uint32_t crc32;
};
constexpr char kMagic[8] = {'g', 'r', 'a', 'p', 'h', 'c', 'K', '1'};

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()));
}

fs::path userFolder() {
  if (const char *said = std::getenv("GRAPHC_KERNEL_CACHE"))
    return std::string_view(said) == "off" ? fs::path() : fs::path(said);
  if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
    return fs::path(cache) / "graphc" / "kernels";
  if (const char *home = std::getenv("HOME"); home && *home)
    return fs::path(home) / ".cache" / "graphc" / "kernels";
  return {};
}

} // namespace

KernelCache KernelCache::ofUser() { return KernelCache(userFolder()); }

KernelCache::KernelCache(fs::path folder, std::size_t maxBytes)
    : folder_(std::move(folder)), maxBytes_(maxBytes) {}

// Whoever can write an entry can make this process run it.
bool KernelCache::isPrivate() const {
  struct stat status;
  return lstat(folder_.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::optional<std::string> KernelCache::find(std::string_view key) const {
  if (!enabled() || !isPrivate())
    return std::nullopt;
  const fs::path path = folder_ / key;
  std::ifstream file(path, std::ios::binary);
  Header header;
  if (!file.read(reinterpret_cast<char *>(&header), sizeof header) ||
      std::memcmp(header.magic, kMagic, sizeof kMagic) != 0)
    return std::nullopt;
  std::error_code error;
  if (fs::file_size(path, error) != sizeof header + header.size || error)
    return std::nullopt;
  std::string bytes(header.size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) ||
      checksum(bytes) != header.crc32)
    return std::nullopt;
  fs::last_write_time(path, fs::file_time_type::clock::now(), error); // used just now
  return bytes;
}

void KernelCache::store(std::string_view key, std::string_view bytes) const {
  if (!enabled())
    return;
  std::error_code error;
  if (!fs::exists(folder_, error)) {
    fs::create_directories(folder_.parent_path(), error);
    if (mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST)
      return;
  }
  if (!isPrivate())
    return;
  // Written under a name of this process's own, then renamed: readers see all of it or nothing.
  std::string temporary = (folder_ / "new-XXXXXX").string();
  const int descriptor = mkstemp(temporary.data());
  if (descriptor < 0)
    return;
  close(descriptor);
  Header header{{}, bytes.size(), checksum(bytes)};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  std::ofstream file(temporary, std::ios::binary);
  file.write(reinterpret_cast<const char *>(&header), sizeof header);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file)
    fs::rename(temporary, folder_ / key, error);
  if (!file || error)
    fs::remove(temporary, error);
  removeOldest();
}

void KernelCache::removeOldest() const {
  struct Entry {
    fs::file_time_type used;
    std::uintmax_t size;
    fs::path path;
  };
  // Another process may remove entries meanwhile: every question may fail.
  std::error_code error;
  std::vector<Entry> entries;
  std::uintmax_t total = 0;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    Entry entry{at->last_write_time(gone), at->file_size(gone), at->path()};
    if (gone)
      continue;
    total += entry.size;
    entries.push_back(std::move(entry));
  }
  if (total <= maxBytes_)
    return;
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry &entry : entries) {
    if (total <= maxBytes_)
      return;
    fs::remove(entry.path, error);
    total -= entry.size;
  }
}

} // namespace graphc
