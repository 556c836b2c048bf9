#include "frontend/export/Freeze.h"

#include <filesystem>
#include <limits>

#include <fmt/format.h>
#include <google/protobuf/text_format.h>
#include <zlib.h>

#include "runtime/Status.h"
#include "runtime/protos/meta_graph.pb.h"

namespace graphc {

static std::string unpacked(const std::string &path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (!file)
    throw Error(Code::not_found, fmt::format("there is no file '{}'", path));
  std::string bytes;
  char piece[1 << 14];
  int count = 0;
  while ((count = gzread(file, piece, sizeof(piece))) > 0 &&
         bytes.size() < std::numeric_limits<int>::max())
    bytes.append(piece, static_cast<std::size_t>(count));
  if (gzclose(file) != Z_OK || count != 0)
    throw Error(Code::data_loss, fmt::format("'{}' is truncated or too large", path));
  return bytes;
}

template <typename Message>
static Message parsed(const std::string &bytes, const std::string &path, bool text,
                      const char *kind) {
  Message message;
  google::protobuf::TextFormat::Parser parser;
  parser.AllowUnknownField(true);
  if (!(text ? parser.ParseFromString(bytes, &message) : message.ParseFromString(bytes)))
    throw Error(Code::data_loss,
                fmt::format("'{}' is no {}, or a damaged one: {} bytes", path, kind, bytes.size()));
  return message;
}

std::string read_graph_def(const std::string &path) {
  std::filesystem::path name = path;
  if (name.extension() == ".gz")
    name = name.stem();
  const std::string bytes = unpacked(path);
  if (name.extension() == ".meta")
    return parsed<proto::MetaGraphDef>(bytes, path, false, "MetaGraphDef")
        .graph_def()
        .SerializeAsString();
  return parsed<proto::GraphDef>(bytes, path, name.extension() == ".pbtxt", "GraphDef")
      .SerializeAsString();
}

} // namespace graphc
