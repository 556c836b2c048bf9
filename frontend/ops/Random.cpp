#include "frontend/ops/Random.h"

#include "frontend/Recorder.h"
#include "frontend/ops/Math.h"

namespace graphc {

static Output draw(Graph &graph, std::string_view op, const Dims &shape,
                   const RandomOptions &options, std::vector<Output> operands,
                   std::string_view name, Where where) {
  Attributes attributes{{"dtype", options.dtype}};
  if (shape.is_output())
    operands.push_back(shape.output());
  else if (!Shape(shape.extents()).is_fully_known())
    return fail(graph, Code::invalid_argument,
                "expected a fully known shape or a tensor of it, got " +
                    Shape(shape.extents()).to_string(),
                name, where);
  else
    attributes.set("shape", shape.extents());
  setSeeds(graph, options.seed, attributes);
  return record(graph, op, operands, attributes, {.name = name, .where = where}).front();
}

/// Whether the input is the number `value`.
static bool isNumber(const Input &input, double value) {
  if (!input.is_number())
    return false;
  if (const double *number = std::get_if<double>(&input.number()))
    return *number == value;
  const std::int64_t *number = std::get_if<std::int64_t>(&input.number());
  return number && static_cast<double>(*number) == value;
}

Output random_uniform(Graph &graph, const Dims &shape, const Input &minval, const Input &maxval,
                      const RandomOptions &options, Where where) {
  OpScope scope(graph, options.name, "random_uniform");
  if (isNumber(minval, 0) && isNumber(maxval, 1) && is_floating(options.dtype))
    return draw(graph, "random_uniform", shape, options, {}, scope.name(), where);
  const Output low = toOutput(graph, minval, options.dtype, "min", where);
  const Output high = toOutput(graph, maxval, options.dtype, "max", where);
  if (is_integer(options.dtype))
    return draw(graph, "random_uniform_int", shape, options, {low, high}, scope.name(), where);
  const Output unit = draw(graph, "random_uniform", shape, options, {}, "RandomUniform", where);
  const Output width = subtract(high, low, "sub", where);
  return add(multiply(unit, width, "mul", where), low, scope.name(), where);
}

static Output normal(Graph &graph, std::string_view op, const Dims &shape, const Input &mean,
                     const Input &stddev, const RandomOptions &options, std::string_view otherwise,
                     std::string_view drawn, Where where) {
  OpScope scope(graph, options.name, otherwise);
  const Output center = toOutput(graph, mean, options.dtype, "mean", where);
  const Output width = toOutput(graph, stddev, options.dtype, "stddev", where);
  const Output standard = draw(graph, op, shape, options, {}, drawn, where);
  return add(multiply(standard, width, "mul", where), center, scope.name(), where);
}

Output random_normal(Graph &graph, const Dims &shape, const Input &mean, const Input &stddev,
                     const RandomOptions &options, Where where) {
  return normal(graph, "random_normal", shape, mean, stddev, options, "random_normal",
                "RandomStandardNormal", where);
}

Output truncated_normal(Graph &graph, const Dims &shape, const Input &mean, const Input &stddev,
                        const RandomOptions &options, Where where) {
  return normal(graph, "truncated_normal", shape, mean, stddev, options, "truncated_normal",
                "TruncatedNormal", where);
}

} // namespace graphc
