#include "runtime/summary/RecordFile.h"

#include <bit>
#include <cstdint>

#include "runtime/files/Crc32c.h"

namespace graphc {

static_assert(std::endian::native == std::endian::little,
              "numbers are written as they lie in memory");

template <typename T> static std::string_view bytesOf(const T &number) {
  return {reinterpret_cast<const char *>(&number), sizeof(T)};
}

void append_record(std::string &file, std::string_view record) {
  const std::uint64_t length = record.size();
  const std::uint32_t lengthCrc = masked_crc32c(bytesOf(length));
  const std::uint32_t recordCrc = masked_crc32c(record);
  file += bytesOf(length);
  file += bytesOf(lengthCrc);
  file += record;
  file += bytesOf(recordCrc);
}

} // namespace graphc
