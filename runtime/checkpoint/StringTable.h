// LevelDB's sorted string table, in which TensorFlow keeps a checkpoint's index.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace graphc {

/// The entries of the table that `bytes` are, by key; a pure function, safe on any bytes: memory
/// stays within a small multiple of their number. Throws Error: data_loss, naming `file` and the
/// offset, where they are truncated or damaged; unimplemented where a block is compressed, which
/// TensorFlow's writer never does.
std::map<std::string, std::string> read_string_table(std::string_view bytes, std::string_view file);

/// The table of these entries, byte for byte as TensorFlow writes it.
std::string write_string_table(const std::map<std::string, std::string> &entries);

} // namespace graphc
