// The initial values of variables. Names, defaults and formulas are TensorFlow 1's
// (tensorflow/python/ops/init_ops.py); the random bits are graphc's own.
#pragma once

#include <optional>
#include <string_view>

#include "frontend/Variable.h"

namespace graphc::initializers {

using Seed = std::optional<std::int64_t>;

/// All zeros (false).
Initializer zeros();
/// All ones (true).
Initializer ones();
/// Every element `value`, a number.
Initializer constant(const Input &value);
/// Uniform over [minval, maxval).
Initializer random_uniform(double minval = 0, double maxval = 1, Seed seed = {});
Initializer random_normal(double mean = 0, double stddev = 1, Seed seed = {});
/// Normal, redrawn while more than two standard deviations from the mean.
Initializer truncated_normal(double mean = 0, double stddev = 1, Seed seed = {});
/// Zero mean and variance scale / n. `mode`: n is "fan_in", "fan_out" or "fan_avg" of the shape
/// (its last two extents times the product of the others); `distribution`: "truncated_normal" (also
/// called "normal"), "untruncated_normal" or "uniform". Throws Error (invalid_argument) for others.
Initializer variance_scaling(double scale = 1, std::string_view mode = "fan_in",
                             std::string_view distribution = "truncated_normal", Seed seed = {});
/// Uniform over [-l, l), l = sqrt(6 / (fan_in + fan_out)): the default of get_variable (Glorot and
/// Bengio, AISTATS 2010).
Initializer glorot_uniform(Seed seed = {});
Initializer glorot_normal(Seed seed = {});
/// `gain` times a random matrix with orthonormal rows or columns, the leading extents taken as rows
/// (Saxe et al., ICLR 2014). At least two extents.
Initializer orthogonal(double gain = 1, Seed seed = {});

} // namespace graphc::initializers
