// TFRecord: records behind each other, each between its length and checksums.
#pragma once

#include <string>
#include <string_view>

namespace graphc {

/// Appends `record` in its frame to `file`: length (8 bytes), masked CRC-32C of the length, the
/// record, masked CRC-32C of the record; numbers little-endian.
void append_record(std::string &file, std::string_view record);

} // namespace graphc
