// The updates of optimizers: TensorFlow's inputs are variables, then numbers; graphc names the
// variables by attributes.
#include <fmt/format.h>

#include "frontend/import/HeldUpdates.h"
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

/// `slots`: the attributes that name the variables after the first. `operands`: the inputs in the
/// order of the graph op's operands.
struct Update {
  const char *op;
  std::vector<const char *> slots;
  std::vector<int> operands;
};

void refuseUnless(NodeContext &c, const char *attribute, bool otherwise, bool wanted) {
  if (c.flag(attribute, otherwise) != wanted)
    c.refuseUnknown(fmt::format("attribute '{}': expected {}", attribute, wanted));
}

ImportFunction updating(const Update &update) {
  return [update](NodeContext &c) {
    const std::string op = update.op;
    std::vector<ImportedVariable> variables{c.variable(0)};
    Attributes attributes{{"variable", SymbolName{variables[0].op_name}}};
    for (const char *slot : update.slots) {
      variables.push_back(c.variable(static_cast<int>(variables.size())));
      attributes.set(slot, SymbolName{variables.back().op_name});
    }
    if (op.ends_with("momentum"))
      attributes.set("use_nesterov", c.flag("use_nesterov", false));
    else if (op.ends_with("adam"))
      refuseUnless(c, "use_nesterov", false, false);
    else if (op.ends_with("adagrad"))
      refuseUnless(c, "update_slots", true, true);
    std::vector<Output> operands;
    for (int index : update.operands)
      operands.push_back(c.input(index));
    if (c.state().held)
      recordHeldUpdate(c, op, variables, operands, c.flag("use_nesterov", false));
    else
      recordOperation(c.graph(), op, operands, attributes, c.exactName(), c.where());
    c.variableResult(variables[0]);
  };
}

} // namespace

void addOptimizerRules(ImportRules &rules) {
  // By reference and as resources.
  const auto add = [&](std::string_view type, std::string_view resource, const Update &update) {
    const int inputs = 1 + static_cast<int>(update.slots.size() + update.operands.size());
    for (std::string_view name : {type, resource})
      rules[name] = {inputs, inputs, updating(update)};
  };
  add("ApplyGradientDescent", "ResourceApplyGradientDescent",
      {"apply_gradient_descent", {}, {1, 2}});
  add("ApplyMomentum", "ResourceApplyMomentum", {"apply_momentum", {"accumulator"}, {2, 3, 4}});
  add("ApplyAdagrad", "ResourceApplyAdagrad", {"apply_adagrad", {"accumulator"}, {2, 3}});
  add("ApplyRMSProp", "ResourceApplyRMSProp",
      {"apply_rms_prop", {"mean_square", "momentum_slot"}, {3, 4, 5, 6, 7}});
  add("ApplyCenteredRMSProp", "ResourceApplyCenteredRMSProp",
      {"apply_centered_rms_prop",
       {"mean_gradient", "mean_square", "momentum_slot"},
       {4, 5, 6, 7, 8}});
  add("ApplyAdam", "ResourceApplyAdam", {"apply_adam", {"m", "v"}, {3, 4, 5, 6, 7, 8, 9}});
  add("SparseApplyMomentum", "ResourceSparseApplyMomentum",
      {"sparse_apply_momentum", {"accumulator"}, {2, 3, 5, 4}});
  add("SparseApplyAdagrad", "ResourceSparseApplyAdagrad",
      {"sparse_apply_adagrad", {"accumulator"}, {2, 3, 4}});
  add("SparseApplyRMSProp", "ResourceSparseApplyRMSProp",
      {"sparse_apply_rms_prop", {"mean_square", "momentum_slot"}, {3, 4, 5, 6, 7, 8}});
  add("SparseApplyCenteredRMSProp", "ResourceSparseApplyCenteredRMSProp",
      {"sparse_apply_centered_rms_prop",
       {"mean_gradient", "mean_square", "momentum_slot"},
       {4, 5, 6, 7, 8, 9}});
}

} // namespace graphc::importing
