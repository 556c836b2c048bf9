// Changes whole parts of a graph where libFuzzer alone would only break its bytes: op types,
// inputs, attributes, nodes. One change in four is left to libFuzzer.
#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

#include <google/protobuf/stubs/logging.h>

#include "frontend/import/ImportRules.h"
#include "runtime/protos/MessageBytes.h"
#include "runtime/protos/graph_def.pb.h"
#include "runtime/protos/meta_graph.pb.h"
#include "tests/fuzz/GraphInput.h"

namespace proto = graphc::proto;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);

namespace {

const std::vector<std::string> &opTypes() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> all{"Enter",
                                 "Exit",
                                 "LoopCond",
                                 "Merge",
                                 "NextIteration",
                                 "Switch",
                                 "TensorArrayV3",
                                 "TensorArrayReadV3",
                                 "TensorArrayScatterV3"};
    for (const auto &[type, rule] : graphc::importing::importRules())
      all.emplace_back(type);
    std::ranges::sort(all);
    return all;
  }();
  return types;
}

class GraphMutator {
public:
  GraphMutator(proto::GraphDef &graph, unsigned seed) : graph_(graph), random_(seed) {}

  void change() {
    if (graph_.node_size() == 0)
      return;
    proto::NodeDef &node = anyNode();
    switch (below(9)) {
    case 0: node.set_op(opTypes()[below(opTypes().size())]); break;
    case 1: changeInput(node); break;
    case 2: *node.add_input() = anyInput(); break;
    case 3:
      if (node.input_size() > 0)
        node.mutable_input()->DeleteSubrange(static_cast<int>(below(node.input_size())), 1);
      break;
    case 4: changeAttribute(node); break;
    case 5: borrowAttribute(node); break;
    case 6:
      graph_.mutable_node()->DeleteSubrange(static_cast<int>(below(graph_.node_size())), 1);
      break;
    case 7: {
      proto::NodeDef copy = node;
      copy.set_name(copy.name() + "_");
      *graph_.add_node() = copy;
      break;
    }
    default: node.Swap(&anyNode()); break;
    }
  }

private:
  std::size_t below(std::size_t count) { return random_() % count; }
  proto::NodeDef &anyNode() {
    return *graph_.mutable_node(
        static_cast<int>(below(static_cast<std::size_t>(graph_.node_size()))));
  }
  std::string anyInput() {
    const std::string name = anyNode().name();
    switch (below(8)) {
    case 0: return "^" + name;
    case 1: return name + ":" + std::to_string(below(4));
    default: return name;
    }
  }
  void changeInput(proto::NodeDef &node) {
    if (node.input_size() > 0)
      node.set_input(static_cast<int>(below(static_cast<std::size_t>(node.input_size()))),
                     anyInput());
  }

  std::int64_t number() {
    constexpr std::int64_t far[] = {std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int32_t>::min(),
                                    std::numeric_limits<std::int32_t>::max(),
                                    std::int64_t{1} << 40,
                                    100000};
    if (below(3) == 0)
      return far[below(std::size(far))];
    return static_cast<std::int64_t>(below(8)) - 2;
  }
  void changeShape(proto::TensorShape &shape) {
    if (below(3) == 0)
      shape.add_dim()->set_size(number());
    else if (shape.dim_size() > 0 && below(4) == 0)
      shape.mutable_dim()->RemoveLast();
    else if (shape.dim_size() > 0)
      shape.mutable_dim(static_cast<int>(below(static_cast<std::size_t>(shape.dim_size()))))
          ->set_size(number());
    else
      shape.set_unknown_rank(!shape.unknown_rank());
  }
  void changeTensor(proto::TensorProto &tensor) {
    switch (below(5)) {
    case 0: changeShape(*tensor.mutable_tensor_shape()); break;
    case 1: tensor.set_dtype(static_cast<proto::DataType>(below(24))); break;
    case 2: tensor.add_int_val(static_cast<std::int32_t>(number())); break;
    case 3: tensor.add_float_val(static_cast<float>(number())); break;
    default: tensor.mutable_tensor_content()->resize(below(40), '\1'); break;
    }
  }
  /// From their names in order: a map's own order is another in every process.
  std::string anyAttribute(const proto::NodeDef &node) {
    std::vector<std::string> names;
    for (const auto &[name, value] : node.attr())
      names.push_back(name);
    std::ranges::sort(names);
    return names[below(names.size())];
  }
  void changeAttribute(proto::NodeDef &node) {
    if (node.attr_size() == 0)
      return;
    const std::string name = anyAttribute(node);
    if (below(6) == 0) {
      node.mutable_attr()->erase(name);
      return;
    }
    proto::AttrValue &value = (*node.mutable_attr())[name];
    switch (value.value_case()) {
    case proto::AttrValue::kI: value.set_i(number()); break;
    case proto::AttrValue::kB: value.set_b(!value.b()); break;
    case proto::AttrValue::kType: value.set_type(static_cast<proto::DataType>(below(24))); break;
    case proto::AttrValue::kShape: changeShape(*value.mutable_shape()); break;
    case proto::AttrValue::kTensor: changeTensor(*value.mutable_tensor()); break;
    case proto::AttrValue::kList:
      if (value.list().i_size() > 0 && below(2) == 0)
        value.mutable_list()->set_i(
            static_cast<int>(below(static_cast<std::size_t>(value.list().i_size()))), number());
      else
        value.mutable_list()->add_i(number());
      break;
    default: value.set_i(number()); break;
    }
  }
  /// An attribute of another node, as it is.
  void borrowAttribute(proto::NodeDef &node) {
    const proto::NodeDef &other = anyNode();
    if (other.attr_size() == 0)
      return;
    const std::string name = anyAttribute(other);
    const proto::AttrValue value = other.attr().at(name);
    (*node.mutable_attr())[name] = value;
  }

  proto::GraphDef &graph_;
  std::minstd_rand random_;
};

/// The changed message's bytes; empty where the input is none.
template <typename Message>
std::string changed(std::string_view bytes, proto::GraphDef &(*graphOf)(Message &), unsigned seed) {
  Message message;
  const google::protobuf::LogSilencer silencer; // broken bytes are no news here
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return {};
  GraphMutator mutator(graphOf(message), seed);
  for (unsigned i = 0; i <= seed % 4; ++i)
    mutator.change();
  return graphc::messageBytes(message).value();
}

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  const GraphBytes input = graphBytes({reinterpret_cast<const char *>(data), size});
  if (seed / 4 % 4 == 0)
    return LLVMFuzzerMutate(data, size, most);
  const std::string bytes =
      input.metaGraph
          ? changed<proto::MetaGraphDef>(
                input.bytes,
                [](proto::MetaGraphDef &meta) -> proto::GraphDef & {
                  return *meta.mutable_graph_def();
                },
                seed)
          : changed<proto::GraphDef>(
                input.bytes, [](proto::GraphDef &graph) -> proto::GraphDef & { return graph; },
                seed);
  const std::string made = graphInput(input.metaGraph, bytes);
  if (bytes.empty() || made.size() > most)
    return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
