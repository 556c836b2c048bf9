// TensorFlow's tf.nn.
#pragma once

#include <optional>

#include "frontend/Output.h"
#include "frontend/Variable.h"
#include "frontend/ops/Math.h"

namespace graphc {

/// max(x, 0); numbers of any dtype. NaN stays NaN.
Output relu(const Output &x, std::string_view name = {}, Where where = Where::current());
/// log(1 + exp(x)).
Output softplus(const Output &x, std::string_view name = {}, Where where = Where::current());
/// min(max(x, 0), 6); numbers of any dtype.
Output relu6(const Output &x, std::string_view name = {}, Where where = Where::current());
/// exp(x) - 1 below zero, x elsewhere.
Output elu(const Output &x, std::string_view name = {}, Where where = Where::current());
/// elu with slopes 1.758... below zero and 1.050... above, which keep mean 0 and variance 1
/// (Klambauer and others, NeurIPS 2017).
Output selu(const Output &x, std::string_view name = {}, Where where = Where::current());

namespace nn {

using graphc::elu;
using graphc::relu6;
using graphc::selu;

using graphc::relu;
using graphc::sigmoid;
using graphc::softplus;
using graphc::tanh;

/// x above zero, alpha * x elsewhere.
Output leaky_relu(const Output &features, double alpha = 0.2, std::string_view name = {},
                  Where where = Where::current());

/// exp(x) / sum(exp(x)) along `axis`.
Output softmax(const Output &logits, std::int64_t axis = -1, std::string_view name = {},
               Where where = Where::current());
/// x - log(sum(exp(x))) along `axis`.
Output log_softmax(const Output &logits, std::int64_t axis = -1, std::string_view name = {},
                   Where where = Where::current());
/// x + bias, a vector along the last axis.
Output bias_add(const Output &value, const Output &bias, std::string_view name = {},
                Where where = Where::current());
/// matmul(x, weights) + biases.
Output xw_plus_b(const Output &x, const Output &weights, const Output &biases,
                 std::string_view name = {}, Where where = Where::current());
/// sum(x^2) / 2, a scalar.
Output l2_loss(const Output &x, std::string_view name = {}, Where where = Where::current());

struct CrossEntropyArguments {
  Output labels;
  Output logits;
  std::string_view name = {};
};
/// -sum(labels * log_softmax(logits)) along the last axis: [..., classes] -> [...]. No gradient
/// flows to the labels, as in TensorFlow 1.
Output softmax_cross_entropy_with_logits(const CrossEntropyArguments &arguments,
                                         Where where = Where::current());
/// The same with gradients flowing to the labels too.
Output softmax_cross_entropy_with_logits_v2(const CrossEntropyArguments &arguments,
                                            Where where = Where::current());
/// -log_softmax(logits)[label]: labels [...] of int32 or int64 in [0, classes), logits
/// [..., classes] -> [...]. Another label gives NaN, the loss and its gradient, as TensorFlow's
/// kernel for a GPU does; Backend::reference refuses it.
Output sparse_softmax_cross_entropy_with_logits(const CrossEntropyArguments &arguments,
                                                Where where = Where::current());
/// max(x, 0) - x * z + log(1 + exp(-|x|)) for logits x and labels z, element by element.
Output sigmoid_cross_entropy_with_logits(const CrossEntropyArguments &arguments,
                                         Where where = Where::current());

struct DropoutOptions {
  std::optional<std::int64_t> seed = {};
  /// Where an extent is 1, the elements along it are kept or dropped together.
  std::optional<std::vector<std::int64_t>> noise_shape = {};
  std::string_view name = {};
};
/// Every element with probability keep_prob scaled by 1 / keep_prob, else zero. keep_prob is a
/// scalar, fed for example, or a number in (0, 1]; with the number 1 the result is x itself.
Output dropout(const Output &x, const Input &keep_prob, const DropoutOptions &options = {},
               Where where = Where::current());

struct Moments {
  Output mean;
  Output variance;
};
/// Mean and (biased) variance over `axes`.
Moments moments(const Output &x, const Axes &axes, bool keep_dims = false,
                std::string_view name = {}, Where where = Where::current());

/// (x - mean) / sqrt(variance + variance_epsilon) * scale + offset; all broadcast to x. Empty
/// outputs for scale and offset leave them out.
Output batch_normalization(const Output &x, const Output &mean, const Output &variance,
                           const Output &offset, const Output &scale, double variance_epsilon,
                           std::string_view name = {}, Where where = Where::current());

/// The rows of `params` that `ids` (int32 or int64, any shape) name: gather along axis 0.
Output embedding_lookup(const Output &params, const Input &ids, std::string_view name = {},
                        Where where = Where::current());

} // namespace nn
} // namespace graphc
