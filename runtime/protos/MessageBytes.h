// Messages as bytes.
#pragma once

#include <optional>
#include <string>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>

namespace graphc {

/// The message's bytes; nothing where they are more than the 2 GB that a message may have. The same
/// message always gives the same bytes: a map goes by its keys, since its own order is another in
/// every process.
inline std::optional<std::string> messageBytes(const google::protobuf::MessageLite &message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  if (!message.SerializeToCodedStream(&coded))
    return std::nullopt;
  coded.Trim();
  return bytes;
}

} // namespace graphc
