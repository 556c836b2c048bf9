#include "frontend/rnn/StaticRnn.h"

#include <algorithm>

#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reductions.h"
#include "frontend/rnn/BodyRecorder.h"

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

/// The initial state: what was given, or the cell's zeros.
static State initialState(Graph &graph, const RNNCell &cell, const Output &first,
                          const ValueType &type, const StaticRnnOptions &options, Where where) {
  if (type.shape[0] >= 0) {
    if (options.initial_state)
      return *options.initial_state;
    return cell.zero_state(graph, type.shape[0], options.dtype.value_or(type.dtype), where);
  }
  // TensorFlow asks for the batch size in either case.
  const Output shape = graphc::shape(first, {}, int32, where);
  const Output batch =
      strided_slice(shape, {0}, {1}, {1}, {.shrink_axis_mask = 1, .name = "strided_slice"}, where);
  if (options.initial_state)
    return *options.initial_state;
  return cell.zero_state(batch, options.dtype.value_or(type.dtype), where);
}

/// A state whose batch is unknown, where the inputs' is known: from here on it is too.
static Output withBatch(const Output &state, std::int64_t batch, Where where) {
  const Shape shape = state.shape();
  if (batch < 0 || !shape.has_rank() || shape.rank() == 0 || shape[0] >= 0)
    return state;
  std::vector<std::int64_t> extents = shape.extents();
  extents[0] = batch;
  return Shape(extents).is_fully_known() ? reshape(state, extents, {}, where) : state;
}

/// condition [batch] with as many axes as `like`, to choose whole rows.
static Output rowsOf(const Output &condition, const Output &like, Where where) {
  Output rows = condition;
  for (std::int64_t axis = 1; axis < like.shape().rank(); ++axis)
    rows = expand_dims(rows, axis, {}, where);
  return rows;
}

/// Past the end of a sequence the output is zero and the state as it was.
static void copyThrough(Graph &graph, CellOutput &result, const State &before,
                        const Output &lengths, Where where) {
  const Output step = record(graph, "step_index", {}, {},
                             {.name = "time", .where = where, .types = {{int32, Shape{}}}})
                          .front();
  const Output ended = greater_equal(step, lengths, {}, where);
  const Output zeros = zeros_like(result.output, {}, where);
  result.output = graphc::where(rowsOf(ended, zeros, where), zeros, result.output, {}, where);
  const std::vector<Output> old = before.flatten();
  std::size_t leaf = 0;
  result.state = result.state.map([&](const Output &now) {
    const Output &then = old[leaf++];
    return graphc::where(rowsOf(ended, now, where), then, now, {}, where);
  });
}

/// What keeps the body from being one; empty where it is.
static std::string whyWrongStates(std::span<const Output> before, std::span<const Output> after) {
  if (before.size() != after.size())
    return "expected the cell to return a state of " + std::to_string(before.size()) +
           " tensors, got " + std::to_string(after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const ValueType in{before[i].dtype(), before[i].shape()};
    const ValueType out{after[i].dtype(), after[i].shape()};
    if (in.dtype != out.dtype || !in.shape.is_compatible_with(out.shape))
      return "expected the cell to keep the type of its state, but tensor " + std::to_string(i) +
             " goes in as " + in.to_string() + " and comes out as " + out.to_string();
  }
  return {};
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
  const std::optional<ValueType> type = stepType(graph, inputs, scope, where);
  if (!type)
    return poisoned(graph, cell, inputs.size());

  const State initial =
      initialState(graph, cell, inputs.front(), *type, options, where)
          .map([&](const Output &state) { return withBatch(state, type->shape[0], where); });
  std::vector<Output> states = initial.flatten();
  const bool masked = static_cast<bool>(options.sequence_length);
  if (masked) {
    const Output lengths = cast(options.sequence_length, int32, "ToInt32", where);
    if (!lengths.is_poisoned() && lengths.shape().has_rank() && lengths.shape().rank() != 1) {
      fail(graph, Code::invalid_argument,
           "expected sequence lengths [batch], got " + lengths.shape().to_string(),
           scope + "sequence_length/", where);
      return poisoned(graph, cell, inputs.size());
    }
    states.push_back(withBatch(lengths, type->shape[0], where));
  }
  const Output sequence = stack(inputs, 0, {}, where);
  if (sequence.is_poisoned() || anyPoisoned(states))
    return poisoned(graph, cell, inputs.size());

  const std::string name = graph.unique_name("static_rnn");
  BodyRecorder body(graph, name, std::span(&*type, 1), states, where);
  std::vector<Output> arguments = body.states();
  std::size_t leaf = 0;
  const State before = initial.map([&](const Output &) { return arguments[leaf++]; });
  CellOutput result = cell(body.slices().front(), before, where);
  std::vector<Output> after = result.state.flatten();
  if (result.output.is_poisoned() || anyPoisoned(after))
    return poisoned(graph, cell, inputs.size());
  if (std::string wrong = whyWrongStates(before.flatten(), after); !wrong.empty()) {
    fail(graph, Code::invalid_argument, wrong, name + "/", where);
    return poisoned(graph, cell, inputs.size());
  }
  if (masked) {
    copyThrough(graph, result, before, arguments.back(), where);
    after = result.state.flatten();
    after.push_back(arguments.back());
  }
  if (result.output.is_poisoned() || anyPoisoned(after))
    return poisoned(graph, cell, inputs.size());
  const std::vector<Output> results =
      body.finish(std::span(&result.output, 1), after, std::span(&sequence, 1),
                  static_cast<std::int64_t>(inputs.size()));
  std::size_t final = 1;
  State state = initial.map([&](const Output &) { return results[final++]; });
  return {unstack(results.front(), static_cast<std::int64_t>(inputs.size()), 0, {}, where),
          std::move(state)};
}

} // namespace graphc::rnn
