#include "frontend/losses/Losses.h"

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NeuralNetwork.h"
#include "frontend/ops/Reductions.h"

namespace graphc::losses {
namespace {

/// Labels as a tensor of the predictions' dtype, of the same shape; nothing after fail().
std::optional<Output> labelsLike(const OpScope &scope, const Input &labels,
                                 const Output &predictions, Where where) {
  Graph &graph = predictions.graph();
  if (predictions.is_poisoned())
    return std::nullopt;
  const Output given = toOutput(graph, labels, predictions.dtype(), "labels", where);
  if (!given || given.is_poisoned())
    return std::nullopt;
  const Output cast = graphc::cast(given, predictions.dtype(), {}, where);
  if (!cast.shape().is_compatible_with(predictions.shape())) {
    fail(graph, Code::invalid_argument,
         "expected labels of the shape of the predictions, " + predictions.shape().to_string() +
             ", got " + cast.shape().to_string(),
         scope.name(), where);
    return std::nullopt;
  }
  return cast;
}

/// What keeps weights of this shape from being taken for the losses; empty where they can be.
std::string whyWrongWeights(const Shape &weights, const Shape &losses) {
  if (!weights.has_rank() || !losses.has_rank() || weights.rank() == 0)
    return {};
  bool fits = weights.rank() == losses.rank();
  for (std::int64_t axis = 0; fits && axis < weights.rank(); ++axis)
    fits = weights[axis] < 0 || losses[axis] < 0 || weights[axis] == 1 ||
           weights[axis] == losses[axis];
  return fits ? std::string()
              : "expected weights that broadcast to the losses, " + losses.to_string() + ", got " +
                    weights.to_string();
}

/// How many losses have a weight other than zero.
Output numPresent(const Output &losses, const Input &given, const Output &weights, Where where) {
  Graph &graph = losses.graph();
  OpScope scope(graph, "num_present", "num_present");
  const Output count = cast(size(losses, {}, int32, where), losses.dtype(), {}, where);
  const auto isNumber = [&] {
    if (!given.is_number())
      return false;
    const double *number = std::get_if<double>(&given.number());
    const std::int64_t *integer = std::get_if<std::int64_t>(&given.number());
    return (number && *number != 0) || (integer && *integer != 0);
  };
  if (isNumber())
    return count;
  const Output present = cast(graphc::not_equal(weights, 0, {}, where), losses.dtype(), {}, where);
  return reduce_sum(multiply(present, ones_like(losses, {}, where), "broadcast_weights", where),
                    Axes(), false, scope.name(), where);
}

/// The rest of a loss, in its own scope.
Output weighted(const OpScope &scope, const Output &losses, const Input &weights,
                Reduction reduction, Where where) {
  return compute_weighted_loss(
      losses, {.weights = weights, .scope = scope.name(), .reduction = reduction}, where);
}

Output poisoned(Graph &graph) { return Output::from_opaque(graph, nullptr); }

} // namespace

Output compute_weighted_loss(const Output &losses, const LossOptions &options, Where where) {
  Graph &graph = graphOf(losses, "compute_weighted_loss", where);
  OpScope scope(graph, options.scope, "weighted_loss");
  if (losses.is_poisoned())
    return losses;
  const Output given = toOutput(graph, options.weights, losses.dtype(), "weights", where);
  if (!given || given.is_poisoned())
    return poisoned(graph);
  const Output weights = cast(given, losses.dtype(), {}, where);
  if (std::string why = whyWrongWeights(weights.shape(), losses.shape()); !why.empty())
    return fail(graph, Code::invalid_argument, std::move(why), scope.name(), where);
  const Output products = multiply(losses, weights, {}, where);
  Output loss;
  if (options.reduction == Reduction::none) {
    return products;
  } else if (options.reduction == Reduction::sum) {
    loss = reduce_sum(products, Axes(), false, {}, where);
  } else {
    const Output total = reduce_sum(products, Axes(), false, {}, where);
    Output count;
    if (options.reduction == Reduction::mean)
      count = reduce_sum(multiply(ones_like(losses, {}, where), weights, {}, where), Axes(), false,
                         {}, where);
    else if (options.reduction == Reduction::sum_over_batch_size)
      count = cast(size(losses, "num_elements", int32, where), losses.dtype(), {}, where);
    else
      count = numPresent(losses, options.weights, weights, where);
    loss = div_no_nan(total, count, "value", where);
  }
  add_loss(loss);
  return loss;
}

Output mean_squared_error(const Input &labels, const Output &predictions,
                          const LossOptions &options, Where where) {
  Graph &graph = graphOf(predictions, "mean_squared_error", where);
  OpScope scope(graph, options.scope, "mean_squared_error");
  const std::optional<Output> truth = labelsLike(scope, labels, predictions, where);
  if (!truth)
    return poisoned(graph);
  return weighted(scope, squared_difference(predictions, *truth, {}, where), options.weights,
                  options.reduction, where);
}

Output absolute_difference(const Input &labels, const Output &predictions,
                           const LossOptions &options, Where where) {
  Graph &graph = graphOf(predictions, "absolute_difference", where);
  OpScope scope(graph, options.scope, "absolute_difference");
  const std::optional<Output> truth = labelsLike(scope, labels, predictions, where);
  if (!truth)
    return poisoned(graph);
  return weighted(scope, abs(subtract(predictions, *truth, {}, where), {}, where), options.weights,
                  options.reduction, where);
}

Output huber_loss(const Input &labels, const Output &predictions, const HuberLossOptions &options,
                  Where where) {
  Graph &graph = graphOf(predictions, "huber_loss", where);
  OpScope scope(graph, options.scope, "huber_loss");
  const std::optional<Output> truth = labelsLike(scope, labels, predictions, where);
  if (!truth)
    return poisoned(graph);
  const Output error = abs(subtract(predictions, *truth, {}, where), {}, where);
  // e^2 / 2 + delta * (e - min(e, delta)), in which the square stops at delta.
  const Output quadratic = minimum(error, options.delta, {}, where);
  const Output linear = subtract(error, quadratic, {}, where);
  const Output half = multiply(0.5, multiply(quadratic, quadratic, {}, where), {}, where);
  return weighted(scope, add(half, multiply(options.delta, linear, {}, where), {}, where),
                  options.weights, options.reduction, where);
}

Output log_loss(const Input &labels, const Output &predictions, const LogLossOptions &options,
                Where where) {
  Graph &graph = graphOf(predictions, "log_loss", where);
  OpScope scope(graph, options.scope, "log_loss");
  const std::optional<Output> truth = labelsLike(scope, labels, predictions, where);
  if (!truth)
    return poisoned(graph);
  const Output yes =
      multiply(*truth, log(add(predictions, options.epsilon, "add", where), {}, where), {}, where);
  const Output rest = add(subtract(1.0, predictions, "sub", where), options.epsilon, "add", where);
  const Output no = multiply(subtract(1.0, *truth, "sub", where), log(rest, {}, where), {}, where);
  return weighted(scope, subtract(negative(yes, {}, where), no, "sub", where), options.weights,
                  options.reduction, where);
}

Output hinge_loss(const Input &labels, const Output &logits, const LossOptions &options,
                  Where where) {
  Graph &graph = graphOf(logits, "hinge_loss", where);
  OpScope scope(graph, options.scope, "hinge_loss");
  const std::optional<Output> truth = labelsLike(scope, labels, logits, where);
  if (!truth)
    return poisoned(graph);
  const Output sign = subtract(multiply(2.0, *truth, "mul", where), 1.0, {}, where);
  const Output margin = subtract(1.0, multiply(sign, logits, {}, where), {}, where);
  return weighted(scope, nn::relu(margin, {}, where), options.weights, options.reduction, where);
}

Output softmax_cross_entropy(const Input &onehot_labels, const Output &logits,
                             const CrossEntropyOptions &options, Where where) {
  Graph &graph = graphOf(logits, "softmax_cross_entropy", where);
  OpScope scope(graph, options.scope, "softmax_cross_entropy_loss");
  std::optional<Output> labels = labelsLike(scope, onehot_labels, logits, where);
  if (!labels)
    return poisoned(graph);
  if (options.label_smoothing != 0) {
    const Shape shape = logits.shape();
    if (!shape.has_rank() || shape.rank() == 0 || shape[shape.rank() - 1] < 0)
      return fail(graph, Code::invalid_argument,
                  "expected logits with a known number of classes to smooth labels over, got " +
                      shape.to_string(),
                  scope.name(), where);
    const auto classes = static_cast<double>(shape[shape.rank() - 1]);
    labels = add(multiply(*labels, 1 - options.label_smoothing, "mul", where),
                 options.label_smoothing / classes, "add", where);
  }
  const Output losses = nn::softmax_cross_entropy_with_logits_v2(
      {.labels = stop_gradient(*labels, "labels_stop_gradient", where),
       .logits = logits,
       .name = "xentropy"},
      where);
  return weighted(scope, losses, options.weights, options.reduction, where);
}

Output sparse_softmax_cross_entropy(const Output &labels, const Output &logits,
                                    const LossOptions &options, Where where) {
  const Output operands[] = {logits, labels};
  Graph &graph = graphOf(operands, "sparse_softmax_cross_entropy", where);
  OpScope scope(graph, options.scope, "sparse_softmax_cross_entropy_loss");
  const Output losses = nn::sparse_softmax_cross_entropy_with_logits(
      {.labels = labels, .logits = logits, .name = "xentropy"}, where);
  return weighted(scope, losses, options.weights, options.reduction, where);
}

Output sigmoid_cross_entropy(const Input &multi_class_labels, const Output &logits,
                             const CrossEntropyOptions &options, Where where) {
  Graph &graph = graphOf(logits, "sigmoid_cross_entropy", where);
  OpScope scope(graph, options.scope, "sigmoid_cross_entropy_loss");
  std::optional<Output> labels = labelsLike(scope, multi_class_labels, logits, where);
  if (!labels)
    return poisoned(graph);
  if (options.label_smoothing != 0)
    labels = add(multiply(*labels, 1 - options.label_smoothing, "mul", where),
                 0.5 * options.label_smoothing, "add", where);
  const Output losses = nn::sigmoid_cross_entropy_with_logits(
      {.labels = *labels, .logits = logits, .name = "xentropy"}, where);
  return weighted(scope, losses, options.weights, options.reduction, where);
}

void add_loss(const Output &loss) { loss.graph().state().losses.push_back(loss); }

const std::vector<Output> &get_losses(const Graph &graph) { return graph.state().losses; }

Output get_total_loss(Graph &graph, std::string_view name, Where where) {
  const std::vector<Output> &losses = get_losses(graph);
  if (losses.empty())
    return fail(graph, Code::invalid_argument, "expected a graph with losses, got none", name,
                where);
  return add_n(losses, name, where);
}

} // namespace graphc::losses
