#include "ExportTesting.h"

#include <cstring>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "frontend/export/ModuleGraphDef.h"
#include "ir/Dialects.h"
#include "mlir/Parser/Parser.h"
#include "runtime/Status.h"

namespace graphc::test {

static std::string typeName(proto::DataType type) {
  switch (type) {
  case proto::DT_FLOAT: return "float32";
  case proto::DT_DOUBLE: return "float64";
  case proto::DT_INT32: return "int32";
  case proto::DT_INT64: return "int64";
  case proto::DT_BOOL: return "bool";
  case proto::DT_UINT8: return "uint8";
  case proto::DT_STRING: return "string";
  case proto::DT_RESOURCE: return "resource";
  default: return std::to_string(type);
  }
}

static std::string shapeText(const proto::TensorShape &shape) {
  if (shape.unknown_rank())
    return "[*]";
  std::string text = "[";
  for (const auto &dim : shape.dim())
    text += (text.size() > 1 ? "," : "") + (dim.size() < 0 ? "?" : std::to_string(dim.size()));
  return text + "]";
}

template <typename T> static void addNumbers(std::ostream &out, const std::string &bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    out << (at ? "," : "") << value;
  }
}

static std::string tensorText(const proto::TensorProto &tensor) {
  std::ostringstream out;
  out << typeName(tensor.dtype()) << shapeText(tensor.tensor_shape()) << "{";
  const std::string &bytes = tensor.tensor_content();
  switch (tensor.dtype()) {
  case proto::DT_FLOAT: addNumbers<float>(out, bytes); break;
  case proto::DT_DOUBLE: addNumbers<double>(out, bytes); break;
  case proto::DT_INT32: addNumbers<std::int32_t>(out, bytes); break;
  case proto::DT_INT64: addNumbers<std::int64_t>(out, bytes); break;
  default: break;
  }
  for (float value : tensor.float_val())
    out << value;
  for (double value : tensor.double_val())
    out << value;
  for (std::int32_t value : tensor.int_val())
    out << value;
  for (std::int64_t value : tensor.int64_val())
    out << value;
  for (bool value : tensor.bool_val())
    out << (value ? "true" : "false");
  for (const std::string &value : tensor.string_val())
    out << '"' << value << '"';
  out << "}";
  return out.str();
}

static std::string listText(const proto::AttrValue::ListValue &list) {
  std::string text;
  auto add = [&](const std::string &item) { text += (text.empty() ? "" : ",") + item; };
  for (std::int64_t value : list.i())
    add(std::to_string(value));
  for (int type : list.type())
    add(typeName(static_cast<proto::DataType>(type)));
  for (const auto &shape : list.shape())
    add(shapeText(shape));
  return "[" + text + "]";
}

static std::string valueText(const proto::AttrValue &value) {
  std::ostringstream out;
  switch (value.value_case()) {
  case proto::AttrValue::kList: return listText(value.list());
  case proto::AttrValue::kS: return value.s();
  case proto::AttrValue::kI: return std::to_string(value.i());
  case proto::AttrValue::kF: out << value.f(); return out.str();
  case proto::AttrValue::kB: return value.b() ? "true" : "false";
  case proto::AttrValue::kType: return typeName(value.type());
  case proto::AttrValue::kShape: return shapeText(value.shape());
  case proto::AttrValue::kTensor: return tensorText(value.tensor());
  default: return "?";
  }
}

std::string nodeLines(const proto::GraphDef &graph) {
  std::string lines;
  for (const proto::NodeDef &node : graph.node()) {
    lines += node.name() + " = " + node.op() + "(";
    for (int i = 0; i < node.input_size(); ++i)
      lines += (i ? ", " : "") + node.input(i);
    lines += ")";
    const std::map<std::string, proto::AttrValue> sorted(node.attr().begin(), node.attr().end());
    for (const auto &[name, value] : sorted)
      if (!name.starts_with('_') && !(node.op() == "Const" && name == "dtype"))
        lines += " " + (node.op() == "Const" ? "" : name + "=") + valueText(value);
    lines += "\n";
  }
  return lines;
}

static const char *const kVariables = R"(
  graph.variable @w : tensor<4x5xf32> {trainable = true}
  graph.variable @s1 : tensor<4x5xf32>
  graph.variable @s2 : tensor<4x5xf32>
  graph.variable @s3 : tensor<4x5xf32>
)";

/// The placeholders, and the types of their values.
static const std::map<std::string, std::string> kPlaceholders = {
    {"f", "?x4xf32"},
    {"g", "?x4xf32"},
    {"d", "3xf64"},
    {"i", "?x4xi32"},
    {"b", "?x4xi1"},
    {"m", "4x5xf32"},
    {"v", "4xf32"},
    {"x", "f32"},
    {"k", "i32"},
    {"yes", "i1"},
    {"n", "?xi32"},
    {"l", "2xi32"},
    {"q", "?xi64"},
    {"c", "3x?x4xf32"},
    {"u", "?x?x4xf32"},
    {"image", "2x8x8x3xf32"},
    {"filter", "3x3x3x5xf32"},
    {"dy", "2x4x4x5xf32"},
    {"half", "2x4x4x3xf32"},
    {"deep", "3x3x3x2xf32"},
    {"ddeep", "2x4x4x6xf32"},
    {"pairs", "2x2xi32"},
    {"rows", "?x5xf32"},
    {"r", "*xf32"},
};

std::string typeOf(const std::string &value) { return "tensor<" + kPlaceholders.at(value) + ">"; }

static std::string placeholder(const std::string &name, const std::string &type) {
  std::vector<std::string> extents;
  std::size_t at = 0;
  for (std::size_t x; (x = type.find('x', at)) != std::string::npos; at = x + 1)
    extents.push_back(type[at] == '?' ? "-1" : type.substr(at, x - at));
  std::string shape =
      fmt::format("shape = array<i64{}{}>", extents.empty() ? "" : ": ", fmt::join(extents, ", "));
  if (type.starts_with('*'))
    shape = "shape = array<i64>, unknown_rank = true";
  return fmt::format("%{0} = graph.placeholder {{dtype = {1}, {2}}} : () -> {3} loc(\"{0}\")\n",
                     name, type.substr(at), shape, typeOf(name));
}

std::string exportedBytes(const std::string &ops) {
  std::string text = "module {" + std::string(kVariables) + "graph.program @main {\n";
  for (const auto &[name, type] : kPlaceholders)
    text += placeholder(name, type);
  text += ops + "}}";
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    throw Error(Code::internal, "cannot parse the test's ops:\n" + ops);
  return graphdef::module_graph_def(*module);
}

std::string exported(const std::string &ops) {
  proto::GraphDef graph, rest;
  graph.ParseFromString(exportedBytes(ops));
  for (const proto::NodeDef &node : graph.node())
    if (node.op() != "VariableV2" && node.op() != "Placeholder")
      *rest.add_node() = node;
  return nodeLines(rest);
}

} // namespace graphc::test
