#include "frontend/metrics/Metrics.h"

#include "frontend/Initializers.h"
#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Indexing.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reductions.h"

namespace graphc {

Output confusion_matrix(const Output &labels, const Output &predictions, std::int64_t num_classes,
                        const ConfusionMatrixOptions &options, Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, "confusion_matrix", where);
  OpScope scope(graph, options.name, "confusion_matrix");
  if (!labels || !predictions || labels.is_poisoned() || predictions.is_poisoned())
    return Output::from_opaque(graph, nullptr);
  const Output addresses =
      stack({cast(labels, int64, {}, where), cast(predictions, int64, {}, where)}, -1, {}, where);
  const Output weights = cast(toOutput(graph, options.weights, options.dtype, "weights", where),
                              options.dtype, {}, where);
  const Output ones = cast(ones_like(labels, {}, where), options.dtype, {}, where);
  return scatter_nd(addresses, multiply(ones, weights, {}, where), {num_classes, num_classes},
                    scope.name(), where);
}

namespace metrics {
namespace {

Metric poisoned(Graph &graph) {
  const Output none = Output::from_opaque(graph, nullptr);
  return {none, none};
}

/// A local variable of zeros under the metric's scope.
Variable counter(Graph &graph, std::string_view name, const Shape &shape, DataType dtype,
                 Where where) {
  return graph.get_variable(
      name, shape,
      {.initializer = initializers::zeros(), .dtype = dtype, .trainable = false, .local = true},
      where);
}

/// The scope of a metric's variables and ops: `name`, or its default made unique.
VariableScopeGuard scopeOf(Graph &graph, std::string_view name, std::string_view otherwise) {
  return VariableScopeGuard(graph, name, {.default_name = std::string(otherwise)});
}

/// Labels as predictions have them; nothing after an error.
std::optional<Output> labelsLike(Graph &graph, const Output &labels, const Output &predictions,
                                 Where where) {
  if (!labels || !predictions || labels.is_poisoned() || predictions.is_poisoned())
    return std::nullopt;
  if (!labels.shape().is_compatible_with(predictions.shape())) {
    fail(graph, Code::invalid_argument,
         "expected labels of the shape of the predictions, " + predictions.shape().to_string() +
             ", got " + labels.shape().to_string(),
         graph.state().names.scope() + "/", where);
    return std::nullopt;
  }
  return labels.dtype() == predictions.dtype() ? labels
                                               : cast(labels, predictions.dtype(), {}, where);
}

/// total / count of what has been added so far.
Metric runningMean(Graph &graph, const Output &values, const Input &given, Where where) {
  const Output x = cast(values, float32, {}, where);
  const Variable total = counter(graph, "total", Shape{}, float32, where);
  const Variable count = counter(graph, "count", Shape{}, float32, where);
  const Output weights =
      cast(toOutput(graph, given, float32, "weights", where), float32, {}, where);
  const Output value = div_no_nan(total, count, "value", where);
  const Output weighted = reduce_sum(multiply(x, weights, {}, where), Axes(), false, {}, where);
  const Output weight =
      reduce_sum(multiply(ones_like(x, {}, where), weights, "broadcast_weights", where), Axes(),
                 false, {}, where);
  const Output update = div_no_nan(total.assign_add(weighted, {}, where),
                                   count.assign_add(weight, {}, where), "update_op", where);
  return {value, update};
}

/// How many (weighted) elements fulfil a condition.
Metric runningCount(Graph &graph, std::string_view name, const Output &condition,
                    const Output &weights, Where where) {
  VariableScopeGuard scope(graph, name, {});
  const Variable count = counter(graph, "count", Shape{}, float32, where);
  const Output batch = reduce_sum(multiply(cast(condition, float32, {}, where), weights, {}, where),
                                  Axes(), false, {}, where);
  return {count, count.assign_add(batch, {}, where)};
}

/// The counts that precision, recall and F1 are made of.
struct Counts {
  Metric true_positives, false_positives, false_negatives;
};

/// One of the three: `figure` of the counts before and after the batch. Counts that it does not
/// need are not made.
template <typename Figure>
Metric ofCounts(const char *otherwise, const Output &labels, const Output &predictions,
                const MetricOptions &options, bool positives, bool negatives, Figure figure,
                Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, otherwise, where);
  VariableScopeGuard scope = scopeOf(graph, options.name, otherwise);
  const std::optional<Output> like = labelsLike(graph, labels, predictions, where);
  if (!like)
    return poisoned(graph);
  const Output truth = cast(*like, bool_, {}, where), guess = cast(predictions, bool_, {}, where);
  const Output weights =
      cast(toOutput(graph, options.weights, float32, "weights", where), float32, {}, where);
  Counts counts;
  counts.true_positives =
      runningCount(graph, "true_positives", logical_and(truth, guess, {}, where), weights, where);
  if (positives)
    counts.false_positives =
        runningCount(graph, "false_positives",
                     logical_and(logical_not(truth, {}, where), guess, {}, where), weights, where);
  if (negatives)
    counts.false_negatives =
        runningCount(graph, "false_negatives",
                     logical_and(truth, logical_not(guess, {}, where), {}, where), weights, where);
  return {figure(&Metric::value, counts, "value"), figure(&Metric::update, counts, "update_op")};
}

} // namespace

Metric mean(const Output &values, const MetricOptions &options, Where where) {
  Graph &graph = graphOf(values, "mean", where);
  VariableScopeGuard scope = scopeOf(graph, options.name, "mean");
  return values.is_poisoned() ? poisoned(graph)
                              : runningMean(graph, values, options.weights, where);
}

Metric accuracy(const Output &labels, const Output &predictions, const MetricOptions &options,
                Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, "accuracy", where);
  VariableScopeGuard scope = scopeOf(graph, options.name, "accuracy");
  const std::optional<Output> truth = labelsLike(graph, labels, predictions, where);
  return truth ? runningMean(graph, graphc::equal(predictions, *truth, {}, where), options.weights,
                             where)
               : poisoned(graph);
}

Metric mean_absolute_error(const Output &labels, const Output &predictions,
                           const MetricOptions &options, Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, "mean_absolute_error", where);
  VariableScopeGuard scope = scopeOf(graph, options.name, "mean_absolute_error");
  const std::optional<Output> truth = labelsLike(graph, labels, predictions, where);
  return truth ? runningMean(graph, abs(subtract(predictions, *truth, {}, where), {}, where),
                             options.weights, where)
               : poisoned(graph);
}

Metric mean_squared_error(const Output &labels, const Output &predictions,
                          const MetricOptions &options, Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, "mean_squared_error", where);
  VariableScopeGuard scope = scopeOf(graph, options.name, "mean_squared_error");
  const std::optional<Output> truth = labelsLike(graph, labels, predictions, where);
  return truth ? runningMean(graph, squared_difference(*truth, predictions, {}, where),
                             options.weights, where)
               : poisoned(graph);
}

Metric precision(const Output &labels, const Output &predictions, const MetricOptions &options,
                 Where where) {
  const auto figure = [&](Output Metric::*part, const Counts &counts, const char *name) {
    const Output tp = counts.true_positives.*part;
    return div_no_nan(tp, add(tp, counts.false_positives.*part, {}, where), name, where);
  };
  return ofCounts("precision", labels, predictions, options, true, false, figure, where);
}

Metric recall(const Output &labels, const Output &predictions, const MetricOptions &options,
              Where where) {
  const auto figure = [&](Output Metric::*part, const Counts &counts, const char *name) {
    const Output tp = counts.true_positives.*part;
    return div_no_nan(tp, add(tp, counts.false_negatives.*part, {}, where), name, where);
  };
  return ofCounts("recall", labels, predictions, options, false, true, figure, where);
}

Metric f1(const Output &labels, const Output &predictions, const MetricOptions &options,
          Where where) {
  // 2 tp / (2 tp + fp + fn), the harmonic mean written in counts.
  const auto figure = [&](Output Metric::*part, const Counts &counts, const char *name) {
    const Output twice = multiply(counts.true_positives.*part, 2, {}, where);
    const Output errors =
        add(counts.false_positives.*part, counts.false_negatives.*part, {}, where);
    return div_no_nan(twice, add(twice, errors, {}, where), name, where);
  };
  return ofCounts("f1", labels, predictions, options, true, true, figure, where);
}

Metric confusion_matrix(const Output &labels, const Output &predictions, std::int64_t num_classes,
                        std::string_view name, Where where) {
  const Output operands[] = {labels, predictions};
  Graph &graph = graphOf(operands, "confusion_matrix", where);
  VariableScopeGuard scope = scopeOf(graph, name, "confusion_matrix");
  const std::optional<Output> truth = labelsLike(graph, labels, predictions, where);
  if (!truth)
    return poisoned(graph);
  const Variable total = counter(graph, "total", Shape{num_classes, num_classes}, int64, where);
  const Output batch = graphc::confusion_matrix(reshape(*truth, {-1}, {}, where),
                                                reshape(predictions, {-1}, {}, where), num_classes,
                                                {.dtype = int64}, where);
  return {identity(total, "value", where), total.assign_add(batch, "update_op", where)};
}

} // namespace metrics
} // namespace graphc
