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

/// The images of a batch normalization: which of their axes are the channels.
class Images {
public:
  explicit Images(NodeContext &c, int input) : c_(c) {
    const std::string format = c.word("data_format", "NHWC");
    if (format != "NHWC" && format != "NCHW")
      c.refuseUnknown("attribute 'data_format': expected NHWC or NCHW, got " + format);
    channelsLast_ = format == "NHWC";
    const Shape shape = c.input(input).shape();
    if (shape.has_rank() && shape.rank() != 4)
      c.refuse(fmt::format("input {}: expected four axes, got {}", input, shape.to_string()));
  }
  /// A vector of the channels, so that it broadcasts.
  Output alongChannels(const Output &vector) const {
    return channelsLast_
               ? vector
               : c_.helper("reshape", {vector}, {{"shape", std::vector<std::int64_t>{-1, 1, 1}}});
  }
  /// Over all but the channels, as a vector of these.
  Output reduced(const char *op, const Output &images) const {
    return c_.helper(op, {images},
                     {{"axes", channelsLast_ ? std::vector<std::int64_t>{0, 1, 2}
                                             : std::vector<std::int64_t>{0, 2, 3}}});
  }

private:
  NodeContext &c_;
  bool channelsLast_ = true;
};

/// y, the mean and the variance that the moving averages get, and twice the like for the gradient.
void fusedBatchNorm(NodeContext &c) {
  const Output x = c.input(0), scale = c.input(1), offset = c.input(2);
  const Images images(c, 0);
  const bool training = c.flag("is_training", true);
  Output mean, variance, moving_variance;
  if (training) {
    mean = images.reduced("reduce_mean", x);
    const Output centered = c.helper("subtract", {x, images.alongChannels(mean)});
    variance = images.reduced("reduce_mean", c.helper("square", {centered}));
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
  const Output y = c.record(
      "add", {c.helper("multiply", {x, images.alongChannels(slope)}), images.alongChannels(start)});
  c.results({y, mean, moving_variance, mean, variance, variance});
}

/// By x, scale and offset; then twice nothing of use, as TensorFlow has it. With x' the centered
/// images and s = 1 / sqrt(variance + epsilon): dy scale s in inference, and where mean and
/// variance are those of the batch scale s (dy - mean(dy) - x' s^2 mean(dy x')).
void fusedBatchNormGradient(NodeContext &c) {
  const Output dy = c.input(0), x = c.input(1), scale = c.input(2);
  const Images images(c, 1);
  const auto along = [&](const Output &vector) { return images.alongChannels(vector); };
  const auto times = [&](const Output &a, const Output &b) { return c.helper("multiply", {a, b}); };
  const Output epsilon = c.scalar(c.real("epsilon", 1e-4), x.dtype());
  const Output s = c.helper("rsqrt", {c.helper("add", {c.input(4), epsilon})});
  const Output centered = c.helper("subtract", {x, along(c.input(3))});
  const Output product = times(dy, centered);
  Output inner = dy;
  if (c.flag("is_training", true)) {
    const Output slope = times(times(s, s), images.reduced("reduce_mean", product));
    inner =
        c.helper("subtract", {c.helper("subtract", {dy, along(images.reduced("reduce_mean", dy))}),
                              times(centered, along(slope))});
  }
  const Output dscale = times(images.reduced("reduce_sum", product), s);
  const Output doffset = images.reduced("reduce_sum", dy);
  const Output none = c.scalar(0, x.dtype());
  c.results({c.record("multiply", {inner, along(times(scale, s))}), dscale, doffset, none, none});
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
  for (const char *type : {"FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3"})
    rules[type] = {5, 6, fusedBatchNormGradient};
}

} // namespace graphc::importing
