#include "frontend/import/RecurrentLoops.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace graphc::importing {

namespace {

class LoopReader {
public:
  LoopReader(const NodeGraph &nodes, const std::vector<std::vector<int>> &readers, int condition)
      : nodes_(nodes), readers_(readers), condition_(condition) {}

  std::optional<RecurrentLoop> read() {
    if (!readVariables() || !readBody() || !readCondition() || !readGathers())
      return std::nullopt;
    collectFrame();
    return std::move(loop_);
  }

private:
  const Node &at(NodeOutput output) const { return nodes_[output.node]; }
  bool is(NodeOutput output, std::initializer_list<std::string_view> types) const {
    return at(output).is(types);
  }
  const std::vector<int> &readersOf(int node) const {
    return readers_[static_cast<std::size_t>(node)];
  }

  /// The scalar that a constant holds.
  std::optional<std::int64_t> integer(NodeOutput output) const {
    const auto &attributes = at(output).def->attr();
    const auto found = attributes.find("value");
    if (at(output).type() != "Const" || found == attributes.end())
      return std::nullopt;
    const proto::TensorProto &tensor = found->second.tensor();
    if (tensor.tensor_shape().dim_size() != 0)
      return std::nullopt;
    if (tensor.dtype() == proto::DT_INT32 && tensor.tensor_content().empty())
      return tensor.int_val_size() == 0 ? 0 : tensor.int_val(0);
    return std::nullopt;
  }

  //===--- Variables --------------------------------------------------------------------------===//

  bool readVariables() {
    for (int branch : readersOf(condition_)) {
      const Node &node = nodes_[branch];
      if (node.type() != "Switch" || node.inputs.size() != 2 || node.inputs[1].node != condition_)
        return false;
      LoopVariable variable;
      variable.branch = branch;
      variable.merge = node.inputs[0].node;
      const Node &merge = nodes_[variable.merge];
      if (merge.type() != "Merge" || merge.inputs.size() != 2 || !is(merge.inputs[0], {"Enter"}) ||
          !is(merge.inputs[1], {"NextIteration"}))
        return false;
      variable.entrance = merge.inputs[0].node;
      variable.next = merge.inputs[1].node;
      if (nodes_[variable.entrance].inputs.size() != 1 || nodes_[variable.next].inputs.size() != 1)
        return false;
      variable.initial = nodes_[variable.entrance].inputs[0];
      variable.updated = nodes_[variable.next].inputs[0];
      for (int reader : readersOf(branch))
        if (nodes_[reader].type() == "Exit")
          variable.exit = reader;
        else if (nodes_[reader].type() == "Identity")
          loop_.copies.push_back(reader);
      variables_[branch] = variable;
    }
    for (const auto &[branch, variable] : variables_)
      if (isCounter(variable))
        loop_.counters.push_back(variable);
    for (const auto &[branch, variable] : variables_)
      if (is(variable.updated, {"TensorArrayWriteV3"})) {
        if (!addOutput(variable))
          return false;
      } else if (!isCounter(variable)) {
        loop_.states.push_back(variable);
      }
    const auto byBranch = [](const LoopVariable &a, const LoopVariable &b) {
      return a.branch < b.branch;
    };
    std::ranges::sort(loop_.states, byBranch);
    std::ranges::sort(loop_.counters, byBranch);
    return !loop_.counters.empty();
  }

  /// The variable whose value inside of the body this is.
  const LoopVariable *variableOf(NodeOutput value) const {
    if (is(value, {"Identity"}) && at(value).inputs.size() == 1)
      value = at(value).inputs[0];
    const auto found = variables_.find(value.node);
    return found == variables_.end() || value.index != 1 ? nullptr : &found->second;
  }

  bool isCounter(const LoopVariable &variable) const {
    if (integer(variable.initial) != 0 || !is(variable.updated, {"Add", "AddV2"}))
      return false;
    const auto &terms = at(variable.updated).inputs;
    const LoopVariable *self = terms.size() == 2 ? variableOf(terms[0]) : nullptr;
    return self && self->branch == variable.branch && integer(terms[1]) == 1;
  }
  bool isCounterInBody(NodeOutput value) const {
    const LoopVariable *variable = variableOf(value);
    return variable && isCounter(*variable);
  }

  /// The node outside that an Enter node brings in.
  std::optional<NodeOutput> outsideOf(NodeOutput value) const {
    if (!is(value, {"Enter"}) || at(value).inputs.size() != 1)
      return std::nullopt;
    return at(value).inputs[0];
  }

  /// Whether an array is read or written here at the step, in the direction of all others.
  bool isStep(NodeOutput index) {
    const bool forward = isCounterInBody(index);
    if (!forward && !isStepOfReverse(index))
      return false;
    if (!forward)
      loop_.frame.insert(loop_.frame.end(), {index.node, at(index).inputs[0].node});
    if (!reverse_)
      reverse_ = !forward;
    return *reverse_ == !forward;
  }
  /// last - counter
  bool isStepOfReverse(NodeOutput value) const {
    if (!is(value, {"Sub"}) || at(value).inputs.size() != 2 ||
        !isCounterInBody(at(value).inputs[1]))
      return false;
    const std::optional<NodeOutput> last = outsideOf(at(value).inputs[0]);
    if (!last || loop_.steps.node < 0)
      return false;
    if (is(*last, {"Sub"}))
      return at(*last).inputs.size() == 2 && at(*last).inputs[0] == loop_.steps &&
             integer(at(*last).inputs[1]) == 1;
    const std::optional<std::int64_t> number = integer(*last), steps = integer(loop_.steps);
    return number && steps && *number == *steps - 1;
  }

  /// All arrays have as many elements as there are steps.
  bool addArray(NodeOutput array) {
    if (at(array).type() != "TensorArrayV3" || at(array).inputs.size() != 1)
      return false;
    const NodeOutput size = at(array).inputs[0];
    if (loop_.steps.node >= 0 && !(loop_.steps == size))
      return false;
    loop_.steps = size;
    loop_.frame.push_back(array.node);
    return true;
  }

  /// TensorArrayWriteV3: the array, the index, what is written, the flow.
  bool addOutput(const LoopVariable &variable) {
    const auto &inputs = at(variable.updated).inputs;
    if (inputs.size() != 4)
      return false;
    const std::optional<NodeOutput> array = outsideOf(inputs[0]);
    const LoopVariable *flow = variableOf(inputs[3]);
    if (!array || !flow || flow->branch != variable.branch ||
        variable.initial.node != array->node || !addArray(*array) || !isStep(inputs[1]))
      return false;
    loop_.frame.push_back(inputs[0].node);
    loop_.frame.push_back(variable.updated.node);
    loop_.outputs.push_back({inputs[2], {}});
    flows_.push_back(variable);
    return true;
  }

  //===--- Body -------------------------------------------------------------------------------===//

  /// Backwards from what the body makes to what comes from outside.
  bool readBody() {
    std::vector<NodeOutput> open;
    for (const LoopVariable &state : loop_.states)
      open.push_back(state.updated);
    for (const LoopOutput &output : loop_.outputs)
      open.push_back(output.step);
    std::unordered_set<int> met;
    while (!open.empty()) {
      const NodeOutput value = open.back();
      open.pop_back();
      if (variableOf(value) || !met.insert(value.node).second)
        continue;
      const Node &node = at(value);
      if (node.type() == "Enter") {
        if (node.inputs.size() != 1)
          return false;
        loop_.captured.push_back(value.node);
      } else if (node.type() == "TensorArrayReadV3") {
        if (!addSequence(value.node))
          return false;
      } else if (node.is({"Switch", "Merge", "Exit", "NextIteration", "LoopCond"}) ||
                 node.type().starts_with("TensorArray") || node.type().starts_with("Stack")) {
        return false; // another loop, or a condition, inside
      } else {
        loop_.body.push_back(value.node);
        open.insert(open.end(), node.inputs.begin(), node.inputs.end());
      }
    }
    std::ranges::sort(loop_.captured);
    loop_.reverse = reverse_.value_or(false);
    if (loop_.reverse) {
      const auto isStepNode = [&](int node) { return isStepOfReverse({node, 0}); };
      std::ranges::copy_if(loop_.body, std::back_inserter(loop_.step_nodes), isStepNode);
      std::erase_if(loop_.body, isStepNode);
    }
    return true;
  }

  /// TensorArrayReadV3: the array, the index, the flow, which a TensorArrayScatterV3 has given.
  bool addSequence(int read) {
    const auto &inputs = nodes_[read].inputs;
    if (inputs.size() != 3)
      return false;
    const std::optional<NodeOutput> array = outsideOf(inputs[0]), flow = outsideOf(inputs[2]);
    if (!array || !flow || at(*flow).type() != "TensorArrayScatterV3" ||
        at(*flow).inputs.size() != 4 || at(*flow).inputs[0].node != array->node ||
        at(at(*flow).inputs[1]).type() != "Range" || !addArray(*array) || !isStep(inputs[1]))
      return false;
    loop_.frame.insert(loop_.frame.end(), {inputs[0].node, inputs[2].node, flow->node});
    loop_.sequences.push_back({read, at(*flow).inputs[2]});
    return true;
  }

  //===--- Condition --------------------------------------------------------------------------===//

  bool readCondition() {
    if (loop_.steps.node < 0 || nodes_[condition_].inputs.size() != 1)
      return false;
    NodeOutput root = nodes_[condition_].inputs[0];
    std::vector<NodeOutput> parts{root};
    if (is(root, {"LogicalAnd"})) {
      parts = at(root).inputs;
      if (parts.size() != 2)
        return false;
      loop_.frame.push_back(root.node);
    }
    return std::ranges::all_of(parts, [&](NodeOutput part) { return readBound(part); });
  }

  /// counter < steps
  bool readBound(NodeOutput part) {
    if (!is(part, {"Less"}) || at(part).inputs.size() != 2)
      return false;
    const NodeOutput counter = at(part).inputs[0], limit = at(part).inputs[1];
    const bool counts = std::ranges::any_of(
        loop_.counters, [&](const LoopVariable &v) { return v.merge == counter.node; });
    const std::optional<NodeOutput> bound = outsideOf(limit);
    if (!counts || !bound)
      return false;
    loop_.frame.insert(loop_.frame.end(), {part.node, limit.node});
    return isSteps(*bound);
  }

  /// The number of steps; or no more than it, where the last sequence's end comes first: then all
  /// that is left of the steps gives zeros and leaves the states as they are.
  bool isSteps(NodeOutput bound) const {
    if (bound == loop_.steps)
      return true;
    if (loop_.reverse || !is(bound, {"Minimum"}) || at(bound).inputs.size() != 2 ||
        !(at(bound).inputs[0] == loop_.steps))
      return false;
    const NodeOutput least = at(bound).inputs[1]; // maximum(1, the greatest length)
    if (!is(least, {"Maximum"}) || at(least).inputs.size() != 2 ||
        integer(at(least).inputs[0]).value_or(2) > 1)
      return false;
    const NodeOutput greatest = at(least).inputs[1];
    return greatest == loop_.steps || (is(greatest, {"Max"}) && at(greatest).inputs.size() == 2 &&
                                       endsAt(at(greatest).inputs[0]));
  }

  /// All that the loop makes is chosen by counter >= lengths.
  bool endsAt(NodeOutput lengths) const {
    const auto chosen = [&](NodeOutput value) {
      if (!is(value, {"Select", "SelectV2"}) || at(value).inputs.size() != 3)
        return false;
      const NodeOutput ended = at(value).inputs[0];
      if (!is(ended, {"GreaterEqual"}) || at(ended).inputs.size() != 2)
        return false;
      const std::optional<NodeOutput> limit = outsideOf(at(ended).inputs[1]);
      return isCounterInBody(at(ended).inputs[0]) && limit &&
             behindCopies(*limit) == behindCopies(lengths);
    };
    return std::ranges::all_of(loop_.states,
                               [&](const LoopVariable &v) {
                                 const NodeOutput value = v.updated;
                                 const LoopVariable *kept =
                                     chosen(value) ? variableOf(at(value).inputs[1]) : nullptr;
                                 return kept && kept->branch == v.branch;
                               }) &&
           std::ranges::all_of(loop_.outputs,
                               [&](const LoopOutput &output) { return chosen(output.step); });
  }

  NodeOutput behindCopies(NodeOutput value) const {
    while (is(value, {"Identity"}) && at(value).inputs.size() == 1)
      value = at(value).inputs[0];
    return value;
  }

  //===--- What leaves the loop ---------------------------------------------------------------===//

  bool readGathers() {
    for (std::size_t k = 0; k < flows_.size(); ++k) {
      if (flows_[k].exit < 0)
        continue;
      for (int reader : readersOf(flows_[k].exit)) {
        const Node &node = nodes_[reader];
        if (node.type() != "TensorArrayGatherV3" || node.inputs.size() != 3 ||
            node.inputs[0].node != flows_[k].initial.node || !is(node.inputs[1], {"Range"}))
          return false;
        loop_.outputs[k].gathered.push_back(reader);
      }
      loop_.frame.push_back(flows_[k].exit);
    }
    return true;
  }

  void collectFrame() {
    const auto &attributes = nodes_[variables_.begin()->second.entrance].def->attr();
    const auto found = attributes.find("frame_name");
    loop_.name = found == attributes.end() ? nodes_[condition_].name() : found->second.s();
    if (const std::size_t slash = loop_.name.rfind('/'); slash != std::string::npos)
      loop_.name.resize(slash); // "rnn/while/while_context"
    std::unordered_set<int> before{loop_.steps.node};
    for (const auto &[branch, v] : variables_) {
      loop_.frame.insert(loop_.frame.end(), {v.entrance, v.merge, v.branch, v.next});
      if (isCounter(v))
        loop_.frame.push_back(v.updated.node);
    }
    for (const LoopVariable &state : loop_.states)
      before.insert(state.initial.node);
    for (const LoopSequence &sequence : loop_.sequences)
      before.insert(sequence.whole.node);
    for (int enter : loop_.captured)
      before.insert(nodes_[enter].inputs[0].node);
    loop_.before.assign(before.begin(), before.end());
    loop_.frame.push_back(condition_);
  }

  const NodeGraph &nodes_;
  const std::vector<std::vector<int>> &readers_;
  int condition_;
  std::unordered_map<int, LoopVariable> variables_; ///< by Switch
  std::vector<LoopVariable> flows_;                 ///< of the outputs, in their order
  std::optional<bool> reverse_;                     ///< known once an array is met
  RecurrentLoop loop_;
};

} // namespace

std::vector<RecurrentLoop> findRecurrentLoops(const NodeGraph &nodes,
                                              const std::vector<bool> &leftOut) {
  std::vector<int> conditions;
  for (int i = 0; i < nodes.size(); ++i)
    if (nodes[i].type() == "LoopCond" && !leftOut[static_cast<std::size_t>(i)])
      conditions.push_back(i);
  if (conditions.empty())
    return {};
  std::vector<std::vector<int>> readers(static_cast<std::size_t>(nodes.size()));
  for (int i = 0; i < nodes.size(); ++i)
    if (!leftOut[static_cast<std::size_t>(i)])
      for (const NodeOutput &from : nodes[i].inputs)
        readers[static_cast<std::size_t>(from.node)].push_back(i);
  std::vector<RecurrentLoop> loops;
  for (int condition : conditions)
    if (std::optional<RecurrentLoop> loop = LoopReader(nodes, readers, condition).read())
      loops.push_back(std::move(*loop));
  return loops;
}

} // namespace graphc::importing
