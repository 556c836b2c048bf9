// TensorFlow's tf.summary.FileWriter: files that TensorBoard reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "runtime/Tensor.h"

namespace graphc {
class Graph;
}

namespace graphc::summary {

struct FileWriterOptions {
  int max_queue = 10;               ///< so many events wait before they are written
  int flush_secs = 120;             ///< or for so long
  std::string filename_suffix = {}; ///< of the file's name
};

/// Writes events to one file "events.out.tfevents.SECONDS.HOST" in a folder, which is made where it
/// lacks. To be used by one thread at a time.
class FileWriter {
public:
  /// Throws Error (invalid_argument) where the folder or the file cannot be made.
  explicit FileWriter(const std::string &logdir, FileWriterOptions options = {});
  FileWriter(const std::string &logdir, const Graph &graph, FileWriterOptions options = {});
  FileWriter(FileWriter &&) noexcept;
  FileWriter &operator=(FileWriter &&) noexcept;
  /// Writes what waits; errors are lost: call close() to see them.
  ~FileWriter();

  /// A fetched summary, scalar, histogram or merged ones, at a step. Throws Error
  /// (invalid_argument) for another tensor.
  void add_summary(const Tensor &summary, std::optional<std::int64_t> global_step = {});
  /// The graph's ops with their types, inputs, devices and shapes, as TensorBoard draws them.
  void add_graph(const Graph &graph);

  /// Writes what waits onto the disk. Throws Error (invalid_argument) where that fails.
  void flush();
  /// flush(), and no more events; again is no error.
  void close();

  const std::string &file() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace graphc::summary
