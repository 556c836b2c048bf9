// Variables, by reference or as resources: made, read and assigned.
#include <fmt/format.h>

#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

void makeVariable(NodeContext &c) {
  ImportedVariable variable;
  variable.op_name = c.state().prefix + c.node().name();
  variable.dtype = c.dtype("dtype");
  variable.shape = c.shape("shape");
  if (!variable.shape.is_fully_known())
    c.refuseUnknown(fmt::format("a variable of the unknown shape {}", variable.shape.to_string()));
  c.state().variables.push_back(variable);
  c.variableResult(variable);
}

/// The new value is an output too, which may stand for the variable.
ImportRule assignment(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const ImportedVariable variable = c.variable(0);
            const Output value = c.input(1);
            if (value.dtype() != variable.dtype ||
                !variable.shape.is_compatible_with(value.shape()))
              c.refuse(fmt::format("expected {} for the variable '{}', got {}",
                                   ValueType{variable.dtype, variable.shape}.to_string(),
                                   variable.op_name,
                                   ValueType{value.dtype(), value.shape()}.to_string()));
            const Output updated = recordUpdate(c, op, variable, value);
            if (std::string_view(op) == "assign" && !c.state().held &&
                c.state().initializers.emplace(variable.op_name, updated.op()).second)
              c.state().initial_values.emplace(variable.op_name, value);
            c.variableResult(variable, updated);
          }};
}

void read(NodeContext &c) {
  const ImportedVariable variable = c.variable(0);
  if (const Output value = c.given(0).tensor) // what the loop that it stands in captured
    return c.result(value);
  const Output value = recordRead(c.state(), variable, c.exactName());
  if (!c.state().held)
    c.state().reads.emplace(variable.op_name, value);
  c.result(value);
}

/// variable[indices[i]] += or -= updates[i], rows met more than once with all their updates.
ImportRule scattered(const char *op) {
  return {3, 3, [op](NodeContext &c) {
            const ImportedVariable variable = c.variable(0);
            const Output indices = c.input(1), updates = c.input(2);
            if (variable.shape.rank() < 1)
              c.refuse("input 0: expected a variable of one axis or more");
            const Output dense = c.helper("unsorted_segment_sum", {updates, indices},
                                          {{"num_segments", variable.shape[0]}});
            c.variableResult(variable, recordUpdate(c, op, variable, dense));
          }};
}

void nothing(NodeContext &c) {
  if (!c.state().held)
    c.graph().no_op(c.exactName(), c.where());
  c.results({});
}

} // namespace

void addStateRules(ImportRules &rules) {
  for (const char *type : {"Variable", "VariableV2", "VarHandleOp"})
    rules[type] = {0, 0, makeVariable};
  rules["ReadVariableOp"] = {1, 1, read};
  rules["Assign"] = assignment("assign");
  rules["AssignVariableOp"] = assignment("assign");
  for (const char *type : {"AssignAdd", "AssignAddVariableOp"})
    rules[type] = assignment("assign_add");
  for (const char *type : {"AssignSub", "AssignSubVariableOp"})
    rules[type] = assignment("assign_sub");
  for (const char *type : {"ScatterAdd", "ResourceScatterAdd"})
    rules[type] = scattered("assign_add");
  for (const char *type : {"ScatterSub", "ResourceScatterSub"})
    rules[type] = scattered("assign_sub");
  rules["NoOp"] = {0, 0, nothing};
  rules["ControlTrigger"] = {0, 0, nothing};
}

} // namespace graphc::importing
