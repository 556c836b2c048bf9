// Layers that multiply their inputs by a kernel. For graphc itself.
#pragma once

#include "frontend/Initializers.h"
#include "frontend/Recorder.h"
#include "frontend/ops/NeuralNetwork.h"

namespace graphc::layers {

/// activation(product(kernel) + bias), with variables "kernel" of `kernelShape` and, where wanted,
/// "bias" of its last extent. `product` gives the op.
template <typename Options, typename Product>
Output kernelLayer(Graph &graph, const Shape &kernelShape, DataType dtype, const Options &options,
                   Product product, Where where) {
  const Variable kernel = graph.get_variable(
      "kernel", kernelShape,
      {.initializer = options.kernel_initializer, .dtype = dtype, .trainable = options.trainable},
      where);
  Variable bias;
  if (options.use_bias)
    bias = graph.get_variable(
        "bias", Shape{kernelShape[kernelShape.rank() - 1]},
        {.initializer = options.bias_initializer ? options.bias_initializer : initializers::zeros(),
         .dtype = dtype,
         .trainable = options.trainable},
        where);
  Output outputs = product(kernel);
  if (options.use_bias)
    outputs = nn::bias_add(outputs, bias, {}, where);
  return options.activation(outputs, where);
}

} // namespace graphc::layers
