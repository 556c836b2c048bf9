// TensorFlow's tf.metrics: figures over all batches since local_variables_initializer() ran.
//
// A metric counts in local variables. Running `update` adds a batch and gives the new figure;
// `value` is the figure before the batches of the same run. A figure of nothing is 0. Weights are a
// number or a tensor that broadcasts to the elements counted, 0 to leave one out. Labels and
// predictions have one shape. Wrong shapes and dtypes are an Error (invalid_argument) that names
// the metric and the user's line.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc::metrics {

struct Metric {
  Output value;
  Output update;
};

struct MetricOptions {
  Input weights = 1.0;
  std::string_view name = {};
};

/// The (weighted) mean of all elements.
Metric mean(const Output &values, const MetricOptions &options = {},
            Where where = Where::current());
/// The share of elements with predictions equal to labels; both of one dtype, or labels converted.
Metric accuracy(const Output &labels, const Output &predictions, const MetricOptions &options = {},
                Where where = Where::current());
/// The mean of |predictions - labels|.
Metric mean_absolute_error(const Output &labels, const Output &predictions,
                           const MetricOptions &options = {}, Where where = Where::current());
/// The mean of (predictions - labels)^2.
Metric mean_squared_error(const Output &labels, const Output &predictions,
                          const MetricOptions &options = {}, Where where = Where::current());

/// Of labels and predictions as bools, true where not 0: the share of true ones among the elements
/// predicted to be true.
Metric precision(const Output &labels, const Output &predictions, const MetricOptions &options = {},
                 Where where = Where::current());
/// The share predicted to be true among the true ones.
Metric recall(const Output &labels, const Output &predictions, const MetricOptions &options = {},
              Where where = Where::current());
/// 2 * precision * recall / (precision + recall).
Metric f1(const Output &labels, const Output &predictions, const MetricOptions &options = {},
          Where where = Where::current());

/// How often each class (row) was predicted as each class (column) so far: int64
/// [num_classes, num_classes], counted over batches.
Metric confusion_matrix(const Output &labels, const Output &predictions, std::int64_t num_classes,
                        std::string_view name = {}, Where where = Where::current());

} // namespace graphc::metrics

namespace graphc {

struct ConfusionMatrixOptions {
  DataType dtype = int32;
  Input weights = 1; ///< of one element each, as labels
  std::string_view name = {};
};
/// TensorFlow's tf.confusion_matrix of one batch: entry [l, p] counts the elements labelled l and
/// predicted p; both int32 or int64 vectors with classes in [0, num_classes), others are an error
/// of the run.
Output confusion_matrix(const Output &labels, const Output &predictions, std::int64_t num_classes,
                        const ConfusionMatrixOptions &options = {}, Where where = Where::current());

} // namespace graphc
