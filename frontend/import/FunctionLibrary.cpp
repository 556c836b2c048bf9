#include "frontend/import/FunctionLibrary.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "frontend/import/ImportRules.h"
#include "frontend/import/OutputNames.h"
#include "runtime/Status.h"

namespace graphc::importing {

namespace {

/// How op types call functions.
struct Caller {
  std::string_view type;
  std::vector<const char *> attributes;
  std::size_t first; ///< input that is the first argument
  bool isRegion;
};

const std::vector<Caller> &callers() {
  static const std::vector<Caller> table = {
      {"While", {"cond", "body"}, 0, true},
      {"StatelessWhile", {"cond", "body"}, 0, true},
      {"If", {"then_branch", "else_branch"}, 1, true},
      {"StatelessIf", {"then_branch", "else_branch"}, 1, true},
      {"Case", {"branches"}, 1, true},
      {"StatelessCase", {"branches"}, 1, true},
      {"PartitionedCall", {"f"}, 0, false},
      {"StatefulPartitionedCall", {"f"}, 0, false},
  };
  return table;
}

/// Brings a function's nodes into the form of a graph.
class FunctionReader {
public:
  FunctionReader(const proto::FunctionDef &definition, const FunctionLibrary &library,
                 ImportedFunction &function)
      : definition_(definition), library_(library), function_(function) {}

  void run() {
    proto::GraphDef &graph = function_.message;
    for (const proto::OpDef::ArgDef &argument : definition_.signature().input_arg()) {
      if (!argument.number_attr().empty() || !argument.type_list_attr().empty())
        throw Error(Code::unimplemented, fmt::format("{}: the argument '{}' is a list of tensors",
                                                     function_.source, argument.name()));
      arguments_.insert(argument.name());
      proto::NodeDef &node = *graph.add_node();
      node.set_name(argument.name());
      node.set_op("_Arg");
    }
    for (const proto::NodeDef &node : definition_.node_def())
      nodes_[node.name()] = &node;
    for (const proto::NodeDef &node : definition_.node_def()) {
      proto::NodeDef &copy = *graph.add_node();
      copy = node;
      for (std::string &input : *copy.mutable_input())
        if (!input.starts_with('^'))
          input = inGraph(
              input, fmt::format("input '{}' of node '{}' ({})", input, node.name(), node.op()));
    }
    function_.nodes = std::make_unique<NodeGraph>(graph, function_.source);
    for (const proto::OpDef::ArgDef &argument : definition_.signature().input_arg())
      function_.arguments.push_back(function_.nodes->find(argument.name()));
    for (const proto::OpDef::ArgDef &result : definition_.signature().output_arg()) {
      const auto found = definition_.ret().find(result.name());
      if (found == definition_.ret().end())
        refuse(fmt::format("the result '{}' is made by no node", result.name()));
      const std::string what = fmt::format("result '{}' ('{}')", result.name(), found->second);
      function_.results.push_back(function_.nodes->resolve(inGraph(found->second, what), what));
    }
  }

private:
  [[noreturn]] void refuse(const std::string &message) const {
    throw Error(Code::invalid_argument, function_.source + ": " + message);
  }

  /// "node:argument:1" as "node:3".
  std::string inGraph(const std::string &text, const std::string &what) const {
    const std::size_t first = text.find(':');
    if (first == std::string::npos) {
      if (!arguments_.contains(text))
        throw Error(Code::not_found, fmt::format("{}: {} does not exist", function_.source, what));
      return text;
    }
    const std::string name = text.substr(0, first);
    const auto node = nodes_.find(name);
    if (node == nodes_.end())
      throw Error(Code::not_found, fmt::format("{}: {} does not exist", function_.source, what));
    const std::size_t second = text.find(':', first + 1);
    int number = 0;
    const char *end = text.data() + text.size();
    if (second != std::string::npos)
      if (const auto [rest, error] = std::from_chars(text.data() + second + 1, end, number);
          error != std::errc() || rest != end || number < 0)
        refuse(what + " is no name of a tensor: expected 'node:output:number'");
    const std::string argument = text.substr(first + 1, second - first - 1);
    const std::optional<int> offset = outputOf(*node->second, argument);
    if (!offset)
      refuse(fmt::format("{}: {} has no output '{}'", what, node->second->op(), argument));
    return fmt::format("{}:{}", name, *offset + number);
  }

  std::optional<int> outputOf(const proto::NodeDef &node, const std::string &argument) const {
    const proto::FunctionDef *called = library_.definition(node.op());
    if (!called)
      return firstOutput(node, argument);
    const auto &results = called->signature().output_arg();
    for (int i = 0; i < results.size(); ++i)
      if (results[i].name() == argument)
        return i;
    return std::nullopt;
  }

  const proto::FunctionDef &definition_;
  const FunctionLibrary &library_;
  ImportedFunction &function_;
  std::unordered_set<std::string> arguments_;
  std::unordered_map<std::string, const proto::NodeDef *> nodes_;
};

} // namespace

FunctionLibrary::FunctionLibrary(const proto::GraphDef &graph, std::string source)
    : source_(std::move(source)) {
  for (const proto::FunctionDef &function : graph.library().function())
    if (!definitions_.emplace(function.signature().name(), &function).second)
      throw Error(Code::invalid_argument, fmt::format("{}: two functions are called '{}'", source_,
                                                      function.signature().name()));
}

const proto::FunctionDef *FunctionLibrary::definition(const std::string &name) const {
  const auto found = definitions_.find(name);
  return found == definitions_.end() ? nullptr : found->second;
}

const ImportedFunction &FunctionLibrary::at(const std::string &name) const {
  std::unique_ptr<ImportedFunction> &read = read_[name];
  if (read)
    return *read;
  const proto::FunctionDef *found = definition(name);
  if (!found)
    throw Error(Code::not_found,
                fmt::format("{}: the library has no function '{}'", source_, name));
  auto function = std::make_unique<ImportedFunction>();
  function->name = name;
  function->source = fmt::format("{}, function '{}'", source_, name);
  FunctionReader(*found, *this, *function).run();
  checkInputCounts(*function->nodes, *this, function->source);
  read = std::move(function);
  return *read;
}

std::vector<FunctionUse> FunctionLibrary::usedBy(const Node &node,
                                                 const std::string &source) const {
  std::vector<FunctionUse> uses;
  if (contains(node.type())) {
    uses.push_back({.name = node.type(), .attribute = "", .first = 0, .isRegion = false});
    return uses;
  }
  const auto caller = std::ranges::find(callers(), std::string_view(node.type()), &Caller::type);
  if (caller == callers().end())
    return uses;
  for (const char *attribute : caller->attributes) {
    const auto found = node.def->attr().find(attribute);
    if (found == node.def->attr().end())
      continue; // the rule says that it is missing
    std::vector<std::string> names;
    if (found->second.has_func())
      names.push_back(found->second.func().name());
    for (const proto::NameAttrList &function : found->second.list().func())
      names.push_back(function.name());
    for (const std::string &name : names) {
      if (!contains(name))
        throw Error(Code::not_found,
                    fmt::format("{}: node '{}' ({}): attribute '{}' names the function '{}', which "
                                "the library does not have",
                                source, node.name(), node.type(), attribute, name));
      uses.push_back({name, attribute, caller->first, caller->isRegion});
    }
  }
  return uses;
}

void FunctionLibrary::refuseRecursion(const std::string &function) const {
  std::vector<std::string> way;
  std::unordered_set<std::string> done;
  refuseRecursion(function, way, done);
}

void FunctionLibrary::refuseRecursion(const std::string &function, std::vector<std::string> &way,
                                      std::unordered_set<std::string> &done) const {
  if (const auto start = std::ranges::find(way, function); start != way.end()) {
    std::string text;
    for (auto name = start; name != way.end(); ++name)
      text += "'" + *name + "' -> ";
    throw Error(Code::invalid_argument,
                fmt::format("{}: a function calls itself: {}'{}'", source_, text, function));
  }
  if (done.contains(function))
    return;
  constexpr std::size_t kDeepest = 200;
  if (way.size() >= kDeepest)
    throw Error(Code::invalid_argument,
                fmt::format("{}: functions call each other more than {} deep", source_, kDeepest));
  way.push_back(function);
  const ImportedFunction &read = at(function);
  for (int i = 0; i < read.nodes->size(); ++i)
    for (const FunctionUse &use : usedBy((*read.nodes)[i], read.source))
      refuseRecursion(use.name, way, done);
  way.pop_back();
  done.insert(function);
}

//===--- Updates of variables -----------------------------------------------------------------===//

std::size_t numUpdatedVariables(std::string_view type) {
  for (std::string_view prefix : {"Resource", "Sparse"})
    if (type.starts_with(prefix))
      type.remove_prefix(prefix.size());
  if (type.starts_with("Apply")) {
    type.remove_prefix(5);
    if (type == "Momentum" || type == "Adagrad")
      return 2;
    if (type == "RMSProp" || type == "Adam")
      return 3;
    return type == "CenteredRMSProp" ? 4 : 1;
  }
  return type.starts_with("Assign") ||
                 (type.starts_with("Scatter") && !type.starts_with("ScatterNd"))
             ? 1
             : 0;
}

void FunctionLibrary::countRecorded(const ImportedFunction &function) const {
  constexpr std::int64_t kMost = 1 << 18;
  recorded_ += function.nodes->size() + 1; // a call of nothing is work too
  if (recorded_ > kMost)
    throw Error(Code::invalid_argument,
                fmt::format("{}: calls of functions come to more than {} nodes", source_, kMost));
}

const std::vector<bool> &FunctionLibrary::assignedArguments(const std::string &function) const {
  if (const auto known = assigned_.find(function); known != assigned_.end())
    return known->second;
  const ImportedFunction &read = at(function);
  const NodeGraph &nodes = *read.nodes;
  std::vector<bool> assigned(read.arguments.size());
  const auto mark = [&](NodeOutput value) {
    while (nodes[value.node].type() == "Identity" && nodes[value.node].inputs.size() == 1)
      value = nodes[value.node].inputs[0];
    const auto argument = std::ranges::find(read.arguments, value.node);
    if (argument != read.arguments.end())
      assigned[static_cast<std::size_t>(argument - read.arguments.begin())] = true;
  };
  for (int i = 0; i < nodes.size(); ++i) {
    const Node &node = nodes[i];
    const std::size_t updated = numUpdatedVariables(node.type());
    for (std::size_t k = 0; k < updated && k < node.inputs.size(); ++k)
      mark(node.inputs[k]);
    for (const FunctionUse &use : usedBy(node, read.source)) {
      const std::vector<bool> &inside = assignedArguments(use.name);
      for (std::size_t k = 0; k < inside.size() && use.first + k < node.inputs.size(); ++k)
        if (inside[k])
          mark(node.inputs[use.first + k]);
    }
  }
  return assigned_[function] = std::move(assigned);
}

bool FunctionLibrary::hasEffects(const std::string &function) const {
  const std::vector<bool> &assigned = assignedArguments(function);
  return std::ranges::find(assigned, true) != assigned.end();
}

} // namespace graphc::importing
