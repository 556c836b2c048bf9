// From messages to recorded ops.
//
// All that can be wrong with the graph as a whole (names, inputs, cycles, op types) is looked for
// before anything is recorded; then each node is recorded by its type's rule, inputs first.
#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "frontend/Gradients.h"
#include "frontend/RecordTransaction.h"
#include "frontend/import/ControlInputs.h"
#include "frontend/import/DataflowRecording.h"
#include "frontend/import/FunctionLibrary.h"
#include "frontend/import/GradientSections.h"
#include "frontend/import/GraphFile.h"
#include "frontend/import/ImportGraphDef.h"
#include "frontend/import/ImportRules.h"
#include "frontend/import/LeftOutNodes.h"
#include "frontend/import/LoopRecording.h"
#include "frontend/import/Refusals.h"
#include "frontend/ops/Math.h"

namespace graphc {

using namespace importing;

namespace {

class Importer {
public:
  Importer(Graph &graph, const proto::GraphDef &message, const GraphSource &source,
           const ImportOptions &options, Where where)
      : nodes_(message, source.name()), functions_(message, source.name()), options_(options),
        state_{.graph = graph,
               .nodes = nodes_,
               .source = source.name(),
               .prefix = prefixOf(options.prefix),
               .where = where,
               .functions = &functions_,
               .lists_grow = listsGrow(message)} {
    state_.values.resize(static_cast<std::size_t>(nodes_.size()));
  }

  /// Which variables are trained; all of them where nothing is said.
  void setTrainable(std::unordered_set<std::string> names) { trainable_ = std::move(names); }

  /// All of it, or, where it throws, nothing.
  std::vector<ImportedElement> run() {
    RecordTransaction transaction(state_.graph);
    checkInputCounts(nodes_, functions_, state_.source);
    leftOut_ = findLeftOut(nodes_);
    recogniseGradients();
    recogniseLoops();
    dataflow_.emplace(state_, nodes_, leftOut_);
    refuseUnknownOps(nodes_, withoutRules(), dataflow_->insideByRule(), functions_, state_.source);
    for (const auto &[name, tensor] : options_.input_map)
      replace(name, tensor);
    const std::vector<int> order = nodes_.order(leftOut_);
    reserveNames(order);
    for (int node : order)
      record(node);
    addVariables();
    std::vector<ImportedElement> elements;
    for (const std::string &name : options_.return_elements)
      elements.push_back(element(name));
    // What no rule of a node type asks for, the recorded op does: an update of its variable's
    // shape, for example.
    if (const std::string problems = transaction.problems(); !problems.empty())
      throw Error(Code::invalid_argument,
                  fmt::format("{}: {}", state_.source, problems.substr(0, problems.find('\n'))));
    transaction.keep();
    return elements;
  }

  bool isLeftOut(int node) const { return leftOut_[static_cast<std::size_t>(node)]; }
  const NodeGraph &nodes() const { return nodes_; }
  const std::string &prefix() const { return state_.prefix; }

private:
  static std::string prefixOf(const std::string &prefix) {
    return prefix.empty() || prefix.ends_with('/') ? prefix : prefix + "/";
  }

  /// TensorFlow 2's form of a TensorArray with dynamic_size.
  static bool listsGrow(const proto::GraphDef &message) {
    const auto grows = [](const proto::NodeDef &node) {
      const auto found = node.attr().find("resize_if_index_out_of_bounds");
      return found != node.attr().end() && found->second.b();
    };
    return std::ranges::any_of(message.node(), grows) ||
           std::ranges::any_of(message.library().function(), [&](const proto::FunctionDef &f) {
             return std::ranges::any_of(f.node_def(), grows);
           });
  }

  /// The border of each section comes after all that its request for gradients names.
  void recogniseGradients() {
    sections_ = findGradientSections(nodes_);
    for (int node : shortcutRowSums(nodes_))
      leftOut_[static_cast<std::size_t>(node)] = true;
    for (std::size_t k = 0; k < sections_.size(); ++k) {
      const GradientSection &section = sections_[k];
      for (int node : section.inner)
        leftOut_[static_cast<std::size_t>(node)] = true;
      for (const GradientBorder &border : section.border) {
        border_[border.node] = {k, border};
        nodes_.setInputs(border.node, {});
        for (const NodeOutput &y : section.ys)
          nodes_.addOrder(border.node, y.node);
        for (const GradientBorder &other : section.border)
          nodes_.addOrder(border.node, other.of.node);
      }
    }
    gradients_.resize(sections_.size());
  }

  /// Nodes that need no rule of their type.
  std::vector<bool> withoutRules() const {
    std::vector<bool> settled = leftOut_;
    for (const auto &[node, border] : border_)
      settled[static_cast<std::size_t>(node)] = true;
    for (const auto &[node, loop] : loopEnds_)
      settled[static_cast<std::size_t>(node)] = true;
    for (const RecurrentLoop &loop : loops_) // recorded with the loop
      for (int node : loop.body)
        settled[static_cast<std::size_t>(node)] = false;
    for (int node = 0; node < nodes_.size(); ++node)
      if (dataflow_->isEnd(node))
        settled[static_cast<std::size_t>(node)] = true;
    for (int node : dataflow_->insideByRule())
      settled[static_cast<std::size_t>(node)] = loopEnds_.contains(node);
    return settled;
  }

  /// What leaves a loop is recorded where it first is needed, and the loop with it.
  void recogniseLoops() {
    loops_ = findRecurrentLoops(nodes_, leftOut_);
    for (std::size_t k = 0; k < loops_.size(); ++k) {
      const RecurrentLoop &loop = loops_[k];
      for (const std::vector<int> *list : {&loop.frame, &loop.copies, &loop.captured, &loop.body})
        for (int node : *list)
          leftOut_[static_cast<std::size_t>(node)] = true;
      for (const LoopSequence &sequence : loop.sequences)
        leftOut_[static_cast<std::size_t>(sequence.read)] = true;
      std::vector<int> ends;
      for (const std::vector<LoopVariable> *variables : {&loop.states, &loop.counters})
        for (const LoopVariable &variable : *variables)
          if (variable.exit >= 0)
            ends.push_back(variable.exit);
      for (const LoopOutput &output : loop.outputs)
        ends.insert(ends.end(), output.gathered.begin(), output.gathered.end());
      for (int end : ends) {
        loopEnds_[end] = k;
        nodes_.setInputs(end, {});
        for (int before : loop.before)
          nodes_.addOrder(end, before);
      }
    }
    loopsRecorded_.resize(loops_.size());
  }

  void recordLoopOnce(std::size_t k) {
    if (loopsRecorded_[k])
      return;
    loopsRecorded_[k] = true;
    std::vector<bool> others(static_cast<std::size_t>(nodes_.size()), true);
    for (int node : loops_[k].body)
      others[static_cast<std::size_t>(node)] = false;
    recordLoop(state_, loops_[k], nodes_.order(others),
               [this](int node) { recordByRule(state_, node); });
  }

  /// Records nodes of a loop's or branch's region, which may be recorded more than once: what is
  /// inside of it then is again to be recorded.
  void recordInside(const std::vector<int> &order) {
    for (int node : order) {
      if (const auto loop = loopEnds_.find(node); loop != loopEnds_.end())
        loopsRecorded_[loop->second] = false;
      if (dataflow_->isEnd(node))
        dataflow_->forget(node);
    }
    for (int node : order)
      if (const auto loop = loopEnds_.find(node); loop != loopEnds_.end())
        recordLoopOnce(loop->second);
      else if (dataflow_->isEnd(node))
        recordDataflow(node);
      else
        recordByRule(state_, node);
  }
  void recordDataflow(int end) {
    dataflow_->record(end, [this](const std::vector<int> &order) { recordInside(order); });
  }

  Output valueOf(NodeOutput from) const {
    const auto &values = state_.values[static_cast<std::size_t>(from.node)];
    if (from.index >= static_cast<int>(values.size()) ||
        !values[static_cast<std::size_t>(from.index)].tensor)
      throw Error(Code::invalid_argument,
                  fmt::format("{}: node '{}' has no output {} that gradients could flow through",
                              state_.source, nodes_[from.node].name(), from.index));
    return values[static_cast<std::size_t>(from.index)].tensor;
  }

  /// The tensor; of a variable, which a loop or branch reads itself, all its reads.
  std::vector<Output> differentiableBy(NodeOutput from) const {
    const auto &values = state_.values[static_cast<std::size_t>(from.node)];
    if (values.empty() || !values.front().variable || values.front().tensor)
      return {valueOf(from)};
    const auto &reads = state_.graph.state().reads;
    const auto found = reads.find(values.front().variable->op_name);
    return found == reads.end() ? std::vector<Output>() : found->second;
  }

  /// The gradients of one section, by tensor; one request for all of them.
  const std::map<std::pair<int, int>, Output> &gradientsOf(std::size_t k) {
    std::map<std::pair<int, int>, Output> &made = gradients_[k];
    if (!made.empty())
      return made;
    const GradientSection &section = sections_[k];
    std::vector<Output> ys, xs;
    for (const NodeOutput &y : section.ys)
      ys.push_back(valueOf(y));
    std::vector<std::pair<int, int>> keys;
    for (const GradientBorder &border : section.border) {
      const std::pair<int, int> key{border.of.node, border.of.index};
      if (border.kind == GradientBorder::Kind::indices ||
          std::ranges::find(keys, key) != keys.end())
        continue;
      const std::vector<Output> by = differentiableBy(border.of);
      keys.insert(keys.end(), by.size(), key);
      xs.insert(xs.end(), by.begin(), by.end());
    }
    const std::string scope = state_.prefix + section.scope + "/";
    const std::vector<Output> gradients = graphc::gradients(ys, xs, {.name = scope}, state_.where);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      Output &sum = made[keys[i]];
      if (gradients[i])
        sum = sum ? add(sum, gradients[i], scope + "by_reads", state_.where) : gradients[i];
    }
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (!made[keys[i]])
        throw Error(Code::invalid_argument, fmt::format("{}: no gradient of '{}' reaches '{}'",
                                                        state_.source, ys[0].name(), xs[i].name()));
    return made;
  }

  void recordBorder(int node, std::size_t section, const GradientBorder &border) {
    NodeContext context(state_, node);
    const Node &gather = nodes_[border.of.node];
    if (border.kind == GradientBorder::Kind::indices) {
      const Output indices = valueOf(gather.inputs.at(1));
      return context.result(
          context.record("reshape", {indices}, {{"shape", std::vector<std::int64_t>{-1}}}));
    }
    const Output gradient = gradientsOf(section).at({border.of.node, border.of.index});
    if (border.kind == GradientBorder::Kind::tensor)
      return context.result(context.record("identity", {gradient}));
    // One row for each index, of the variable's further extents.
    const NodeValue &params = state_.values[static_cast<std::size_t>(gather.inputs.at(0).node)].at(
        static_cast<std::size_t>(gather.inputs[0].index));
    const Shape rows = params.variable ? params.variable->shape : params.tensor.shape();
    if (!rows.has_rank() || rows.rank() < 1)
      throw Error(Code::unimplemented,
                  fmt::format("{}: node '{}': the gradient by rows of a tensor of unknown rank",
                              state_.source, nodes_[node].name()));
    std::vector<std::int64_t> extents = rows.extents();
    extents[0] = -1;
    context.result(context.record("reshape", {gradient}, {{"shape", extents}}));
  }

  void replace(const std::string &name, const Output &tensor) {
    const NodeOutput from =
        nodes_.resolve(name, fmt::format("the tensor '{}' of the input map", name));
    state_.replaced[fmt::format("{}:{}", nodes_[from.node].name(), from.index)] = tensor;
  }

  /// So that the constants that rules make get other names than nodes that come later.
  void reserveNames(const std::vector<int> &order) {
    NameScope root(state_.graph, "");
    NameTable &names = state_.graph.state().names;
    std::vector<int> all = order;
    all.insert(all.end(), dataflow_->insideByRule().begin(), dataflow_->insideByRule().end());
    for (int node : all) {
      const std::string name = state_.prefix + nodes_[node].name();
      if (isTaken(name))
        throw Error(
            Code::already_exists,
            fmt::format("{}: the graph has an op called '{}' already: import it under another "
                        "prefix",
                        state_.source, name));
      names.unique_name(name);
    }
  }

  bool isTaken(const std::string &name) const {
    try {
      state_.graph.get_operation_by_name(name);
      return true;
    } catch (const Error &) {
      return false;
    }
  }

  void record(int index) {
    const Node &node = nodes_[index];
    if (const auto found = border_.find(index); found != border_.end()) {
      recordBorder(index, found->second.first, found->second.second);
      state_.graph.check();
      return nameOutputs(index);
    }
    if (const auto found = loopEnds_.find(index); found != loopEnds_.end()) {
      recordLoopOnce(found->second);
      return nameOutputs(index);
    }
    if (dataflow_->isEnd(index)) {
      recordDataflow(index);
      // An op of the node's name, which brings about what the loop or branch updates.
      if (NodeValue &made = state_.values[static_cast<std::size_t>(index)].front();
          made.tensor && !made.variable)
        made.tensor = NodeContext(state_, index).record("identity", {made.tensor});
      return nameOutputs(index);
    }
    std::vector<std::string> before;
    for (int control : node.controls)
      if (!isLeftOut(control))
        before.push_back(state_.prefix + nodes_[control].name());
    {
      const ControlInputs after(state_.graph, before);
      recordByRule(state_, index);
    }
    nameOutputs(index);
  }

  /// Where the results are not those of an op of the node's name, they are found by it all the
  /// same.
  void nameOutputs(int index) {
    const std::string name = state_.prefix + nodes_[index].name();
    const auto &values = state_.values[static_cast<std::size_t>(index)];
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::string tensor = fmt::format("{}:{}", name, k);
      if (values[k].tensor && !values[k].variable && values[k].tensor.name() != tensor)
        state_.graph.state().aliases[tensor] = values[k].tensor;
    }
    const bool isOp = std::ranges::none_of(
        values, [](const NodeValue &value) { return value.variable || value.text || value.seeds; });
    if (isOp && !isTaken(name))
      state_.graph.no_op(name + "/", state_.where);
  }

  /// Handles to the variables, once their reads and initializers are known.
  void addVariables() {
    for (const ImportedVariable &imported : state_.variables) {
      auto data = std::make_shared<Variable::Data>();
      data->graph = &state_.graph;
      data->op_name = imported.op_name;
      data->dtype = imported.dtype;
      data->shape = imported.shape;
      data->trainable = isTrainable(imported.op_name);
      data->op = recordVariable(state_.graph, imported.op_name, {imported.dtype, imported.shape},
                                data->trainable, state_.where);
      if (const auto found = state_.initializers.find(imported.op_name);
          found != state_.initializers.end()) {
        data->initializer = found->second;
        data->initial_value = state_.initial_values.at(imported.op_name);
      }
      const auto read = state_.reads.find(imported.op_name);
      data->value = read != state_.reads.end()
                        ? read->second
                        : recordRead(state_, imported, imported.op_name + "/read");
      const Variable variable{std::shared_ptr<const Variable::Data>(data)};
      GraphState &state = state_.graph.state();
      state.variables.push_back(variable);
      state.variables_by_name[imported.op_name] = variable;
      state.shared_variables[imported.op_name] = variable;
    }
  }

  bool isTrainable(const std::string &name) const {
    return !trainable_ || trainable_->contains(name.substr(state_.prefix.size()));
  }

  ImportedElement element(const std::string &name) const {
    const NodeOutput wanted = nodes_.resolve(name, fmt::format("the element '{}' to return", name));
    const std::string op = state_.prefix + nodes_[wanted.node].name();
    if (isLeftOut(wanted.node))
      throw Error(
          Code::unimplemented,
          fmt::format("{}: the element '{}' to return serves saving, restoring or checking, "
                      "which is left out",
                      state_.source, name));
    if (const std::size_t outputs = state_.values[static_cast<std::size_t>(wanted.node)].size();
        wanted.index > 0 && static_cast<std::size_t>(wanted.index) >= outputs)
      throw Error(Code::not_found,
                  fmt::format("{}: the element '{}' to return: node '{}' ({}) has {} output{}",
                              state_.source, name, nodes_[wanted.node].name(),
                              nodes_[wanted.node].type(), outputs, outputs == 1 ? "" : "s"));
    if (name.find(':') == std::string::npos)
      return {state_.graph.get_operation_by_name(op), {}};
    const Output tensor = state_.graph.get_tensor_by_name(fmt::format("{}:{}", op, wanted.index));
    return {tensor.op(), tensor};
  }

  NodeGraph nodes_;
  FunctionLibrary functions_;
  const ImportOptions &options_;
  ImportState state_;
  std::vector<bool> leftOut_;
  std::vector<GradientSection> sections_;
  /// By node: the number of its section, and what it is there.
  std::unordered_map<int, std::pair<std::size_t, GradientBorder>> border_;
  std::vector<std::map<std::pair<int, int>, Output>> gradients_; ///< by section
  std::vector<RecurrentLoop> loops_;
  std::vector<bool> loopsRecorded_;
  std::unordered_map<int, std::size_t> loopEnds_; ///< by node: the loop that it leaves
  std::optional<DataflowRecording> dataflow_;
  std::optional<std::unordered_set<std::string>> trainable_;
};

/// The names in a collection; nothing where it holds other things.
std::optional<std::vector<std::string>> namesIn(const proto::CollectionDef &collection) {
  std::vector<std::string> names;
  if (collection.has_node_list())
    return std::vector<std::string>(collection.node_list().value().begin(),
                                    collection.node_list().value().end());
  if (!collection.has_bytes_list())
    return std::nullopt;
  for (const std::string &bytes : collection.bytes_list().value()) {
    proto::VariableDef variable;
    if (!variable.ParseFromString(bytes) || variable.variable_name().empty())
      return std::nullopt;
    names.push_back(variable.variable_name().substr(0, variable.variable_name().rfind(':')));
  }
  return names;
}

} // namespace

std::vector<ImportedElement> import_graph_def(Graph &graph, const GraphSource &source,
                                              const ImportOptions &options, Where where) {
  const proto::GraphDef message = readGraphDef(source);
  return Importer(graph, message, source, options, where).run();
}

ImportedMetaGraph import_meta_graph(Graph &graph, const GraphSource &source,
                                    const ImportOptions &options, Where where) {
  const proto::MetaGraphDef message = readMetaGraphDef(source);
  Importer importer(graph, message.graph_def(), source, options, where);
  std::map<std::string, std::vector<std::string>> collections;
  for (const auto &[name, collection] : message.collection_def())
    if (std::optional<std::vector<std::string>> names = namesIn(collection))
      collections[name] = std::move(*names);
  if (const auto found = collections.find("trainable_variables"); found != collections.end())
    importer.setTrainable({found->second.begin(), found->second.end()});
  ImportedMetaGraph imported;
  imported.return_elements = importer.run();
  for (auto &[name, members] : collections)
    for (std::string &member : members)
      if (!member.starts_with('^'))
        imported.collections[name].push_back(importer.prefix() + member);
  return imported;
}

} // namespace graphc
