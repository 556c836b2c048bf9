#include "frontend/rnn/CellScan.h"

#include <algorithm>

#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/rnn/BodyRecorder.h"

namespace graphc::rnn {

static bool anyPoisoned(std::span<const Output> outputs) {
  return std::ranges::any_of(outputs, [](const Output &output) { return output.is_poisoned(); });
}

CellScanResult poisonedScan(Graph &graph, const RNNCell &cell) {
  const Output nothing = Output::from_opaque(graph, nullptr);
  return {nothing, cell.state_size().map([&](std::int64_t) { return nothing; })};
}

/// The type of one step: the sequence's without its first axis.
static ValueType sliceOf(const Output &sequence) {
  const std::vector<std::int64_t> extents = sequence.shape().extents();
  return {sequence.dtype(), Shape(std::vector<std::int64_t>(extents.begin() + 1, extents.end()))};
}

/// The initial state: what was given, or the cell's zeros.
static State initialState(Graph &graph, const RNNCell &cell, const CellScan &scan,
                          std::int64_t known, Where where) {
  const DataType dtype = scan.dtype.value_or(scan.sequence.dtype());
  if (known >= 0)
    return scan.initial_state ? *scan.initial_state : cell.zero_state(graph, known, dtype, where);
  // TensorFlow asks for the batch size in either case.
  const Output &like = scan.batch_of ? scan.batch_of : scan.sequence;
  const std::int64_t axis = scan.batch_of ? 0 : 1;
  const Output shape = graphc::shape(like, {}, int32, where);
  const Output batch = strided_slice(shape, {axis}, {axis + 1}, {1},
                                     {.shrink_axis_mask = 1, .name = "strided_slice"}, where);
  return scan.initial_state ? *scan.initial_state : cell.zero_state(batch, dtype, where);
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

CellScanResult scanCell(Graph &graph, const RNNCell &cell, const CellScan &scan, Where where) {
  if (scan.sequence.is_poisoned())
    return poisonedScan(graph, cell);
  const ValueType slice = sliceOf(scan.sequence);
  const std::int64_t batch = slice.shape[0];
  const std::string scope = graph.state().names.scope() + "/";

  const State initial = initialState(graph, cell, scan, batch, where).map([&](const Output &state) {
    return withBatch(state, batch, where);
  });
  std::vector<Output> states = initial.flatten();
  const bool masked = static_cast<bool>(scan.lengths);
  if (masked) {
    const Output lengths = cast(scan.lengths, int32, "ToInt32", where);
    if (!lengths.is_poisoned() && lengths.shape().has_rank() &&
        !lengths.shape().is_compatible_with(Shape{batch})) {
      fail(graph, Code::invalid_argument,
           "expected sequence lengths " + (batch < 0 ? "[batch]" : Shape{batch}.to_string()) +
               ", got " + lengths.shape().to_string(),
           scope + "sequence_length/", where);
      return poisonedScan(graph, cell);
    }
    states.push_back(withBatch(lengths, batch, where));
  }
  if (anyPoisoned(states))
    return poisonedScan(graph, cell);

  const std::string name = graph.unique_name(scan.op_name);
  BodyRecorder body(graph, name, std::span(&slice, 1), states, where);
  std::vector<Output> arguments = body.states();
  std::size_t leaf = 0;
  const State before = initial.map([&](const Output &) { return arguments[leaf++]; });
  CellOutput result = cell(body.slices().front(), before, where);
  std::vector<Output> after = result.state.flatten();
  if (result.output.is_poisoned() || anyPoisoned(after))
    return poisonedScan(graph, cell);
  if (std::string wrong = whyWrongStates(before.flatten(), after); !wrong.empty()) {
    fail(graph, Code::invalid_argument, wrong, name + "/", where);
    return poisonedScan(graph, cell);
  }
  if (masked) {
    copyThrough(graph, result, before, arguments.back(), where);
    after = result.state.flatten();
    after.push_back(arguments.back());
  }
  if (result.output.is_poisoned() || anyPoisoned(after))
    return poisonedScan(graph, cell);
  const std::vector<Output> results = body.finish(
      std::span(&result.output, 1), after, std::span(&scan.sequence, 1), scan.steps, scan.reverse);
  std::size_t final = 1;
  return {results.front(), initial.map([&](const Output &) { return results[final++]; })};
}

} // namespace graphc::rnn
