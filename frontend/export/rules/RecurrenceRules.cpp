// A recurrence is a loop of TensorFlow 1's: Enter, Merge, Switch, NextIteration and Exit nodes
// around the body's. Sequences are read from TensorArrays, outputs written into some, as
// dynamic_rnn does, so that the number of steps may be unknown and the graph is no longer for many
// of them.
#include "frontend/export/LoopNodes.h"
#include "frontend/export/Rules.h"
#include "ir/Conversion.h"
#include "ir/GraphDialect.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc::graphdef {

namespace {

/// A TensorArray: outside of the loop and inside.
struct Array {
  std::string handle, flow;
  std::string handleInside, flowInside;
  ValueType element;
};

class Recurrence {
public:
  explicit Recurrence(OpNodes &op) : op_(op), rnn_(mlir::cast<graph::StaticRnnOp>(op.op())) {}

  void write() {
    writeSteps();
    for (auto [i, sequence] : llvm::enumerate(rnn_.getSequences()))
      inputs_.push_back(unstacked(sequence, i));
    for (auto [i, output] : llvm::enumerate(rnn_.getStepOutputs()))
      outputs_.push_back(array("TensorArray_output" + suffix(i), toValueType(output.getType())));
    // The rule runs in the frame around, the body in its own.
    LoopNodes loop(op_, op_.name());
    openLoop(loop);
    writeBody(loop);
    writeResults(loop);
  }

private:
  static std::string suffix(std::size_t i) { return i == 0 ? "" : "_" + std::to_string(i); }

  Node node(const std::string &name, llvm::StringRef type, const std::vector<std::string> &inputs,
            const ValueType &result) {
    return op_.beside(name, type, inputs, result);
  }

  void writeSteps() {
    const std::int64_t steps = rnn_.getSteps();
    if (steps >= 0) {
      steps_ = op_.scalar("steps", steps).input;
    } else {
      if (rnn_.getSequences().empty())
        op_.refuse("how many steps it has is not known, and no sequence says it");
      steps_ = op_.firstExtent(op_.in(0), op_.type(0));
    }
    const std::string start = op_.scalar("range/start", 0).input;
    const std::string delta = op_.scalar("range/delta", 1).input;
    range_ = node("range", "Range", {start, steps_, delta}, {int32, Shape{rnn_.getSteps()}})
                 .type("Tidx", int32)
                 .output();
    start_ = start;
    if (rnn_.getReverse())
      last_ = node("last", "Sub", {steps_, delta}, scalar_).type("T", int32).output();
  }

  Array array(const std::string &name, const ValueType &element) {
    Node node = op_.graph().add(op_.name() + "/" + name, "TensorArrayV3", {steps_}, {});
    node.type("dtype", element.dtype)
        .shape("element_shape", element.shape)
        .flag("dynamic_size", false)
        .flag("clear_after_read", true)
        .flag("identical_element_shapes", true)
        .text("tensor_array_name", op_.name() + "/" + name);
    return {node.output(0), node.output(1), {}, {}, element};
  }

  Array unstacked(mlir::Value sequence, std::size_t i) {
    const ValueType type = toValueType(sequence.getType());
    const std::vector<std::int64_t> &extents = type.shape.extents();
    Array array = this->array("TensorArray_input" + suffix(i),
                              {type.dtype, Shape({extents.begin() + 1, extents.end()})});
    array.flow =
        node("TensorArrayUnstack" + suffix(i), "TensorArrayScatterV3",
             {array.handle, range_, op_.graph().input(sequence), array.flow}, {float32, Shape{}})
            .type("T", type.dtype)
            .output();
    return array;
  }

  void openLoop(LoopNodes &loop) {
    counter_ = loop.variable(start_, proto::DT_INT32);
    for (mlir::Value state : rnn_.getInitialStates())
      states_.push_back(loop.variable(outerInput(state), dtypeOf(state)));
    for (Array &output : outputs_)
      flows_.push_back(loop.variable(output.flow, proto::DT_FLOAT));

    const std::string steps = loop.enter(steps_, proto::DT_INT32);
    loop.condition(node("Less", "Less", {loop[counter_].merge, steps}, {bool_, Shape{}})
                       .type("T", int32)
                       .output());

    step_ = loop[counter_].now;
    if (rnn_.getReverse())
      step_ = node("step", "Sub", {loop.enter(last_, proto::DT_INT32), step_}, scalar_)
                  .type("T", int32)
                  .output();
    op_.graph().frame().step = step_;
    for (Array &input : inputs_) {
      input.handleInside = loop.enter(input.handle, proto::DT_RESOURCE);
      input.flowInside = loop.enter(input.flow, proto::DT_FLOAT);
    }
    for (Array &output : outputs_)
      output.handleInside = loop.enter(output.handle, proto::DT_RESOURCE);
  }

  /// Inside of the frame values of outside still have the names they have there.
  std::string outerInput(mlir::Value value) { return op_.graph().input(value); }

  static proto::DataType dtypeOf(mlir::Value value) {
    return to_tensorflow(toValueType(value.getType()).dtype);
  }

  void writeBody(LoopNodes &loop) {
    GraphWriter &graph = op_.graph();
    for (auto [argument, input] : llvm::zip(rnn_.getSliceArguments(), inputs_))
      graph.define(argument, node("TensorArrayReadV3", "TensorArrayReadV3",
                                  {input.handleInside, step_, input.flowInside}, input.element)
                                 .type("dtype", input.element.dtype)
                                 .output());
    for (auto [argument, state] : llvm::zip(rnn_.getStateArguments(), states_))
      graph.define(argument, loop[state].now);
    for (auto [argument, captured] : llvm::zip(rnn_.getCapturedArguments(), rnn_.getCaptured()))
      if (!argument.use_empty())
        graph.define(argument, loop.enter(outerInput(captured), dtypeOf(captured)));
    graph.writeBlock(rnn_.getBlock());

    const std::string one = op_.scalar("add/y", 1).input;
    const std::string next =
        node("add", "AddV2", {loop[counter_].now, one}, scalar_).type("T", int32).output();
    std::vector<std::string> news{next};
    for (mlir::Value state : rnn_.getNewStates())
      news.push_back(graph.input(state));
    for (auto [output, array, flow] : llvm::zip(rnn_.getStepOutputs(), outputs_, flows_))
      news.push_back(node("TensorArrayWriteV3", "TensorArrayWriteV3",
                          {array.handleInside, step_, graph.input(output), loop[flow].now},
                          {float32, Shape{}})
                         .type("T", array.element.dtype)
                         .output());
    loop.finish(news);
  }

  void writeResults(const LoopNodes &loop) {
    std::vector<std::string> results;
    for (auto [i, output] : llvm::enumerate(outputs_)) {
      const ValueType type = op_.resultType(static_cast<unsigned>(i));
      results.push_back(node("TensorArrayStack" + suffix(i), "TensorArrayGatherV3",
                             {output.handle, range_, loop[flows_[i]].exit}, type)
                            .type("dtype", type.dtype)
                            .shape("element_shape", output.element.shape)
                            .output());
    }
    for (std::size_t state : states_)
      results.push_back(loop[state].exit);
    op_.graph().addResults(op_.op(), results);
  }

  OpNodes &op_;
  graph::StaticRnnOp rnn_;
  const ValueType scalar_{int32, Shape{}};
  std::string steps_, range_, start_, last_, step_;
  std::vector<Array> inputs_, outputs_;
  std::size_t counter_ = 0;
  std::vector<std::size_t> states_, flows_;
};

} // namespace

static void writeRecurrence(OpNodes &op, llvm::StringRef) { Recurrence(op).write(); }

static void writeStepIndex(OpNodes &op, llvm::StringRef type) {
  op.main(type, {op.graph().loop()->step}).type("T", int32);
}

std::span<const Rule> recurrenceRules() {
  static constexpr Rule rules[] = {
      {"static_rnn", "IdentityN", writeRecurrence},
      {"step_index", "Identity", writeStepIndex},
  };
  return rules;
}

} // namespace graphc::graphdef
