#include "frontend/rnn/DynamicRnn.h"

#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/rnn/CellScan.h"

namespace graphc::rnn {

/// Empty where the inputs are what a cell can run over.
static std::string whyWrongInputs(const Output &inputs, bool timeMajor) {
  const Shape shape = inputs.shape();
  if (!shape.has_rank() || shape.rank() < 3)
    return std::string("expected inputs ") +
           (timeMajor ? "[time, batch, depth]" : "[batch, time, depth]") + ", got " +
           shape.to_string();
  for (std::int64_t axis = 2; axis < shape.rank(); ++axis)
    if (shape[axis] < 0)
      return "expected inputs of known depth, got " + shape.to_string();
  return {};
}

/// [batch, time, ...] to [time, batch, ...] and back.
static Output exchangeTimeAndBatch(const Output &x, Where where) {
  std::vector<std::int64_t> perm{1, 0};
  for (std::int64_t axis = 2; axis < x.shape().rank(); ++axis)
    perm.push_back(axis);
  return transpose(x, perm, {}, where);
}

/// In the scope that is open.
static DynamicRnnResult run(Graph &graph, const RNNCell &cell, const Output &inputs,
                            const DynamicRnnOptions &options, bool reverse, Where where) {
  auto poisoned = [&] {
    CellScanResult nothing = poisonedScan(graph, cell);
    return DynamicRnnResult{nothing.outputs, std::move(nothing.state)};
  };
  if (inputs.is_poisoned())
    return poisoned();
  if (std::string wrong = whyWrongInputs(inputs, options.time_major); !wrong.empty()) {
    fail(graph, Code::invalid_argument, wrong, graph.state().names.scope() + "/", where);
    return poisoned();
  }
  const Output sequence = options.time_major ? inputs : exchangeTimeAndBatch(inputs, where);
  CellScanResult result = scanCell(graph, cell,
                                   {.sequence = sequence,
                                    .steps = sequence.shape()[0],
                                    .initial_state = options.initial_state,
                                    .dtype = options.dtype,
                                    .lengths = options.sequence_length,
                                    .reverse = reverse,
                                    .op_name = "while"},
                                   where);
  if (result.outputs.is_poisoned())
    return poisoned();
  const Output outputs =
      options.time_major ? result.outputs : exchangeTimeAndBatch(result.outputs, where);
  return {outputs, std::move(result.state)};
}

DynamicRnnResult dynamic_rnn(const RNNCell &cell, const Output &inputs,
                             const DynamicRnnOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "dynamic_rnn", where);
  VariableScopeGuard variables(graph, options.scope.empty() ? "rnn" : options.scope, {});
  return run(graph, cell, inputs, options, /*reverse=*/false, where);
}

// TensorFlow reverses each sequence up to its length, runs the cell and reverses the outputs. The
// same comes of running from the last step to the first, where the steps behind a sequence's end
// leave the state as it is.
BidirectionalResult bidirectional_dynamic_rnn(const RNNCell &cell_fw, const RNNCell &cell_bw,
                                              const Output &inputs,
                                              const BidirectionalOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "bidirectional_dynamic_rnn", where);
  VariableScopeGuard variables(graph, options.scope.empty() ? "bidirectional_rnn" : options.scope,
                               {});
  auto direction = [&](const char *name, const RNNCell &cell, const std::optional<State> &initial,
                       bool reverse) {
    // Entered twice, as dynamic_rnn is given the scope to enter it again.
    VariableScopeGuard outer(graph, name, {});
    VariableScopeGuard inner(graph, outer.scope(), {});
    return run(graph, cell, inputs,
               {.sequence_length = options.sequence_length,
                .initial_state = initial,
                .dtype = options.dtype,
                .time_major = options.time_major},
               reverse, where);
  };
  DynamicRnnResult fw = direction("fw", cell_fw, options.initial_state_fw, false);
  DynamicRnnResult bw = direction("bw", cell_bw, options.initial_state_bw, true);
  return {{fw.outputs, bw.outputs}, {std::move(fw.state), std::move(bw.state)}};
}

/// What a cell's state shows after the last step: h of an LSTM, the last cell's of several.
static Output lastOutput(const State &state) {
  if (state.is_leaf())
    return state;
  return state.is_lstm() ? state.h() : lastOutput(state[state.size() - 1]);
}

Output Bidirectional(const RNNCell &cell_fw, const RNNCell &cell_bw, const Output &inputs,
                     const BidirectionalHelperOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "Bidirectional", where);
  if (options.merge_mode != MergeMode::concat && cell_fw.output_size() != cell_bw.output_size())
    return fail(graph, Code::invalid_argument,
                "expected cells of one output size to merge, got " +
                    std::to_string(cell_fw.output_size()) + " and " +
                    std::to_string(cell_bw.output_size()),
                "Bidirectional", where);
  const BidirectionalResult both = bidirectional_dynamic_rnn(
      cell_fw, cell_bw, inputs,
      {.sequence_length = options.sequence_length, .scope = options.scope}, where);
  Output fw = both.outputs.fw, bw = both.outputs.bw;
  if (!options.return_sequences) {
    fw = lastOutput(both.states.fw);
    bw = lastOutput(both.states.bw);
  }
  switch (options.merge_mode) {
  case MergeMode::concat: return concat({fw, bw}, options.return_sequences ? 2 : 1, {}, where);
  case MergeMode::sum: return add(fw, bw, {}, where);
  case MergeMode::mul: return multiply(fw, bw, {}, where);
  case MergeMode::ave: break;
  }
  return multiply(add(fw, bw, {}, where), 0.5, {}, where);
}

} // namespace graphc::rnn
