// A graph: the program that a session compiles and runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/Output.h"
#include "frontend/Scopes.h"
#include "frontend/Variable.h"
#include "runtime/Status.h"

namespace graphc {

class GraphModule;
struct GraphState;

/// What control dependencies name: an op, a tensor's op, a variable's read.
class ControlInput {
public:
  ControlInput(const Operation &op) : op_(op) {} // NOLINT: converts
  ControlInput(const Output &output) : op_(output ? output.op() : Operation()) {} // NOLINT
  ControlInput(const Variable &variable) : op_(variable.value().op()) {}          // NOLINT
  const Operation &op() const { return op_; }

private:
  Operation op_;
};

/// An open name scope; closes when it is destroyed.
class [[nodiscard]] NameScope {
public:
  NameScope(Graph &graph, std::string scope);
  NameScope(const NameScope &) = delete;
  NameScope &operator=(const NameScope &) = delete;
  ~NameScope();
  /// "a/b/": given as a name it opens the same scope again.
  const std::string &name() const { return name_; }

private:
  Graph &graph_;
  std::string before_;
  std::string name_;
};

struct VariableScopeOptions {
  /// True: get_variable gives variables that exist; false: inherits.
  bool reuse = false;
  /// TensorFlow's AUTO_REUSE: creates what does not exist.
  bool auto_reuse = false;
  /// The default initializer of variables made under it.
  Initializer initializer = {};
  /// The default dtype of variables made under it.
  std::optional<DataType> dtype = {};
  /// Used, and made unique, where the scope is opened without a name.
  std::string default_name = {};
  /// False: opens no name scope of its own, ops stay where they are.
  bool auxiliary_name_scope = true;
};

/// An open variable scope, which also opens a name scope; closes when it is destroyed.
class [[nodiscard]] VariableScopeGuard {
public:
  VariableScopeGuard(Graph &graph, std::string_view name, const VariableScopeOptions &options);
  VariableScopeGuard(Graph &graph, const VariableScope &scope, const VariableScopeOptions &options);
  VariableScopeGuard(const VariableScopeGuard &) = delete;
  VariableScopeGuard &operator=(const VariableScopeGuard &) = delete;
  ~VariableScopeGuard();

  /// The scope, to enter it again later.
  VariableScope scope() const;
  /// From here on get_variable gives variables that exist.
  void reuse_variables();

private:
  Graph &graph_;
  std::optional<NameScope> name_scope_;
  VariableScope before_;
  VariableScopes::Counts counts_before_;
  std::string entered_;
  bool restores_counts_ = false;
};

/// Ops recorded while it lives run after the given ones, wherever they are fetched.
class [[nodiscard]] ControlDependencies {
public:
  ControlDependencies(Graph &graph, const std::vector<ControlInput> &inputs);
  ControlDependencies(const ControlDependencies &) = delete;
  ControlDependencies &operator=(const ControlDependencies &) = delete;
  ~ControlDependencies();

private:
  Graph &graph_;
  std::vector<std::string> before_;
};

struct GetVariableOptions {
  Initializer initializer = {};
  /// Default: the scope's, else float32.
  std::optional<DataType> dtype = {};
  bool trainable = true;
  /// TensorFlow's LOCAL_VARIABLES: as VariableOptions::local.
  bool local = false;
};

struct VariableOptions {
  bool trainable = true;
  std::string name = "Variable";
  /// Is no part of the model, and of no checkpoint: a metric's counts. Such a variable is never
  /// trainable, and local_variables_initializer() initializes it.
  bool local = false;
};

/// Owns all ops that were recorded into it. Not copyable; handles into it must not outlive it.
/// One thread records at a time.
class Graph {
public:
  struct Options {
    /// Keep the first error for the session to return, instead of throwing it.
    bool deferred_errors = false;
  };

  Graph();
  explicit Graph(const Options &options);
  Graph(const Graph &) = delete;
  Graph &operator=(const Graph &) = delete;
  ~Graph();

  /// A tensor that is fed. Without a shape, any rank may be fed.
  Output placeholder(DataType dtype, const Shape &shape = Shape::unknown_rank(),
                     std::string_view name = "Placeholder", Where where = Where::current());
  /// A constant of the tensor's dtype and shape.
  Output constant(const Tensor &value, std::string_view name = "Const",
                  Where where = Where::current());

  /// The variable `name` under the open variable scope: made, or, where the scope reuses, found.
  /// `shape` must be fully known; with an initializer that is a value it may be left out.
  /// Errors: already_exists, not_found (reuse of what does not exist), invalid_argument (another
  /// shape or dtype than the one found).
  Variable get_variable(std::string_view name, const Shape &shape,
                        const GetVariableOptions &options = {}, Where where = Where::current());
  Variable get_variable(std::string_view name, const GetVariableOptions &options,
                        Where where = Where::current());
  /// TensorFlow's `tf.Variable`: always a new one, named under the open name scope. Numbers make
  /// float32 and int32 scalars.
  Variable variable(const Input &initial_value, const VariableOptions &options = {},
                    Where where = Where::current());
  /// In the order in which they were made.
  const std::vector<Variable> &global_variables() const;
  std::vector<Variable> trainable_variables() const;
  /// What metrics count in; not among the global ones.
  const std::vector<Variable> &local_variables() const;
  Operation local_variables_initializer(std::string_view name = "init",
                                        Where where = Where::current());
  /// An op that runs the initializers of all global variables made so far.
  Operation global_variables_initializer(std::string_view name = "init",
                                         Where where = Where::current());
  Operation variables_initializer(const std::vector<Variable> &variables,
                                  std::string_view name = "init", Where where = Where::current());
  /// A variable "global_step", int64, not trainable, which optimizers count up.
  Variable get_or_create_global_step(Where where = Where::current());

  /// TensorFlow's collection UPDATE_OPS: ops that layers want run with every training step, such as
  /// the updates of moving averages. `g.control_dependencies(...)` takes them.
  const std::vector<Operation> &update_ops() const;

  /// An op that does nothing.
  Operation no_op(std::string_view name = "NoOp", Where where = Where::current());
  /// An op that runs after `inputs`.
  Operation group(const std::vector<ControlInput> &inputs, std::string_view name = {},
                  Where where = Where::current());

  /// Opens a name scope: "a" a fresh one ("a_1", ...), "a/" the existing one, "" the root.
  NameScope name_scope(std::string_view name);
  VariableScopeGuard variable_scope(std::string_view name,
                                    const VariableScopeOptions &options = {});
  VariableScopeGuard variable_scope(const VariableScope &scope,
                                    const VariableScopeOptions &options = {});
  const VariableScope &get_variable_scope() const;
  ControlDependencies control_dependencies(const std::vector<ControlInput> &inputs);
  std::string unique_name(std::string_view name, bool mark_as_used = true);

  /// Makes the random ops recorded from here on deterministic: op seeds are the number of ops
  /// recorded before them.
  void set_random_seed(std::int64_t seed);

  /// "logits/BiasAdd:0". Errors: invalid_argument for what is no tensor name, not_found.
  Output get_tensor_by_name(std::string_view name) const;
  Operation get_operation_by_name(std::string_view name) const;
  /// All ops of the program, in order, recurrences' bodies left out.
  std::vector<Operation> get_operations() const;

  /// With deferred errors, the first one; nothing where all ops were right.
  const std::optional<Error> &error() const;
  /// Throws error() where there is one.
  void check() const;
  /// The graph as MLIR text, stage `recorded`; with each op's name and source line.
  std::string to_mlir() const;
  /// The graph as a serialized TensorFlow GraphDef: a node for each op and variable, under its
  /// name, that TensorFlow loads and runs to the same numbers; helper nodes stand under "<op>/...".
  /// A recurrence is a loop of TensorFlow 1's. Each node says the shapes of its results and the
  /// source line. Requests for gradients are no ops of TensorFlow's: what needs their results is
  /// left out (training_graph_def() spells them out). Throws Error (unimplemented) for an op that
  /// has no form in TensorFlow.
  std::string as_graph_def() const;
  /// Why the recorded module is not a valid one, for tests of graphc itself; empty where it is.
  std::string verify() const;

  GraphState &state() const { return *state_; }
  GraphModule &module() const { return *module_; }
  /// For graphc itself: a graph over a module that something else owns.
  explicit Graph(std::unique_ptr<GraphModule> module);

private:
  std::unique_ptr<GraphState> state_;
  std::unique_ptr<GraphModule> module_;
};

/// The op that runs after all of `inputs`, in the graph of the first of them.
Operation group(const std::vector<ControlInput> &inputs, std::string_view name = {},
                Where where = Where::current());
/// The assigned value, as Variable::assign.
Output assign(const Variable &variable, const Input &value, std::string_view name = {},
              Where where = Where::current());
Output assign_add(const Variable &variable, const Input &delta, std::string_view name = {},
                  Where where = Where::current());
Output assign_sub(const Variable &variable, const Input &delta, std::string_view name = {},
                  Where where = Where::current());

} // namespace graphc
