// What all optimizers share.
#include <algorithm>

#include "frontend/Initializers.h"
#include "frontend/Optimizers.h"
#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"

namespace graphc::train {

Optimizer::~Optimizer() = default;

static std::string namesOf(const std::vector<Variable> &variables) {
  std::string names;
  for (const Variable &variable : variables)
    names += (names.empty() ? "'" : ", '") + variable.op_name() + "'";
  return names;
}

/// The look-ups through which alone the loss depends on the reads of a variable.
static std::vector<LookUp> rowsRead(const Output &loss, const std::vector<Output> &reads) {
  std::vector<LookUp> all;
  for (const Output &read : reads) {
    const std::optional<std::vector<LookUp>> found = look_ups(loss, read);
    if (!found)
      return {};
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

/// The gradients of all look-ups as rows, one after another.
static VariableGradient sparseGradient(const Variable &variable, const std::vector<LookUp> &lookUps,
                                       const std::vector<Output> &gradients, Where where) {
  std::vector<std::int64_t> row = variable.shape().extents();
  const std::int64_t rows = std::exchange(row.front(), -1);
  std::vector<Output> values, indices;
  for (std::size_t i = 0; i < lookUps.size(); ++i) {
    values.push_back(reshape(gradients[i], row, {}, where));
    indices.push_back(reshape(lookUps[i].indices, {-1}, {}, where));
    if (lookUps.size() > 1)
      indices.back() = cast(indices.back(), int64, {}, where);
  }
  if (values.size() == 1)
    return {values.front(), indices.front(), rows};
  return {concat(values, 0, {}, where), concat(indices, 0, {}, where), rows};
}

std::vector<GradientAndVariable>
Optimizer::compute_gradients(const Output &loss, const ComputeGradientsOptions &options,
                             Where where) const {
  Graph &graph = graphOf(loss, "compute_gradients", where);
  const std::vector<Variable> variables =
      options.var_list.empty() ? graph.trainable_variables() : options.var_list;
  if (variables.empty()) {
    fail(graph, Code::invalid_argument, "no variables to optimize", "gradients", where);
    return {};
  }
  // A variable read in more than one place collects the gradients of all reads; where rows are all
  // that is read of it, those of the rows.
  std::vector<Output> xs;
  std::vector<std::size_t> counts;
  std::vector<std::vector<LookUp>> lookUps;
  for (const Variable &variable : variables) {
    std::vector<Output> &reads = graph.state().reads[variable.op_name()];
    if (reads.empty())
      reads.push_back(variable.value());
    lookUps.push_back(rowsRead(loss, reads));
    std::vector<Output> wanted = reads;
    if (!lookUps.back().empty()) {
      wanted.clear();
      for (const LookUp &lookUp : lookUps.back())
        wanted.push_back(lookUp.result);
    }
    counts.push_back(wanted.size());
    xs.insert(xs.end(), wanted.begin(), wanted.end());
  }
  std::vector<Output> weights;
  if (options.grad_loss)
    weights.push_back(options.grad_loss);
  const std::vector<Output> all = gradients({loss}, xs, {.grad_ys = weights}, where);
  std::vector<GradientAndVariable> result;
  auto next = all.begin();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    std::vector<Output> found(next, next + static_cast<std::ptrdiff_t>(counts[i]));
    next += static_cast<std::ptrdiff_t>(counts[i]);
    if (!lookUps[i].empty()) {
      result.push_back({sparseGradient(variables[i], lookUps[i], found, where), variables[i]});
      continue;
    }
    std::erase_if(found, [](const Output &gradient) { return !gradient; });
    result.push_back({found.empty() ? Output() : add_n(found, {}, where), variables[i]});
  }
  return result;
}

/// The variable's shape, or that of some of its rows.
static Shape shapeOfGradient(const VariableGradient &gradient, const Variable &variable) {
  std::vector<std::int64_t> extents = variable.shape().extents();
  if (gradient.is_sparse())
    extents.front() = none;
  return Shape(std::move(extents));
}

Operation Optimizer::applySparse(const VariableGradient &gradient, const Variable &variable,
                                 Where where) {
  return apply(gradient.dense(where), variable, where);
}

Operation Optimizer::apply_gradients(const std::vector<GradientAndVariable> &gradients,
                                     const ApplyGradientsOptions &options, Where where) {
  if (gradients.empty())
    throw Error(Code::invalid_argument, "no variables provided", "", where);
  Graph &graph = gradients.front().variable.graph();
  std::vector<Variable> updated;
  std::vector<Variable> all;
  for (const auto &[gradient, variable] : gradients) {
    all.push_back(variable);
    if (gradient)
      updated.push_back(variable);
  }
  if (updated.empty())
    return failOperation(graph, Code::invalid_argument,
                         "no gradients provided for any variable: " + namesOf(all),
                         nameOr(options.name, name_), where);
  createSlots(graph, updated, where);
  OpScope scope(graph, options.name, name_);
  prepare(graph, where);
  std::vector<Operation> updates;
  for (const auto &[gradient, variable] : gradients) {
    if (!gradient)
      continue;
    const Output &values = gradient.values();
    if (!values.is_poisoned() &&
        (values.dtype() != variable.dtype() ||
         !values.shape().is_compatible_with(shapeOfGradient(gradient, variable))))
      return failOperation(
          graph, Code::invalid_argument,
          "expected a gradient of " +
              ValueType{variable.dtype(), shapeOfGradient(gradient, variable)}.to_string() +
              " for the variable '" + variable.op_name() + "', got " +
              ValueType{values.dtype(), values.shape()}.to_string(),
          scope.name(), where);
    const std::string name = "update_" + variable.op_name();
    OpScope own(graph, name, name);
    updates.push_back(gradient.is_sparse() ? applySparse(gradient, variable, where)
                                           : apply(gradient.values(), variable, where));
  }
  const std::vector<Operation> done = finish(graph, updates, where);
  const std::vector<ControlInput> inputs(done.begin(), done.end());
  if (!options.global_step)
    return graph.group(inputs, scope.name(), where);
  ControlDependencies after(graph, {graph.group(inputs, "update", where)});
  return options.global_step.assign_add(1, scope.name(), where).op();
}

Operation Optimizer::minimize(const Output &loss, const MinimizeOptions &options, Where where) {
  const std::vector<GradientAndVariable> gradients = compute_gradients(
      loss, {.var_list = options.var_list, .grad_loss = options.grad_loss}, where);
  if (gradients.empty())
    return Operation::from_opaque(loss.graph(), nullptr);
  if (std::ranges::none_of(gradients, [](const auto &pair) { return bool(pair.gradient); })) {
    std::vector<Variable> variables;
    for (const auto &pair : gradients)
      variables.push_back(pair.variable);
    return failOperation(loss.graph(), Code::invalid_argument,
                         "no gradients provided for any variable: no gradient of '" + loss.name() +
                             "' reaches " + namesOf(variables),
                         nameOr(options.name, name_), where);
  }
  return apply_gradients(gradients, {.global_step = options.global_step, .name = options.name},
                         where);
}

std::vector<Operation> Optimizer::finish(Graph &, const std::vector<Operation> &updates, Where) {
  return updates;
}

Variable Optimizer::get_slot(const Variable &variable, const std::string &slot) const {
  auto named = slots_.find(slot);
  if (named == slots_.end())
    return {};
  auto found = named->second.find(variable.op_name());
  return found == named->second.end() ? Variable() : found->second;
}

Variable Optimizer::slot(const Variable &variable, const std::string &slot,
                         const Initializer &initializer, Where where) {
  Variable &made = slots_[slot][variable.op_name()];
  if (made && &made.graph() == &variable.graph())
    return made;
  Graph &graph = variable.graph();
  // The slot is the variable with an empty name in a scope of its own, made unique.
  VariableScopeGuard scope(graph, "", {.default_name = variable.op_name() + "/" + name_});
  made = graph.get_variable(
      "", variable.shape(),
      {.initializer = initializer, .dtype = variable.dtype(), .trainable = false}, where);
  return made;
}

Output Optimizer::as(const Output &hyper, const Variable &variable, Where where) {
  return cast(hyper, variable.dtype(), {}, where);
}

} // namespace graphc::train
