#include "frontend/Graph.h"

#include <algorithm>
#include <atomic>

#include "frontend/Recorder.h"

namespace graphc {

static std::uint64_t nextGraphId() {
  static std::atomic<std::uint64_t> next{1};
  return next++;
}

GraphState::GraphState() : id(nextGraphId()) {}

//===--- Scopes -------------------------------------------------------------------------------===//

/// The scope that `name` opens; a wrong name is an error that a graph with deferred errors keeps.
static std::string scopeFor(Graph &graph, std::string_view name) {
  NameTable &names = graph.state().names;
  try {
    return names.scope_for(name);
  } catch (const Error &error) {
    fail(graph, error.code(), error.message(), "", Where());
    return names.unique_name("invalid");
  }
}

NameScope::NameScope(Graph &graph, std::string scope)
    : graph_(graph), before_(graph.state().names.scope()),
      name_(scope.empty() ? std::string() : scope + "/") {
  graph.state().names.set_scope(std::move(scope));
}

NameScope::~NameScope() { graph_.state().names.set_scope(std::move(before_)); }

NameScope Graph::name_scope(std::string_view name) {
  return NameScope(*this, scopeFor(*this, name));
}

/// `scope/` of the open name scope, "" at the root: opening it again changes nothing.
static std::string reentered(Graph &graph) { return graph.state().names.scope(); }

static void inherit(VariableScope &scope, const VariableScopeOptions &options) {
  scope.reuse = scope.reuse || options.reuse;
  scope.auto_reuse = scope.auto_reuse || options.auto_reuse;
  if (options.initializer)
    scope.initializer = options.initializer;
  if (options.dtype)
    scope.dtype = options.dtype;
}

VariableScopeGuard::VariableScopeGuard(Graph &graph, std::string_view name,
                                       const VariableScopeOptions &options)
    : graph_(graph), before_(graph.state().variable_scopes.current()) {
  VariableScopes &scopes = graph.state().variable_scopes;
  std::string prefix(name);
  std::string name_scope(name);
  if (name.empty() && !options.default_name.empty()) {
    prefix = scopes.unique_scope(options.default_name);
    name_scope = options.default_name;
  }
  if (prefix.empty())
    fail(graph, Code::invalid_argument, "a variable scope needs a name or a default name", "",
         Where());
  name_scope_.emplace(graph, options.auxiliary_name_scope ? scopeFor(graph, name_scope)
                                                          : reentered(graph));
  VariableScope scope = before_;
  scope.name = before_.name.empty() ? prefix : before_.name + "/" + prefix;
  scope.original_name_scope = name_scope_->name();
  inherit(scope, options);
  entered_ = scope.name;
  scopes.open(entered_);
  scopes.current() = std::move(scope);
}

VariableScopeGuard::VariableScopeGuard(Graph &graph, const VariableScope &entered,
                                       const VariableScopeOptions &options)
    : graph_(graph), before_(graph.state().variable_scopes.current()), entered_(entered.name),
      restores_counts_(true) {
  VariableScopes &scopes = graph.state().variable_scopes;
  const std::size_t slash = entered.name.rfind('/');
  const std::string last =
      slash == std::string::npos ? entered.name : entered.name.substr(slash + 1);
  // The root scope, entered again, leaves the names of ops where they are.
  name_scope_.emplace(graph, options.auxiliary_name_scope && !last.empty() ? scopeFor(graph, last)
                                                                           : reentered(graph));
  VariableScope scope = entered;
  inherit(scope, options);
  scopes.open(entered_);
  counts_before_ = scopes.counts();
  scopes.current() = std::move(scope);
}

VariableScopeGuard::~VariableScopeGuard() {
  VariableScopes &scopes = graph_.state().variable_scopes;
  if (restores_counts_)
    scopes.set_counts(std::move(counts_before_));
  else
    scopes.close_subscopes(entered_);
  scopes.current() = std::move(before_);
}

VariableScope VariableScopeGuard::scope() const { return graph_.get_variable_scope(); }
void VariableScopeGuard::reuse_variables() {
  graph_.state().variable_scopes.current().reuse = true;
}

VariableScopeGuard Graph::variable_scope(std::string_view name,
                                         const VariableScopeOptions &options) {
  return VariableScopeGuard(*this, name, options);
}

VariableScopeGuard Graph::variable_scope(const VariableScope &scope,
                                         const VariableScopeOptions &options) {
  return VariableScopeGuard(*this, scope, options);
}

const VariableScope &Graph::get_variable_scope() const { return state_->variable_scopes.current(); }

ControlDependencies::ControlDependencies(Graph &graph, const std::vector<ControlInput> &inputs)
    : graph_(graph), before_(graph.state().controls) {
  std::vector<std::string> &controls = graph.state().controls;
  for (const ControlInput &input : inputs) {
    if (!input.op()) {
      fail(graph, Code::invalid_argument,
           "a control dependency is empty: expected an op or a tensor", "", Where());
      continue;
    }
    if (&input.op().graph() != &graph) {
      fail(graph, Code::invalid_argument,
           "the control dependency '" + input.op().name() + "' belongs to another graph", "",
           Where());
      continue;
    }
    std::string name = input.op().name();
    if (!name.empty() && std::ranges::find(controls, name) == controls.end())
      controls.push_back(std::move(name));
  }
}

ControlDependencies::~ControlDependencies() { graph_.state().controls = std::move(before_); }

ControlDependencies Graph::control_dependencies(const std::vector<ControlInput> &inputs) {
  return ControlDependencies(*this, inputs);
}

std::string Graph::unique_name(std::string_view name, bool mark_as_used) {
  return state_->names.unique_name(name, mark_as_used);
}

void Graph::set_random_seed(std::int64_t seed) { state_->seed = seed; }

//===--- Ops without operands -----------------------------------------------------------------===//

Output Graph::placeholder(DataType dtype, const Shape &shape, std::string_view name, Where where) {
  Attributes attributes{{"dtype", dtype}, {"shape", shape.extents()}};
  if (!shape.has_rank())
    attributes.set("unknown_rank", true);
  return record(*this, "placeholder", {}, attributes,
                {.name = nameOr(name, "Placeholder"), .where = where, .types = {{dtype, shape}}})
      .front();
}

Output Graph::constant(const Tensor &value, std::string_view name, Where where) {
  if (value.empty())
    return fail(*this, Code::invalid_argument, "a constant of an empty tensor",
                nameOr(name, "Const"), where);
  // The graph keeps a copy: a tensor may share memory that its owner goes on writing to.
  return record(*this, "constant", {}, {{"value", value.clone()}},
                {.name = nameOr(name, "Const"),
                 .where = where,
                 .types = {{value.dtype(), value.shape()}}})
      .front();
}

const std::vector<Operation> &Graph::update_ops() const { return state_->update_ops; }

Operation Graph::no_op(std::string_view name, Where where) {
  return recordOperation(*this, "no_op", {}, {}, nameOr(name, "NoOp"), where);
}

Operation Graph::group(const std::vector<ControlInput> &inputs, std::string_view name,
                       Where where) {
  OpScope scope(*this, name, "group_deps");
  ControlDependencies dependencies(*this, inputs);
  return no_op(scope.name(), where);
}

Operation group(const std::vector<ControlInput> &inputs, std::string_view name, Where where) {
  for (const ControlInput &input : inputs)
    if (input.op())
      return input.op().graph().group(inputs, name, where);
  throw Error(Code::invalid_argument, "'group' expects at least one operation, got none", "",
              where);
}

//===--- Errors -------------------------------------------------------------------------------===//

const std::optional<Error> &Graph::error() const { return state_->error; }

void Graph::check() const {
  if (state_->error)
    throw *state_->error;
}

} // namespace graphc
