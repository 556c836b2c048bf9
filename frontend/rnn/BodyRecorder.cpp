#include "frontend/rnn/BodyRecorder.h"

#include "frontend/control_flow/RegionRecorder.h"

namespace graphc {

struct BodyRecorder::Impl {
  Graph &graph;
  std::string name; ///< full name of the recurrence
  Where where;
  std::vector<Output> initialStates;
  std::size_t numSlices = 0;
  RegionRecorder region;
};

/// The types of the body's arguments.
static std::vector<ValueType> argumentTypes(std::span<const ValueType> slices,
                                            std::span<const Output> states) {
  std::vector<ValueType> types(slices.begin(), slices.end());
  for (const Output &state : states)
    types.push_back(typeOf(state));
  return types;
}

BodyRecorder::BodyRecorder(Graph &graph, const std::string &name, std::span<const ValueType> slices,
                           std::span<const Output> states, Where where)
    : impl_(new Impl{graph,
                     name,
                     where,
                     {states.begin(), states.end()},
                     slices.size(),
                     {graph, name, argumentTypes(slices, states), where}}) {}

BodyRecorder::~BodyRecorder() = default;

std::vector<Output> BodyRecorder::slices() const {
  std::vector<Output> arguments = impl_->region.arguments();
  arguments.resize(impl_->numSlices);
  return arguments;
}

std::vector<Output> BodyRecorder::states() const {
  const std::vector<Output> arguments = impl_->region.arguments();
  return {arguments.begin() + static_cast<std::ptrdiff_t>(impl_->numSlices), arguments.end()};
}

/// `type` with a new first extent.
static ValueType stacked(const ValueType &type, std::int64_t steps) {
  if (!type.shape.has_rank())
    return type;
  std::vector<std::int64_t> extents{steps};
  extents.insert(extents.end(), type.shape.extents().begin(), type.shape.extents().end());
  return {type.dtype, Shape(std::move(extents))};
}

std::vector<Output> BodyRecorder::finish(std::span<const Output> outputs,
                                         std::span<const Output> newStates,
                                         std::span<const Output> sequences, std::int64_t steps,
                                         bool reverse) {
  std::vector<Output> yielded(outputs.begin(), outputs.end());
  yielded.insert(yielded.end(), newStates.begin(), newStates.end());
  std::vector<ValueType> results;
  for (const Output &output : outputs)
    results.push_back(stacked(typeOf(output), steps));
  for (const Output &state : newStates)
    results.push_back(typeOf(state));
  if (!impl_->region.close(yielded))
    return std::vector<Output>(yielded.size(), Output::from_opaque(impl_->graph, nullptr));
  return recordRegionOp(impl_->graph,
                        {.op = "static_rnn",
                         .name = impl_->name,
                         .where = impl_->where,
                         .operands = {{sequences.begin(), sequences.end()}, impl_->initialStates},
                         .results = std::move(results),
                         .attributes = {{"steps", steps}, {"reverse", reverse}}},
                        {&impl_->region});
}

} // namespace graphc
