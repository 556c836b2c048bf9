// The one way ops get into a graph. For graphc itself; no MLIR.
#pragma once

#include <span>

#include "frontend/GraphState.h"
#include "ir/ShapeFunctions.h"

namespace graphc {

struct RecordOptions {
  /// The op's name: made unique in the open scope, or, with a trailing slash, taken as it is.
  std::string_view name;
  Where where;
  /// Result types of ops that shape functions do not know.
  std::vector<ValueType> types = {};
  /// How many poisoned outputs to give for a wrong op.
  std::size_t results = 1;
};

/// Records `graph.<op>`. The first wrong op throws Error with its name and the user's line, or, in
/// a graph with deferred errors, leaves the error in the graph and gives poisoned outputs.
/// Nothing is recorded where an operand is poisoned.
std::vector<Output> record(Graph &graph, std::string_view op, std::span<const Output> operands,
                           const Attributes &attributes, const RecordOptions &options);
/// The same for an op with one result.
Output recordOne(Graph &graph, std::string_view op, std::initializer_list<Output> operands,
                 const Attributes &attributes, std::string_view name, Where where);
/// The same for an op without results.
Operation recordOperation(Graph &graph, std::string_view op, std::span<const Output> operands,
                          const Attributes &attributes, std::string_view name, Where where);
/// The symbol op of a variable, at the top of the module.
Operation recordVariable(Graph &graph, const std::string &opName, const ValueType &type,
                         bool trainable, Where where);

/// Adds to Graph::update_ops().
void addUpdateOp(Graph &graph, const Operation &op);

/// Throws, or keeps the error and gives a poisoned output. `opName` is relative to the open scope.
Output fail(Graph &graph, Code code, std::string message, std::string_view opName, Where where);
std::vector<Output> failMany(std::size_t count, Graph &graph, Code code, std::string message,
                             std::string_view opName, Where where);
Operation failOperation(Graph &graph, Code code, std::string message, std::string_view opName,
                        Where where);

inline std::string_view nameOr(std::string_view name, std::string_view otherwise) {
  return name.empty() ? otherwise : name;
}

/// The name scope of one op, as in TensorFlow's `with name_scope(name, default) as scope`: helper
/// constants are named under it, and the op itself takes name().
class OpScope {
public:
  OpScope(Graph &graph, std::string_view name, std::string_view otherwise)
      : scope_(graph, graph.state().names.scope_for(nameOr(name, otherwise))) {}
  /// "scope/MatMul/".
  const std::string &name() const { return scope_.name(); }

private:
  NameScope scope_;
};

/// While it lives, ops go to the program itself, whatever recurrence's body is being recorded,
/// without control dependencies: where variables are made.
class OutsideBodies {
public:
  explicit OutsideBodies(Graph &graph);
  OutsideBodies(const OutsideBodies &) = delete;
  OutsideBodies &operator=(const OutsideBodies &) = delete;
  ~OutsideBodies();

private:
  Graph &graph_;
  std::vector<void *> blocks_;
  std::vector<std::string> controls_;
};

/// The graph of the first Output among `inputs`; throws where all are numbers.
Graph &graphOf(std::initializer_list<const Input *> inputs, std::string_view op);
/// The graph of an operand; throws Error naming the op for an empty one.
Graph &graphOf(const Output &output, std::string_view op, Where where);
Graph &graphOf(std::span<const Output> outputs, std::string_view op, Where where);

/// `input` as an Output: numbers and tensors become a constant `name` of dtype `dtype` in the open
/// scope. Numbers that the dtype cannot hold are an error.
Output toOutput(Graph &graph, const Input &input, DataType dtype, std::string_view name,
                Where where);
/// The dtype that `input` has by itself: numbers are bool, int32 or float32.
DataType ownDtype(const Input &input);

/// The axis counted from the front; nothing, after fail(), where it lies outside of [-rank, rank).
std::optional<std::int64_t> normalizedAxis(Graph &graph, std::int64_t axis, std::int64_t rank,
                                           std::string_view opName, Where where);

/// The attributes seed, seed2 and stream of the next random op.
void setSeeds(Graph &graph, std::optional<std::int64_t> seed, Attributes &attributes);

/// Says that the graph was written for another generator: its random ops promise independent draws,
/// and passes may draw them otherwise.
void promiseIndependentDraws(Graph &graph);

/// Whether ops go to the body of a recurrence, loop or branch now.
bool isRecordingBody(const Graph &graph);
/// Whether the value comes from the body of a recurrence that is still, or no longer, recorded.
bool isInsideBody(const Output &output);

} // namespace graphc
