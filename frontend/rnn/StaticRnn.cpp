#include "frontend/rnn/StaticRnn.h"

#include <algorithm>

#include "frontend/ops/Array.h"
#include "frontend/rnn/CellScan.h"

namespace graphc::rnn {

static StaticRnnResult poisoned(Graph &graph, const RNNCell &cell, std::size_t steps) {
  const Output none = Output::from_opaque(graph, nullptr);
  return {std::vector<Output>(steps, none),
          cell.state_size().map([&](std::int64_t) { return none; })};
}

static bool anyPoisoned(std::span<const Output> outputs) {
  return std::ranges::any_of(outputs, [](const Output &output) { return output.is_poisoned(); });
}

/// One type for the inputs of all steps; an error and nothing where there is none.
static std::optional<ValueType> stepType(Graph &graph, const std::vector<Output> &inputs,
                                         const std::string &scope, Where where) {
  auto wrong = [&](const std::string &message) {
    fail(graph, Code::invalid_argument, message, scope + "static_rnn/", where);
    return std::nullopt;
  };
  ValueType type{inputs.front().dtype(), inputs.front().shape()};
  for (std::size_t step = 0; step < inputs.size(); ++step) {
    const ValueType found{inputs[step].dtype(), inputs[step].shape()};
    std::optional<Shape> merged = Shape::merge(type.shape, found.shape);
    if (found.dtype != type.dtype || !merged)
      return wrong("expected inputs of one type, got " + type.to_string() + " at step 0 and " +
                   found.to_string() + " at step " + std::to_string(step));
    type.shape = *merged;
  }
  if (!type.shape.has_rank() || type.shape.rank() < 2)
    return wrong("expected inputs [batch, depth], got " + type.shape.to_string());
  for (std::int64_t axis = 1; axis < type.shape.rank(); ++axis)
    if (type.shape[axis] < 0)
      return wrong("expected inputs of which all but the batch is known, got " +
                   type.shape.to_string());
  return type;
}

StaticRnnResult static_rnn(const RNNCell &cell, const std::vector<Output> &inputs,
                           const StaticRnnOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "static_rnn", where);
  VariableScopeGuard variables(graph, options.scope.empty() ? "rnn" : options.scope, {});
  const std::string scope = graph.state().names.scope() + "/";
  if (anyPoisoned(inputs))
    return poisoned(graph, cell, inputs.size());
  for (const Output &input : inputs)
    if (!input) {
      fail(graph, Code::invalid_argument, "an input is empty: expected a tensor",
           scope + "static_rnn/", where);
      return poisoned(graph, cell, inputs.size());
    }
  if (!stepType(graph, inputs, scope, where))
    return poisoned(graph, cell, inputs.size());
  const auto steps = static_cast<std::int64_t>(inputs.size());
  CellScanResult result = scanCell(graph, cell,
                                   {.sequence = stack(inputs, 0, {}, where),
                                    .steps = steps,
                                    .initial_state = options.initial_state,
                                    .dtype = options.dtype,
                                    .lengths = options.sequence_length,
                                    .op_name = "static_rnn",
                                    .batch_of = inputs.front()},
                                   where);
  if (result.outputs.is_poisoned())
    return poisoned(graph, cell, inputs.size());
  return {unstack(result.outputs, steps, 0, {}, where), std::move(result.state)};
}

} // namespace graphc::rnn
