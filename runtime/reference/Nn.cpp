// softmax and cross entropies.
#include <algorithm>
#include <cmath>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

/// log(softmax) of `count` elements of x that lie `stride` apart. The greatest one is subtracted
/// first, so that no exponential overflows.
template <typename T>
void logSoftmaxOf(const T *x, int64_t count, int64_t stride, std::vector<double> &out) {
  out.resize(static_cast<std::size_t>(count));
  double greatest = -INFINITY;
  for (int64_t i = 0; i < count; ++i) {
    out[i] = static_cast<double>(x[i * stride]);
    if (out[i] > greatest || out[i] != out[i])
      greatest = out[i];
  }
  double total = 0;
  for (double &value : out) {
    value -= greatest;
    total += std::exp(value);
  }
  const double log_total = std::log(total);
  for (double &value : out)
    value -= log_total;
}

template <typename Function> Results alongAxis(const OpCall &call, Function function) {
  const Tensor &x = call.inputs[0];
  const AxisSplit split(x.shape(),
                        resolveAxis(call.attributes.int_or("axis", -1), x.shape().rank()));
  Tensor y(x.dtype(), x.shape());
  dispatchFloating(call, x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::vector<double> line;
    for (int64_t outer = 0; outer < split.outer; ++outer)
      for (int64_t inner = 0; inner < split.inner; ++inner) {
        const int64_t first = outer * split.extent * split.inner + inner;
        logSoftmaxOf(x.data<T>() + first, split.extent, split.inner, line);
        for (int64_t i = 0; i < split.extent; ++i)
          y.data<T>()[first + i * split.inner] = static_cast<T>(function(line[i]));
      }
  });
  return {y};
}

Shape withoutLast(const Shape &shape) {
  return Shape(std::vector<int64_t>(shape.extents().begin(), shape.extents().end() - 1));
}

/// loss and backprop of all rows. `labelOf(row, c)` is the wanted probability. Where a row has one
/// class only, an infinite logit of another must not make 0 * infinity = NaN of the loss.
template <typename T, typename LabelOf>
Results crossEntropy(const Tensor &logits, bool one_class, LabelOf labelOf) {
  const int64_t classes = logits.shape()[logits.shape().rank() - 1];
  Tensor loss(logits.dtype(), withoutLast(logits.shape()));
  Tensor backprop(logits.dtype(), logits.shape());
  std::vector<double> log_softmax;
  for (int64_t row = 0; row < loss.num_elements(); ++row) {
    logSoftmaxOf(logits.data<T>() + row * classes, classes, 1, log_softmax);
    double total = 0;
    for (int64_t c = 0; c < classes; ++c) {
      const double label = labelOf(row, c);
      if (label != 0 || !one_class)
        total -= label * log_softmax[c];
      backprop.data<T>()[row * classes + c] = static_cast<T>(std::exp(log_softmax[c]) - label);
    }
    loss.data<T>()[row] = static_cast<T>(total);
  }
  return {loss, backprop};
}

Results denseCrossEntropy(const OpCall &call) {
  const Tensor &logits = call.inputs[0], &labels = call.inputs[1];
  if (labels.shape() != logits.shape())
    invalid(call, "expects labels of shape " + logits.shape().to_string() + ", got " +
                      labels.shape().to_string());
  const int64_t classes = logits.shape()[logits.shape().rank() - 1];
  return dispatchFloating(call, logits.dtype(), [&](auto zero) {
    using T = decltype(zero);
    return crossEntropy<T>(logits, false, [&, data = labels.data<T>()](int64_t row, int64_t c) {
      return static_cast<double>(data[row * classes + c]);
    });
  });
}

Results sparseCrossEntropy(const OpCall &call) {
  const Tensor &logits = call.inputs[0];
  if (call.inputs[1].shape() != withoutLast(logits.shape()))
    invalid(call, "expects labels of shape " + withoutLast(logits.shape()).to_string() + ", got " +
                      call.inputs[1].shape().to_string());
  const int64_t classes = logits.shape()[logits.shape().rank() - 1];
  const std::vector<int64_t> labels = integersOf(call, call.inputs[1]);
  for (int64_t label : labels)
    if (label < 0 || label >= classes)
      invalid(call, "expects labels in [0," + std::to_string(classes) + "), got " +
                        std::to_string(label));
  return dispatchFloating(call, logits.dtype(), [&](auto zero) {
    using T = decltype(zero);
    return crossEntropy<T>(logits, true,
                           [&](int64_t row, int64_t c) { return labels[row] == c ? 1. : 0.; });
  });
}

constexpr Entry kOps[] = {
    {"softmax",
     [](const OpCall &call) { return alongAxis(call, [](double x) { return std::exp(x); }); }},
    {"log_softmax", [](const OpCall &call) { return alongAxis(call, [](double x) { return x; }); }},
    {"softmax_cross_entropy_with_logits", denseCrossEntropy},
    {"sparse_softmax_cross_entropy_with_logits", sparseCrossEntropy},
};

} // namespace

std::span<const Entry> nnOps() { return kOps; }

} // namespace graphc::reference
