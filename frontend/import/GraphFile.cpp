#include "frontend/import/GraphFile.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>
#include <zlib.h>

#include <fmt/format.h>

namespace graphc {

GraphSource GraphSource::bytes(std::string serialized, std::string name) {
  GraphSource source;
  source.bytes_ = std::move(serialized);
  source.name_ = std::move(name);
  return source;
}

} // namespace graphc

namespace graphc::importing {

namespace {

/// protobuf's own limit of a message; what unpacks to more is refused before it fills the memory.
constexpr std::size_t kMostBytes = (std::size_t{1} << 31) - 1;

/// The file's bytes, unpacked where they are gzipped: zlib passes other files through.
std::string readFile(const GraphSource &source) {
  gzFile file = gzopen(source.path().c_str(), "rb");
  if (!file)
    throw Error(Code::not_found, fmt::format("cannot open {}", source.name()));
  std::string bytes;
  std::vector<char> piece(1 << 16);
  int count = 0;
  while ((count = gzread(file, piece.data(), static_cast<unsigned>(piece.size()))) > 0 &&
         bytes.size() <= kMostBytes)
    bytes.append(piece.data(), static_cast<std::size_t>(count));
  const bool closed = gzclose(file) == Z_OK;
  if (count < 0 || !closed)
    throw Error(Code::data_loss, fmt::format("{} is truncated or no gzip file", source.name()));
  if (bytes.size() > kMostBytes)
    throw Error(Code::data_loss,
                fmt::format("{} unpacks to more than {} bytes", source.name(), kMostBytes));
  return bytes;
}

/// Keeps the first thing that is wrong with a text.
class FirstError : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, int column, const std::string &message) override {
    if (text.empty())
      text = fmt::format("line {}, column {}: {}", line + 1, column + 1, message);
  }
  std::string text;
};

bool isText(const GraphSource &source) {
  std::filesystem::path path = source.path();
  if (path.extension() == ".gz")
    path = path.stem();
  return path.extension() == ".pbtxt";
}

template <typename Message> Message read(const GraphSource &source, const char *kind) {
  const std::string own = source.is_file() ? readFile(source) : std::string();
  const std::string &bytes = source.is_file() ? own : source.serialized();
  Message message;
  const google::protobuf::LogSilencer silencer; // errors are thrown, with the file's name
  if (source.is_file() && isText(source)) {
    // Newer TensorFlows have fields that say nothing about what is computed.
    google::protobuf::TextFormat::Parser parser;
    FirstError error;
    parser.RecordErrorsTo(&error);
    parser.AllowUnknownField(true);
    parser.SetRecursionLimit(100);
    if (!parser.ParseFromString(bytes, &message))
      throw Error(Code::data_loss,
                  fmt::format("{} is no text of a {}: {}", source.name(), kind, error.text));
    return message;
  }
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream coded(&stream);
  if (bytes.size() > kMostBytes || !message.ParseFromCodedStream(&coded) ||
      !coded.ConsumedEntireMessage())
    throw Error(Code::data_loss, fmt::format("{} is no serialized {}, or a damaged one: {} bytes",
                                             source.name(), kind, bytes.size()));
  return message;
}

} // namespace

proto::GraphDef readGraphDef(const GraphSource &source) {
  return read<proto::GraphDef>(source, "GraphDef");
}
proto::MetaGraphDef readMetaGraphDef(const GraphSource &source) {
  return read<proto::MetaGraphDef>(source, "MetaGraphDef");
}

} // namespace graphc::importing
