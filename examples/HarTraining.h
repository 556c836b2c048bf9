// Trains any graph that classifies windows of UCI HAR; the HAR programs share it.
#pragma once

#include "examples/Programs.h"

namespace graphc::examples {

struct HarGraph {
  Output inputs;        ///< float32 [batch, 128, 9]
  Output labels;        ///< float32 [batch, 6], one-hot
  Output keep;          ///< float32 scalar, 1 in evaluation; empty where the graph has no dropout
  Output learning_rate; ///< float32 scalar; empty where it is a constant of the graph
  Output logits;        ///< float32 [batch, 6]
  Output loss;
  Operation train;

  ProgramGraph ends() const;
};

struct HarDefaults {
  std::int64_t epochs;
  std::int64_t batch;
  double learning_rate;
  double keep;
  bool standardised; ///< give each channel mean 0 and deviation 1
};

int trainHar(HarGraph (*build)(Graph &graph), const HarDefaults &defaults, const RunOptions &options);

} // namespace graphc::examples
