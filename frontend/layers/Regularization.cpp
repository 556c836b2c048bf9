#include "frontend/layers/Regularization.h"

#include "frontend/Initializers.h"
#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/NeuralNetwork.h"
#include "frontend/ops/Reductions.h"

namespace graphc::layers {

Output dropout(const Output &inputs, const DropoutLayerOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "dropout", where);
  LayerState layer = layerState(graph, options.name, "dropout");
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const double keep = 1 - options.rate;
  const nn::DropoutOptions inner{
      .seed = options.seed, .noise_shape = options.noise_shape, .name = "dropout"};
  if (!(options.rate >= 0 && options.rate < 1))
    return fail(graph, Code::invalid_argument,
                "expected a rate in [0, 1), got " + std::to_string(options.rate), "dropout", where);
  if (options.training.is_output()) {
    const Output one = graph.constant(Tensor(1.0).cast(inputs.dtype()), "one", where);
    return nn::dropout(inputs,
                       graphc::where(options.training.output(), keep, one, "keep_prob", where),
                       inner, where);
  }
  return options.training.known() ? nn::dropout(inputs, keep, inner, where)
                                  : identity(inputs, {}, where);
}

namespace {

/// One call of a batch normalization.
class BatchNormalization {
public:
  BatchNormalization(Graph &graph, const Output &inputs, std::int64_t axis,
                     const BatchNormalizationOptions &options, Where where)
      : graph_(graph), inputs_(inputs), axis_(axis), options_(options), where_(where) {
    for (std::int64_t other = 0; other < inputs.shape().rank(); ++other)
      if (other != axis)
        others_.push_back(other);
  }

  Output output() {
    const Variable gamma = weights("gamma", options_.scale, options_.gamma_initializer, 1);
    const Variable beta = weights("beta", options_.center, options_.beta_initializer, 0);
    const Variable movingMean = average("moving_mean", options_.moving_mean_initializer, 0);
    const Variable movingVariance =
        average("moving_variance", options_.moving_variance_initializer, 1);
    Output mean = movingMean, variance = movingVariance;
    if (options_.training.is_output() || options_.training.known()) {
      const nn::Moments batch = nn::moments(inputs_, others_, false, {}, where_);
      mean = inTraining(batch.mean, movingMean);
      variance = inTraining(batch.variance, movingVariance);
      update(movingMean, batch.mean, "AssignMovingAvg");
      update(movingVariance, unbiased(batch.variance), "AssignMovingAvg_1");
    }
    return normalized(along(mean), along(variance), gamma ? along(gamma) : Output(),
                      beta ? along(beta) : Output());
  }

private:
  Variable variable(std::string_view name, const Initializer &given, double otherwise,
                    bool trainable) {
    const Initializer initializer = given            ? given
                                    : otherwise == 0 ? initializers::zeros()
                                                     : initializers::ones();
    return graph_.get_variable(
        name, Shape{inputs_.shape()[axis_]},
        {.initializer = initializer, .dtype = inputs_.dtype(), .trainable = trainable}, where_);
  }
  Variable weights(std::string_view name, bool wanted, const Initializer &given, double otherwise) {
    return wanted ? variable(name, given, otherwise, options_.trainable) : Variable();
  }
  Variable average(std::string_view name, const Initializer &given, double otherwise) {
    return variable(name, given, otherwise, false);
  }

  Output inTraining(const Output &trained, const Output &otherwise) {
    if (!options_.training.is_output())
      return trained;
    return graphc::where(options_.training.output(), trained, otherwise, "cond", where_);
  }

  /// moving -= (moving - batch) * (1 - momentum), or by nothing where it is not training.
  void update(const Variable &moving, const Output &batch, std::string_view name) {
    OpScope scope(graph_, name, name);
    const Output wanted = stop_gradient(inTraining(batch, moving), {}, where_);
    const Output step =
        multiply(subtract(moving, wanted, "sub", where_), 1 - options_.momentum, "mul", where_);
    addUpdateOp(graph_, moving.assign_sub(step, scope.name(), where_).op());
  }

  /// The variance of what the batch was drawn from: n / (n - 1) times the batch's own.
  Output unbiased(const Output &variance) {
    if (inputs_.shape().rank() != 4)
      return variance;
    const Output channel = size(variance, {}, int32, where_);
    const Output count = cast(floordiv(size(inputs_, {}, int32, where_), channel, {}, where_),
                              inputs_.dtype(), {}, where_);
    const Output rest = maximum(subtract(count, 1, {}, where_), 1, {}, where_);
    return multiply(variance, div(count, rest, {}, where_), {}, where_);
  }

  /// A vector along the axis, so that it broadcasts to the inputs.
  Output along(const Output &vector) {
    if (axis_ == inputs_.shape().rank() - 1)
      return vector;
    std::vector<std::int64_t> extents(static_cast<std::size_t>(inputs_.shape().rank()), 1);
    extents[static_cast<std::size_t>(axis_)] = inputs_.shape()[axis_];
    return reshape(vector, extents, {}, where_);
  }

  Output normalized(const Output &mean, const Output &variance, const Output &gamma,
                    const Output &beta) {
    return nn::batch_normalization(inputs_, mean, variance, beta, gamma, options_.epsilon,
                                   "batchnorm", where_);
  }

  Graph &graph_;
  const Output &inputs_;
  std::int64_t axis_;
  const BatchNormalizationOptions &options_;
  Where where_;
  std::vector<std::int64_t> others_;
};

} // namespace

Output batch_normalization(const Output &inputs, const BatchNormalizationOptions &options,
                           Where where) {
  Graph &graph = graphOf(inputs, "batch_normalization", where);
  LayerState layer = layerState(graph, options.name, "batch_normalization", options.reuse);
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  if (!shape.has_rank())
    return fail(graph, Code::invalid_argument,
                "expected inputs of known rank, got " + shape.to_string(), "batchnorm", where);
  const std::optional<std::int64_t> axis =
      normalizedAxis(graph, options.axis, shape.rank(), "batchnorm", where);
  if (!axis)
    return Output::from_opaque(graph, nullptr);
  if (shape[*axis] < 0)
    return fail(graph, Code::invalid_argument,
                "expected a known extent of axis " + std::to_string(*axis) + ", got " +
                    shape.to_string(),
                "batchnorm", where);
  return BatchNormalization(graph, inputs, *axis, options, where).output();
}

} // namespace graphc::layers
