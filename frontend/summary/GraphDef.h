// A recorded graph as TensorFlow's GraphDef, for TensorBoard's graph page.
#pragma once

#include <string>

namespace graphc {

class Graph;

/// A serialized GraphDef: a node for each op and variable, with TensorFlow's op type, its inputs,
/// its device, and dtype and shapes of its results. Ops of recurrences' bodies stand beside the
/// others, and take what goes into the recurrence.
std::string graph_def(const Graph &graph);

} // namespace graphc
