#include "frontend/ops/NeuralNetwork.h"

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Axis.h"
#include "frontend/ops/Reductions.h"

namespace graphc {

Output relu(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "relu", where), "relu", {x}, {}, nameOr(name, "Relu"), where);
}
Output softplus(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "softplus", where), "softplus", {x}, {}, nameOr(name, "Softplus"),
                   where);
}

Output relu6(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "relu6", where), "relu6", {x}, {}, nameOr(name, "Relu6"), where);
}
Output elu(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "elu", where), "elu", {x}, {}, nameOr(name, "Elu"), where);
}
Output selu(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "selu", where), "selu", {x}, {}, nameOr(name, "Selu"), where);
}

namespace nn {

Output leaky_relu(const Output &features, double alpha, std::string_view name, Where where) {
  return recordOne(graphOf(features, "leaky_relu", where), "leaky_relu", {features},
                   {{"alpha", alpha}}, nameOr(name, "LeakyRelu"), where);
}

static Output alongAxis(std::string_view op, const Output &x, std::int64_t axis,
                        std::string_view name, Where where) {
  Graph &graph = graphOf(x, op, where);
  const std::optional<std::int64_t> front = axisOf(graph, x, axis, name, where);
  if (!front)
    return Output::from_opaque(graph, nullptr);
  return recordOne(graph, op, {x}, {{"axis", *front}}, name, where);
}

Output softmax(const Output &logits, std::int64_t axis, std::string_view name, Where where) {
  return alongAxis("softmax", logits, axis, nameOr(name, "Softmax"), where);
}
Output log_softmax(const Output &logits, std::int64_t axis, std::string_view name, Where where) {
  return alongAxis("log_softmax", logits, axis, nameOr(name, "LogSoftmax"), where);
}

Output bias_add(const Output &value, const Output &bias, std::string_view name, Where where) {
  const Output operands[] = {value, bias};
  return recordOne(graphOf(operands, "bias_add", where), "bias_add", {value, bias}, {},
                   nameOr(name, "BiasAdd"), where);
}

Output xw_plus_b(const Output &x, const Output &weights, const Output &biases,
                 std::string_view name, Where where) {
  OpScope scope(graphOf(x, "xw_plus_b", where), name, "xw_plus_b");
  return bias_add(matmul(x, weights, {}, where), biases, scope.name(), where);
}

Output l2_loss(const Output &x, std::string_view name, Where where) {
  return recordOne(graphOf(x, "l2_loss", where), "l2_loss", {x}, {}, nameOr(name, "L2Loss"), where);
}

/// A cross entropy with two results, of which the second serves the gradient.
static Output crossEntropy(Graph &graph, std::string_view op, const Output &logits,
                           const Output &labels, std::string_view name, Where where) {
  const Output operands[] = {logits, labels};
  return record(graph, op, operands, {}, {.name = name, .where = where, .results = 2}).front();
}

static Output softmaxCrossEntropy(Graph &graph, const OpScope &scope, const Output &labels,
                                  const Output &logits, Where where) {
  const Output loss =
      crossEntropy(graph, "softmax_cross_entropy_with_logits", logits, labels, scope.name(), where);
  // TensorFlow flattens to matrices around its op; the last reshape is what it returns.
  graph.state().aliases[scope.name() + "Reshape_2:0"] = loss;
  return loss;
}

Output softmax_cross_entropy_with_logits(const CrossEntropyArguments &arguments, Where where) {
  Graph &graph = graphOf(arguments.logits, "softmax_cross_entropy_with_logits", where);
  OpScope scope(graph, arguments.name, "softmax_cross_entropy_with_logits_sg");
  const Output labels =
      recordOne(graph, "stop_gradient", {arguments.labels}, {}, "labels_stop_gradient", where);
  return softmaxCrossEntropy(graph, scope, labels, arguments.logits, where);
}

Output softmax_cross_entropy_with_logits_v2(const CrossEntropyArguments &arguments, Where where) {
  Graph &graph = graphOf(arguments.logits, "softmax_cross_entropy_with_logits_v2", where);
  OpScope scope(graph, arguments.name, "softmax_cross_entropy_with_logits");
  return softmaxCrossEntropy(graph, scope, arguments.labels, arguments.logits, where);
}

Output sparse_softmax_cross_entropy_with_logits(const CrossEntropyArguments &arguments,
                                                Where where) {
  Graph &graph = graphOf(arguments.logits, "sparse_softmax_cross_entropy_with_logits", where);
  OpScope scope(graph, arguments.name, "SparseSoftmaxCrossEntropyWithLogits");
  return crossEntropy(graph, "sparse_softmax_cross_entropy_with_logits", arguments.logits,
                      arguments.labels,
                      nameOr(arguments.name, "SparseSoftmaxCrossEntropyWithLogits"), where);
}

Output sigmoid_cross_entropy_with_logits(const CrossEntropyArguments &arguments, Where where) {
  const auto &[labels, logits, name] = arguments;
  Graph &graph = graphOf(logits, "sigmoid_cross_entropy_with_logits", where);
  OpScope scope(graph, name, "logistic_loss");
  const Output zeros = zeros_like(logits, {}, where);
  const Output positive = greater_equal(logits, zeros, {}, where);
  const Output linear = graphc::where(positive, logits, zeros, {}, where);
  const Output less = graphc::where(positive, negative(logits, {}, where), logits, {}, where);
  const Output product = multiply(logits, labels, "mul", where);
  // log1p(exp(-|x|))
  const Output rest = softplus(less, "Log1p", where);
  return add(subtract(linear, product, "sub", where), rest, scope.name(), where);
}

/// The number, where keep_prob is one outside of (0, 1] or exactly 1.
static std::optional<double> keepNumber(const Input &keep_prob) {
  if (!keep_prob.is_number())
    return std::nullopt;
  if (const double *number = std::get_if<double>(&keep_prob.number()))
    return *number;
  const std::int64_t *number = std::get_if<std::int64_t>(&keep_prob.number());
  return number ? static_cast<double>(*number) : 0;
}

Output dropout(const Output &x, const Input &keep_prob, const DropoutOptions &options,
               Where where) {
  Graph &graph = graphOf(x, "dropout", where);
  OpScope scope(graph, options.name, "dropout");
  if (x.is_poisoned())
    return x;
  if (!is_floating(x.dtype()))
    return fail(graph, Code::invalid_argument,
                "expected a floating-point tensor, got " + std::string(to_string(x.dtype())),
                scope.name(), where);
  if (std::optional<double> number = keepNumber(keep_prob)) {
    if (!(*number > 0 && *number <= 1))
      return fail(graph, Code::invalid_argument,
                  "expected a keep_prob in (0, 1], got " + std::to_string(*number), scope.name(),
                  where);
    if (*number == 1)
      return x;
  }
  const Output keep = toOutput(graph, keep_prob, x.dtype(), "keep_prob", where);
  const Dims noise = options.noise_shape          ? Dims(*options.noise_shape)
                     : x.shape().is_fully_known() ? Dims(x.shape())
                                                  : Dims(shape(x, {}, int32, where));
  Attributes attributes{{"dtype", x.dtype()}};
  std::vector<Output> operands;
  if (noise.is_output())
    operands.push_back(noise.output());
  else
    attributes.set("shape", noise.extents());
  setSeeds(graph, options.seed, attributes);
  const Output random = record(graph, "random_uniform", operands, attributes,
                               {.name = "random_uniform", .where = where})
                            .front();
  // Uniform over [keep, 1 + keep): its floor is 1 with probability keep.
  const Output mask = floor(add(keep, random, "add", where), {}, where);
  return multiply(div(x, keep, {}, where), mask, "mul", where);
}

Moments moments(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                Where where) {
  Graph &graph = graphOf(x, "moments", where);
  OpScope scope(graph, name, "moments");
  const Output mean = reduce_mean(x, axes, true, "mean", where);
  const Output variance =
      reduce_mean(squared_difference(x, stop_gradient(mean, {}, where), {}, where), axes, true,
                  "variance", where);
  if (keep_dims)
    return {mean, variance};
  return {squeeze(mean, axes, {}, where), squeeze(variance, axes, {}, where)};
}

Output batch_normalization(const Output &x, const Output &mean, const Output &variance,
                           const Output &offset, const Output &scale, double variance_epsilon,
                           std::string_view name, Where where) {
  OpScope scope(graphOf(x, "batch_normalization", where), name, "batchnorm");
  Output slope = rsqrt(add(variance, variance_epsilon, "add", where), {}, where);
  if (scale)
    slope = multiply(slope, scale, "mul", where);
  const Output scaled = multiply(x, slope, "mul", where);
  const Output moved = multiply(mean, slope, "mul", where);
  const Output start =
      offset ? subtract(offset, moved, "sub", where) : negative(moved, "sub", where);
  return add(scaled, start, "add", where);
}

Output embedding_lookup(const Output &params, const Input &ids, std::string_view name,
                        Where where) {
  OpScope scope(graphOf(params, "embedding_lookup", where), name, "embedding_lookup");
  return identity(gather(params, ids, 0, scope.name(), where), {}, where);
}

} // namespace nn
} // namespace graphc
