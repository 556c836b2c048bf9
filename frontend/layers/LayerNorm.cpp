#include "frontend/layers/LayerNorm.h"

#include <numeric>

#include "frontend/Initializers.h"
#include "frontend/Recorder.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NeuralNetwork.h"

namespace graphc::layers {

Output layer_norm(const Output &inputs, const LayerNormOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "layer_norm", where);
  VariableScopeGuard scope(graph, options.scope,
                           {.reuse = options.reuse, .default_name = "LayerNorm"});
  if (inputs.is_poisoned())
    return inputs;
  const auto wrong = [&](std::string message) {
    return fail(graph, Code::invalid_argument, std::move(message),
                graph.state().names.scope() + "/", where);
  };
  const Shape shape = inputs.shape();
  if (!shape.has_rank())
    return wrong("expected inputs of known rank, got an unknown one");
  const std::int64_t rank = shape.rank();
  const auto fromFront = [&](std::int64_t axis) { return axis < 0 ? axis + rank : axis; };
  const std::int64_t norm = fromFront(options.begin_norm_axis);
  const std::int64_t params = fromFront(options.begin_params_axis);
  if (norm < 0 || norm >= rank || params < 0 || params >= rank)
    return wrong("expected begin_norm_axis and begin_params_axis in [" + std::to_string(-rank) +
                 ", " + std::to_string(rank) + ") for " + shape.to_string() + ", got " +
                 std::to_string(options.begin_norm_axis) + " and " +
                 std::to_string(options.begin_params_axis));
  const Shape own(
      std::vector<std::int64_t>(shape.extents().begin() + params, shape.extents().end()));
  if (!own.is_fully_known())
    return wrong("expected known extents from axis " + std::to_string(params) + " on, got " +
                 shape.to_string());
  const auto parameter = [&](std::string_view name, Initializer initializer) {
    return graph.get_variable(name, own,
                              {.initializer = std::move(initializer),
                               .dtype = inputs.dtype(),
                               .trainable = options.trainable},
                              where);
  };
  Output beta, gamma;
  if (options.center)
    beta = parameter("beta", initializers::zeros());
  if (options.scale)
    gamma = parameter("gamma", initializers::ones());
  std::vector<std::int64_t> axes(static_cast<std::size_t>(rank - norm));
  std::iota(axes.begin(), axes.end(), norm);
  const auto [mean, variance] = nn::moments(inputs, axes, /*keep_dims=*/true, {}, where);
  OpScope batchnorm(graph, "batchnorm", "batchnorm");
  Output inverse = rsqrt(add(variance, options.epsilon, "add", where), {}, where);
  if (gamma)
    inverse = multiply(inverse, gamma, "mul", where);
  const Output scaled = multiply(inputs, inverse, "mul", where);
  const Output shifted = multiply(mean, inverse, "mul", where);
  const Output offset = beta ? subtract(beta, shifted, "sub", where) : negative(shifted, {}, where);
  return options.activation(add(scaled, offset, "add", where), where);
}

} // namespace graphc::layers
