#include "frontend/Recorder.h"

#include <cmath>

namespace graphc {

void addUpdateOp(Graph &graph, const Operation &op) { graph.state().update_ops.push_back(op); }

Output fail(Graph &graph, Code code, std::string message, std::string_view opName, Where where) {
  NameTable &names = graph.state().names;
  std::string full;
  if (!opName.empty())
    full = opName.back() == '/' ? std::string(opName.substr(0, opName.size() - 1))
                                : names.unique_name(opName, false);
  Error error(code, std::move(message), std::move(full), where);
  if (!graph.state().options.deferred_errors)
    throw error;
  if (!graph.state().error)
    graph.state().error = std::move(error);
  return Output::from_opaque(graph, nullptr);
}

std::vector<Output> failMany(std::size_t count, Graph &graph, Code code, std::string message,
                             std::string_view opName, Where where) {
  return std::vector<Output>(count, fail(graph, code, std::move(message), opName, where));
}

Operation failOperation(Graph &graph, Code code, std::string message, std::string_view opName,
                        Where where) {
  fail(graph, code, std::move(message), opName, where);
  return Operation::from_opaque(graph, nullptr);
}

Graph &graphOf(std::initializer_list<const Input *> inputs, std::string_view op) {
  for (const Input *input : inputs)
    if (input->is_output() && input->output())
      return input->output().graph();
  const Input &first = **inputs.begin();
  for (const Input *input : inputs)
    if (input->is_output())
      throw Error(Code::invalid_argument,
                  "an operand of '" + std::string(op) + "' is empty: expected a tensor", "",
                  first.where());
  throw Error(Code::invalid_argument,
              "'" + std::string(op) +
                  "' of numbers alone belongs to no graph: make one of them a "
                  "constant of a graph",
              "", first.where());
}

Graph &graphOf(const Output &output, std::string_view op, Where where) {
  return graphOf(std::span(&output, 1), op, where);
}

Graph &graphOf(std::span<const Output> outputs, std::string_view op, Where where) {
  for (const Output &output : outputs)
    if (output)
      return output.graph();
  throw Error(Code::invalid_argument,
              outputs.empty()
                  ? "'" + std::string(op) + "' expects at least one operand, got none"
                  : "an operand of '" + std::string(op) + "' is empty: expected a tensor",
              "", where);
}

DataType ownDtype(const Input &input) {
  if (input.is_output())
    return input.output().dtype();
  if (input.is_tensor())
    return input.tensor().dtype();
  if (std::holds_alternative<bool>(input.number()))
    return bool_;
  return std::holds_alternative<std::int64_t>(input.number()) ? int32 : float32;
}

/// The number as a scalar of `dtype`; nothing where the dtype cannot hold its kind.
static std::optional<Tensor> scalarOf(const Input::Scalar &number, DataType dtype) {
  if (const bool *flag = std::get_if<bool>(&number))
    return dtype == bool_ ? std::optional(Tensor(*flag)) : std::nullopt;
  if (dtype == bool_)
    return std::nullopt;
  if (const std::int64_t *integer = std::get_if<std::int64_t>(&number))
    return Tensor(*integer).cast(dtype);
  const double value = std::get<double>(number);
  if (!is_floating(dtype))
    return std::nullopt;
  return dtype == float64 ? Tensor(value) : Tensor(static_cast<float>(value));
}

static std::string describe(const Input::Scalar &number) {
  if (const bool *flag = std::get_if<bool>(&number))
    return *flag ? "true" : "false";
  if (const std::int64_t *integer = std::get_if<std::int64_t>(&number))
    return std::to_string(*integer);
  std::string text = std::to_string(std::get<double>(number));
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

Output toOutput(Graph &graph, const Input &input, DataType dtype, std::string_view name,
                Where where) {
  if (input.is_output())
    return input.output();
  if (input.is_tensor())
    return graph.constant(input.tensor(), name, where);
  std::optional<Tensor> scalar = scalarOf(input.number(), dtype);
  if (!scalar)
    return fail(graph, Code::invalid_argument,
                "expected " + std::string(to_string(dtype)) + ", got the number " +
                    describe(input.number()),
                name, where);
  return graph.constant(*scalar, name, where);
}

std::optional<std::int64_t> normalizedAxis(Graph &graph, std::int64_t axis, std::int64_t rank,
                                           std::string_view opName, Where where) {
  if (axis < -rank || axis >= rank) {
    fail(graph, Code::invalid_argument,
         "expected an axis in [" + std::to_string(-rank) + ", " + std::to_string(rank) + "), got " +
             std::to_string(axis),
         opName, where);
    return std::nullopt;
  }
  return axis < 0 ? axis + rank : axis;
}

void setSeeds(Graph &graph, std::optional<std::int64_t> seed, Attributes &attributes) {
  // TensorFlow's default where an op has a seed and the graph has none.
  constexpr std::int64_t kDefaultGraphSeed = 87654321;
  constexpr std::int64_t kBothZero = 2147483647; // zeros mean "no seed", so a pair of them moves on
  GraphState &state = graph.state();
  std::int64_t first = 0;
  std::int64_t second = 0;
  if (state.seed || seed) {
    first = state.seed.value_or(kDefaultGraphSeed);
    second = seed.value_or(state.ops_recorded);
    if (first == 0 && second == 0)
      second = kBothZero;
  }
  attributes.set("seed", first);
  attributes.set("seed2", second);
  attributes.set("stream", state.next_stream++);
}

} // namespace graphc
