// Softmax, cross entropies and normalizations.
#include <fmt/format.h>

#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

ImportRule softmax(const char *op) {
  return {1, 1, [op](NodeContext &c) {
            const Output x = c.input(0);
            c.result(c.record(op, {x}, {{"axis", c.axis(-1, x)}}));
          }};
}

ImportRule crossEntropy(const char *op) {
  return {2, 2, [op](NodeContext &c) { c.results(c.recordMany(op, c.inputs(0, 2))); }};
}

/// y, the mean and the variance that the moving averages get, and twice the like for the gradient.
void fusedBatchNorm(NodeContext &c) {
  const Output x = c.input(0), scale = c.input(1), offset = c.input(2);
  const std::string format = c.word("data_format", "NHWC");
  if (format != "NHWC" && format != "NCHW")
    c.refuseUnknown("attribute 'data_format': expected NHWC or NCHW, got " + format);
  const bool channelsLast = format == "NHWC";
  if (x.shape().has_rank() && x.shape().rank() != 4)
    c.refuse(fmt::format("input 0: expected four axes, got {}", x.shape().to_string()));
  // A vector of the channels, so that it broadcasts.
  const auto alongChannels = [&](const Output &vector) {
    return channelsLast
               ? vector
               : c.helper("reshape", {vector}, {{"shape", std::vector<std::int64_t>{-1, 1, 1}}});
  };
  const std::vector<std::int64_t> axes =
      channelsLast ? std::vector<std::int64_t>{0, 1, 2} : std::vector<std::int64_t>{0, 2, 3};
  const bool training = c.flag("is_training", true);
  Output mean, variance, moving_variance;
  if (training) {
    mean = c.helper("reduce_mean", {x}, {{"axes", axes}});
    const Output centered = c.helper("subtract", {x, alongChannels(mean)});
    variance = c.helper("reduce_mean", {c.helper("square", {centered})}, {{"axes", axes}});
    // What the moving average gets is the unbiased estimate.
    const Output all =
        c.helper("cast", {c.helper("size", {x}, {{"dtype", int32}})}, {{"dtype", x.dtype()}});
    const Output channels =
        c.helper("cast", {c.helper("size", {mean}, {{"dtype", int32}})}, {{"dtype", x.dtype()}});
    const Output count = c.helper("divide", {all, channels});
    const Output one = c.scalar(1, x.dtype());
    const Output others = c.helper("maximum", {c.helper("subtract", {count, one}), one});
    moving_variance = c.helper("multiply", {variance, c.helper("divide", {count, others})});
  } else {
    mean = c.input(3);
    moving_variance = variance = c.input(4);
  }
  const Output epsilon = c.scalar(c.real("epsilon", 1e-4), x.dtype());
  const Output slope =
      c.helper("multiply", {c.helper("rsqrt", {c.helper("add", {variance, epsilon})}), scale});
  const Output start = c.helper("subtract", {offset, c.helper("multiply", {mean, slope})});
  const Output y =
      c.record("add", {c.helper("multiply", {x, alongChannels(slope)}), alongChannels(start)});
  c.results({y, mean, moving_variance, mean, variance, variance});
}

} // namespace

void addNnRules(ImportRules &rules) {
  rules["Softmax"] = softmax("softmax");
  rules["LogSoftmax"] = softmax("log_softmax");
  rules["SoftmaxCrossEntropyWithLogits"] = crossEntropy("softmax_cross_entropy_with_logits");
  rules["SparseSoftmaxCrossEntropyWithLogits"] =
      crossEntropy("sparse_softmax_cross_entropy_with_logits");
  for (const char *type : {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
    rules[type] = {5, 5, fusedBatchNorm};
}

} // namespace graphc::importing
