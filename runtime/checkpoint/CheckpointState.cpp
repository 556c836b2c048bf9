#include "runtime/checkpoint/CheckpointState.h"

#include <limits>

#include <fmt/format.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "runtime/Status.h"
#include "runtime/files/Files.h"
#include "runtime/protos/checkpoint.pb.h"

namespace graphc {

namespace fs = std::filesystem;

namespace {

/// Keeps the first error instead of printing it.
class FirstError : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, int column, const std::string &message) override {
    if (text.empty())
      text = fmt::format("line {}, column {}: {}", line + 1, column + 1, message);
  }
  std::string text;
};

} // namespace

std::optional<CheckpointState> read_checkpoint_state(const std::string &folder,
                                                     const std::string &name) {
  const fs::path path = fs::path(folder) / name;
  if (!fs::exists(path))
    return std::nullopt;
  const MappedFile file(path);
  proto::CheckpointState message;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.AllowUnknownField(true); // of a later TensorFlow
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(file.bytes()), &message))
    throw Error(Code::data_loss, fmt::format("'{}' cannot be read as a list of checkpoints: {}",
                                             path.string(), error.text));
  auto found = [&](const std::string &prefix) { return (fs::path(folder) / prefix).string(); };
  CheckpointState state;
  if (!message.model_checkpoint_path().empty())
    state.latest = found(message.model_checkpoint_path());
  for (const std::string &prefix : message.all_model_checkpoint_paths())
    state.all.push_back(found(prefix));
  return state;
}

void write_checkpoint_state(const std::string &folder, const CheckpointState &state,
                            const std::string &name) {
  auto written = [&](const std::string &prefix) {
    const fs::path path(prefix);
    if (fs::path(folder).is_absolute() || path.is_absolute())
      return prefix;
    return path.lexically_relative(folder.empty() ? "." : folder).string();
  };
  proto::CheckpointState message;
  message.set_model_checkpoint_path(written(state.latest));
  for (const std::string &prefix : state.all)
    message.add_all_model_checkpoint_paths(written(prefix));
  std::string text;
  google::protobuf::TextFormat::PrintToString(message, &text);
  replace_file(fs::path(folder) / name, text);
}

} // namespace graphc
