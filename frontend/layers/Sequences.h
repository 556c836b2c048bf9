// Layers for sequences: embeddings, and other layers applied to every time step.
#pragma once

#include <functional>

#include "frontend/layers/Layers.h"

namespace graphc::layers {

struct EmbeddingOptions {
  Initializer embeddings_initializer = {}; ///< default: uniform in [-0.05, 0.05)
  bool trainable = true;
  std::string name = {};
  bool reuse = false;
};
/// A row of `output_dim` numbers for each of `inputs`, int32 or int64 [...] in [0, input_dim):
/// [...] -> [..., output_dim], from the variable `<name>/embeddings` [input_dim, output_dim].
/// Optimizers update the rows met and no others; see VariableGradient.
Output embedding(const Output &inputs, std::int64_t input_dim, std::int64_t output_dim,
                 const EmbeddingOptions &options = {}, Where where = Where::current());

/// Keras's TimeDistributed: `layer` applied to every time step by itself. inputs [batch, time, ...]
/// go to the layer as [batch * time, ...]; what it gives, [batch * time, features...], comes back
/// as [batch, time, features...]. Batch, or time, may be unknown, both may not be; all other
/// extents, those of the layer's result too, are known.
Output time_distributed(const Output &inputs, const std::function<Output(const Output &)> &layer,
                        Where where = Where::current());

} // namespace graphc::layers
