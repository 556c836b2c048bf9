#include "frontend/Optimizers.h"

#include "frontend/Initializers.h"
#include "frontend/Recorder.h"
#include "frontend/ops/Math.h"

namespace graphc::train {

/// A hyperparameter as a float32 tensor, in the train op's scope.
static Output hyper(Graph &graph, const Input &value, std::string_view name, Where where) {
  return toOutput(graph, value, float32, name, where);
}

static Operation update(std::string_view op, const Variable &variable,
                        std::initializer_list<Output> operands, Attributes attributes,
                        std::string_view name, Where where) {
  attributes.set("variable", SymbolName{variable.op_name()});
  return recordOperation(variable.graph(), op, {operands.begin(), operands.size()}, attributes,
                         name, where);
}

static SymbolName symbol(const Variable &variable) { return {variable.op_name()}; }

//===--- GradientDescent ----------------------------------------------------------------------===//

GradientDescentOptimizer::GradientDescentOptimizer(const Input &learning_rate, std::string name)
    : Optimizer(std::move(name)), learning_rate_(learning_rate) {}

void GradientDescentOptimizer::createSlots(Graph &, const std::vector<Variable> &, Where) {}

void GradientDescentOptimizer::prepare(Graph &graph, Where where) {
  rate_ = hyper(graph, learning_rate_, "learning_rate", where);
}

Operation GradientDescentOptimizer::apply(const Output &gradient, const Variable &variable,
                                          Where where) {
  return update("apply_gradient_descent", variable, {as(rate_, variable, where), gradient}, {},
                "ApplyGradientDescent", where);
}

Operation GradientDescentOptimizer::applySparse(const VariableGradient &gradient,
                                                const Variable &variable, Where where) {
  return update("sparse_apply_gradient_descent", variable,
                {as(rate_, variable, where), gradient.values(), gradient.indices()}, {},
                "SparseApplyGradientDescent", where);
}

//===--- Momentum -----------------------------------------------------------------------------===//

MomentumOptimizer::MomentumOptimizer(const Input &learning_rate, const Input &momentum,
                                     MomentumOptions options)
    : Optimizer(options.name), learning_rate_(learning_rate), momentum_(momentum),
      use_nesterov_(options.use_nesterov) {}

void MomentumOptimizer::createSlots(Graph &, const std::vector<Variable> &variables, Where where) {
  for (const Variable &variable : variables)
    slot(variable, "momentum", initializers::zeros(), where);
}

void MomentumOptimizer::prepare(Graph &graph, Where where) {
  rate_ = hyper(graph, learning_rate_, "learning_rate", where);
  momentumTensor_ = hyper(graph, momentum_, "momentum", where);
}

Attributes MomentumOptimizer::slotsOf(const Variable &variable) const {
  return {{"accumulator", symbol(get_slot(variable, "momentum"))}, {"use_nesterov", use_nesterov_}};
}

Operation MomentumOptimizer::apply(const Output &gradient, const Variable &variable, Where where) {
  const Output rate = as(rate_, variable, where);
  const Output momentum = as(momentumTensor_, variable, where);
  return update("apply_momentum", variable, {rate, gradient, momentum}, slotsOf(variable),
                "ApplyMomentum", where);
}

Operation MomentumOptimizer::applySparse(const VariableGradient &gradient, const Variable &variable,
                                         Where where) {
  const Output rate = as(rate_, variable, where);
  const Output momentum = as(momentumTensor_, variable, where);
  return update("sparse_apply_momentum", variable,
                {rate, gradient.values(), momentum, gradient.indices()}, slotsOf(variable),
                "SparseApplyMomentum", where);
}

//===--- Adagrad ------------------------------------------------------------------------------===//

AdagradOptimizer::AdagradOptimizer(const Input &learning_rate, AdagradOptions options)
    : Optimizer(options.name), learning_rate_(learning_rate),
      initial_(options.initial_accumulator_value) {
  if (!(initial_ > 0))
    throw Error(Code::invalid_argument,
                "expected a positive initial_accumulator_value, got " + std::to_string(initial_));
}

void AdagradOptimizer::createSlots(Graph &, const std::vector<Variable> &variables, Where where) {
  for (const Variable &variable : variables)
    slot(variable, "accumulator", initializers::constant(initial_), where);
}

void AdagradOptimizer::prepare(Graph &graph, Where where) {
  rate_ = hyper(graph, learning_rate_, "learning_rate", where);
}

Operation AdagradOptimizer::apply(const Output &gradient, const Variable &variable, Where where) {
  return update("apply_adagrad", variable, {as(rate_, variable, where), gradient},
                {{"accumulator", symbol(get_slot(variable, "accumulator"))}}, "ApplyAdagrad",
                where);
}

Operation AdagradOptimizer::applySparse(const VariableGradient &gradient, const Variable &variable,
                                        Where where) {
  return update("sparse_apply_adagrad", variable,
                {as(rate_, variable, where), gradient.values(), gradient.indices()},
                {{"accumulator", symbol(get_slot(variable, "accumulator"))}}, "SparseApplyAdagrad",
                where);
}

//===--- RMSProp ------------------------------------------------------------------------------===//

RMSPropOptimizer::RMSPropOptimizer(const Input &learning_rate, RMSPropOptions options)
    : Optimizer(options.name), learning_rate_(learning_rate), options_(std::move(options)) {
  if (!(options_.initial_accumulator_value >= 0))
    throw Error(Code::invalid_argument, "expected an initial_accumulator_value of 0 or more, got " +
                                            std::to_string(options_.initial_accumulator_value));
}

void RMSPropOptimizer::createSlots(Graph &, const std::vector<Variable> &variables, Where where) {
  const double initial = options_.initial_accumulator_value;
  for (const Variable &variable : variables) {
    slot(variable, "rms", initial == 1 ? initializers::ones() : initializers::constant(initial),
         where);
    if (options_.centered)
      slot(variable, "mg", initializers::zeros(), where);
    slot(variable, "momentum", initializers::zeros(), where);
  }
}

void RMSPropOptimizer::prepare(Graph &graph, Where where) {
  rate_ = hyper(graph, learning_rate_, "learning_rate", where);
  decay_ = hyper(graph, options_.decay, "decay", where);
  momentum_ = hyper(graph, options_.momentum, "momentum", where);
  epsilon_ = hyper(graph, options_.epsilon, "epsilon", where);
}

Attributes RMSPropOptimizer::slotsOf(const Variable &variable) const {
  Attributes slots{{"mean_square", symbol(get_slot(variable, "rms"))},
                   {"momentum_slot", symbol(get_slot(variable, "momentum"))}};
  if (options_.centered)
    slots.set("mean_gradient", symbol(get_slot(variable, "mg")));
  return slots;
}

Operation RMSPropOptimizer::apply(const Output &gradient, const Variable &variable, Where where) {
  const Output rate = as(rate_, variable, where);
  const Output decay = as(decay_, variable, where);
  const Output momentum = as(momentum_, variable, where);
  const Output epsilon = as(epsilon_, variable, where);
  return update(options_.centered ? "apply_centered_rms_prop" : "apply_rms_prop", variable,
                {rate, decay, momentum, epsilon, gradient}, slotsOf(variable),
                options_.centered ? "ApplyCenteredRMSProp" : "ApplyRMSProp", where);
}

Operation RMSPropOptimizer::applySparse(const VariableGradient &gradient, const Variable &variable,
                                        Where where) {
  const Output rate = as(rate_, variable, where);
  const Output decay = as(decay_, variable, where);
  const Output momentum = as(momentum_, variable, where);
  const Output epsilon = as(epsilon_, variable, where);
  return update(options_.centered ? "sparse_apply_centered_rms_prop" : "sparse_apply_rms_prop",
                variable, {rate, decay, momentum, epsilon, gradient.values(), gradient.indices()},
                slotsOf(variable),
                options_.centered ? "SparseApplyCenteredRMSProp" : "SparseApplyRMSProp", where);
}

//===--- Adam ---------------------------------------------------------------------------------===//

AdamOptimizer::AdamOptimizer(const Input &learning_rate, AdamOptions options)
    : Optimizer(options.name), learning_rate_(learning_rate), options_(std::move(options)) {}

void AdamOptimizer::createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) {
  if (!beta1_power_ || &beta1_power_.graph() != &graph) {
    beta1_power_ =
        graph.variable(options_.beta1, {.trainable = false, .name = "beta1_power"}, where);
    beta2_power_ =
        graph.variable(options_.beta2, {.trainable = false, .name = "beta2_power"}, where);
  }
  for (const Variable &variable : variables) {
    slot(variable, "m", initializers::zeros(), where);
    slot(variable, "v", initializers::zeros(), where);
  }
}

void AdamOptimizer::prepare(Graph &graph, Where where) {
  rate_ = hyper(graph, learning_rate_, "learning_rate", where);
  beta1_ = hyper(graph, options_.beta1, "beta1", where);
  beta2_ = hyper(graph, options_.beta2, "beta2", where);
  epsilon_ = hyper(graph, options_.epsilon, "epsilon", where);
}

Operation AdamOptimizer::apply(const Output &gradient, const Variable &variable, Where where) {
  const Output power1 = as(beta1_power_, variable, where);
  const Output power2 = as(beta2_power_, variable, where);
  const Output rate = as(rate_, variable, where);
  const Output beta1 = as(beta1_, variable, where);
  const Output beta2 = as(beta2_, variable, where);
  const Output epsilon = as(epsilon_, variable, where);
  return update("apply_adam", variable, {power1, power2, rate, beta1, beta2, epsilon, gradient},
                {{"m", symbol(get_slot(variable, "m"))}, {"v", symbol(get_slot(variable, "v"))}},
                "ApplyAdam", where);
}

std::vector<Operation> AdamOptimizer::finish(Graph &graph, const std::vector<Operation> &updates,
                                             Where where) {
  // After all updates, which read the powers of this step.
  ControlDependencies after(graph, {updates.begin(), updates.end()});
  const Output power1 = multiply(beta1_power_, beta1_, "mul", where);
  const Output next1 = beta1_power_.assign(power1, {}, where);
  const Output power2 = multiply(beta2_power_, beta2_, "mul", where);
  const Output next2 = beta2_power_.assign(power2, {}, where);
  std::vector<Operation> done = updates;
  done.push_back(next1.op());
  done.push_back(next2.op());
  return done;
}

} // namespace graphc::train
