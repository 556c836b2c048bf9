#include "frontend/layers/Convolution.h"

#include "frontend/layers/KernelLayer.h"
#include "frontend/layers/LayerScope.h"

namespace graphc::layers {

/// What conv1d and conv2d share: `kernelExtents` are the window's; `convolve(kernel)` is the op.
template <typename Options, typename Convolve>
static Output convolution(std::string_view kind, const Output &inputs, std::int64_t filters,
                          const std::vector<std::int64_t> &kernelExtents, const Options &options,
                          Convolve convolve, Where where) {
  Graph &graph = graphOf(inputs, kind, where);
  LayerState layer = layerState(graph, options.name, kind, options.reuse);
  LayerCall call(graph, layer);
  if (inputs.is_poisoned())
    return inputs;
  const Shape shape = inputs.shape();
  const auto rank = static_cast<std::int64_t>(kernelExtents.size()) + 2;
  if (!shape.has_rank() || shape.rank() != rank || shape[rank - 1] < 0)
    return fail(graph, Code::invalid_argument,
                "expected inputs of " + std::to_string(rank) +
                    " axes and a known number of channels, got " + shape.to_string(),
                rank == 3 ? "Conv1D" : "Conv2D", where);
  std::vector<std::int64_t> extents = kernelExtents;
  extents.insert(extents.end(), {shape[rank - 1], filters});
  return kernelLayer(graph, Shape(extents), inputs.dtype(), options, convolve, where);
}

Output conv1d(const Output &inputs, std::int64_t filters, std::int64_t kernel_size,
              const Conv1dOptions &options, Where where) {
  return convolution(
      "conv1d", inputs, filters, {kernel_size}, options,
      [&](const Variable &kernel) {
        return nn::conv1d(inputs, kernel, options.strides, options.padding,
                          {.dilations = options.dilation_rate, .name = "Conv1D"}, where);
      },
      where);
}

Output conv2d(const Output &inputs, std::int64_t filters, const nn::WindowSizes &kernel_size,
              const Conv2dOptions &options, Where where) {
  std::vector<std::int64_t> extents = kernel_size.sizes();
  if (extents.size() == 1)
    extents.push_back(extents[0]);
  return convolution(
      "conv2d", inputs, filters, extents, options,
      [&](const Variable &kernel) {
        return nn::conv2d(inputs, kernel, options.strides, options.padding,
                          {.dilations = options.dilation_rate}, where);
      },
      where);
}

} // namespace graphc::layers
