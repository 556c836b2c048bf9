// TensorFlow's tf.train optimizers: formulas, slot variables and names
// (tensorflow/python/training). A learning rate is a number or a scalar tensor, fed for example.
#pragma once

#include <map>
#include <memory>

#include "frontend/Gradients.h"
#include "frontend/VariableGradient.h"
#include "runtime/Attributes.h"

namespace graphc::train {

struct GradientAndVariable {
  VariableGradient gradient; ///< empty where none reaches the variable
  Variable variable;
};

struct ComputeGradientsOptions {
  std::vector<Variable> var_list = {}; ///< default: all trainable variables
  Output grad_loss = {};               ///< default: ones
};

struct ApplyGradientsOptions {
  Variable global_step = {};  ///< counted up by one, after the update
  std::string_view name = {}; ///< default: the optimizer's
};

struct MinimizeOptions {
  Variable global_step = {};
  std::vector<Variable> var_list = {};
  std::string_view name = {};
  Output grad_loss = {};
};

/// What optimizers share. Of a variable whose rows alone are looked up, only the rows met are
/// updated, and their slots (Adam excepted). Variables keep their slots, "w/Adam" and so on, when
/// gradients are applied more than once.
class Optimizer {
public:
  virtual ~Optimizer();

  /// The gradients of the loss by the variables, in the variables' order. Throws Error
  /// (invalid_argument) without variables.
  std::vector<GradientAndVariable> compute_gradients(const Output &loss,
                                                     const ComputeGradientsOptions &options = {},
                                                     Where where = Where::current()) const;
  /// The op that updates all variables that have a gradient. Throws Error (invalid_argument) where
  /// none has.
  Operation apply_gradients(const std::vector<GradientAndVariable> &gradients,
                            const ApplyGradientsOptions &options = {},
                            Where where = Where::current());
  Operation minimize(const Output &loss, const MinimizeOptions &options = {},
                     Where where = Where::current());

  /// The slot variable, "m" of Adam for example; empty where there is none.
  Variable get_slot(const Variable &variable, const std::string &slot) const;

protected:
  explicit Optimizer(std::string name) : name_(std::move(name)) {}

  virtual void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) = 0;
  /// Makes the hyperparameters constants, inside the op's scope.
  virtual void prepare(Graph &graph, Where where) = 0;
  /// Records the update of one variable.
  virtual Operation apply(const Output &gradient, const Variable &variable, Where where) = 0;
  /// The same from the gradients of some rows; by default an update of all rows.
  virtual Operation applySparse(const VariableGradient &gradient, const Variable &variable,
                                Where where);
  /// What comes after all updates; gives the ops that belong to the train op.
  virtual std::vector<Operation> finish(Graph &graph, const std::vector<Operation> &updates,
                                        Where where);

  const std::string &name() const { return name_; }
  Variable slot(const Variable &variable, const std::string &slot, const Initializer &initializer,
                Where where);
  /// `hyper` as a tensor of the variable's dtype.
  static Output as(const Output &hyper, const Variable &variable, Where where);

private:
  std::string name_;
  std::map<std::string, std::map<std::string, Variable>> slots_; // by slot, then variable
};

/// variable -= learning_rate * gradient.
class GradientDescentOptimizer : public Optimizer {
public:
  explicit GradientDescentOptimizer(const Input &learning_rate,
                                    std::string name = "GradientDescent");

protected:
  void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) override;
  void prepare(Graph &graph, Where where) override;
  Operation apply(const Output &gradient, const Variable &variable, Where where) override;
  Operation applySparse(const VariableGradient &gradient, const Variable &variable,
                        Where where) override;

private:
  Input learning_rate_;
  Output rate_;
};

struct MomentumOptions {
  bool use_nesterov = false;
  std::string name = "Momentum";
};
/// accumulator = momentum * accumulator + gradient; variable -= learning_rate * accumulator.
class MomentumOptimizer : public Optimizer {
public:
  MomentumOptimizer(const Input &learning_rate, const Input &momentum,
                    MomentumOptions options = {});

protected:
  void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) override;
  void prepare(Graph &graph, Where where) override;
  Operation apply(const Output &gradient, const Variable &variable, Where where) override;
  Operation applySparse(const VariableGradient &gradient, const Variable &variable,
                        Where where) override;

private:
  Attributes slotsOf(const Variable &variable) const;

  Input learning_rate_;
  Input momentum_;
  bool use_nesterov_;
  Output rate_;
  Output momentumTensor_;
};

struct AdagradOptions {
  double initial_accumulator_value = 0.1;
  std::string name = "Adagrad";
};
/// accumulator += gradient^2; variable -= learning_rate * gradient / sqrt(accumulator)
/// (Duchi et al., JMLR 2011).
class AdagradOptimizer : public Optimizer {
public:
  explicit AdagradOptimizer(const Input &learning_rate, AdagradOptions options = {});

protected:
  void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) override;
  void prepare(Graph &graph, Where where) override;
  Operation apply(const Output &gradient, const Variable &variable, Where where) override;
  Operation applySparse(const VariableGradient &gradient, const Variable &variable,
                        Where where) override;

private:
  Input learning_rate_;
  double initial_;
  Output rate_;
};

struct RMSPropOptions {
  double decay = 0.9;
  double momentum = 0;
  double epsilon = 1e-10; ///< inside the square root
  bool centered = false;
  /// Of rms, 0 or more. From TensorFlow's 1 it takes some hundred steps to come down to the squares
  /// of small gradients, and steps are short until then; Keras starts from 0.
  double initial_accumulator_value = 1;
  std::string name = "RMSProp";
};
/// rms = decay * rms + (1 - decay) * gradient^2;
/// mom = momentum * mom + learning_rate * gradient / sqrt(rms + epsilon); variable -= mom.
/// Centered: the mean gradient's square is taken from rms in the root.
class RMSPropOptimizer : public Optimizer {
public:
  explicit RMSPropOptimizer(const Input &learning_rate, RMSPropOptions options = {});

protected:
  void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) override;
  void prepare(Graph &graph, Where where) override;
  Operation apply(const Output &gradient, const Variable &variable, Where where) override;
  Operation applySparse(const VariableGradient &gradient, const Variable &variable,
                        Where where) override;

private:
  Attributes slotsOf(const Variable &variable) const;

  Input learning_rate_;
  RMSPropOptions options_;
  Output rate_;
  Output decay_;
  Output momentum_;
  Output epsilon_;
};

struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8; ///< outside of the square root
  std::string name = "Adam";
};
/// Adam in the form before section 2.1 of Kingma and Ba (ICLR 2015):
/// lr_t = lr sqrt(1 - beta2^t) / (1 - beta1^t); variable -= lr_t m / (sqrt(v) + epsilon).
/// Where only some rows have a gradient, the moments of all rows decay, and all rows move, as in
/// tf.train.AdamOptimizer.
class AdamOptimizer : public Optimizer {
public:
  explicit AdamOptimizer(const Input &learning_rate = 0.001, AdamOptions options = {});

protected:
  void createSlots(Graph &graph, const std::vector<Variable> &variables, Where where) override;
  void prepare(Graph &graph, Where where) override;
  Operation apply(const Output &gradient, const Variable &variable, Where where) override;
  std::vector<Operation> finish(Graph &graph, const std::vector<Operation> &updates,
                                Where where) override;

private:
  Input learning_rate_;
  AdamOptions options_;
  Variable beta1_power_;
  Variable beta2_power_;
  Output rate_;
  Output beta1_;
  Output beta2_;
  Output epsilon_;
};

} // namespace graphc::train
