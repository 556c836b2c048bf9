// What the rule of an op type works with: one node's inputs, attributes and name, and the ways to
// record what the node computes. For graphc itself; knows no op type.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontend/Recorder.h"
#include "frontend/import/NodeGraph.h"
#include "frontend/import/TensorLists.h"

namespace graphc::importing {

class FunctionLibrary;

/// A variable of the graph, as the nodes that make it, pass it on and change it know it.
struct ImportedVariable {
  std::string op_name; ///< in the graph, prefix included
  DataType dtype = float32;
  Shape shape;
};

/// Of two integers that are drawn once a run and key further draws: the seeds that stand for them.
struct RandomKey {
  std::int64_t seed = 0, seed2 = 0, stream = 0;
};

/// What an output of a node became: a tensor, a variable, or what only some rules understand.
struct NodeValue {
  Output tensor = {};
  std::optional<ImportedVariable> variable = {};
  std::optional<std::string> text = {};
  std::optional<ImportedList> list = {};
  std::optional<RandomKey> key = {}; ///< beside the tensor of the two integers
  /// Of a stateless random op's key: graphc has no uint64.
  std::optional<std::pair<std::int64_t, std::int64_t>> seeds = {};
};

/// What is known of the nodes recorded so far.
struct ImportState {
  Graph &graph;
  const NodeGraph &nodes;
  std::string source; ///< what messages call the file
  std::string prefix; ///< "" or "prefix/"
  Where where;
  std::vector<std::vector<NodeValue>> values = {}; ///< by node and output
  /// By "name:output" of the file: tensors that take the place of the file's.
  std::map<std::string, Output> replaced = {};
  /// Variables in the order of their nodes.
  std::vector<ImportedVariable> variables = {};
  /// By variable: the value first given to it, with the op that does, and its read.
  std::map<std::string, Output> initial_values = {};
  std::map<std::string, Operation> initializers = {};
  std::map<std::string, Output> reads = {};
  const FunctionLibrary *functions = nullptr;
  /// Whether something in the file writes behind the end of lists that TensorListReserve makes.
  bool lists_grow = false;
  /// While the body of a recurrence is recorded: its step.
  Output step = {};
  /// While the region of a loop or branch is recorded: what variables hold there, by name. Their
  /// first reads stand outside, so that gradients find them; updates only change what is held.
  std::optional<std::map<std::string, Output>> held = {};
};

class NodeContext {
public:
  NodeContext(ImportState &state, int node) : state_(state), node_(node) {}

  Graph &graph() { return state_.graph; }
  ImportState &state() { return state_; }
  const Node &node() const { return state_.nodes[node_]; }
  const std::string &type() const { return node().type(); }
  /// The name with the prefix and a slash behind: an op recorded under it has exactly the node's
  /// name.
  std::string exactName() const { return state_.prefix + node().name() + "/"; }
  Where where() const { return state_.where; }

  /// Throws Error (invalid_argument) with file, node and op type before the message.
  [[noreturn]] void refuse(const std::string &message) const;
  /// The same where something is right in TensorFlow, but not done by graphc.
  [[noreturn]] void refuseUnknown(const std::string &message) const;

  //===--- Inputs ---===//
  int numInputs() const { return static_cast<int>(node().inputs.size()); }
  /// A tensor; of a variable, its value here in the order of ops.
  Output input(int index);
  std::vector<Output> inputs(int first, int end);
  /// The variable that the input refers to; refuses others.
  const ImportedVariable &variable(int index) const;
  bool isVariable(int index) const { return value(index).variable.has_value(); }
  const ImportedList &list(int index) const;
  /// Whatever the input is, tensors of the input map in their places.
  NodeValue given(int index);
  std::vector<NodeValue> given(int first, int end);
  /// The text of a constant string.
  const std::string &text(int index) const;
  std::pair<std::int64_t, std::int64_t> seed(int index) const;
  /// The input's value, which must be known while the graph is imported: a constant, or what
  /// follows from constants and known shapes.
  Tensor known(int index, const char *what);
  std::optional<Tensor> knownOrNot(int index);
  std::vector<std::int64_t> knownIntegers(int index, const char *what);
  std::int64_t knownInteger(int index, const char *what);
  /// Numbers where they are known, else the tensor.
  Dims dims(int index);

  //===--- Attributes ---===//
  bool has(const char *attribute) const { return find(attribute) != nullptr; }
  bool flag(const char *attribute, bool otherwise) const;
  std::int64_t integer(const char *attribute, std::optional<std::int64_t> otherwise = {}) const;
  double real(const char *attribute, double otherwise) const;
  std::string word(const char *attribute, std::optional<std::string> otherwise = {}) const;
  DataType dtype(const char *attribute, std::optional<DataType> otherwise = {}) const;
  std::vector<std::int64_t> integers(const char *attribute,
                                     std::optional<std::vector<std::int64_t>> otherwise = {}) const;
  /// Unknown rank where it is missing.
  Shape shape(const char *attribute) const;
  const proto::TensorProto &tensor(const char *attribute) const;
  /// The names of functions.
  std::string function(const char *attribute) const;
  std::vector<std::string> functions(const char *attribute) const;
  /// The axis counted from the front where the rank is known, else as it is.
  std::int64_t axis(std::int64_t given, const Output &tensor, std::int64_t newAxes = 0) const;

  //===--- Recording ---===//
  /// Records `graph.<op>` under the node's name.
  Output record(std::string_view op, const std::vector<Output> &operands,
                const Attributes &attributes = {}) {
    return recordMany(op, operands, attributes).front();
  }
  std::vector<Output> recordMany(std::string_view op, const std::vector<Output> &operands,
                                 const Attributes &attributes = {});
  /// Records an op that the node is made with, under the node's name as a scope.
  Output helper(std::string_view op, const std::vector<Output> &operands,
                const Attributes &attributes = {});
  Output scalar(double value, DataType dtype);
  /// Integers as a vector.
  Output vector(const std::vector<std::int64_t> &values, DataType dtype);

  void result(const Output &tensor) { results({tensor}); }
  void results(const std::vector<Output> &tensors);
  void variableResult(const ImportedVariable &variable, const Output &value = {});
  void textResult(std::string text);
  void give(std::vector<NodeValue> values);
  /// `count` outputs that stand for the seeds.
  void seedResults(std::pair<std::int64_t, std::int64_t> seeds, int count);

private:
  const NodeValue &value(int index) const;
  const proto::AttrValue *find(const char *attribute) const;
  const proto::AttrValue *typed(const char *attribute, proto::AttrValue::ValueCase kind,
                                const char *expected) const;
  [[noreturn]] void missing(const char *attribute) const;

  ImportState &state_;
  int node_;
};

/// The value of `variable`: a read under the exact or relative name, or what is held.
Output recordRead(ImportState &state, const ImportedVariable &variable, std::string_view name);

/// Gives `variable` the value (op "assign"), adds or subtracts it: the new value.
Output recordUpdate(NodeContext &context, std::string_view op, const ImportedVariable &variable,
                    const Output &value);

} // namespace graphc::importing
