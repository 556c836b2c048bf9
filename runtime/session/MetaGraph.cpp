#include "runtime/session/MetaGraph.h"

#include <algorithm>
#include <set>

#include "frontend/GraphState.h"
#include "frontend/export/GraphDef.h"
#include "frontend/export/Node.h"
#include "runtime/files/Files.h"
#include "runtime/protos/MessageBytes.h"
#include "runtime/protos/TensorTypes.h"
#include "runtime/protos/meta_graph.pb.h"
#include "runtime/session/TrainingGraphDef.h"

namespace graphc::train {

using graphdef::Node;

namespace {

/// The nodes of a graph by name, while more are added.
class Nodes {
public:
  explicit Nodes(proto::GraphDef &graph) : graph_(graph) {
    for (const proto::NodeDef &node : graph.node())
      names_.insert(node.name());
  }

  /// `tensor` is "name:0" or "name".
  bool has(const std::string &tensor) const {
    return names_.contains(tensor.substr(0, tensor.rfind(':')));
  }
  /// `scope`, or with "_1", "_2", ... where something stands under it.
  std::string freshScope(const std::string &scope) const {
    std::string fresh = scope;
    for (int i = 1; std::ranges::any_of(names_,
                                        [&](const std::string &name) {
                                          return name == fresh || name.starts_with(fresh + "/");
                                        });
         ++i)
      fresh = scope + "_" + std::to_string(i);
    return fresh;
  }
  Node add(const std::string &name, const char *op, const std::vector<std::string> &inputs) {
    proto::NodeDef &def = *graph_.add_node();
    def.set_name(name);
    def.set_op(op);
    for (const std::string &input : inputs)
      def.add_input(input);
    names_.insert(name);
    return Node(def);
  }

private:
  proto::GraphDef &graph_;
  std::set<std::string> names_;
};

/// The nodes of TensorFlow's Saver for all global variables.
class SaverNodes {
public:
  SaverNodes(const Graph &graph, Nodes &nodes)
      : variables_(graph.global_variables()), nodes_(nodes), scope_(nodes.freshScope("save")) {}

  proto::SaverDef write() {
    const std::string prefix = texts("Const", {"model"}, true);
    std::vector<std::string> names, inputs{prefix};
    std::vector<DataType> dtypes;
    for (const Variable &variable : variables_) {
      names.push_back(variable.op_name());
      dtypes.push_back(variable.dtype());
    }
    const std::vector<std::string> whole(names.size());
    inputs.push_back(texts("SaveV2/tensor_names", names));
    inputs.push_back(texts("SaveV2/shape_and_slices", whole));
    inputs.insert(inputs.end(), names.begin(), names.end());
    add("SaveV2", "SaveV2", inputs).types("dtypes", dtypes);
    add("control_dependency", "Identity", {prefix, "^" + scope_ + "/SaveV2"})
        .type("T", proto::DT_STRING);

    const Node restore = add("RestoreV2", "RestoreV2",
                             {prefix, texts("RestoreV2/tensor_names", names),
                              texts("RestoreV2/shape_and_slices", whole)})
                             .types("dtypes", dtypes);
    std::vector<std::string> all;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      Node assign = add("Assign" + (i ? "_" + std::to_string(i) : std::string()), "Assign",
                        {names[i], restore.output(static_cast<unsigned>(i))});
      assign.type("T", dtypes[i]).flag("use_locking", true).flag("validate_shape", true);
      all.push_back("^" + assign.name());
    }
    add("restore_all", "NoOp", all);

    proto::SaverDef saver;
    saver.set_filename_tensor_name(prefix + ":0");
    saver.set_save_tensor_name(scope_ + "/control_dependency:0");
    saver.set_restore_op_name(scope_ + "/restore_all");
    saver.set_max_to_keep(5);
    saver.set_keep_checkpoint_every_n_hours(10000);
    saver.set_version(proto::SaverDef::V2);
    return saver;
  }

private:
  Node add(const std::string &name, const char *op, const std::vector<std::string> &inputs) {
    return nodes_.add(scope_ + "/" + name, op, inputs);
  }
  /// A constant of strings; graphc has no tensors of these.
  std::string texts(const std::string &name, const std::vector<std::string> &values,
                    bool scalar = false) {
    Node node = add(name, "Const", {}).type("dtype", proto::DT_STRING);
    proto::TensorProto &tensor = *(*node.def().mutable_attr())["value"].mutable_tensor();
    tensor.set_dtype(proto::DT_STRING);
    auto &shape = *tensor.mutable_tensor_shape();
    if (!scalar)
      shape.add_dim()->set_size(static_cast<std::int64_t>(values.size()));
    for (const std::string &value : values)
      tensor.add_string_val(value);
    return node.name();
  }

  const std::vector<Variable> &variables_;
  Nodes &nodes_;
  std::string scope_;
};

/// Writes the collections of a MetaGraphDef.
class Collections {
public:
  Collections(proto::MetaGraphDef &meta, const Nodes &nodes) : meta_(meta), nodes_(nodes) {}

  void addVariables(const char *name, const std::vector<Variable> &variables) {
    for (const Variable &variable : variables) {
      const std::string initializer = variable.initializer() ? variable.initializer().name() : "";
      if (initializer.empty() || !nodes_.has(initializer) || !nodes_.has(variable.value().name()))
        continue;
      proto::VariableDef def;
      def.set_variable_name(variable.name());
      def.set_initializer_name(initializer);
      def.set_snapshot_name(variable.value().name());
      def.set_initial_value_name(variable.initial_value().name());
      def.set_trainable(variable.trainable());
      collection(name).mutable_bytes_list()->add_value(def.SerializeAsString());
    }
  }
  /// Those of `members` that are there.
  template <typename Members> void addThoseThere(const char *name, const Members &members) {
    for (const auto &member : members)
      if (nodes_.has(member.name()))
        collection(name).mutable_node_list()->add_value(member.name());
  }
  void addAll(const std::string &name, const Fetches &members) {
    for (const Fetches::Fetch &member : members.list()) {
      if (!nodes_.has(member.name))
        throw Error(Code::not_found, "'" + member.name + "' of the collection '" + name +
                                         "' is not in the graph as it is written: what needs "
                                         "gradients is left out where the placeholders' shapes are "
                                         "not given");
      collection(name).mutable_node_list()->add_value(member.name);
    }
  }

private:
  proto::CollectionDef &collection(const std::string &name) {
    return (*meta_.mutable_collection_def())[name];
  }

  proto::MetaGraphDef &meta_;
  const Nodes &nodes_;
};

} // namespace

std::string meta_graph_def(const Graph &graph, const MetaGraphOptions &options) {
  proto::MetaGraphDef meta;
  proto::GraphDef &definition = *meta.mutable_graph_def();
  definition.ParseFromString(options.training ? training_graph_def(graph, *options.training)
                                              : graph.as_graph_def());
  Nodes nodes(definition);
  Collections collections(meta, nodes);
  collections.addVariables("variables", graph.global_variables());
  collections.addVariables("trainable_variables", graph.trainable_variables());
  collections.addVariables("local_variables", graph.local_variables());
  collections.addThoseThere("summaries", graph.state().summaries);
  collections.addThoseThere("losses", graph.state().losses);
  collections.addThoseThere("update_ops", graph.update_ops());
  for (const auto &[name, members] : options.collections)
    collections.addAll(name, members);
  if (!graph.global_variables().empty())
    *meta.mutable_saver_def() = SaverNodes(graph, nodes).write();
  std::optional<std::string> bytes = messageBytes(meta);
  if (!bytes)
    throw Error(Code::invalid_argument,
                "the graph is larger than the 2 GB that a MetaGraphDef can hold");
  return *std::move(bytes);
}

void export_meta_graph(const Graph &graph, const std::filesystem::path &path,
                       const MetaGraphOptions &options) {
  replace_file(path, meta_graph_def(graph, options));
}

} // namespace graphc::train
