#include "frontend/summary/GraphDef.h"

#include "frontend/GraphModule.h"
#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "runtime/protos/TensorTypes.h"
#include "runtime/protos/graph_def.pb.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace graphc {

using namespace mlir;

/// The TensorFlow version of ops that the file claims to hold; readers check that they know it.
static constexpr int kProducer = 21;

/// TensorFlow's name of an op: our name in its spelling ("apply_adam", "ApplyAdam"), but for these.
static std::string typeName(StringRef name) {
  static const auto *others = new llvm::StringMap<StringRef>{
      {"add_n", "AddN"},
      {"apply_rms_prop", "ApplyRMSProp"},
      {"apply_centered_rms_prop", "ApplyCenteredRMSProp"},
      {"argmax", "ArgMax"},
      {"argmin", "ArgMin"},
      {"concat", "ConcatV2"},
      {"constant", "Const"},
      {"divide", "Div"},
      {"floordiv", "FloorDiv"},
      {"floormod", "FloorMod"},
      {"l2_loss", "L2Loss"},
      {"matmul", "MatMul"},
      {"multiply", "Mul"},
      {"negative", "Neg"},
      {"random_normal", "RandomStandardNormal"},
      {"read_variable", "Identity"},
      {"reduce_all", "All"},
      {"reduce_any", "Any"},
      {"reduce_max", "Max"},
      {"reduce_mean", "Mean"},
      {"reduce_min", "Min"},
      {"reduce_prod", "Prod"},
      {"reduce_sum", "Sum"},
      {"stack", "Pack"},
      {"subtract", "Sub"},
      {"unstack", "Unpack"},
      {"variable", "VariableV2"},
      {"where", "Select"},
  };
  if (const auto found = others->find(name); found != others->end())
    return found->second.str();
  return llvm::convertToCamelFromSnakeCase(name, /*capitalizeFirst=*/true);
}

namespace {

class GraphDefWriter {
public:
  std::string write(const Graph &graph) {
    for (const Variable &variable : graph.global_variables())
      addVariable(variable);
    addBlock(*graph.module().programBlock());
    graph_.mutable_versions()->set_producer(kProducer);
    return graph_.SerializeAsString();
  }

private:
  proto::NodeDef &addNode(const std::string &name, StringRef type) {
    proto::NodeDef &node = *graph_.add_node();
    node.set_name(name);
    node.set_op(typeName(type));
    node.set_device("/device:CPU:0");
    return node;
  }

  static void addType(proto::NodeDef &node, const char *attribute, const ValueType &type) {
    auto &attributes = *node.mutable_attr();
    attributes[attribute].set_type(to_tensorflow(type.dtype));
    set_shape(*attributes["_output_shapes"].mutable_list()->add_shape(), type.shape);
  }

  void addVariable(const Variable &variable) {
    const ValueType type{variable.dtype(), variable.shape()};
    proto::NodeDef &node = addNode(variable.op_name(), "variable");
    addType(node, "dtype", type);
    set_shape(*(*node.mutable_attr())["shape"].mutable_shape(), type.shape);
  }

  void addBlock(Block &block) {
    for (mlir::Operation &op : block)
      if (!op.hasTrait<OpTrait::IsTerminator>())
        addOp(op);
  }

  void addOp(mlir::Operation &op) {
    // What a body computes goes into the op that holds the body.
    SmallVector<Value> inputs(op.getOperands());
    for (Region &region : op.getRegions())
      for (Block &body : region) {
        for (auto [argument, operand] : llvm::zip(body.getArguments(), op.getOperands()))
          outer_[argument] = operand;
        addBlock(body);
        if (!body.empty() && body.back().hasTrait<OpTrait::IsTerminator>())
          llvm::append_range(inputs, body.back().getOperands());
      }
    StringRef type = op.getName().getStringRef();
    type.consume_front("graph.");
    proto::NodeDef &node = addNode(opName(op.getLoc()).str(), type);
    addInputs(node, op, inputs);
    for (auto [index, value] : llvm::enumerate(op.getResultTypes())) {
      const ValueType result = toValueType(value);
      addType(node, type == "placeholder" || type == "constant" ? "dtype" : "T", result);
    }
  }

  void addInputs(proto::NodeDef &node, mlir::Operation &op, ArrayRef<Value> inputs) {
    for (NamedAttribute attribute : op.getAttrs())
      if (auto variable = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        node.add_input(variable.getValue().str());
    for (Value input : inputs)
      if (const std::string name = inputName(input); !name.empty())
        node.add_input(name);
    if (auto controls = op.getAttrOfType<ArrayAttr>("control_inputs"))
      for (Attribute control : controls)
        node.add_input("^" + cast<StringAttr>(control).str());
  }

  std::string inputName(Value value) const {
    for (auto found = outer_.find(value); found != outer_.end(); found = outer_.find(value))
      value = found->second;
    auto result = dyn_cast<OpResult>(value);
    if (!result)
      return {};
    const std::string name = opName(result.getOwner()->getLoc()).str();
    const unsigned index = result.getResultNumber();
    return index == 0 ? name : name + ":" + std::to_string(index);
  }

  proto::GraphDef graph_;
  llvm::DenseMap<Value, Value> outer_; ///< of bodies' arguments: the operand that arrives there
};

} // namespace

std::string graph_def(const Graph &graph) {
  std::lock_guard guard(graph.module().mutex()); // as while a session compiles
  return GraphDefWriter().write(graph);
}

} // namespace graphc
