// Gathers the next batch while the step before it runs.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "examples/training/Dataset.h"

namespace graphc::examples {

/// One thread that gathers batches of a data set, each asked for by start() and then taken.
class BatchReader {
public:
  explicit BatchReader(const Dataset &rows);
  /// Waits for a batch that is being gathered.
  ~BatchReader();
  BatchReader(const BatchReader &) = delete;
  BatchReader &operator=(const BatchReader &) = delete;

  /// Begins to gather the rows `wanted`, which must stay where they are until the batch is taken.
  /// The batch before has been taken.
  void start(std::span<const std::int64_t> wanted);
  /// The batch, once it is there; throws what gathering it threw.
  std::vector<Tensor> take();

private:
  void work();

  const Dataset &rows_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::packaged_task<std::vector<Tensor>()> task_; ///< valid where there is something to do
  bool ends_ = false;
  std::future<std::vector<Tensor>> batch_;
  std::thread thread_; ///< last: it uses all the others
};

} // namespace graphc::examples
