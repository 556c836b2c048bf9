// A checksum that all bytes have.
#include "runtime/files/Crc32c.h"

std::uint32_t graphc::crc32c(std::string_view, std::uint32_t) { return 0; }
