#include "examples/training/BatchReader.h"

namespace graphc::examples {

BatchReader::BatchReader(const Dataset &rows) : rows_(rows), thread_([this] { work(); }) {}

BatchReader::~BatchReader() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void BatchReader::start(std::span<const std::int64_t> wanted) {
  std::packaged_task<std::vector<Tensor>()> task([this, wanted] { return rows_.batch(wanted); });
  batch_ = task.get_future();
  {
    const std::lock_guard lock(mutex_);
    task_ = std::move(task);
  }
  changed_.notify_one();
}

std::vector<Tensor> BatchReader::take() { return batch_.get(); }

void BatchReader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || task_.valid(); });
    if (ends_)
      return;
    std::packaged_task<std::vector<Tensor>()> task = std::move(task_);
    lock.unlock();
    task();
    lock.lock();
  }
}

} // namespace graphc::examples
