#include "frontend/import/NodeContext.h"

#include <fmt/format.h>

#include "frontend/KnownValues.h"
#include "frontend/import/TensorMessage.h"

namespace graphc::importing {

namespace {

const char *kindName(proto::AttrValue::ValueCase kind) {
  switch (kind) {
  case proto::AttrValue::kS: return "a string";
  case proto::AttrValue::kI: return "an integer";
  case proto::AttrValue::kF: return "a number";
  case proto::AttrValue::kB: return "a bool";
  case proto::AttrValue::kType: return "a type";
  case proto::AttrValue::kShape: return "a shape";
  case proto::AttrValue::kTensor: return "a tensor";
  case proto::AttrValue::kList: return "a list";
  case proto::AttrValue::kFunc: return "a function";
  case proto::AttrValue::kPlaceholder: return "a function's attribute";
  case proto::AttrValue::VALUE_NOT_SET: break;
  }
  return "nothing";
}

} // namespace

void NodeContext::refuse(const std::string &message) const {
  throw Error(Code::invalid_argument,
              fmt::format("{}: node '{}' ({}): {}", state_.source, node().name(), type(), message));
}
void NodeContext::refuseUnknown(const std::string &message) const {
  throw Error(Code::unimplemented,
              fmt::format("{}: node '{}' ({}): {}", state_.source, node().name(), type(), message));
}

//===--- Inputs -------------------------------------------------------------------------------===//

const NodeValue &NodeContext::value(int index) const {
  if (index < 0 || index >= numInputs())
    refuse(fmt::format("expected an input {}, got {}", index, numInputs()));
  const NodeOutput from = node().inputs[static_cast<std::size_t>(index)];
  const auto &made = state_.values[static_cast<std::size_t>(from.node)];
  if (from.index >= static_cast<int>(made.size()))
    refuse(fmt::format("input {} is output {} of node '{}' ({}), which has {}", index, from.index,
                       state_.nodes[from.node].name(), state_.nodes[from.node].type(),
                       made.size()));
  return made[static_cast<std::size_t>(from.index)];
}

Output NodeContext::input(int index) {
  if (index < numInputs() && !state_.replaced.empty()) {
    const NodeOutput from = node().inputs[static_cast<std::size_t>(index)];
    const auto found =
        state_.replaced.find(fmt::format("{}:{}", state_.nodes[from.node].name(), from.index));
    if (found != state_.replaced.end())
      return found->second;
  }
  const NodeValue &given = value(index);
  if (given.tensor)
    return given.tensor;
  if (!given.variable)
    refuse(fmt::format("input {} is no tensor of numbers", index));
  return recordRead(state_, *given.variable, given.variable->op_name + "/read");
}

std::vector<Output> NodeContext::inputs(int first, int end) {
  std::vector<Output> outputs;
  for (int i = first; i < end; ++i)
    outputs.push_back(input(i));
  return outputs;
}

const ImportedVariable &NodeContext::variable(int index) const {
  const NodeValue &given = value(index);
  if (!given.variable)
    refuse(fmt::format("input {} is a tensor: expected a variable", index));
  return *given.variable;
}

const ImportedList &NodeContext::list(int index) const {
  const NodeValue &given = value(index);
  if (!given.list)
    refuse(fmt::format("input {}: expected a list of tensors", index));
  return *given.list;
}

NodeValue NodeContext::given(int index) {
  const NodeValue &whole = value(index);
  if (whole.tensor && !whole.variable)
    return {.tensor = input(index)};
  return whole;
}

std::vector<NodeValue> NodeContext::given(int first, int end) {
  std::vector<NodeValue> values;
  for (int i = first; i < end; ++i)
    values.push_back(given(i));
  return values;
}

const std::string &NodeContext::text(int index) const {
  const NodeValue &given = value(index);
  if (!given.text)
    refuse(fmt::format("input {}: expected a constant string", index));
  return *given.text;
}

std::pair<std::int64_t, std::int64_t> NodeContext::seed(int index) const {
  const NodeValue &given = value(index);
  if (!given.seeds)
    refuse(fmt::format("input {}: expected the key of a random seed", index));
  return *given.seeds;
}

std::optional<Tensor> NodeContext::knownOrNot(int index) { return knownValue(input(index)); }

Tensor NodeContext::known(int index, const char *what) {
  std::optional<Tensor> found = knownOrNot(index);
  if (!found)
    refuseUnknown(
        fmt::format("{} (input {}) must be known while the graph is imported, but is computed "
                    "from what is fed",
                    what, index));
  return *found;
}

std::vector<std::int64_t> NodeContext::knownIntegers(int index, const char *what) {
  const Tensor tensor = known(index, what);
  if (!is_integer(tensor.dtype()) || tensor.shape().rank() > 1)
    refuse(fmt::format("{} (input {}): expected integers, got {}{}", what, index,
                       to_string(tensor.dtype()), tensor.shape().to_string()));
  const Tensor wide = tensor.cast(int64);
  const auto values = wide.values<std::int64_t>();
  return {values.begin(), values.end()};
}

std::int64_t NodeContext::knownInteger(int index, const char *what) {
  const std::vector<std::int64_t> values = knownIntegers(index, what);
  if (values.size() != 1)
    refuse(fmt::format("{} (input {}): expected one integer, got {}", what, index, values.size()));
  return values.front();
}

Dims NodeContext::dims(int index) {
  const Output tensor = input(index);
  const std::optional<Tensor> found = knownValue(tensor);
  if (!found)
    return tensor;
  return knownIntegers(index, "the extents");
}

//===--- Attributes ---------------------------------------------------------------------------===//

const proto::AttrValue *NodeContext::find(const char *attribute) const {
  const auto &attributes = node().def->attr();
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? nullptr : &found->second;
}

const proto::AttrValue *NodeContext::typed(const char *attribute, proto::AttrValue::ValueCase kind,
                                           const char *expected) const {
  const proto::AttrValue *found = find(attribute);
  // An empty list may be written as nothing at all.
  if (found && found->value_case() != kind &&
      !(kind == proto::AttrValue::kList && found->value_case() == proto::AttrValue::VALUE_NOT_SET))
    refuse(fmt::format("attribute '{}': expected {}, got {}", attribute, expected,
                       kindName(found->value_case())));
  return found;
}

void NodeContext::missing(const char *attribute) const {
  refuse(fmt::format("attribute '{}' is missing", attribute));
}

bool NodeContext::flag(const char *attribute, bool otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kB, "a bool");
  return found ? found->b() : otherwise;
}

std::int64_t NodeContext::integer(const char *attribute,
                                  std::optional<std::int64_t> otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kI, "an integer");
  if (!found && !otherwise)
    missing(attribute);
  return found ? found->i() : *otherwise;
}

double NodeContext::real(const char *attribute, double otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kF, "a number");
  return found ? static_cast<double>(found->f()) : otherwise;
}

std::string NodeContext::word(const char *attribute, std::optional<std::string> otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kS, "a string");
  if (!found && !otherwise)
    missing(attribute);
  return found ? found->s() : *otherwise;
}

DataType NodeContext::dtype(const char *attribute, std::optional<DataType> otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kType, "a type");
  if (!found && !otherwise)
    missing(attribute);
  if (!found)
    return *otherwise;
  const std::optional<DataType> type = dtypeOf(found->type());
  if (!type)
    refuseUnknown(
        fmt::format("attribute '{}': graphc has no dtype {}", attribute, dtypeName(found->type())));
  return *type;
}

std::vector<std::int64_t>
NodeContext::integers(const char *attribute,
                      std::optional<std::vector<std::int64_t>> otherwise) const {
  const auto *found = typed(attribute, proto::AttrValue::kList, "a list");
  if (!found && !otherwise)
    missing(attribute);
  if (!found)
    return *otherwise;
  return {found->list().i().begin(), found->list().i().end()};
}

Shape NodeContext::shape(const char *attribute) const {
  const auto *found = typed(attribute, proto::AttrValue::kShape, "a shape");
  if (!found)
    return Shape::unknown_rank();
  try {
    return shapeOf(found->shape());
  } catch (const Error &error) {
    refuse(fmt::format("attribute '{}': {}", attribute, error.message()));
  }
}

const proto::TensorProto &NodeContext::tensor(const char *attribute) const {
  const auto *found = typed(attribute, proto::AttrValue::kTensor, "a tensor");
  if (!found)
    missing(attribute);
  return found->tensor();
}

std::string NodeContext::function(const char *attribute) const {
  const auto *found = typed(attribute, proto::AttrValue::kFunc, "a function");
  if (!found)
    missing(attribute);
  return found->func().name();
}

std::vector<std::string> NodeContext::functions(const char *attribute) const {
  const auto *found = typed(attribute, proto::AttrValue::kList, "a list");
  if (!found)
    missing(attribute);
  std::vector<std::string> names;
  for (const proto::NameAttrList &function : found->list().func())
    names.push_back(function.name());
  return names;
}

std::int64_t NodeContext::axis(std::int64_t given, const Output &tensor,
                               std::int64_t newAxes) const {
  const Shape shape = tensor.shape();
  if (!shape.has_rank())
    return given;
  const std::int64_t rank = shape.rank() + newAxes;
  if (given < -rank || given >= rank)
    refuse(fmt::format("expected an axis in [{}, {}), got {}", -rank, rank, given));
  return given < 0 ? given + rank : given;
}

//===--- Recording ----------------------------------------------------------------------------===//

std::vector<Output> NodeContext::recordMany(std::string_view op,
                                            const std::vector<Output> &operands,
                                            const Attributes &attributes) {
  const std::string name = exactName();
  return graphc::record(graph(), op, operands, attributes, {.name = name, .where = where()});
}

Output NodeContext::helper(std::string_view op, const std::vector<Output> &operands,
                           const Attributes &attributes) {
  NameScope scope(graph(), state_.prefix + node().name());
  return graphc::record(graph(), op, operands, attributes, {.name = op, .where = where()}).front();
}

Output NodeContext::scalar(double value, DataType dtype) {
  NameScope scope(graph(), state_.prefix + node().name());
  return graph().constant(Tensor(value).cast(dtype), "Const", where());
}

Output NodeContext::vector(const std::vector<std::int64_t> &values, DataType dtype) {
  NameScope scope(graph(), state_.prefix + node().name());
  const Shape shape{static_cast<std::int64_t>(values.size())};
  return graph().constant(Tensor::of(shape, values).cast(dtype), "Const", where());
}

/// The values of a node, to be filled.
static std::vector<NodeValue> &emptied(ImportState &state, int node) {
  auto &made = state.values[static_cast<std::size_t>(node)];
  made.clear();
  return made;
}

void NodeContext::results(const std::vector<Output> &tensors) {
  auto &made = emptied(state_, node_);
  for (const Output &tensor : tensors)
    made.emplace_back().tensor = tensor;
}

void NodeContext::variableResult(const ImportedVariable &variable, const Output &value) {
  NodeValue &made = emptied(state_, node_).emplace_back();
  made.tensor = value;
  made.variable = variable;
}

void NodeContext::textResult(std::string text) {
  emptied(state_, node_).emplace_back().text = std::move(text);
}

void NodeContext::give(std::vector<NodeValue> values) {
  state_.values[static_cast<std::size_t>(node_)] = std::move(values);
}

void NodeContext::seedResults(std::pair<std::int64_t, std::int64_t> seeds, int count) {
  auto &made = emptied(state_, node_);
  for (int i = 0; i < count; ++i)
    made.emplace_back().seeds = seeds;
}

Output recordRead(ImportState &state, const ImportedVariable &variable, std::string_view name) {
  const auto read = [&](std::string_view under) {
    const Output value =
        graphc::record(
            state.graph, "read_variable", {}, {{"variable", SymbolName{variable.op_name}}},
            {.name = under, .where = state.where, .types = {{variable.dtype, variable.shape}}})
            .front();
    if (!isRecordingBody(state.graph))
      state.graph.state().reads[variable.op_name].push_back(value);
    return value;
  };
  if (!state.held)
    return read(name);
  Output &held = (*state.held)[variable.op_name];
  if (!held) {
    const OutsideBodies outside(state.graph);
    const NameScope root(state.graph, "");
    held = read(variable.op_name + "/read");
  }
  return held;
}

Output recordUpdate(NodeContext &context, std::string_view op, const ImportedVariable &variable,
                    const Output &value) {
  ImportState &state = context.state();
  if (!state.held)
    return graphc::record(state.graph, op, {{value}}, {{"variable", SymbolName{variable.op_name}}},
                          {.name = context.exactName(),
                           .where = state.where,
                           .types = {{variable.dtype, variable.shape}}})
        .front();
  if (op == "assign")
    return (*state.held)[variable.op_name] = value;
  const Output before = recordRead(state, variable, "");
  return (*state.held)[variable.op_name] =
             context.record(op == "assign_add" ? "add" : "subtract", {before, value});
}

} // namespace graphc::importing
