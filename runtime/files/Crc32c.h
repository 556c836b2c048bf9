// The checksum of TensorFlow's and LevelDB's files.
#pragma once

#include <cstdint>
#include <string_view>

namespace graphc {

/// CRC-32C (Castagnoli: polynomial 0x1EDC6F41, reflected) of `bytes`, going on from the checksum
/// `before` of what came before them.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// A checksum as it is stored: turned and shifted, so that a checksum of bytes that hold checksums
/// stays a good one.
inline std::uint32_t masked_crc32c(std::uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}
inline std::uint32_t masked_crc32c(std::string_view bytes) { return masked_crc32c(crc32c(bytes)); }

} // namespace graphc
