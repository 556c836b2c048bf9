// What one running call of a program needs: an arena, addresses, oneDNN calls.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "runtime/Arena.h"
#include "runtime/Program.h"
#include "runtime/VariableStore.h"

namespace graphc {

class Frame;

/// A frame for each program that a step runs, in the order in which its action lists them, and what
/// a loop keeps of its iterations: memory that is made when it is first needed and kept for the
/// next run.
struct NestedFrames {
  std::vector<Frame> programs;
  std::vector<Arena> iterations;
  std::vector<void *> addresses; ///< of what goes from iteration to iteration
};

/// Made once, reused by many runs, by one at a time. All addresses but those of feeds, fetched
/// tensors and kept buffers are settled when it is made; bind() fills in the rest.
class Frame {
public:
  Frame(const Program &program, std::span<StoredVariable *const> variables);

  void bindFeed(std::size_t index, const Tensor &feed);
  /// The tensor that this run is to fill: that of the last run where nobody holds it any more
  /// (fresh memory costs a page fault for every 4 KB), otherwise a new one.
  Tensor bindFetched(std::size_t index);
  /// The same by the memory alone, which is aligned to its elements.
  void bindFeed(std::size_t index, const void *memory);
  void bindFetched(std::size_t index, void *memory);
  void bindKept(std::size_t index, std::shared_ptr<const Arena> memory);
  /// Writes the bound addresses into the steps' tables.
  void bind();
  /// Lets go of what belongs to this run alone.
  void release();

  /// The addresses of a step's buffers, in the order that its action lists them.
  void *const *addresses(std::size_t step) const { return addresses_.data() + first_[step]; }
  DnnlPrimitive::Call &call(std::size_t step) const { return *calls_[step]; }
  /// What a step that runs other programs needs.
  NestedFrames &nested(std::size_t step) const { return *nested_[step]; }
  /// Scratch of a thread's kernel call.
  void *scratch(int thread) const {
    return arena_.data() + scratch_begin_ + static_cast<std::size_t>(thread) * scratch_stride_;
  }

private:
  /// An address that changes from run to run: `addresses_[slot] = roots_[root] + offset`.
  struct Patch {
    std::uint32_t slot;
    std::uint32_t root;
    std::size_t offset;
  };
  void addBuffer(BufferId id, std::span<StoredVariable *const> variables);
  void addStep(const Step &step, std::span<StoredVariable *const> variables);

  const Program &program_;
  Arena arena_;
  std::size_t scratch_begin_ = 0;
  std::size_t scratch_stride_ = 0;
  std::vector<void *> addresses_;
  std::vector<std::size_t> first_;
  std::vector<std::unique_ptr<DnnlPrimitive::Call>> calls_;
  std::vector<std::unique_ptr<NestedFrames>> nested_;
  std::vector<void *> roots_; ///< feeds, fetches, kept buffers
  std::vector<Patch> patches_;
  std::vector<Tensor> fetched_;    ///< as the last run gave them
  std::vector<Arena> feed_copies_; ///< of feeds whose elements are not aligned
  std::vector<std::shared_ptr<const Arena>> kept_;
};

} // namespace graphc
