#include "frontend/import/FunctionRecording.h"

#include <fmt/format.h>

#include "frontend/import/ControlInputs.h"
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

class FunctionRecorder {
public:
  FunctionRecorder(ImportState &caller, const ImportedFunction &function, const std::string &scope)
      : caller_(caller), function_(function), nodes_(*function.nodes),
        state_{.graph = caller.graph,
               .nodes = nodes_,
               .source = function.source,
               .prefix = uniqueScope(caller.graph, scope) + "/",
               .where = caller.where,
               .functions = caller.functions,
               .lists_grow = caller.lists_grow,
               .step = caller.step,
               .held = caller.held} {
    state_.values.resize(static_cast<std::size_t>(nodes_.size()));
  }

  RecordedCall run(std::vector<NodeValue> arguments) {
    for (std::size_t k = 0; k < arguments.size(); ++k)
      state_.values[static_cast<std::size_t>(function_.arguments[k])] = {std::move(arguments[k])};
    leaveOut();
    const std::vector<int> order = nodes_.order(leftOut_);
    for (int node : order)
      state_.graph.state().names.unique_name(state_.prefix + nodes_[node].name());
    for (int node : order)
      record(node);
    RecordedCall call{.updates = std::move(updates_)};
    for (std::size_t k = 0; k < function_.results.size(); ++k)
      call.results.push_back(result(function_.results[k]));
    giveBack();
    return call;
  }

private:
  static std::string uniqueScope(Graph &graph, const std::string &scope) {
    return graph.state().names.unique_name(scope);
  }

  /// Arguments, and nodes that check and print; whatever reads those.
  void leaveOut() {
    leftOut_.assign(static_cast<std::size_t>(nodes_.size()), false);
    for (int i : nodes_.order(leftOut_)) {
      const Node &node = nodes_[i];
      leftOut_[static_cast<std::size_t>(i)] =
          isLeftOut(node.type()) || std::ranges::any_of(node.inputs, [&](const NodeOutput &from) {
            return leftOut_[static_cast<std::size_t>(from.node)];
          });
    }
    for (int argument : function_.arguments)
      leftOut_[static_cast<std::size_t>(argument)] = true;
  }

  void record(int index) {
    const Node &node = nodes_[index];
    // In a region there is nothing that runs for its effects.
    std::vector<std::string> before;
    if (!state_.held)
      for (int control : node.controls)
        if (hasOp(control))
          before.push_back(nameOf(control));
    {
      const ControlInputs after(state_.graph, before);
      recordByRule(state_, index);
    }
    if (state_.held)
      return;
    bool updates = updatesVariable(node.type());
    for (const FunctionUse &use : state_.functions->usedBy(node, state_.source))
      updates |= state_.functions->hasEffects(use.name);
    if (updates && hasOp(index))
      updates_.push_back(nameOf(index));
  }

  std::string nameOf(int node) const { return state_.prefix + nodes_[node].name(); }
  bool hasOp(int node) const {
    try {
      state_.graph.get_operation_by_name(nameOf(node));
      return true;
    } catch (const Error &) {
      return false;
    }
  }

  NodeValue result(NodeOutput from) const {
    const auto &values = state_.values[static_cast<std::size_t>(from.node)];
    if (from.index >= static_cast<int>(values.size()))
      throw Error(Code::invalid_argument,
                  fmt::format("{}: a result is output {} of node '{}' ({}), which has {}",
                              state_.source, from.index, nodes_[from.node].name(),
                              nodes_[from.node].type(), values.size()));
    return values[static_cast<std::size_t>(from.index)];
  }

  /// What the caller knows of variables then.
  void giveBack() {
    caller_.held = std::move(state_.held);
    caller_.variables.insert(caller_.variables.end(), state_.variables.begin(),
                             state_.variables.end());
    if (caller_.held)
      return;
    caller_.initial_values.merge(state_.initial_values);
    caller_.initializers.merge(state_.initializers);
    caller_.reads.merge(state_.reads);
  }

  ImportState &caller_;
  const ImportedFunction &function_;
  const NodeGraph &nodes_;
  ImportState state_;
  std::vector<bool> leftOut_;
  std::vector<std::string> updates_;
};

} // namespace

RecordedCall recordFunction(ImportState &caller, const ImportedFunction &function,
                            std::vector<NodeValue> arguments, const std::string &scope) {
  if (arguments.size() != function.arguments.size())
    throw Error(Code::invalid_argument,
                fmt::format("{}: expected {} argument{}, got {}", function.source,
                            function.arguments.size(), function.arguments.size() == 1 ? "" : "s",
                            arguments.size()));
  caller.functions->countRecorded(function);
  const NameScope root(caller.graph, "");
  return FunctionRecorder(caller, function, scope).run(std::move(arguments));
}

} // namespace graphc::importing
