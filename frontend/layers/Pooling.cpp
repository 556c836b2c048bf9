#include "frontend/layers/Pooling.h"

#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Reductions.h"

namespace graphc::layers {

using Pool = Output (*)(const Output &, const nn::WindowSizes &, const nn::WindowSizes &,
                        const nn::Padding &, const nn::PoolOptions &, Where);

static Output pooling2d(std::string_view kind, Pool pool, const Output &inputs,
                        const nn::WindowSizes &pool_size, const nn::WindowSizes &strides,
                        const PoolingOptions &options, Where where) {
  Graph &graph = graphOf(inputs, kind, where);
  LayerState layer = layerState(graph, options.name, kind);
  LayerCall call(graph, layer);
  return pool(inputs, pool_size, strides, options.padding, {}, where);
}

/// A sequence as an image of width 1, as TensorFlow's layer makes it.
static Output pooling1d(std::string_view kind, Pool pool, const Output &inputs,
                        std::int64_t pool_size, std::int64_t strides, const PoolingOptions &options,
                        Where where) {
  Graph &graph = graphOf(inputs, kind, where);
  LayerState layer = layerState(graph, options.name, kind);
  LayerCall call(graph, layer);
  const Output image = expand_dims(inputs, 2, {}, where);
  const Output pooled = pool(image, {pool_size, 1}, {strides, 1}, options.padding, {}, where);
  return squeeze(pooled, 2, {}, where);
}

Output max_pooling1d(const Output &inputs, std::int64_t pool_size, std::int64_t strides,
                     const PoolingOptions &options, Where where) {
  return pooling1d("max_pooling1d", nn::max_pool, inputs, pool_size, strides, options, where);
}
Output average_pooling1d(const Output &inputs, std::int64_t pool_size, std::int64_t strides,
                         const PoolingOptions &options, Where where) {
  return pooling1d("average_pooling1d", nn::avg_pool, inputs, pool_size, strides, options, where);
}
Output max_pooling2d(const Output &inputs, const nn::WindowSizes &pool_size,
                     const nn::WindowSizes &strides, const PoolingOptions &options, Where where) {
  return pooling2d("max_pooling2d", nn::max_pool, inputs, pool_size, strides, options, where);
}
Output average_pooling2d(const Output &inputs, const nn::WindowSizes &pool_size,
                         const nn::WindowSizes &strides, const PoolingOptions &options,
                         Where where) {
  return pooling2d("average_pooling2d", nn::avg_pool, inputs, pool_size, strides, options, where);
}

using Reduce = Output (*)(const Output &, const Axes &, bool, std::string_view, Where);

/// Over all axes between the batch and the channels.
static Output globalPooling(std::string_view kind, Reduce reduce, std::int64_t rank,
                            const Output &inputs, std::string_view name, Where where) {
  Graph &graph = graphOf(inputs, kind, where);
  LayerState layer = layerState(graph, name, kind);
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  if (!shape.has_rank() || shape.rank() != rank)
    return fail(graph, Code::invalid_argument,
                std::string("expected inputs ") +
                    (rank == 3 ? "[batch, length, channels]" : "[batch, height, width, channels]") +
                    ", got " + shape.to_string(),
                kind, where);
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 1; axis < rank - 1; ++axis)
    axes.push_back(axis);
  return reduce(inputs, axes, false, {}, where);
}

Output global_max_pooling1d(const Output &inputs, std::string_view name, Where where) {
  return globalPooling("global_max_pooling1d", reduce_max, 3, inputs, name, where);
}
Output global_average_pooling1d(const Output &inputs, std::string_view name, Where where) {
  return globalPooling("global_average_pooling1d", reduce_mean, 3, inputs, name, where);
}
Output global_max_pooling2d(const Output &inputs, std::string_view name, Where where) {
  return globalPooling("global_max_pooling2d", reduce_max, 4, inputs, name, where);
}
Output global_average_pooling2d(const Output &inputs, std::string_view name, Where where) {
  return globalPooling("global_average_pooling2d", reduce_mean, 4, inputs, name, where);
}

Output flatten(const Output &inputs, std::string_view name, Where where) {
  Graph &graph = graphOf(inputs, "flatten", where);
  LayerState layer = layerState(graph, name, "flatten");
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  if (!shape.has_rank() || shape.rank() < 1)
    return fail(graph, Code::invalid_argument,
                "expected inputs of at least one axis, got " + shape.to_string(), "Reshape", where);
  std::int64_t rest = 1;
  for (std::int64_t axis = 1; axis < shape.rank(); ++axis)
    rest = rest < 0 || shape[axis] < 0 ? none : rest * shape[axis];
  if (rest >= 0)
    return reshape(inputs, {-1, rest}, {}, where);
  // One extent may be left to find out: the batch is read from the tensor.
  const Output batch = slice(graphc::shape(inputs, {}, int32, where), {0}, {1}, {}, where);
  const Output others = graph.constant(Tensor::of<std::int32_t>({1}, {-1}), "Const", where);
  return reshape(inputs, concat({batch, others}, 0, {}, where), {}, where);
}

} // namespace graphc::layers
