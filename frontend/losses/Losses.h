// TensorFlow's tf.losses: a loss for each element or row, weighted and reduced to a scalar.
//
// Weights are a number, a scalar, or a tensor that broadcasts to the losses as tf.losses has it: of
// their rank, each extent either theirs or 1. Every loss but those with Reduction::none joins the
// graph's losses, which get_total_loss() adds up. Shapes and dtypes that do not fit are an Error
// (invalid_argument) that names the loss and the user's line.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc::losses {

enum class Reduction {
  none,                ///< the weighted losses, not reduced
  sum,                 ///< their sum
  sum_over_batch_size, ///< divided by the number of losses
  mean,                ///< divided by the sum of the weights
  /// Divided by the number of losses whose weight is not zero; 0 where there are none.
  sum_by_nonzero_weights,
};

struct LossOptions {
  Input weights = 1.0;
  std::string_view scope = {};
  Reduction reduction = Reduction::sum_by_nonzero_weights;
};

/// (predictions - labels)^2.
Output mean_squared_error(const Input &labels, const Output &predictions,
                          const LossOptions &options = {}, Where where = Where::current());
/// |predictions - labels|.
Output absolute_difference(const Input &labels, const Output &predictions,
                           const LossOptions &options = {}, Where where = Where::current());

struct HuberLossOptions {
  Input weights = 1.0;
  double delta = 1.0; ///< from where on the loss is linear
  std::string_view scope = {};
  Reduction reduction = Reduction::sum_by_nonzero_weights;
};
/// With e = |predictions - labels|: e^2 / 2 up to delta, delta * e - delta^2 / 2 above.
Output huber_loss(const Input &labels, const Output &predictions,
                  const HuberLossOptions &options = {}, Where where = Where::current());

struct LogLossOptions {
  Input weights = 1.0;
  double epsilon = 1e-7; ///< keeps the logarithms finite
  std::string_view scope = {};
  Reduction reduction = Reduction::sum_by_nonzero_weights;
};
/// -labels * log(predictions + epsilon) - (1 - labels) * log(1 - predictions + epsilon).
Output log_loss(const Input &labels, const Output &predictions, const LogLossOptions &options = {},
                Where where = Where::current());
/// max(0, 1 - (2 * labels - 1) * logits), labels 0 or 1.
Output hinge_loss(const Input &labels, const Output &logits, const LossOptions &options = {},
                  Where where = Where::current());

struct CrossEntropyOptions {
  Input weights = 1.0;
  /// Moves this share of the labels to all classes evenly (for sigmoid: towards 1/2).
  double label_smoothing = 0;
  std::string_view scope = {};
  Reduction reduction = Reduction::sum_by_nonzero_weights;
};
/// -log_softmax(logits) weighed by onehot_labels, for each row: [batch, classes] -> [batch].
Output softmax_cross_entropy(const Input &onehot_labels, const Output &logits,
                             const CrossEntropyOptions &options = {},
                             Where where = Where::current());
/// The same for classes: labels [...] of int32 or int64, logits [..., classes].
Output sparse_softmax_cross_entropy(const Output &labels, const Output &logits,
                                    const LossOptions &options = {},
                                    Where where = Where::current());
/// Cross entropy of sigmoid(logits), for classes that do not exclude each other.
Output sigmoid_cross_entropy(const Input &multi_class_labels, const Output &logits,
                             const CrossEntropyOptions &options = {},
                             Where where = Where::current());

/// What all of them end in: losses times weights, reduced.
Output compute_weighted_loss(const Output &losses, const LossOptions &options = {},
                             Where where = Where::current());

/// Adds a scalar to the graph's losses.
void add_loss(const Output &loss);
const std::vector<Output> &get_losses(const Graph &graph);
/// The sum of the graph's losses; an error where there are none.
Output get_total_loss(Graph &graph, std::string_view name = "total_loss",
                      Where where = Where::current());

} // namespace graphc::losses
