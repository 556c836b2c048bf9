// Files that are whole or not there at all.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace graphc {

/// The bytes of a file, mapped into memory, as long as the object lives.
class MappedFile {
public:
  /// Throws Error (not_found) where the file cannot be opened.
  explicit MappedFile(const std::filesystem::path &path);
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

private:
  const char *data_ = nullptr;
  std::size_t size_ = 0;
};

/// Writes `pieces` one after the other as the file `path`, replacing what was there. Whenever the
/// process or the machine stops, the old file is there, or the new one, whole: the bytes go to
/// "PATH.tmp", onto the disk, and only then get their name. Throws Error (invalid_argument) where
/// something cannot be written; the old file then stays.
void replace_file(const std::filesystem::path &path, std::span<const std::string_view> pieces);
void replace_file(const std::filesystem::path &path, std::string_view bytes);

/// Gives the file `from` the second name `to`, replacing what was there, in one step.
void replace_by_link(const std::filesystem::path &from, const std::filesystem::path &to);

} // namespace graphc
