// A graph with its gradients spelled out, as TensorFlow's GraphDef.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/Graph.h"

namespace graphc {

/// As Graph::as_graph_def(), with all requests for gradients (gc::gradients, optimizers) replaced
/// by the ops of graphc's own gradient rules, so that optimizers' updates are there too, as
/// TensorFlow's Apply ops. A request's results keep their names ("gradients:0").
///
/// Gradient rules need shapes that are known: `placeholders` gives those of placeholders which
/// leave something open, and the graph is one for these. An update waits for the ops that take the
/// variable's value before it, so that a run's losses are those before the update.
///
/// Throws Error: invalid_argument for what is no placeholder, a shape that does not fit it, or a
/// gradient that needs a shape which is still open; unimplemented as as_graph_def(), or for an op
/// without a gradient.
std::string training_graph_def(const Graph &graph,
                               const std::vector<std::pair<Output, Shape>> &placeholders);

} // namespace graphc
