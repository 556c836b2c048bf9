#include "frontend/export/Freeze.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "frontend/export/Node.h"
#include "frontend/import/GraphFile.h"
#include "runtime/Status.h"
#include "runtime/checkpoint/TensorBundle.h"
#include "runtime/protos/MessageBytes.h"
#include "runtime/protos/TensorTypes.h"

namespace graphc {

using graphdef::Node;

namespace {

/// "node:1" or "^node".
struct Reference {
  std::string node;
  bool control = false;

  explicit Reference(std::string_view text) {
    control = text.starts_with('^');
    text.remove_prefix(control ? 1 : 0);
    const std::size_t colon = text.rfind(':');
    node = text.substr(0, control ? text.npos : colon);
  }
};

bool isRefVariable(const proto::NodeDef &node) {
  return node.op() == "VariableV2" || node.op() == "Variable";
}
bool isVariable(const proto::NodeDef &node) {
  return isRefVariable(node) || node.op() == "VarHandleOp";
}
bool isInitializedQuestion(const proto::NodeDef &node) {
  return node.op() == "IsVariableInitialized" || node.op() == "VarIsInitializedOp";
}

/// Does it change a variable?
bool isWrite(std::string_view op) {
  if (op.starts_with("ScatterNd"))
    return op != "ScatterNd" && op != "ScatterNdNonAliasingAdd";
  return std::ranges::any_of(
      std::array<std::string_view, 7>{"Assign", "Apply", "SparseApply", "Scatter", "ResourceApply",
                                      "ResourceSparseApply", "ResourceScatter"},
      [&](std::string_view beginning) { return op.starts_with(beginning); });
}

/// Hands a value on: a resource's handle too.
bool passesOn(std::string_view op) {
  return op == "Identity" || op == "Enter" || op == "Switch" || op == "Merge" ||
         op == "NextIteration" || op == "Exit";
}

DataType dtypeOf(const proto::NodeDef &node) {
  const auto attribute = node.attr().find("dtype");
  const std::optional<DataType> dtype =
      attribute == node.attr().end() ? std::nullopt : from_tensorflow(attribute->second.type());
  if (!dtype)
    throw Error(Code::unimplemented,
                fmt::format("variable '{}' has no dtype that graphc knows", node.name()));
  return *dtype;
}

class Freezer {
public:
  Freezer(const proto::GraphDef &graph, const std::string &checkpoint)
      : graph_(graph), checkpoint_(checkpoint) {
    for (const proto::NodeDef &node : graph.node())
      if (!nodes_.emplace(node.name(), &node).second)
        throw Error(Code::data_loss, fmt::format("the graph has two nodes '{}'", node.name()));
  }

  proto::GraphDef freeze(const std::vector<std::string> &fetches) {
    for (const std::string &fetch : fetches)
      reach(fetch);
    followHandles();
    for (const proto::NodeDef &node : graph_.node())
      if (needed_.contains(node.name()))
        write(node);
    *frozen_.mutable_versions() = graph_.versions();
    if (graph_.has_library())
      *frozen_.mutable_library() = graph_.library();
    return std::move(frozen_);
  }

private:
  void reach(const std::string &fetch) {
    if (!nodes_.contains(Reference(fetch).node))
      throw Error(Code::not_found, fmt::format("fetch '{}' is not in the graph", fetch));
    std::vector<std::string> waiting{Reference(fetch).node};
    while (!waiting.empty()) {
      const std::string name = std::move(waiting.back());
      waiting.pop_back();
      if (!needed_.insert(name).second)
        continue;
      const proto::NodeDef &node = *nodes_.at(name);
      if (isWrite(node.op()))
        throw Error(
            Code::invalid_argument,
            fmt::format("'{}' needs '{}' ({}), which changes a variable: a frozen graph has "
                        "none",
                        fetch, name, node.op()));
      if (isVariable(node) || isInitializedQuestion(node))
        continue;
      for (const std::string &input : node.input()) {
        const Reference reference(input);
        if (!nodes_.contains(reference.node))
          throw Error(Code::not_found,
                      fmt::format("node '{}' takes '{}', which is not in the graph", name, input));
        waiting.push_back(reference.node);
      }
    }
  }

  /// Which nodes give the handle of which variable, and so, in the end, its value.
  void followHandles() {
    for (bool found = true; found;) {
      found = false;
      for (const std::string &name : needed_) {
        const proto::NodeDef &node = *nodes_.at(name);
        if (handles_.contains(name))
          continue;
        const proto::NodeDef *variable = node.op() == "VarHandleOp" ? &node : nullptr;
        if (passesOn(node.op()))
          for (const std::string &input : node.input())
            if (const auto handle = handles_.find(Reference(input).node);
                handle != handles_.end() && !Reference(input).control)
              variable = handle->second;
        if (variable)
          found |= handles_.emplace(name, variable).second;
      }
    }
  }

  bool takesHandle(const proto::NodeDef &node) const {
    return std::ranges::any_of(node.input(), [&](const std::string &input) {
      return !Reference(input).control && handles_.contains(Reference(input).node);
    });
  }

  Tensor valueOf(const proto::NodeDef &variable) {
    std::string name = variable.name();
    if (!checkpoint_.find(name))
      if (const auto shared = variable.attr().find("shared_name");
          shared != variable.attr().end() && checkpoint_.find(shared->second.s()))
        name = shared->second.s();
    if (!checkpoint_.find(name))
      throw Error(Code::not_found,
                  fmt::format("checkpoint '{}' has no variable '{}'", checkpoint_.prefix(), name));
    Tensor value = checkpoint_.read(name);
    const DataType dtype = dtypeOf(variable);
    Shape shape = Shape::unknown_rank();
    if (const auto attribute = variable.attr().find("shape");
        attribute != variable.attr().end() && !attribute->second.shape().unknown_rank()) {
      std::vector<std::int64_t> extents;
      for (const proto::TensorShape::Dim &dim : attribute->second.shape().dim())
        extents.push_back(dim.size());
      shape = Shape(std::move(extents));
    }
    if (value.dtype() != dtype || !shape.is_compatible_with(value.shape()))
      throw Error(Code::invalid_argument,
                  fmt::format("variable '{}' expects {}{}, the checkpoint has {}{}", name,
                              to_string(dtype), shape.to_string(), to_string(value.dtype()),
                              value.shape().to_string()));
    return value;
  }

  void writeConstant(const std::string &name, const Tensor &value) {
    proto::NodeDef &constant = *frozen_.add_node();
    constant.set_name(name);
    constant.set_op("Const");
    Node(constant).type("dtype", value.dtype()).tensor("value", value);
  }

  void write(const proto::NodeDef &node) {
    if (isVariable(node))
      return writeConstant(node.name(), valueOf(node));
    if (isInitializedQuestion(node))
      return writeConstant(node.name(), Tensor(true));
    proto::NodeDef &copy = *frozen_.add_node();
    copy = node;
    // Where a node lay beside a variable there is none.
    copy.mutable_attr()->erase("_class");
    if (const std::string_view op = node.op();
        op.starts_with("Ref") && (passesOn(op.substr(3)) || op == "RefIdentity"))
      copy.set_op(node.op().substr(3));
    if (takesHandle(node))
      takeValue(copy);
  }

  /// What took a variable's handle takes its value.
  void takeValue(proto::NodeDef &node) {
    if (passesOn(node.op())) {
      Node(node).type("T", dtypeOf(*handles_.at(node.name())));
    } else if (node.op() == "ReadVariableOp") {
      const DataType dtype = dtypeOf(node);
      node.set_op("Identity");
      node.mutable_attr()->erase("dtype");
      Node(node).type("T", dtype);
    } else if (node.op() == "ResourceGather") {
      const std::string axis = node.name() + "/frozen_axis";
      const DataType dtype = dtypeOf(node);
      node.set_op("GatherV2");
      node.mutable_attr()->erase("dtype");
      node.mutable_attr()->erase("validate_indices");
      Node(node).type("Tparams", dtype).type("Taxis", int32);
      node.mutable_input()->Add(); // data inputs stand before control inputs
      for (int at = node.input_size() - 1; at > 2; --at)
        node.set_input(at, node.input(at - 1));
      node.set_input(2, axis);
      writeConstant(axis, Tensor(std::int32_t{0}));
    } else {
      throw Error(Code::unimplemented,
                  fmt::format("'{}' ({}) takes a resource variable: expected ReadVariableOp or "
                              "ResourceGather",
                              node.name(), node.op()));
    }
  }

  const proto::GraphDef &graph_;
  TensorBundle checkpoint_;
  std::map<std::string, const proto::NodeDef *, std::less<>> nodes_;
  std::set<std::string> needed_;
  std::map<std::string, const proto::NodeDef *> handles_; ///< node -> the VarHandleOp
  proto::GraphDef frozen_;
};

} // namespace

std::string freeze_graph_def(const std::string &graph, const std::string &checkpoint,
                             const std::vector<std::string> &fetches) {
  if (fetches.empty())
    throw Error(Code::invalid_argument, "nothing is fetched: name at least one tensor or op");
  proto::GraphDef message;
  if (!message.ParseFromString(graph))
    throw Error(Code::data_loss,
                fmt::format("the graph is no serialized GraphDef, or a damaged one: {} bytes",
                            graph.size()));
  std::optional<std::string> frozen = messageBytes(Freezer(message, checkpoint).freeze(fetches));
  if (!frozen)
    throw Error(Code::invalid_argument,
                "the frozen graph is larger than the 2 GB that a GraphDef can hold");
  return *std::move(frozen);
}

std::string read_graph_def(const std::string &path) {
  std::filesystem::path name = path;
  if (name.extension() == ".gz")
    name = name.stem();
  if (name.extension() == ".meta")
    return messageBytes(importing::readMetaGraphDef(path).graph_def()).value();
  return messageBytes(importing::readGraphDef(path)).value();
}

} // namespace graphc
