#include "frontend/import/DataflowRecording.h"

#include <algorithm>

#include <fmt/format.h>

#include "frontend/import/ControlFlowRecording.h"
#include "frontend/import/FunctionLibrary.h"

namespace graphc::importing {

namespace {

/// While it lives, ops take names under another prefix.
class Prefix {
public:
  Prefix(ImportState &state, std::string prefix)
      : state_(state), before_(std::exchange(state.prefix, std::move(prefix))) {}
  ~Prefix() { state_.prefix = std::move(before_); }
  Prefix(const Prefix &) = delete;
  Prefix &operator=(const Prefix &) = delete;

private:
  ImportState &state_;
  std::string before_;
};

} // namespace

DataflowRecording::DataflowRecording(ImportState &state, NodeGraph &nodes,
                                     std::vector<bool> &leftOut)
    : state_(state), found_(findDataflowControls(nodes, leftOut)),
      owners_(static_cast<std::size_t>(nodes.size())) {
  for (const DataflowLoop &loop : found_.loops)
    all_.push_back(&loop);
  for (const DataflowBranches &branches : found_.branches)
    all_.push_back(&branches);
  recorded_.resize(all_.size());
  std::ranges::stable_sort(all_, {}, [](const DataflowControl *c) { return c->inside.size(); });
  for (std::size_t k = 0; k < all_.size(); ++k) {
    for (int node : all_[k]->inside)
      if (const DataflowControl *&owner = owners_[static_cast<std::size_t>(node)]; !owner)
        owner = all_[k];
    for (int end : all_[k]->ends)
      ends_[end] = k;
  }
  checkNesting();
  const auto addByRule = [&](const std::vector<int> &list, const DataflowControl &control) {
    for (int node : list)
      if (owners_[static_cast<std::size_t>(node)] == &control && !isEnd(node))
        byRule_.push_back(node);
  };
  for (const DataflowLoop &loop : found_.loops)
    for (const std::vector<int> *list : {&loop.conditionNodes, &loop.bodyNodes})
      addByRule(*list, loop);
  for (const DataflowBranches &branches : found_.branches)
    for (const std::vector<int> *list : {&branches.falseNodes, &branches.trueNodes})
      addByRule(*list, branches);
  for (const DataflowControl *control : all_) {
    for (int node : control->inside)
      leftOut[static_cast<std::size_t>(node)] = true;
    for (int end : control->ends)
      for (int before : control->before)
        nodes.addOrder(end, before);
  }
  leaveOutUnused(leftOut);
}

/// What would be recorded without end, or deeper than the stack goes.
void DataflowRecording::checkNesting() const {
  constexpr std::size_t kDeepest = 200;
  for (const DataflowControl *control : all_) {
    std::vector<const DataflowControl *> around{control}; // and what it stands in, outwards
    for (std::size_t k = 0; k < around.size(); ++k)
      for (int end : around[k]->ends) {
        const DataflowControl *owner = owners_[static_cast<std::size_t>(end)];
        if (owner == control)
          throw Error(Code::invalid_argument,
                      fmt::format("{}: '{}' needs its own result, by node '{}' ({})", state_.source,
                                  control->name, state_.nodes[end].name(),
                                  state_.nodes[end].type()));
        if (owner && std::ranges::find(around, owner) == around.end())
          around.push_back(owner);
        if (around.size() > kDeepest)
          throw Error(Code::invalid_argument,
                      fmt::format("{}: loops and branches stand in each other more than {} deep",
                                  state_.source, kDeepest));
      }
  }
}

/// Values inside leave only by the ends: what else reads them has no use. The pivots of tf.cond,
/// which control inputs alone name, need not even lie inside.
void DataflowRecording::leaveOutUnused(std::vector<bool> &leftOut) const {
  std::vector<std::vector<int>> readers(leftOut.size());
  for (int i = 0; i < state_.nodes.size(); ++i)
    if (!leftOut[static_cast<std::size_t>(i)])
      for (const NodeOutput &from : state_.nodes[i].inputs)
        readers[static_cast<std::size_t>(from.node)].push_back(i);
  const auto readersOf = [&](int node) -> const std::vector<int> & {
    return readers[static_cast<std::size_t>(node)];
  };
  std::vector<int> open;
  for (const DataflowControl *control : all_)
    open.insert(open.end(), control->inside.begin(), control->inside.end());
  for (int i = 0; i < state_.nodes.size(); ++i)
    if (!leftOut[static_cast<std::size_t>(i)] && state_.nodes[i].type() == "Switch" &&
        std::ranges::all_of(readersOf(i), [&](int reader) {
          return state_.nodes[reader].type() == "Identity" && readersOf(reader).empty();
        })) {
      leftOut[static_cast<std::size_t>(i)] = true;
      open.push_back(i);
    }
  while (!open.empty()) {
    const int node = open.back();
    open.pop_back();
    for (int reader : readersOf(node))
      if (!leftOut[static_cast<std::size_t>(reader)] && !isEnd(reader) &&
          !state_.nodes[reader].type().ends_with("Merge")) {
        leftOut[static_cast<std::size_t>(reader)] = true;
        open.push_back(reader);
      }
  }
}

void DataflowRecording::record(int end, const RecordNodes &recordNodes) {
  const std::size_t k = ends_.at(end);
  if (recorded_[k])
    return;
  recorded_[k] = true;
  const DataflowControl *control = all_[k];
  for (const DataflowLoop &loop : found_.loops)
    if (&loop == control)
      return recordLoop(loop, recordNodes);
  for (const DataflowBranches &branches : found_.branches)
    if (&branches == control)
      return recordBranches(branches, recordNodes);
}

std::vector<int> DataflowRecording::ordered(const std::vector<int> &nodes,
                                            const DataflowControl &control) const {
  std::vector<bool> others(owners_.size(), true);
  for (int node : nodes)
    others[static_cast<std::size_t>(node)] = owners_[static_cast<std::size_t>(node)] != &control;
  return state_.nodes.order(others);
}

NodeValue DataflowRecording::valueOf(NodeOutput from, const DataflowControl &control) const {
  const auto &values = state_.values[static_cast<std::size_t>(from.node)];
  if (from.index >= static_cast<int>(values.size()))
    throw Error(Code::invalid_argument,
                fmt::format("{}: '{}' needs output {} of node '{}' ({}), which has {}",
                            state_.source, control.name, from.index, state_.nodes[from.node].name(),
                            state_.nodes[from.node].type(), values.size()));
  const auto replaced =
      state_.replaced.find(fmt::format("{}:{}", state_.nodes[from.node].name(), from.index));
  if (replaced != state_.replaced.end())
    return {.tensor = replaced->second};
  return values[static_cast<std::size_t>(from.index)];
}

/// The variables that nodes of the list assign: an update's first inputs lead back to them.
void DataflowRecording::addAssigned(const std::vector<int> &nodes,
                                    std::vector<ImportedVariable> &all) const {
  for (int index : nodes) {
    const std::vector<NodeOutput> &inputs = state_.nodes[index].inputs;
    const std::size_t updated = numUpdatedVariables(state_.nodes[index].type());
    for (std::size_t k = 0; k < updated && k < inputs.size(); ++k) {
      const auto &values = state_.values[static_cast<std::size_t>(behindCopies(inputs[k]).node)];
      if (values.empty() || !values.front().variable)
        continue;
      const ImportedVariable &variable = *values.front().variable;
      if (std::ranges::find(all, variable.op_name, &ImportedVariable::op_name) == all.end())
        all.push_back(variable);
    }
  }
}

/// Where the value comes from, through what brings it into loops and branches.
NodeOutput DataflowRecording::behindCopies(NodeOutput value) const {
  for (const Node *node = &state_.nodes[value.node];
       !node->inputs.empty() && (node->type().ends_with("Enter") ||
                                 node->type().ends_with("Switch") || node->type() == "Identity");
       node = &state_.nodes[value.node])
    value = node->inputs[0];
  return value;
}

std::string DataflowRecording::nameOf(const DataflowControl &control) const {
  const NameScope root(state_.graph, "");
  return state_.graph.state().names.unique_name(state_.prefix + control.name);
}

void DataflowRecording::recordLoop(const DataflowLoop &loop, const RecordNodes &recordNodes) {
  NodeContext c(state_, loop.loopCond);
  const auto set = [&](int node, std::vector<NodeValue> values) {
    state_.values[static_cast<std::size_t>(node)] = std::move(values);
  };
  ImportedLoop made{.name = nameOf(loop)};
  for (const LoopVariable &variable : loop.variables) {
    NodeValue initial = valueOf(variable.initial, loop);
    if (initial.variable)
      initial = {.tensor =
                     recordRead(state_, *initial.variable, initial.variable->op_name + "/read")};
    made.initial.push_back(std::move(initial));
  }
  for (int enter : loop.captured)
    set(enter, {valueOf(state_.nodes[enter].inputs.at(0), loop)});
  addAssigned(loop.bodyNodes, made.assigned);

  // Iterations that are only looked at must not take the names of the loop's.
  const auto prefixOf = [&](const std::string &scope, const char *region) {
    return scope == made.name + region ? state_.prefix : scope + "/";
  };
  made.condition = [&](std::vector<NodeValue> values, const std::string &scope) {
    for (std::size_t k = 0; k < values.size(); ++k)
      set(loop.variables[k].merge, {values[k]});
    const Prefix prefix(state_, prefixOf(scope, "/cond"));
    recordNodes(ordered(loop.conditionNodes, loop));
    return std::vector<NodeValue>{valueOf(state_.nodes[loop.loopCond].inputs[0], loop)};
  };
  made.body = [&](std::vector<NodeValue> values, const std::string &scope) {
    for (std::size_t k = 0; k < values.size(); ++k)
      set(loop.variables[k].branch, {values[k], values[k]});
    const Prefix prefix(state_, prefixOf(scope, "/body"));
    recordNodes(ordered(loop.bodyNodes, loop));
    std::vector<NodeValue> updated;
    for (const LoopVariable &variable : loop.variables)
      updated.push_back(valueOf(variable.updated, loop));
    return updated;
  };
  const std::vector<NodeValue> results = recordWhile(c, made);
  for (std::size_t k = 0; k < results.size(); ++k)
    if (loop.variables[k].exit >= 0)
      set(loop.variables[k].exit, {results[k]});
}

void DataflowRecording::recordBranches(const DataflowBranches &branches,
                                       const RecordNodes &recordNodes) {
  NodeContext c(state_, branches.ends.front());
  ImportedBranches made{.name = nameOf(branches), .pred = valueOf(branches.pred, branches).tensor};
  if (!made.pred)
    c.refuse("expected a scalar bool to choose by");
  for (int node : branches.switches) {
    const NodeValue value = valueOf(state_.nodes[node].inputs.at(0), branches);
    state_.values[static_cast<std::size_t>(node)] = {value, value};
  }
  const auto branch = [&](std::size_t input, const std::vector<int> &nodes) {
    addAssigned(nodes, made.assigned);
    return [&, input](const std::vector<NodeValue> &, const std::string &) {
      recordNodes(ordered(nodes, branches));
      std::vector<NodeValue> results;
      for (int end : branches.ends)
        results.push_back(valueOf(state_.nodes[end].inputs[input], branches));
      return results;
    };
  };
  made.then = branch(1, branches.trueNodes);
  made.otherwise = branch(0, branches.falseNodes);
  const std::vector<NodeValue> results = recordCond(c, made);
  // Output value_index is the number of the input that a Merge has passed on.
  const Output taken = c.helper("cast", {made.pred}, {{"dtype", int32}});
  for (std::size_t k = 0; k < results.size(); ++k)
    state_.values[static_cast<std::size_t>(branches.ends[k])] = {results[k], {.tensor = taken}};
}

} // namespace graphc::importing
