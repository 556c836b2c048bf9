// The mean of a net's weights over several moments of its training.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <graphc/graphc.h>

namespace graphc::examples {

/// Averages the trainable variables of a graph (Izmailov et al., "Averaging Weights Leads to Wider
/// Optima and Better Generalization", 2018). Slots of optimizers are left alone.
class WeightAverage {
public:
  explicit WeightAverage(const Graph &graph);

  /// Takes the variables as they stand in `session` into the mean. They must be float32.
  void add(const Session &session);
  /// Sets the variables to the mean; without a call of add() they stay as they are.
  void apply(Session &session) const;

private:
  std::vector<std::string> names_;
  std::vector<Shape> shapes_;
  std::vector<std::vector<double>> sums_; ///< a variable each
  std::int64_t count_ = 0;
};

} // namespace graphc::examples
