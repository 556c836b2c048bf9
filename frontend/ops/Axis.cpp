#include "frontend/ops/Axis.h"

namespace graphc {

std::optional<std::int64_t> axisOf(Graph &graph, const Output &x, std::int64_t axis,
                                   std::string_view name, Where where) {
  if (!x || x.is_poisoned() || !x.shape().has_rank())
    return axis;
  return normalizedAxis(graph, axis, x.shape().rank(), name, where);
}

} // namespace graphc
