#include "frontend/rnn/RNNCell.h"

#include <cctype>
#include <cxxabi.h>
#include <typeinfo>

#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"

namespace graphc::rnn {

RNNCell::RNNCell(std::string name)
    : name_(std::move(name)), layer_(std::make_shared<LayerState>()) {}
RNNCell::~RNNCell() = default;

std::string RNNCell::class_name() const {
  int status = 0;
  const std::unique_ptr<char, void (*)(void *)> demangled(
      abi::__cxa_demangle(typeid(*this).name(), nullptr, nullptr, &status), std::free);
  std::string name = demangled ? demangled.get() : "RNNCell";
  if (const std::size_t arguments = name.find('<'); arguments != std::string::npos)
    name.resize(arguments);
  const std::size_t colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

/// "BasicLSTMCell" -> "basic_lstm_cell".
static std::string toSnakeCase(const std::string &name) {
  auto isUpper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  std::string snake;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool word = isUpper(name[i]) && i > 0 &&
                      (std::islower(static_cast<unsigned char>(name[i - 1])) ||
                       (i + 1 < name.size() && !isUpper(name[i + 1])));
    if (word)
      snake += '_';
    snake += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return snake;
}

LayerState &RNNCell::layer(Graph &graph) const {
  if (layer_->graph != graph.state().id) {
    *layer_ = LayerState{};
    layer_->graph = graph.state().id;
    layer_->base_name = name_.empty() ? toSnakeCase(class_name()) : name_;
  }
  return *layer_;
}

CellOutput RNNCell::invoke(const Output &inputs, const State &state, Where where) const {
  Graph &graph = graphOf(inputs, "cell", where);
  LayerState &own = layer(graph);
  // TensorFlow's RNNCell enters the scope of its first call once more, which opens a name scope.
  if (!own.outer)
    own.outer = graph.get_variable_scope();
  VariableScopeGuard outer(graph, *own.outer, {});
  LayerCall scopes(graph, own);
  return call(inputs, state, where);
}

State RNNCell::zero_state(Graph &graph, const Input &batch_size, DataType dtype,
                          Where where) const {
  if (batch_size.is_number()) {
    const std::int64_t *known = std::get_if<std::int64_t>(&batch_size.number());
    if (!known || *known < 0) {
      const Output wrong =
          fail(graph, Code::invalid_argument, "expected a batch size that is not negative",
               class_name() + "ZeroState", where);
      return state_size().map([&](std::int64_t) { return wrong; });
    }
    return makeZeroState(graph, Output(), *known, dtype, where);
  }
  const Output batch = toOutput(graph, batch_size, int32, "batch_size", where);
  return makeZeroState(graph, batch, -1, dtype, where);
}

State RNNCell::zero_state(const Output &batch_size, DataType dtype, Where where) const {
  return makeZeroState(graphOf(batch_size, "zero_state", where), batch_size, -1, dtype, where);
}

/// Zeros [batch, extent], with the ops TensorFlow makes for a batch known only when it runs.
static Output zerosOf(Graph &graph, const Output &batch, std::int64_t knownBatch,
                      std::int64_t extent, DataType dtype, Where where) {
  if (!batch) {
    for (const char *taken : {"Const", "Const", "concat"})
      graph.state().names.unique_name(taken);
    const Output zeros = graphc::zeros(graph, {knownBatch, extent}, dtype, "zeros", where);
    for (const char *taken : {"Const", "Const"})
      graph.state().names.unique_name(taken);
    return zeros;
  }
  const Output rows = expand_dims(batch, 0, {}, where);
  const Tensor width = Tensor::of<std::int64_t>({1}, {extent});
  const Output columns =
      graph.constant(batch.is_poisoned() ? width : width.cast(batch.dtype()), "Const", where);
  const Output shape = concat({rows, columns}, 0, {}, where);
  const Output zeros = graphc::zeros(graph, shape, dtype, "zeros", where);
  // TensorFlow asks a second time for what is known of the shape.
  for (const char *taken : {"ExpandDims", "Const"})
    graph.state().names.unique_name(taken);
  return zeros;
}

State RNNCell::makeZeroState(Graph &graph, const Output &batch, std::int64_t knownBatch,
                             DataType dtype, Where where) const {
  const std::string name = class_name() + "ZeroState";
  OpScope scope(graph, name, name);
  return state_size().map(
      [&](std::int64_t extent) { return zerosOf(graph, batch, knownBatch, extent, dtype, where); });
}

} // namespace graphc::rnn
