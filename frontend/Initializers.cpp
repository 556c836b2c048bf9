#include "frontend/Initializers.h"

#include <algorithm>
#include <cmath>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Random.h"
#include "frontend/ops/Reductions.h"

namespace graphc::initializers {

Initializer zeros() {
  return [](Graph &graph, const Shape &shape, DataType dtype) {
    return graphc::zeros(graph, shape, dtype);
  };
}

Initializer ones() {
  return [](Graph &graph, const Shape &shape, DataType dtype) {
    return graphc::ones(graph, shape, dtype);
  };
}

Initializer constant(const Input &value) {
  return [value](Graph &graph, const Shape &shape, DataType dtype) {
    OpScope scope(graph, "Const", "Const");
    const Output scalar = toOutput(graph, value, dtype, "value", value.where());
    return recordOne(graph, "fill", {scalar}, {{"dims", shape.extents()}}, scope.name(),
                     value.where());
  };
}

Initializer random_uniform(double minval, double maxval, Seed seed) {
  return [=](Graph &graph, const Shape &shape, DataType dtype) {
    if (is_integer(dtype))
      return graphc::random_uniform(graph, shape, static_cast<std::int64_t>(minval),
                                    static_cast<std::int64_t>(maxval),
                                    {.dtype = dtype, .seed = seed});
    return graphc::random_uniform(graph, shape, minval, maxval, {.dtype = dtype, .seed = seed});
  };
}

Initializer random_normal(double mean, double stddev, Seed seed) {
  return [=](Graph &graph, const Shape &shape, DataType dtype) {
    return graphc::random_normal(graph, shape, mean, stddev, {.dtype = dtype, .seed = seed});
  };
}

Initializer truncated_normal(double mean, double stddev, Seed seed) {
  return [=](Graph &graph, const Shape &shape, DataType dtype) {
    return graphc::truncated_normal(graph, shape, mean, stddev, {.dtype = dtype, .seed = seed});
  };
}

struct Fans {
  double in = 1;
  double out = 1;
};

static Fans fansOf(const Shape &shape) {
  if (shape.rank() == 0)
    return {};
  if (shape.rank() == 1)
    return {static_cast<double>(shape[0]), static_cast<double>(shape[0])};
  double field = 1; // of a convolution's window; empty for a matrix
  for (std::int64_t axis = 0; axis < shape.rank() - 2; ++axis)
    field *= static_cast<double>(shape[axis]);
  return {static_cast<double>(shape[shape.rank() - 2]) * field,
          static_cast<double>(shape[shape.rank() - 1]) * field};
}

Initializer variance_scaling(double scale, std::string_view mode, std::string_view distribution,
                             Seed seed) {
  if (scale <= 0)
    throw Error(Code::invalid_argument, "expected a positive scale, got " + std::to_string(scale));
  if (mode != "fan_in" && mode != "fan_out" && mode != "fan_avg")
    throw Error(Code::invalid_argument,
                "expected the mode fan_in, fan_out or fan_avg, got '" + std::string(mode) + "'");
  const bool truncated = distribution == "truncated_normal" || distribution == "normal";
  if (!truncated && distribution != "untruncated_normal" && distribution != "uniform")
    throw Error(Code::invalid_argument, "expected the distribution truncated_normal, "
                                        "untruncated_normal or uniform, got '" +
                                            std::string(distribution) + "'");
  const bool uniform = distribution == "uniform";
  return [=, mode = std::string(mode)](Graph &graph, const Shape &shape, DataType dtype) {
    const Fans fans = fansOf(shape);
    const double n = mode == "fan_in"    ? fans.in
                     : mode == "fan_out" ? fans.out
                                         : (fans.in + fans.out) / 2;
    const double variance = scale / std::max(1.0, n);
    if (uniform) {
      const double limit = std::sqrt(3 * variance);
      return graphc::random_uniform(graph, shape, -limit, limit, {.dtype = dtype, .seed = seed});
    }
    // The standard deviation that is left of a standard normal cut off at 2.
    constexpr double kTruncated = 0.87962566103423978;
    const double stddev = std::sqrt(variance);
    if (truncated)
      return graphc::truncated_normal(graph, shape, 0.0, stddev / kTruncated,
                                      {.dtype = dtype, .seed = seed});
    return graphc::random_normal(graph, shape, 0.0, stddev, {.dtype = dtype, .seed = seed});
  };
}

Initializer glorot_uniform(Seed seed) { return variance_scaling(1, "fan_avg", "uniform", seed); }
Initializer glorot_normal(Seed seed) {
  return variance_scaling(1, "fan_avg", "truncated_normal", seed);
}

Initializer orthogonal(double gain, Seed seed) {
  return [=](Graph &graph, const Shape &shape, DataType dtype) {
    if (shape.rank() < 2)
      return fail(graph, Code::invalid_argument,
                  "expected at least two extents to make orthogonal, got " + shape.to_string(),
                  "orthogonal", Where::current());
    std::int64_t rows = 1;
    for (std::int64_t axis = 0; axis < shape.rank() - 1; ++axis)
      rows *= shape[axis];
    const std::int64_t columns = shape[shape.rank() - 1];
    const std::int64_t less = std::min(rows, columns);
    const Output a = graphc::random_normal(graph, {std::max(rows, columns), less}, 0.0, 1.0,
                                           {.dtype = dtype, .seed = seed});
    const std::vector<Output> qr =
        record(graph, "qr", {{a}}, {}, {.name = "Qr", .where = Where::current(), .results = 2});
    // Q times the signs of R's diagonal is uniform over the orthogonal matrices (Mezzadri, Notices
    // of the AMS 54, 2007).
    Tensor identity = Tensor::zeros(float64, Shape{less, less});
    for (std::int64_t i = 0; i < less; ++i)
      identity.data<double>()[i * less + i] = 1;
    const Output diagonal =
        reduce_sum(multiply(qr[1], graph.constant(identity.cast(dtype), "DiagPart/eye")), 0, false,
                   "DiagPart");
    Output q = multiply(qr[0], sign(diagonal), "mul");
    if (rows < columns)
      q = transpose(q, {1, 0}, "matrix_transpose/transpose");
    return multiply(gain, reshape(q, shape), "mul");
  };
}

} // namespace graphc::initializers
