// Random tensors. Every run draws new numbers; with a graph seed or an op seed, the same ones in
// the same run of every session.
#pragma once

#include <optional>

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

struct RandomOptions {
  DataType dtype = float32;
  std::optional<std::int64_t> seed = {};
  std::string_view name = {};
};

/// Uniform over [minval, maxval): float32, float64, or int32 and int64 where maxval must be given.
Output random_uniform(Graph &graph, const Dims &shape, const Input &minval = 0,
                      const Input &maxval = 1, const RandomOptions &options = {},
                      Where where = Where::current());
/// Normal with the given mean and standard deviation; float32 or float64.
Output random_normal(Graph &graph, const Dims &shape, const Input &mean = 0.0,
                     const Input &stddev = 1.0, const RandomOptions &options = {},
                     Where where = Where::current());
/// Normal, redrawn while more than two standard deviations from the mean.
Output truncated_normal(Graph &graph, const Dims &shape, const Input &mean = 0.0,
                        const Input &stddev = 1.0, const RandomOptions &options = {},
                        Where where = Where::current());

} // namespace graphc
