// What a graph knows beside its ops. For graphc itself; no MLIR.
#pragma once

#include <functional>
#include <map>

#include "frontend/Graph.h"

namespace graphc {

struct Variable::Data {
  Graph *graph = nullptr;
  std::string op_name;
  DataType dtype = float32;
  Shape shape;
  bool trainable = true;
  Operation op;
  Output value;
  Output initial_value;
  Operation initializer;
};

/// The gradients of an op's operands, from those of its results: one Output per operand, empty
/// where there is none.
using GradientFunction =
    std::function<std::vector<Output>(const Operation &op, const std::vector<Output> &gradients)>;

struct GraphState {
  GraphState();

  /// Tells graphs apart, also those that follow one another at one address.
  const std::uint64_t id;
  Graph::Options options;
  NameTable names;
  VariableScopes variable_scopes;
  std::vector<std::string> controls;     ///< names of the ops that ops recorded now come after
  std::vector<Variable> variables;       ///< the global ones
  std::vector<Variable> local_variables; ///< those that metrics count in
  std::vector<Output> losses;            ///< what gc::losses recorded, in order
  std::map<std::string, Variable, std::less<>> variables_by_name; ///< by op name
  std::map<std::string, Variable, std::less<>> shared_variables;  ///< what get_variable finds
  std::vector<Operation> update_ops;
  std::map<std::string, std::vector<Output>> reads; ///< all reads of a variable, by its op name
  std::optional<std::int64_t> seed;
  std::int64_t ops_recorded = 0;
  std::int64_t next_stream = 1;
  std::optional<Error> error;
  std::map<std::string, GradientFunction, std::less<>> gradients; ///< by op type
  std::vector<Output> summaries; ///< scalars and histograms, what merge_all merges
  /// Other names under which results are found: TensorFlow's where ours is one op.
  std::map<std::string, Output> aliases;
};

} // namespace graphc
