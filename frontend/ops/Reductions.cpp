#include "frontend/ops/Reductions.h"

#include <algorithm>
#include <numeric>

#include "frontend/Recorder.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Axis.h"
#include "frontend/ops/Math.h"

namespace graphc {

static Output reduce(std::string_view op, const Output &x, const Axes &axes, bool keep_dims,
                     std::string_view name, Where where) {
  Graph &graph = graphOf(x, op, where);
  Attributes attributes{{"keep_dims", keep_dims}};
  NameTable &names = graph.state().names;
  const bool ranked = !x.is_poisoned() && x.shape().has_rank();
  std::vector<std::int64_t> sorted = axes.axes();
  if (axes.all()) {
    // TensorFlow makes the list of all axes in the outer scope.
    names.unique_name(ranked ? "Const" : "Rank");
    if (!ranked)
      names.unique_name("range");
    sorted.resize(static_cast<std::size_t>(ranked ? x.shape().rank() : 0));
    std::iota(sorted.begin(), sorted.end(), 0);
  } else if (ranked) {
    for (std::int64_t &axis : sorted) {
      std::optional<std::int64_t> front =
          normalizedAxis(graph, axis, x.shape().rank(), name, where);
      if (!front)
        return Output::from_opaque(graph, nullptr);
      axis = *front;
    }
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end())
      return fail(graph, Code::invalid_argument,
                  "expected different axes, got " +
                      std::to_string(*std::ranges::adjacent_find(sorted)) + " twice",
                  name, where);
  }
  if (ranked || !axes.all())
    attributes.set("axes", sorted);
  return recordOne(graph, op, {x}, attributes, name, where);
}

/// x without reduced axes that were kept; `axes` as the reduction was given them.
static Output squeezed(const Output &x, const Axes &axes, Where where) {
  if (!axes.all())
    return squeeze(x, axes, {}, where);
  return reshape(x, Dims(std::vector<std::int64_t>{}), {}, where);
}

Output reduce_sum(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                  Where where) {
  return reduce("reduce_sum", x, axes, keep_dims, nameOr(name, "Sum"), where);
}
Output reduce_mean(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                   Where where) {
  return reduce("reduce_mean", x, axes, keep_dims, nameOr(name, "Mean"), where);
}
Output reduce_max(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                  Where where) {
  return reduce("reduce_max", x, axes, keep_dims, nameOr(name, "Max"), where);
}
Output reduce_min(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                  Where where) {
  return reduce("reduce_min", x, axes, keep_dims, nameOr(name, "Min"), where);
}
Output reduce_prod(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                   Where where) {
  return reduce("reduce_prod", x, axes, keep_dims, nameOr(name, "Prod"), where);
}
Output reduce_all(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                  Where where) {
  return reduce("reduce_all", x, axes, keep_dims, nameOr(name, "All"), where);
}
Output reduce_any(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                  Where where) {
  return reduce("reduce_any", x, axes, keep_dims, nameOr(name, "Any"), where);
}

Output reduce_logsumexp(const Output &x, const Axes &axes, bool keep_dims, std::string_view name,
                        Where where) {
  OpScope scope(graphOf(x, "reduce_logsumexp", where), name, "ReduceLogSumExp");
  const Output largest = reduce_max(x, axes, true, {}, where);
  // Infinities stay out of the difference, where they would make NaN.
  const Output around = stop_gradient(graphc::where(is_finite(largest, {}, where), largest,
                                                    zeros_like(largest, {}, where), {}, where),
                                      {}, where);
  const Output total =
      reduce_sum(exp(subtract(x, around, {}, where), {}, where), axes, keep_dims, {}, where);
  return add(log(total, {}, where), keep_dims ? around : squeezed(around, axes, where), {}, where);
}

static Output argReduce(std::string_view op, const Output &x, std::int64_t axis,
                        std::string_view name, DataType output_type, Where where) {
  Graph &graph = graphOf(x, op, where);
  const std::optional<std::int64_t> front = axisOf(graph, x, axis, name, where);
  if (!front)
    return Output::from_opaque(graph, nullptr);
  return recordOne(graph, op, {x}, {{"axis", *front}, {"dtype", output_type}}, name, where);
}

Output argmax(const Output &x, std::int64_t axis, std::string_view name, DataType output_type,
              Where where) {
  return argReduce("argmax", x, axis, nameOr(name, "ArgMax"), output_type, where);
}
Output argmin(const Output &x, std::int64_t axis, std::string_view name, DataType output_type,
              Where where) {
  return argReduce("argmin", x, axis, nameOr(name, "ArgMin"), output_type, where);
}

} // namespace graphc
