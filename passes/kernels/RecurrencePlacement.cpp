// Where the values of a step lie: stored in which buffer, for how long, and where in scratch.
#include <algorithm>

#include "passes/kernels/RecurrenceAnalysis.h"

using namespace mlir;

namespace graphc::recurrence {

// The stage that computes a tiled output in a loop stores it there as well, from the register. What
// is there before the stages is copied first, so that new states can take the place of old ones.
void RecurrenceAnalysis::placeTiledOutputs() {
  constexpr std::int64_t most = 32 << 20; // bytes that a last-level cache may still hold later
  std::int64_t bytes = 0;
  for (const TiledSequence &sequence : plan_.tiled)
    if (!sequence.read)
      bytes += plan_.bufferBytes(plan_.buffers[sequence.buffer]) * plan_.steps *
               ((plan_.batch + plan_.lanes - 1) / plan_.lanes);
  plan_.streamsOutputs = bytes > most;

  std::vector<Copy> copies = std::move(plan_.outputCopies);
  plan_.outputCopies.clear();
  for (Copy &copy : copies) {
    const bool isWhole = copy.from.size() == 1 && copy.from[0].begin == 0 &&
                         copy.from[0].count == plan_.buffers[copy.from[0].buffer].features;
    Stage *writer = nullptr;
    bool isComputed = false;
    for (Stage &stage : plan_.stages) {
      for (const Segment &segment : copy.from)
        isComputed |= llvm::is_contained(stage.writes, segment.buffer);
      if (isWhole && stage.kind == Stage::Kind::Region &&
          llvm::is_contained(stage.writes, copy.from[0].buffer))
        writer = &stage;
    }
    if (writer) {
      auto store = llvm::find_if(
          writer->stores, [&](const Store &other) { return other.buffer == copy.from[0].buffer; });
      writer->stores.push_back({store->operand, copy.to});
      writer->writes.push_back(copy.to);
    } else {
      (isComputed ? plan_.outputCopies : plan_.firstCopies).push_back(std::move(copy));
    }
  }
}

// A new state that a stage computes goes straight into the state's buffer if nothing needs the old
// state any more by then. The other new states are copied at the end of the step; those that are
// old states (swapped, shifted) by way of temporary memory.
void RecurrenceAnalysis::placeStates() {
  const auto isState = [&](int buffer) {
    return plan_.buffers[buffer].persistent || plan_.buffers[buffer].sharedWith >= 0;
  };
  const auto readAfterStages = [&](int buffer) {
    const auto in = [&](const Segments &segments) {
      return llvm::any_of(segments, [&](const Segment &s) { return s.buffer == buffer; });
    };
    return llvm::any_of(plan_.outputs, [&](auto &output) { return in(output.segments); }) ||
           llvm::any_of(plan_.outputCopies, [&](auto &copy) { return in(copy.from); }) ||
           llvm::any_of(plan_.collected, [&](auto &value) { return in(value.from); }) ||
           llvm::any_of(plan_.stateCopies, [&](auto &copy) { return in(copy.from); });
  };
  const auto readyForNew = [&](int state, int value) {
    std::size_t writer = 0;
    while (!llvm::is_contained(plan_.stages[writer].writes, value))
      if (++writer == plan_.stages.size())
        return false;
    for (std::size_t i = writer; i < plan_.stages.size(); ++i)
      for (const BufferRead &read : plan_.stages[i].reads)
        if (read.buffer == state &&
            (i > writer || !read.aligned || plan_.stages[i].kind != Stage::Kind::Region ||
             llvm::any_of(plan_.stages[i].apart, [&](const Apart &apart) {
               return llvm::is_contained(apart.buffers, value);
             })))
          return false;
    return true;
  };
  llvm::erase_if(plan_.stateCopies, [&](const Copy &copy) {
    const Segment &from = copy.from[0];
    if (copy.from.size() != 1 || from.begin != 0 ||
        from.count != plan_.buffers[from.buffer].features || isState(from.buffer) ||
        readAfterStages(copy.to) || !readyForNew(copy.to, from.buffer))
      return false;
    plan_.buffers[from.buffer].sharedWith = copy.to;
    return true;
  });

  std::vector<Copy> first, second;
  for (Copy &copy : plan_.stateCopies) {
    if (!llvm::any_of(copy.from, [&](const Segment &s) { return isState(s.buffer); })) {
      second.push_back(copy);
      continue;
    }
    const TileBuffer &state = plan_.buffers[copy.to];
    const std::int64_t features = state.features;
    const int temporary = addBuffer(state.element, features);
    first.push_back({copy.from, temporary});
    second.push_back({{{temporary, 0, features}}, copy.to});
  }
  plan_.stateCopies = std::move(first);
  plan_.stateCopies.insert(plan_.stateCopies.end(), second.begin(), second.end());
}

// Positions within a step: 0 the sequences' slices come in, i + 1 stage i, then the outputs, then
// the new states.
void RecurrenceAnalysis::assignOffsets() {
  const int outputs = static_cast<int>(plan_.stages.size()) + 1, copies = outputs + 1;
  const auto use = [&](int buffer, int position) {
    TileBuffer &b = plan_.buffers[buffer];
    b.first = b.first < 0 ? position : std::min(b.first, position);
    b.last = std::max(b.last, position);
  };
  const auto useAll = [&](const Segments &segments, int position) {
    for (const Segment &segment : segments)
      use(segment.buffer, position);
  };
  for (const RowTransfer &sequence : plan_.sequences)
    useAll(sequence.segments, 0);
  for (const Copy &copy : plan_.firstCopies)
    useAll(copy.from, 0);
  for (const Copy &copy : plan_.outputCopies)
    useAll(copy.from, outputs);
  for (const Collected &collected : plan_.collected)
    useAll(collected.from, outputs);
  for (auto [i, stage] : llvm::enumerate(plan_.stages)) {
    for (const BufferRead &read : stage.reads)
      use(read.buffer, static_cast<int>(i) + 1);
    for (int buffer : stage.writes)
      use(buffer, static_cast<int>(i) + 1);
  }
  for (const RowTransfer &output : plan_.outputs)
    useAll(output.segments, outputs);
  for (const Copy &copy : plan_.stateCopies) {
    useAll(copy.from, copies);
    use(copy.to, copies);
  }
  // Read lane by lane after the stages, by values that are not followed here.
  if (!plan_.uniformOutputs.empty() || !plan_.uniformStates.empty())
    for (TileBuffer &buffer : plan_.buffers)
      buffer.last = std::max(buffer.last, copies);

  const auto bytesOf = [&](const TileBuffer &buffer) {
    return (plan_.bufferBytes(buffer) + 63) / 64 * 64;
  };
  SmallVector<TileBuffer *> placed;
  SmallVector<TileBuffer *> order;
  for (TileBuffer &buffer : plan_.buffers)
    if (buffer.sharedWith < 0 && buffer.kernelBuffer < 0 &&
        (buffer.persistent || buffer.first >= 0))
      order.push_back(&buffer);
  llvm::stable_sort(order, [](TileBuffer *a, TileBuffer *b) {
    return std::pair(!a->persistent, a->first) < std::pair(!b->persistent, b->first);
  });
  for (TileBuffer *buffer : order) {
    std::int64_t offset = 0;
    bool moved = true;
    while (moved) {
      moved = false;
      for (TileBuffer *other : placed) {
        const bool together = buffer->persistent || other->persistent ||
                              (buffer->first <= other->last && other->first <= buffer->last);
        if (together && offset < other->offset + bytesOf(*other) &&
            other->offset < offset + bytesOf(*buffer)) {
          offset = other->offset + bytesOf(*other);
          moved = true;
        }
      }
    }
    buffer->offset = offset;
    placed.push_back(buffer);
    plan_.scratchBytes = std::max(plan_.scratchBytes, offset + bytesOf(*buffer));
  }
  // Of the last buffer too, part of a vector may be read behind the end.
  if (plan_.lanes == 1)
    plan_.scratchBytes += rowVector() * static_cast<std::int64_t>(sizeof(double));
  for (TileBuffer &buffer : plan_.buffers)
    if (buffer.sharedWith >= 0)
      buffer.offset = plan_.buffers[buffer.sharedWith].offset;
}

} // namespace graphc::recurrence
