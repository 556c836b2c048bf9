#include "frontend/summary/FileWriter.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "frontend/export/GraphDef.h"
#include "runtime/Status.h"
#include "runtime/protos/event.pb.h"
#include "runtime/summary/RecordFile.h"
#include "runtime/summary/Summary.h"

namespace graphc::summary {

namespace fs = std::filesystem;
using Clock = std::chrono::system_clock;

struct FileWriter::State {
  FileWriterOptions options;
  std::string path;
  std::ofstream file;
  std::string waiting; ///< framed events
  int events = 0;      ///< that wait
  Clock::time_point flushed = Clock::now();

  void add(proto::Event event) {
    if (!file.is_open())
      throw Error(Code::failed_precondition, "'" + path + "' is closed");
    const Clock::time_point now = Clock::now();
    event.set_wall_time(std::chrono::duration<double>(now.time_since_epoch()).count());
    append_record(waiting, event.SerializeAsString());
    if (++events >= options.max_queue || now - flushed >= std::chrono::seconds(options.flush_secs))
      flush();
  }

  void flush() {
    file.write(waiting.data(), static_cast<std::streamsize>(waiting.size()));
    if (!file.flush())
      throw Error(Code::invalid_argument, "cannot write '" + path + "'");
    waiting.clear();
    events = 0;
    flushed = Clock::now();
  }
};

static std::string hostName() {
  char name[256] = {};
  return ::gethostname(name, sizeof(name) - 1) == 0 ? name : "localhost";
}

FileWriter::FileWriter(const std::string &logdir, FileWriterOptions options)
    : state_(std::make_unique<State>()) {
  std::error_code error;
  fs::create_directories(logdir, error);
  if (error)
    throw Error(Code::invalid_argument,
                "cannot make the folder '" + logdir + "': " + error.message());
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
  // One writer a second, or several: none may write over another's file.
  const std::string name = fmt::format("events.out.tfevents.{:010}.{}", seconds, hostName());
  fs::path path = fs::path(logdir) / (name + options.filename_suffix);
  for (int number = 1; fs::exists(path); ++number)
    path = fs::path(logdir) / fmt::format("{}.{}{}", name, number, options.filename_suffix);
  state_->options = std::move(options);
  state_->path = path.string();
  state_->file.open(path, std::ios::binary);
  if (!state_->file)
    throw Error(Code::invalid_argument, "cannot write '" + state_->path + "'");
  proto::Event version;
  version.set_file_version("brain.Event:2");
  state_->add(std::move(version));
  flush();
}

FileWriter::FileWriter(const std::string &logdir, const Graph &graph, FileWriterOptions options)
    : FileWriter(logdir, std::move(options)) {
  add_graph(graph);
}

FileWriter::FileWriter(FileWriter &&) noexcept = default;
FileWriter &FileWriter::operator=(FileWriter &&) noexcept = default;

FileWriter::~FileWriter() {
  try {
    if (state_)
      close();
  } catch (const Error &) { // said in the header
  }
}

void FileWriter::add_summary(const Tensor &summary, std::optional<std::int64_t> global_step) {
  proto::Event event;
  event.set_step(global_step.value_or(0));
  *event.mutable_summary() = parse_summary(summary);
  state_->add(std::move(event));
}

void FileWriter::add_graph(const Graph &graph) {
  proto::Event event;
  event.set_graph_def(graph_drawing(graph));
  state_->add(std::move(event));
}

void FileWriter::flush() { state_->flush(); }

void FileWriter::close() {
  if (!state_->file.is_open())
    return;
  state_->flush();
  state_->file.close();
}

const std::string &FileWriter::file() const { return state_->path; }

} // namespace graphc::summary
