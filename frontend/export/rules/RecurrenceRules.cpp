// A recurrence is a loop of TensorFlow 1's: Enter, Merge, Switch, NextIteration and Exit nodes
// around the body's. Sequences are read from TensorArrays, outputs written into some, as
// dynamic_rnn does, so that the number of steps may be unknown and the graph is no longer for many
// of them.
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

/// What changes from step to step.
struct LoopVariable {
  std::string merge, now, exit;
  proto::DataType dtype;
};

class Loop {
public:
  explicit Loop(OpNodes &op) : op_(op), rnn_(mlir::cast<graph::StaticRnnOp>(op.op())) {}

  void write() {
    writeSteps();
    for (auto [i, sequence] : llvm::enumerate(rnn_.getSequences()))
      inputs_.push_back(unstacked(sequence, i));
    for (auto [i, output] : llvm::enumerate(rnn_.getStepOutputs()))
      outputs_.push_back(array("TensorArray_output" + suffix(i), toValueType(output.getType())));
    // The rule runs in the frame around, the body in its own.
    openFrame();
    writeBody();
    op_.graph().closeFrame();
    writeResults();
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
      const ValueType first = op_.type(0);
      const std::string shape =
          node("Shape", "Shape", {op_.in(0)}, {int32, Shape{first.shape.rank()}})
              .type("T", first.dtype)
              .type("out_type", int32)
              .output();
      const std::string begin = op_.vector("strided_slice/begin", {0}).input;
      const std::string end = op_.vector("strided_slice/end", {1}).input;
      const std::string stride = op_.vector("strided_slice/strides", {1}).input;
      Node slice =
          node("strided_slice", "StridedSlice", {shape, begin, end, stride}, {int32, Shape{}});
      slice.type("T", int32).type("Index", int32).integer("shrink_axis_mask", 1);
      steps_ = slice.output();
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

  std::string enter(const std::string &outer, proto::DataType dtype, bool invariant) {
    return op_.graph().enter(op_.name() + "/Enter", outer, dtype, invariant);
  }

  /// Merge and Switch of a value that changes; it is in the body once the condition is written.
  LoopVariable variable(const std::string &initial, proto::DataType dtype) {
    LoopVariable variable{.merge = {}, .now = {}, .exit = {}, .dtype = dtype};
    Node merge =
        op_.graph().add(op_.name() + "/Merge", "Merge", {enter(initial, dtype, false)}, {});
    merge.type("T", dtype).integer("N", 2);
    variable.merge = merge.name();
    merges_.push_back(merge);
    return variable;
  }

  void openFrame() {
    op_.graph().openFrame(op_.name());
    counter_ = variable(start_, proto::DT_INT32);
    for (mlir::Value state : rnn_.getInitialStates())
      states_.push_back(variable(outerInput(state), dtypeOf(state)));
    for (Array &output : outputs_)
      flows_.push_back(variable(output.flow, proto::DT_FLOAT));

    const std::string steps = enter(steps_, proto::DT_INT32, true);
    const std::string less =
        node("Less", "Less", {counter_.merge, steps}, {bool_, Shape{}}).type("T", int32).output();
    condition_ = node("LoopCond", "LoopCond", {less}, {bool_, Shape{}}).output();
    take(counter_);
    op_.graph().frame().pivot = counter_.now;
    for (LoopVariable &state : states_)
      take(state);
    for (LoopVariable &flow : flows_)
      take(flow);

    step_ = counter_.now;
    if (rnn_.getReverse())
      step_ = node("step", "Sub", {enter(last_, proto::DT_INT32, true), counter_.now}, scalar_)
                  .type("T", int32)
                  .output();
    op_.graph().frame().step = step_;
    for (Array &input : inputs_) {
      input.handleInside = enter(input.handle, proto::DT_RESOURCE, true);
      input.flowInside = enter(input.flow, proto::DT_FLOAT, true);
    }
    for (Array &output : outputs_)
      output.handleInside = enter(output.handle, proto::DT_RESOURCE, true);
  }

  /// Inside of the frame values of outside still have the names they have there.
  std::string outerInput(mlir::Value value) { return op_.graph().input(value); }

  static proto::DataType dtypeOf(mlir::Value value) {
    return to_tensorflow(toValueType(value.getType()).dtype);
  }

  void take(LoopVariable &variable) {
    Node branches =
        op_.graph().add(op_.name() + "/Switch", "Switch", {variable.merge, condition_}, {});
    branches.type("T", variable.dtype);
    variable.now = op_.graph()
                       .add(op_.name() + "/Identity", "Identity", {branches.output(1)}, {})
                       .type("T", variable.dtype)
                       .output();
    variable.exit = op_.graph()
                        .add(op_.name() + "/Exit", "Exit", {branches.output(0)}, {})
                        .type("T", variable.dtype)
                        .output();
  }

  void writeBody() {
    GraphWriter &graph = op_.graph();
    for (auto [argument, input] : llvm::zip(rnn_.getSliceArguments(), inputs_))
      graph.define(argument, node("TensorArrayReadV3", "TensorArrayReadV3",
                                  {input.handleInside, step_, input.flowInside}, input.element)
                                 .type("dtype", input.element.dtype)
                                 .output());
    for (auto [argument, state] : llvm::zip(rnn_.getStateArguments(), states_))
      graph.define(argument, state.now);
    for (auto [argument, captured] : llvm::zip(rnn_.getCapturedArguments(), rnn_.getCaptured()))
      graph.define(argument, enter(outerInput(captured), dtypeOf(captured), true));
    graph.writeBlock(rnn_.getBlock());

    const std::string one = op_.scalar("add/y", 1).input;
    const std::string next =
        node("add", "AddV2", {counter_.now, one}, scalar_).type("T", int32).output();
    std::vector<std::string> news{next};
    for (mlir::Value state : rnn_.getNewStates())
      news.push_back(ofThisStep(state));
    for (auto [output, array, flow] : llvm::zip(rnn_.getStepOutputs(), outputs_, flows_))
      news.push_back(node("TensorArrayWriteV3", "TensorArrayWriteV3",
                          {array.handleInside, step_, ofThisStep(output), flow.now},
                          {float32, Shape{}})
                         .type("T", array.element.dtype)
                         .output());
    for (auto [merge, value] : llvm::zip_equal(merges_, news)) {
      Node back = op_.graph().add(op_.name() + "/NextIteration", "NextIteration", {value}, {});
      (*back.def().mutable_attr())["T"] = merge.def().attr().at("T");
      merge.def().add_input(back.name());
    }
  }

  /// What the body yields as it came in, the same at every step, is alive after the last one too.
  std::string ofThisStep(mlir::Value value) {
    const std::string input = op_.graph().input(value);
    if (!op_.graph().frame().invariant.contains(input))
      return input;
    const ValueType type = toValueType(value.getType());
    return node("yield", "Identity", {input}, type).type("T", type.dtype).output();
  }

  void writeResults() {
    std::vector<std::string> results;
    std::vector<DataType> dtypes;
    for (auto [i, output] : llvm::enumerate(outputs_)) {
      const ValueType type = op_.resultType(static_cast<unsigned>(i));
      results.push_back(node("TensorArrayStack" + suffix(i), "TensorArrayGatherV3",
                             {output.handle, range_, flows_[i].exit}, type)
                            .type("dtype", type.dtype)
                            .shape("element_shape", output.element.shape)
                            .output());
    }
    for (const LoopVariable &state : states_)
      results.push_back(state.exit);
    for (unsigned i = 0; i < results.size(); ++i)
      dtypes.push_back(op_.resultType(i).dtype);
    op_.main("IdentityN", results).types("T", dtypes);
  }

  OpNodes &op_;
  graph::StaticRnnOp rnn_;
  const ValueType scalar_{int32, Shape{}};
  std::string steps_, range_, start_, last_, condition_, step_;
  std::vector<Array> inputs_, outputs_;
  LoopVariable counter_;
  std::vector<LoopVariable> states_, flows_;
  std::vector<Node> merges_; ///< counter, states, flows
};

} // namespace

static void writeRecurrence(OpNodes &op, llvm::StringRef) { Loop(op).write(); }

static void writeStepIndex(OpNodes &op, llvm::StringRef type) {
  op.main(type, {op.graph().frame().step}).type("T", int32);
}

std::span<const Rule> recurrenceRules() {
  static constexpr Rule rules[] = {
      {"static_rnn", "IdentityN", writeRecurrence},
      {"step_index", "Identity", writeStepIndex},
  };
  return rules;
}

} // namespace graphc::graphdef
