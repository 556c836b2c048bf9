#include "frontend/import/LoopRecording.h"

#include <fmt/format.h>

#include "frontend/KnownValues.h"
#include "frontend/ops/Math.h"
#include "frontend/rnn/BodyRecorder.h"

namespace graphc::importing {

namespace {

class LoopRecorder {
public:
  LoopRecorder(ImportState &state, const RecurrentLoop &loop) : state_(state), loop_(loop) {}

  void run(const std::vector<int> &body, const std::function<void(int)> &record) {
    for (const LoopSequence &sequence : loop_.sequences)
      sequences_.push_back(outside(sequence.whole));
    const std::int64_t steps = numSteps();
    std::vector<ValueType> slices;
    for (const Output &sequence : sequences_)
      slices.push_back(sliceOf(sequence));
    std::vector<Output> initial;
    for (const LoopVariable &state : loop_.states)
      initial.push_back(outside(state.initial));
    for (int enter : loop_.captured) {
      const NodeOutput from = state_.nodes[enter].inputs[0];
      set(enter, {outside(from)});
      NodeValue &brought = state_.values[static_cast<std::size_t>(enter)].front();
      const NodeValue &value = state_.values[static_cast<std::size_t>(from.node)].front();
      brought.key = value.key;
      // A handle stays one for the body's reads, which have the value before the loop.
      if (state_.nodes[from.node].type() == "VarHandleOp")
        brought.variable = value.variable;
    }
    if (loop_.reverse)
      steps_ = outside(loop_.steps);

    std::string name;
    {
      NameScope root(state_.graph, "");
      name = state_.graph.unique_name(state_.prefix + loop_.name);
    }
    BodyRecorder recorder(state_.graph, name, slices, initial, state_.where);
    const Output around = state_.step;
    bindArguments(recorder, name);
    for (int node : body)
      record(node);
    state_.step = around;
    std::vector<Output> outputs, states;
    for (const LoopOutput &output : loop_.outputs)
      outputs.push_back(inside(output.step));
    for (std::size_t k = 0; k < loop_.states.size(); ++k)
      states.push_back(checked(inside(loop_.states[k].updated), initial[k], loop_.states[k]));
    const std::vector<Output> results =
        recorder.finish(outputs, states, sequences_, steps, loop_.reverse);
    for (std::size_t k = 0; k < outputs.size(); ++k)
      for (int gathered : loop_.outputs[k].gathered)
        set(gathered, {results[k]});
    for (std::size_t k = 0; k < loop_.states.size(); ++k)
      if (loop_.states[k].exit >= 0)
        set(loop_.states[k].exit, {results[outputs.size() + k]});
    for (const LoopVariable &counter : loop_.counters)
      if (counter.exit >= 0)
        set(counter.exit, {outside(loop_.steps)});
  }

private:
  [[noreturn]] void refuse(const std::string &message) const {
    throw Error(Code::unimplemented,
                fmt::format("{}: the loop '{}': {}", state_.source, loop_.name, message));
  }

  void set(int node, const std::vector<Output> &outputs) {
    auto &values = state_.values[static_cast<std::size_t>(node)];
    values.clear();
    for (const Output &output : outputs)
      values.emplace_back().tensor = output;
  }

  Output inside(NodeOutput from) const {
    const auto &values = state_.values[static_cast<std::size_t>(from.node)];
    if (from.index >= static_cast<int>(values.size()) ||
        !values[static_cast<std::size_t>(from.index)].tensor)
      refuse(fmt::format("node '{}' has no tensor {}", state_.nodes[from.node].name(), from.index));
    return values[static_cast<std::size_t>(from.index)].tensor;
  }
  /// A tensor, or a variable's value before the loop.
  Output outside(NodeOutput from) {
    const auto &values = state_.values[static_cast<std::size_t>(from.node)];
    if (from.index < static_cast<int>(values.size()))
      if (const NodeValue &value = values[static_cast<std::size_t>(from.index)];
          value.variable && !value.tensor)
        return recordRead(state_, *value.variable, value.variable->op_name + "/read");
    return inside(from);
  }

  /// -1 where it is fed: shape inference takes it from the sequences then.
  std::int64_t numSteps() {
    for (const Output &sequence : sequences_)
      if (sequence.shape().has_rank() && sequence.shape().rank() > 0 && sequence.shape()[0] >= 0)
        return sequence.shape()[0];
    const std::optional<Tensor> known = knownValue(outside(loop_.steps));
    if (known)
      return known->cast(int64).scalar<std::int64_t>();
    if (sequences_.empty())
      refuse("the number of steps must be known where it reads no sequence");
    return -1;
  }

  ValueType sliceOf(const Output &sequence) const {
    const Shape shape = sequence.shape();
    if (!shape.has_rank() || shape.rank() < 1)
      refuse(fmt::format("expected a sequence [steps, ...], got {}", shape.to_string()));
    return {sequence.dtype(),
            Shape(std::vector<std::int64_t>(shape.extents().begin() + 1, shape.extents().end()))};
  }

  void bindArguments(const BodyRecorder &recorder, const std::string &name) {
    const std::vector<Output> slices = recorder.slices(), states = recorder.states();
    for (std::size_t k = 0; k < slices.size(); ++k)
      set(loop_.sequences[k].read, {slices[k]});
    for (std::size_t k = 0; k < states.size(); ++k)
      set(loop_.states[k].branch, {states[k], states[k]});
    NameScope scope(state_.graph, name);
    const Output step =
        graphc::record(state_.graph, "step_index", {}, {},
                       {.name = "step", .where = state_.where, .types = {{int32, Shape{}}}})
            .front();
    state_.step = step;
    for (int node : loop_.step_nodes)
      set(node, {step});
    const Output counted =
        loop_.reverse ? subtract(subtract(steps_, 1), step, "counter", state_.where) : step;
    for (const LoopVariable &counter : loop_.counters)
      set(counter.branch, {counted, counted});
    for (int copy : loop_.copies)
      if (const NodeOutput from = state_.nodes[copy].inputs[0];
          !state_.values[static_cast<std::size_t>(from.node)].empty())
        set(copy, {inside(from)});
  }

  /// The new state, which must be of the old one's type.
  Output checked(const Output &now, const Output &before, const LoopVariable &variable) const {
    const ValueType in{before.dtype(), before.shape()}, out{now.dtype(), now.shape()};
    if (in.dtype != out.dtype || !in.shape.is_compatible_with(out.shape))
      refuse(fmt::format("the variable of node '{}' goes in as {} and comes out as {}",
                         state_.nodes[variable.merge].name(), in.to_string(), out.to_string()));
    return now;
  }

  ImportState &state_;
  const RecurrentLoop &loop_;
  std::vector<Output> sequences_;
  Output steps_; ///< of a reverse loop: how many, before it
};

} // namespace

void recordLoop(ImportState &state, const RecurrentLoop &loop, const std::vector<int> &body,
                const std::function<void(int)> &record) {
  LoopRecorder(state, loop).run(body, record);
}

} // namespace graphc::importing
