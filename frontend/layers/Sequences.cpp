#include "frontend/layers/Sequences.h"

#include <algorithm>

#include "frontend/Initializers.h"
#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/NeuralNetwork.h"

namespace graphc::layers {

Output embedding(const Output &inputs, std::int64_t input_dim, std::int64_t output_dim,
                 const EmbeddingOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "embedding", where);
  LayerState layer = layerState(graph, options.name, "embedding", options.reuse);
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  if (input_dim <= 0 || output_dim <= 0)
    return fail(graph, Code::invalid_argument,
                "expected one row or more of one number or more, got " +
                    Shape{input_dim, output_dim}.to_string(),
                "embeddings", where);
  const Variable embeddings = graph.get_variable(
      "embeddings", Shape{input_dim, output_dim},
      {.initializer = options.embeddings_initializer ? options.embeddings_initializer
                                                     : initializers::random_uniform(-0.05, 0.05),
       .trainable = options.trainable},
      where);
  return nn::embedding_lookup(embeddings, inputs, {}, where);
}

/// The extents from `axis` on, after `first` ones.
static std::vector<std::int64_t> extentsBehind(std::vector<std::int64_t> first, const Shape &shape,
                                               std::int64_t axis) {
  first.insert(first.end(), shape.extents().begin() + axis, shape.extents().end());
  return first;
}

Output time_distributed(const Output &inputs, const std::function<Output(const Output &)> &layer,
                        Where where) {
  Graph &graph = graphOf(inputs, "time_distributed", where);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  auto refuse = [&](const std::string &expected, const Shape &got) {
    return fail(graph, Code::invalid_argument, "expected " + expected + ", got " + got.to_string(),
                "time_distributed", where);
  };
  auto isKnownBehind = [](const Shape &of, std::int64_t axis) {
    return std::all_of(of.extents().begin() + axis, of.extents().end(),
                       [](std::int64_t extent) { return extent >= 0; });
  };
  if (!shape.has_rank() || shape.rank() < 3 || !isKnownBehind(shape, 2) ||
      (shape[0] < 0 && shape[1] < 0))
    return refuse("inputs [batch, time, ...] of which only the batch or the time is unknown",
                  shape);
  const Output steps = layer(reshape(inputs, extentsBehind({-1}, shape, 2), {}, where));
  if (steps.is_poisoned())
    return steps;
  if (!steps.shape().has_rank() || steps.shape().rank() < 1 || !isKnownBehind(steps.shape(), 1))
    return refuse("a layer that gives [batch * time, ...] of known extents", steps.shape());
  return reshape(steps, extentsBehind({shape[0], shape[1]}, steps.shape(), 1), {}, where);
}

} // namespace graphc::layers
