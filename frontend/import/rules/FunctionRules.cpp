// Loops, branches and calls whose bodies are functions of the file's library.
#include <cctype>

#include <fmt/format.h>

#include "frontend/import/ControlFlowRecording.h"
#include "frontend/import/ControlInputs.h"
#include "frontend/import/FunctionRecording.h"
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

const ImportedFunction &functionOf(NodeContext &c, const char *attribute) {
  return c.state().functions->at(c.function(attribute));
}
std::string nameOf(const NodeContext &c) {
  const std::string exact = c.exactName();
  return exact.substr(0, exact.size() - 1);
}

/// The variables among the arguments that the function assigns.
void addAssigned(NodeContext &c, const std::string &function,
                 const std::vector<NodeValue> &arguments, std::vector<ImportedVariable> &all) {
  const std::vector<bool> &assigned = c.state().functions->assignedArguments(function);
  for (std::size_t k = 0; k < assigned.size() && k < arguments.size(); ++k) {
    if (!assigned[k] || !arguments[k].variable)
      continue;
    const ImportedVariable &variable = *arguments[k].variable;
    if (std::ranges::find(all, variable.op_name, &ImportedVariable::op_name) == all.end())
      all.push_back(variable);
  }
}

RegionBody bodyOf(NodeContext &c, const ImportedFunction &function) {
  return [&c, &function](std::vector<NodeValue> values, const std::string &scope) {
    return recordFunction(c.state(), function, std::move(values), scope).results;
  };
}

void whileLoop(NodeContext &c) {
  const ImportedFunction &condition = functionOf(c, "cond"), &body = functionOf(c, "body");
  ImportedLoop loop{.name = nameOf(c), .initial = c.given(0, c.numInputs())};
  if (condition.results.size() != 1)
    c.refuse(fmt::format("expected the condition '{}' to have one result, got {}", condition.name,
                         condition.results.size()));
  addAssigned(c, body.name, loop.initial, loop.assigned);
  loop.condition = bodyOf(c, condition);
  loop.body = bodyOf(c, body);
  c.give(recordWhile(c, loop));
}

/// TensorFlow takes any tensor for a condition: numbers that are not 0, tensors that are not empty.
Output asBool(NodeContext &c, const Output &pred) {
  if (pred.dtype() == bool_)
    return pred;
  return c.helper("not_equal", {pred, c.scalar(0, pred.dtype())});
}

/// The branches from `first` on, chosen by a scalar.
std::vector<NodeValue> branchesFrom(NodeContext &c, const std::vector<std::string> &names,
                                    std::size_t first, const std::string &name) {
  const std::vector<NodeValue> arguments = c.given(1, c.numInputs());
  const auto branch = [&](std::size_t k) -> RegionBody {
    const ImportedFunction &function = c.state().functions->at(names[k]);
    return [&c, &function, arguments](const std::vector<NodeValue> &, const std::string &scope) {
      return recordFunction(c.state(), function, arguments, scope).results;
    };
  };
  if (first + 1 == names.size())
    return branch(first)({}, name + "/branch");
  ImportedBranches branches{.name = name};
  branches.pred =
      c.helper("equal", {c.input(0), c.scalar(static_cast<double>(first), c.input(0).dtype())});
  branches.then = branch(first);
  branches.otherwise = [&](const std::vector<NodeValue> &, const std::string &scope) {
    return branchesFrom(c, names, first + 1, scope);
  };
  for (std::size_t k = first; k < names.size(); ++k)
    addAssigned(c, names[k], arguments, branches.assigned);
  return recordCond(c, branches);
}

/// An index out of range means the last branch.
void caseOf(NodeContext &c) {
  const std::vector<std::string> names = c.functions("branches");
  if (names.empty())
    c.refuse("attribute 'branches': expected one function or more, got none");
  c.give(branchesFrom(c, names, 0, nameOf(c)));
}

void ifElse(NodeContext &c) {
  const ImportedFunction &then = functionOf(c, "then_branch"),
                         &otherwise = functionOf(c, "else_branch");
  const std::vector<NodeValue> arguments = c.given(1, c.numInputs());
  const auto branch = [&](const ImportedFunction &function) -> RegionBody {
    return [&](const std::vector<NodeValue> &, const std::string &scope) {
      return recordFunction(c.state(), function, arguments, scope).results;
    };
  };
  ImportedBranches branches{.name = nameOf(c), .pred = asBool(c, c.input(0))};
  branches.then = branch(then);
  branches.otherwise = branch(otherwise);
  for (const ImportedFunction *function : {&then, &otherwise})
    addAssigned(c, function->name, arguments, branches.assigned);
  if (then.results.empty() && otherwise.results.empty() && branches.assigned.empty())
    return c.results({}); // nothing comes of it
  c.give(recordCond(c, branches));
}

/// The function's nodes stand in the place of the call. Whoever uses or waits for it has its
/// updates of variables done.
void callFunction(NodeContext &c, const ImportedFunction &function) {
  std::string scope = function.name; // "__inference_<lambda>_7"
  for (char &letter : scope)
    if (!std::isalnum(static_cast<unsigned char>(letter)))
      letter = '_';
  RecordedCall call =
      recordFunction(c.state(), function, c.given(0, c.numInputs()), nameOf(c) + "/" + scope);
  if (!call.updates.empty()) {
    const ControlInputs after(c.graph(), call.updates);
    for (NodeValue &result : call.results)
      if (result.tensor && !result.variable)
        result.tensor = c.helper("identity", {result.tensor});
    c.graph().no_op(c.exactName(), c.where());
  }
  c.give(std::move(call.results));
}

/// What a branch keeps for TensorFlow's gradient of it, which a request takes the place of.
void keepForGradient(NodeContext &c) { c.give({NodeValue{}}); }

} // namespace

void recordCallOf(NodeContext &c, const std::string &function) {
  callFunction(c, c.state().functions->at(function));
}

void addFunctionRules(ImportRules &rules) {
  for (const char *type : {"While", "StatelessWhile"})
    rules[type] = {1, -1, whileLoop};
  for (const char *type : {"If", "StatelessIf"})
    rules[type] = {1, -1, ifElse};
  for (const char *type : {"Case", "StatelessCase"})
    rules[type] = {1, -1, caseOf};
  rules["OptionalNone"] = {0, 0, keepForGradient};
  rules["OptionalFromValue"] = {1, -1, keepForGradient};
  for (const char *type : {"PartitionedCall", "StatefulPartitionedCall"})
    rules[type] = {0, -1, [](NodeContext &c) { callFunction(c, functionOf(c, "f")); }};
}

} // namespace graphc::importing
