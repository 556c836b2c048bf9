#include "frontend/layers/Layers.h"

#include "frontend/layers/KernelLayer.h"
#include "frontend/layers/LayerScope.h"
#include "frontend/ops/Array.h"

namespace graphc::layers {

/// The last axis times the kernel, for ranks above two: over a matrix and back.
static Output tensordot(Graph &graph, const Output &inputs, const Output &kernel,
                        std::int64_t units, Where where) {
  OpScope scope(graph, "Tensordot", "Tensordot");
  const Shape shape = inputs.shape();
  const std::int64_t last = shape.rank() - 1;
  const Output rows = reshape(inputs, {-1, shape[last]}, {}, where);
  const Output product = matmul(rows, kernel, {}, where);
  std::vector<std::int64_t> extents(shape.extents().begin(), shape.extents().end() - 1);
  extents.push_back(units);
  std::int64_t unknown = 0;
  for (std::int64_t extent : extents)
    unknown += extent < 0;
  if (unknown <= 1)
    return reshape(product, extents, scope.name(), where);
  const Output leading = slice(graphc::shape(inputs, {}, int32, where), {0}, {last}, {}, where);
  const Output width = graph.constant(
      Tensor::of<std::int32_t>({1}, {static_cast<std::int32_t>(units)}), "Const", where);
  return reshape(product, concat({leading, width}, 0, {}, where), scope.name(), where);
}

Output dense(const Output &inputs, std::int64_t units, const DenseOptions &options, Where where) {
  Graph &graph = graphOf(inputs, "dense", where);
  LayerState layer = layerState(graph, options.name, "dense", options.reuse);
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  if (!shape.has_rank() || shape.rank() < 2 || shape[shape.rank() - 1] < 0)
    return fail(graph, Code::invalid_argument,
                "expected inputs of at least two axes and a known last extent, got " +
                    shape.to_string(),
                "MatMul", where);
  return kernelLayer(
      graph, Shape{shape[shape.rank() - 1], units}, inputs.dtype(), options,
      [&](const Variable &kernel) {
        return shape.rank() == 2 ? matmul(inputs, kernel, {}, where)
                                 : tensordot(graph, inputs, kernel, units, where);
      },
      where);
}

} // namespace graphc::layers
