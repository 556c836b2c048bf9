// Records the body of a recurrence. For graphc itself; no MLIR.
#pragma once

#include <memory>

#include "frontend/Recorder.h"

namespace graphc {

/// From its construction to finish(), ops go to the body of a recurrence that is not in the graph
/// yet. If finish() is not reached, the body vanishes.
class BodyRecorder {
public:
  /// `slices`: the types of one step of each sequence; `states`: the initial states.
  BodyRecorder(Graph &graph, const std::string &name, std::span<const ValueType> slices,
               std::span<const Output> states, Where where);
  BodyRecorder(const BodyRecorder &) = delete;
  BodyRecorder &operator=(const BodyRecorder &) = delete;
  ~BodyRecorder();

  /// The body's arguments.
  std::vector<Output> slices() const;
  std::vector<Output> states() const;

  /// Ends the body with these outputs and new states, and records graph.static_rnn over
  /// `sequences`, [steps, ...] each: its results are the outputs [steps, ...] and the final states.
  /// With `reverse` the last step comes first.
  std::vector<Output> finish(std::span<const Output> outputs, std::span<const Output> newStates,
                             std::span<const Output> sequences, std::int64_t steps,
                             bool reverse = false);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace graphc
