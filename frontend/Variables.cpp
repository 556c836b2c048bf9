#include "frontend/Initializers.h"
#include "frontend/Recorder.h"

namespace graphc {

Input::Input(const Variable &variable, Where where) : value_(variable.value()), where_(where) {}

//===--- Handles ------------------------------------------------------------------------------===//

std::string Variable::name() const { return data_ ? data_->op_name + ":0" : std::string(); }
const std::string &Variable::op_name() const { return data().op_name; }
DataType Variable::dtype() const { return data().dtype; }
const Shape &Variable::shape() const { return data().shape; }
bool Variable::trainable() const { return data().trainable; }
Graph &Variable::graph() const { return *data().graph; }
Operation Variable::op() const { return data().op; }
Output Variable::value() const { return data_ ? data_->value : Output(); }
Operation Variable::initializer() const { return data().initializer; }
Output Variable::initial_value() const { return data().initial_value; }

static Output recordRead(const Variable::Data &variable, std::string_view name, Where where) {
  // No body changes a variable, so that one read in front of it serves all its steps.
  std::optional<OutsideBodies> outside;
  if (isRecordingBody(*variable.graph))
    outside.emplace(*variable.graph);
  Output read =
      record(*variable.graph, "read_variable", {}, {{"variable", SymbolName{variable.op_name}}},
             {.name = name, .where = where, .types = {{variable.dtype, variable.shape}}})
          .front();
  if (!read.is_poisoned())
    variable.graph->state().reads[variable.op_name].push_back(read);
  return read;
}

Output Variable::read_value(Where where) const {
  if (data().op.is_poisoned())
    return data().value;
  return recordRead(data(), "Identity", where);
}

/// assign, assign_add or assign_sub: gives the new value.
static Output recordAssign(std::string_view op, const Variable::Data &variable, const Input &input,
                           std::string_view name, std::string_view otherwise, Where where) {
  Graph &graph = *variable.graph;
  if (variable.op.is_poisoned())
    return variable.value;
  OpScope scope(graph, name, otherwise);
  const Output value = toOutput(graph, input, variable.dtype, "value", where);
  if (value && !value.is_poisoned() &&
      (value.dtype() != variable.dtype || !variable.shape.is_compatible_with(value.shape())))
    return fail(graph, Code::invalid_argument,
                "expected " + ValueType{variable.dtype, variable.shape}.to_string() +
                    " for the variable '" + variable.op_name + "', got " +
                    ValueType{value.dtype(), value.shape()}.to_string(),
                scope.name(), where);
  return record(graph, op, {{value}}, {{"variable", SymbolName{variable.op_name}}},
                {.name = scope.name(), .where = where, .types = {{variable.dtype, variable.shape}}})
      .front();
}

Output Variable::assign(const Input &value, std::string_view name, Where where) const {
  return recordAssign("assign", data(), value, name, "Assign", where);
}
Output Variable::assign_add(const Input &delta, std::string_view name, Where where) const {
  return recordAssign("assign_add", data(), delta, name, "AssignAdd", where);
}
Output Variable::assign_sub(const Input &delta, std::string_view name, Where where) const {
  return recordAssign("assign_sub", data(), delta, name, "AssignSub", where);
}

Output assign(const Variable &variable, const Input &value, std::string_view name, Where where) {
  return variable.assign(value, name, where);
}
Output assign_add(const Variable &variable, const Input &delta, std::string_view name,
                  Where where) {
  return variable.assign_add(delta, name, where);
}
Output assign_sub(const Variable &variable, const Input &delta, std::string_view name,
                  Where where) {
  return variable.assign_sub(delta, name, where);
}

//===--- Making -------------------------------------------------------------------------------===//

/// What a wrong variable is in a graph with deferred errors.
static Variable poisonedVariable(Graph &graph, DataType dtype, Shape shape) {
  auto data = std::make_shared<Variable::Data>();
  data->graph = &graph;
  data->dtype = dtype;
  data->shape = std::move(shape);
  data->op = data->initializer = Operation::from_opaque(graph, nullptr);
  data->value = data->initial_value = Output::from_opaque(graph, nullptr);
  return Variable(std::move(data));
}

/// Makes the variable and its ops under the name scope `scope`, "v/", in TensorFlow's order.
static Variable makeVariable(Graph &graph, const std::string &scope, const Output &initial,
                             bool trainable, bool local, Where where) {
  if (!initial || initial.is_poisoned() || !initial.shape().is_fully_known()) {
    if (!initial.is_poisoned())
      fail(graph, Code::invalid_argument,
           "expected a fully known shape of the initial value, got " +
               (initial ? initial.shape().to_string() : std::string("nothing")),
           scope, where);
    return poisonedVariable(graph, initial ? initial.dtype() : float32, Shape::unknown_rank());
  }
  auto data = std::make_shared<Variable::Data>();
  data->graph = &graph;
  data->op_name = scope.substr(0, scope.size() - 1);
  data->dtype = initial.dtype();
  data->shape = initial.shape();
  data->trainable = trainable && !local;
  data->initial_value = initial;
  data->op =
      recordVariable(graph, data->op_name, {data->dtype, data->shape}, data->trainable, where);
  if (data->op.is_poisoned())
    return poisonedVariable(graph, data->dtype, data->shape);
  data->initializer = recordAssign("assign", *data, initial, "Assign", "Assign", where).op();
  data->value = recordRead(*data, "read", where);
  Variable variable(data);
  (local ? graph.state().local_variables : graph.state().variables).push_back(variable);
  graph.state().variables_by_name[data->op_name] = variable;
  return variable;
}

Variable Graph::variable(const Input &initial_value, const VariableOptions &options, Where where) {
  OutsideBodies outside(*this);
  OpScope scope(*this, options.name, "Variable");
  const Output initial =
      toOutput(*this, initial_value, ownDtype(initial_value), "initial_value", where);
  return makeVariable(*this, scope.name(), initial, options.trainable, options.local, where);
}

/// The initial value by `initializer`, under "v/Initializer" where it makes ops.
static Output initialValue(Graph &graph, const Initializer &initializer, const Shape &shape,
                           DataType dtype, Where where) {
  if (initializer.value())
    return initializer.value();
  if (initializer.tensor())
    return graph.constant(initializer.tensor(), "initial_value", where);
  OpScope scope(graph, "Initializer", "Initializer");
  return initializer.function()(graph, shape, dtype);
}

/// The variable found under `full`; wrong shapes and dtypes are errors.
static Variable sharedVariable(Graph &graph, const Variable &found,
                               const std::optional<Shape> &shape,
                               const std::optional<DataType> &dtype, Where where) {
  const std::string exact = found.op_name() + "/";
  std::string wrong;
  if (shape && !shape->is_compatible_with(found.shape()))
    wrong = "shape " + shape->to_string() + ", found shape " + found.shape().to_string();
  else if (dtype && *dtype != found.dtype())
    wrong = "dtype " + std::string(to_string(*dtype)) + ", found dtype " +
            std::string(to_string(found.dtype()));
  if (wrong.empty())
    return found;
  fail(graph, Code::invalid_argument,
       "trying to share variable '" + found.op_name() + "', but specified " + wrong, exact, where);
  return poisonedVariable(graph, found.dtype(), found.shape());
}

/// get_variable, with the shape left open where it comes from elsewhere.
static Variable getVariable(Graph &graph, std::string_view name, const std::optional<Shape> &shape,
                            const GetVariableOptions &options, Where where) {
  const VariableScope &scope = graph.get_variable_scope();
  const std::string full =
      scope.name.empty() ? std::string(name) : scope.name + "/" + std::string(name);
  // Slots are called like their scope: "w/Adam/" is the variable "w/Adam".
  const std::string key = full.ends_with('/') ? full.substr(0, full.size() - 1) : full;
  const DataType dtype = options.dtype.value_or(scope.dtype.value_or(float32));
  auto failed = [&](Code code, std::string message) {
    fail(graph, code, std::move(message), key + "/", where);
    return poisonedVariable(graph, dtype, shape.value_or(Shape::unknown_rank()));
  };
  auto found = graph.state().shared_variables.find(key);
  if (found != graph.state().shared_variables.end()) {
    if (!scope.reuse && !scope.auto_reuse)
      return failed(Code::already_exists,
                    "variable '" + key +
                        "' already exists, disallowed; did you mean to set reuse or "
                        "auto_reuse in the variable scope?");
    return sharedVariable(graph, found->second, shape, options.dtype ? options.dtype : scope.dtype,
                          where);
  }
  if (scope.reuse && !scope.auto_reuse)
    return failed(Code::not_found, "variable '" + key +
                                       "' does not exist, or was not made by get_variable; did you "
                                       "mean to leave reuse out of the variable scope?");
  Initializer initializer = options.initializer ? options.initializer : scope.initializer;
  if (!initializer)
    initializer = is_floating(dtype) ? initializers::glorot_uniform() : initializers::zeros();
  const bool given = initializer.value() || initializer.tensor();
  if (!given && !shape)
    return failed(Code::invalid_argument,
                  "the shape of a new variable '" + key + "' must be given");
  if (!given && !shape->is_fully_known())
    return failed(Code::invalid_argument, "the shape of a new variable '" + key +
                                              "' must be fully known, got " + shape->to_string());
  OutsideBodies outside(graph);
  NameScope root(graph, ""); // variables are named by variable scopes alone
  OpScope own(graph, full, full);
  const Output initial = initialValue(graph, initializer, shape.value_or(Shape{}), dtype, where);
  if (initial && !initial.is_poisoned()) {
    if (options.dtype && initial.dtype() != dtype)
      return failed(Code::invalid_argument, "expected an initial value of dtype " +
                                                std::string(to_string(dtype)) + ", got " +
                                                std::string(to_string(initial.dtype())));
    if (shape && !shape->is_compatible_with(initial.shape()))
      return failed(Code::invalid_argument, "expected an initial value of shape " +
                                                shape->to_string() + ", got " +
                                                initial.shape().to_string());
  }
  Variable variable =
      makeVariable(graph, own.name(), initial, options.trainable, options.local, where);
  graph.state().shared_variables[key] = variable;
  return variable;
}

Variable Graph::get_variable(std::string_view name, const Shape &shape,
                             const GetVariableOptions &options, Where where) {
  return getVariable(*this, name, shape, options, where);
}

Variable Graph::get_variable(std::string_view name, const GetVariableOptions &options,
                             Where where) {
  return getVariable(*this, name, std::nullopt, options, where);
}

//===--- Collections --------------------------------------------------------------------------===//

const std::vector<Variable> &Graph::global_variables() const { return state_->variables; }

std::vector<Variable> Graph::trainable_variables() const {
  std::vector<Variable> trainable;
  for (const Variable &variable : state_->variables)
    if (variable.trainable())
      trainable.push_back(variable);
  return trainable;
}

Operation Graph::variables_initializer(const std::vector<Variable> &variables,
                                       std::string_view name, Where where) {
  std::vector<ControlInput> initializers;
  for (const Variable &variable : variables)
    initializers.push_back(variable.initializer());
  return group(initializers, nameOr(name, "init"), where);
}

Operation Graph::global_variables_initializer(std::string_view name, Where where) {
  return variables_initializer(state_->variables, name, where);
}

const std::vector<Variable> &Graph::local_variables() const { return state_->local_variables; }

Operation Graph::local_variables_initializer(std::string_view name, Where where) {
  return variables_initializer(state_->local_variables, name, where);
}

Variable Graph::get_or_create_global_step(Where where) {
  auto found = state_->shared_variables.find("global_step");
  if (found != state_->shared_variables.end())
    return found->second;
  VariableScopeGuard root(*this, VariableScope{}, {});
  return get_variable("global_step", Shape{},
                      {.initializer = initializers::zeros(), .dtype = int64, .trainable = false},
                      where);
}

} // namespace graphc
