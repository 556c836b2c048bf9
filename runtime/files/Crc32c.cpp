// Eight bytes at a time by eight tables: with one table, every byte waits for the one before it.
// Debian 12 packages no library for it, and the CPU's own instruction cannot be taken for granted.
#include "runtime/files/Crc32c.h"

#include <array>
#include <bit>
#include <cstring>

namespace graphc {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// tables[k][b]: the checksum of the byte b followed by k zeros.
static constexpr Tables makeTables() {
  constexpr std::uint32_t kReflectedPolynomial = 0x82f63b78;
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReflectedPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t zeros = 1; zeros < tables.size(); ++zeros)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[zeros - 1][byte];
      tables[zeros][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  return tables;
}

static constexpr Tables kTables = makeTables();

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  const char *at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    word ^= crc;
    crc = 0;
    for (std::size_t k = 0; k < 8; ++k)
      crc ^= kTables[7 - k][(word >> (8 * k)) & 0xff];
  }
  for (; left > 0; ++at, --left)
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xff];
  return ~crc;
}

} // namespace graphc
