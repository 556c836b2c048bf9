// Programs put together by hand, with kernels written here.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/Executor.h"
#include "runtime/Status.h"

namespace graphc {

/// buffers[1][i] = buffers[0][i] + 1
inline void addOne(void *const *buffers, std::int64_t begin, std::int64_t end, void *,
                   const GraphcRunContext *) {
  const auto *x = static_cast<const float *>(buffers[0]);
  auto *y = static_cast<float *>(buffers[1]);
  for (std::int64_t i = begin; i < end; ++i)
    y[i] = x[i] + 1;
}

/// Builds programs buffer by buffer, step by step.
struct ProgramMaker {
  Program program;

  BufferId buffer(BufferKind kind, Shape shape, std::uint32_t index = 0, std::size_t offset = 0,
                  DataType dtype = float32) {
    program.buffers.push_back({kind, dtype, std::move(shape), index, offset});
    return static_cast<BufferId>(program.buffers.size() - 1);
  }
  BufferId feed(Shape shape) {
    program.feeds.push_back({{"feed:0", float32, shape}, true});
    return buffer(BufferKind::fed, shape, static_cast<std::uint32_t>(program.feeds.size() - 1));
  }
  BufferId fetch(Shape shape) {
    program.fetches.push_back({{"fetch:0", float32, shape}, false});
    return buffer(BufferKind::fetched, shape,
                  static_cast<std::uint32_t>(program.fetches.size() - 1));
  }
  BufferId variable(std::string name, Shape shape, bool written, bool read_first) {
    ProgramVariable variable;
    variable.name = std::move(name);
    variable.shape = shape;
    variable.written = written;
    variable.read_first = read_first;
    variable.reader = variable.name + "/read";
    variable.where = {"model.cpp", 7};
    program.variables.push_back(variable);
    return buffer(BufferKind::variable, shape,
                  static_cast<std::uint32_t>(program.variables.size() - 1));
  }
  BufferId temporary(Shape shape) {
    const BufferId id = buffer(BufferKind::temporary, shape, 0, program.arena_bytes);
    program.arena_bytes += Arena64(program.buffers[id].bytes());
    return id;
  }

  void kernel(GraphcKernel function, std::vector<BufferId> buffers, std::int64_t extent,
              std::int64_t grain = 1, std::size_t scratch = 0) {
    step(KernelStep{"kernel", function, extent, grain, scratch, std::move(buffers)});
  }
  void copy(BufferId from, BufferId to) {
    step(CopyStep{from, to, program.buffers[from].bytes(), 1, 0, 0});
  }
  void step(decltype(Step::action) action) {
    program.steps.push_back({std::move(action), "scope/op", {"model.cpp", 9}});
  }

  std::shared_ptr<const Program> done() { return std::make_shared<const Program>(program); }

private:
  static std::size_t Arena64(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
};

} // namespace graphc
