#include "runtime/files/Files.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/Status.h"

namespace graphc {

namespace fs = std::filesystem;

namespace {

/// Closes the descriptor where it ends.
class Descriptor {
public:
  Descriptor(const fs::path &path, int flags) : number_(::open(path.c_str(), flags, 0666)) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  explicit operator bool() const { return number_ >= 0; }
  int operator*() const { return number_; }

private:
  int number_;
};

} // namespace

static Error cannot(const char *what, const fs::path &path, Code code = Code::invalid_argument) {
  return Error(code,
               std::string("cannot ") + what + " '" + path.string() + "': " + std::strerror(errno));
}

MappedFile::MappedFile(const fs::path &path) {
  const Descriptor file(path, O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (!file || ::fstat(*file, &status) != 0)
    throw cannot("open", path, Code::not_found);
  if (!S_ISREG(status.st_mode))
    throw Error(Code::not_found, "cannot open '" + path.string() + "': it is not a file");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0)
    return;
  void *memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, *file, 0);
  if (memory == MAP_FAILED)
    throw cannot("read", path, Code::not_found);
  data_ = static_cast<const char *>(memory);
}

MappedFile::~MappedFile() {
  if (data_)
    ::munmap(const_cast<char *>(data_), size_);
}

static fs::path temporaryNameOf(const fs::path &path) { return path.string() + ".tmp"; }

/// Renames, and brings the folder, which holds the names, onto the disk.
static void renameOnDisk(const fs::path &from, const fs::path &to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    throw cannot("write", to);
  const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
  const Descriptor open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!open || ::fsync(*open) != 0)
    throw cannot("write", folder);
}

static void writeThrough(const fs::path &path, std::span<const std::string_view> pieces) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (!file)
    throw cannot("write", path);
  for (std::string_view piece : pieces)
    while (!piece.empty()) {
      const ssize_t written = ::write(*file, piece.data(), piece.size());
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        throw cannot("write", path);
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
  if (::fsync(*file) != 0)
    throw cannot("write", path);
}

void replace_file(const fs::path &path, std::span<const std::string_view> pieces) {
  const fs::path temporary = temporaryNameOf(path);
  try {
    writeThrough(temporary, pieces);
    renameOnDisk(temporary, path);
  } catch (const Error &) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void replace_file(const fs::path &path, std::string_view bytes) {
  replace_file(path, std::span(&bytes, 1));
}

void replace_by_link(const fs::path &from, const fs::path &to) {
  const fs::path temporary = temporaryNameOf(to);
  ::unlink(temporary.c_str());
  if (::link(from.c_str(), temporary.c_str()) == 0)
    return renameOnDisk(temporary, to);
  // File systems without links, FAT for one.
  const MappedFile file(from);
  replace_file(to, file.bytes());
}

} // namespace graphc
